//! Visits (外访): an order says who goes where, when and with what; what came of it is a contact like any other.
//!
//! 1. [`actions::plan`] writes an order: at least two visitors with credentials, one address, a day and an hour band.
//! 2. [`actions::issue`]: a second person, where the policy wants one, after the contact guard said what it would say.
//! 3. [`actions::set_out`] asks the guard for good; from then on the record is owed the same working day.
//! 4. [`record::keep`] enters what came of it, from a phone as well; [`record::add_photo`] keeps what was seen.

pub mod actions;
mod data;
mod error;
mod form;
pub mod list;
pub(crate) mod mine;
pub mod model;
pub mod pages;
mod paper;
pub mod record;
mod record_pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use error::VisitError;
pub(crate) use paper::{frame, pdf, press};
use platform::duty::DutyKind;
use platform::web::Routes;

/// Issue the visit orders of others.
pub const VISIT_ISSUE: &str = "visit.issue";

/// Where the record that is owed is entered.
pub const DUTIES: [DutyKind; 2] = [
    DutyKind { kind: "visit_record", verb: "visit-verb-record", form: "/visits/{subject}/record" },
    DutyKind { kind: "personal_visit", verb: "visit-verb-plan", form: "/collections/cases/{subject}/visits/new" },
];

/// The list and its route, one order with its verbs, the record, the page for the phone.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(record_pages::routes()).merge(mine::routes())
}
