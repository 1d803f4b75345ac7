//! The institution itself (机构设置): its name, codes and where customers reach it, as papers and pages show them.

mod actions;
mod data;
mod model;
mod pages;
mod store;

pub use actions::change;
pub use model::Institution;
pub(crate) use pages::routes;
pub use store::load;

/// Change what papers and pages say of the institution.
pub const SETTINGS_MANAGE: &str = "settings.manage";
