//! The register of guarantees (担保登记): what is guaranteed for a customer, what the customer guarantees for others, and
//! what became of each (S3-02). Coverage, overdue and loss ratio of a customer are computed from it (S3-08).

pub mod actions;
pub mod ceiling;
mod data;
pub(crate) mod list;
pub mod model;
pub(crate) mod pages;
mod panel;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::LISTED;
pub(crate) use panel::panel;
use platform::web::Routes;

/// Where the register is.
pub(crate) const LIST: &str = "/guarantees";

/// Where the guarantees of a customer are.
pub(crate) fn tab_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}?tab=guarantees")
}

/// The register, the forms.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
