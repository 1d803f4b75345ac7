//! Leads (潜在客户、线索): who might become a customer, by which channel, followed up until it is one or came to nothing.
//! Who says no is not contacted; what came to nothing is erased (S1-03, S5.8-09…13).

pub mod actions;
mod batch;
mod close;
pub mod convert;
mod data;
pub mod error;
pub(crate) mod form;
mod list;
pub mod model;
mod pages;
pub(crate) mod panel;
pub mod policy;
pub mod rules;
pub(crate) mod sheets;
pub mod source;
mod step_pages;
pub mod store;
pub(crate) mod view;

pub(crate) use batch::KINDS as BATCHES;
pub use close::Acquisition;
pub(crate) use list::LISTED;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Look at leads, campaigns and partners.
pub const VIEW: &str = "lead.view";
/// Take leads in.
pub const RECORD: &str = "lead.record";
/// Follow leads up and make customers of them.
pub const WORK: &str = "lead.work";
/// Give leads to others, erase those that came to nothing.
pub const ASSIGN: &str = "lead.assign";

/// Where the list is.
pub(crate) const LIST: &str = "/leads";

/// Where a lead is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one lead, the verbs on a selection.
pub fn routes() -> Routes {
    list::routes().merge(batch::routes()).merge(pages::routes()).merge(step_pages::routes()).merge(panel::routes())
}

/// The duties about leads and partners.
pub(crate) const DUTIES: [DutyKind; 3] = [
    DutyKind { kind: "lead_contact", verb: "lead-contact-verb", form: "/leads/{subject}" },
    DutyKind { kind: "lead_erase", verb: "lead-erase-verb", form: "/leads?view=erase" },
    DutyKind { kind: "partner_agreement", verb: "partner-agreement-verb", form: "/partners/{subject}" },
];
