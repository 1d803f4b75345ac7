//! Warning data (预警信息采集, S3-09): operating, credit and industry information of every borrower whom the policy names, as often
//! as the policy asks by where the customer stands; what the book knows stands beside each item.

pub mod actions;
mod data;
mod list;
pub mod model;
mod pages;
mod panel;
pub mod policy;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod wake;

pub(crate) use list::LISTED;
pub(crate) use panel::panel;
use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the list is.
pub(crate) const LIST: &str = "/warning-sheets";

/// Where the sheets of a customer are.
pub(crate) fn tab_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}?tab=warnings")
}

/// The list, the form.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// The duty to collect.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "warning_sheet", verb: "warning-sheet-verb", form: "/customers/{customer}?tab=warnings" };
