//! Care of customers (客户维护): plans for single customers, as the policy asks for them by where a customer stands; agreed
//! to by somebody else, followed by contacts, reviewed when their time is over. Key accounts (大客户) have a file and a
//! yearly plan of this kind (S2.14-01, S2.14-02, S2.14-04), others a service plan (S5.8-15, S1-28), or the contacts of
//! their service standard (S5.1-04, S5.3-02).

pub mod actions;
pub mod contact;
mod data;
pub mod error;
mod form;
mod list;
pub mod model;
pub(crate) mod pages;
pub(crate) mod panel;
pub mod policy;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod wake;

pub(crate) use list::LISTED;
use platform::duty::DutyKind;
use platform::web::Routes;

/// Make plans, enter contacts, review plans.
pub const RECORD: &str = "care.record";
/// Agree to plans of others.
pub const APPROVE: &str = "care_plan.approve";

/// Where the list is.
pub(crate) const LIST: &str = "/care-plans";

/// Where a plan is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// Where the plans of a customer are.
pub(crate) fn tab_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}?tab=care")
}

/// The list, the forms, one plan.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

const TAB: &str = "/customers/{customer}?tab=care";

/// The duties of care: a plan is to be made, a plan is to be reviewed, a contact is due. Their form is the tab.
pub(crate) const DUTIES: [DutyKind; 3] = [
    DutyKind { kind: "care_plan", verb: "care-plan-verb", form: TAB },
    DutyKind { kind: "care_review", verb: "care-review-verb", form: TAB },
    DutyKind { kind: "care_contact", verb: "care-contact-verb", form: TAB },
];
