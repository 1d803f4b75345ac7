//! Partners (合作伙伴): who refers customers to the house, under which agreement, until when (S1-05).

pub mod actions;
mod data;
mod list;
pub mod model;
mod pages;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::LISTED;
use platform::web::Routes;

/// Register partners and their agreements.
pub const EDIT: &str = "partner.edit";

/// Where the list is.
pub(crate) const LIST: &str = "/partners";

/// Where a partner is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one partner, its papers.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
