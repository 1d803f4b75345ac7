//! Admission reviews (准入审查): an applicant is begun by one person with product, amount, term, purpose and source of
//! repayment, checked item by item against the policy by an assessor, and decided by others (S1-07…11, S1-20, S5.2-03).

pub mod actions;
pub mod backing;
mod data;
pub mod error;
mod form;
mod list;
pub mod model;
pub(crate) mod pages;
mod panel;
mod paper;
pub mod rules;
mod sheet;
pub(crate) mod sheets;
pub mod store;
mod view;

pub(crate) use list::LISTED;
pub(crate) use panel::panel;
use platform::web::Routes;

/// Begin admission reviews: the application and its preliminary review.
pub const BEGIN: &str = "admission.begin";
/// Fill in the check sheet, or send the application back.
pub const ASSESS: &str = "admission.assess";
/// Decide on admission reviews of others.
pub const APPROVE: &str = "admission.approve";

/// Where the list is.
pub(crate) const LIST: &str = "/admissions";

/// Where an admission review is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one admission review with its check sheet.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
