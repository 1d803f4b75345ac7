//! Complaints of customers (客户投诉): received, given to the department that the policy names, answered within its working
//! days, the result told to the customer, with what is done better from now on (S1-24, S3-11).

pub mod actions;
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
use platform::duty::DutyKind;
use platform::web::Routes;

/// Register complaints.
pub const RECORD: &str = "complaint.record";
/// Pass complaints on and answer them.
pub const HANDLE: &str = "complaint.handle";

/// Where the register is.
pub(crate) const LIST: &str = "/complaints";

/// Where the complaints of a customer are.
pub(crate) fn tab_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}?tab=complaints")
}

/// The register, the forms.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

const TAB: &str = "/customers/{customer}?tab=complaints";

/// The duties of complaints: one is to be answered; the desk looks after one that is not answered yet. Their form is the
/// tab.
pub(crate) const DUTIES: [DutyKind; 2] = [
    DutyKind { kind: "complaint", verb: "complaint-verb", form: TAB },
    DutyKind { kind: "complaint_warning", verb: "complaint-warning-verb", form: TAB },
];
