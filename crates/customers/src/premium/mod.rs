//! The list of premium enterprises (优质企业名单, S5.8-08): entries by item, made by a branch, agreed to by another person, in
//! force between two days. Whose employer is on it is a fact of the classes, found by the number of the enterprise.

pub mod actions;
mod data;
pub mod error;
mod form;
mod list;
pub mod model;
pub(crate) mod pages;
pub mod policy;
pub mod rules;
mod sheet;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::LISTED;
use platform::web::Routes;

/// Put enterprises on the list and take them off it.
pub const RECORD: &str = "premium.record";
/// Agree to entries of others.
pub const APPROVE: &str = "premium_enterprise.approve";

/// Where the list is.
pub(crate) const LIST: &str = "/premium-enterprises";

/// Where an entry is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one entry.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
