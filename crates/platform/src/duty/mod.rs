//! Duties (任务): somebody must do something by a date, with what evidence, under which article.
//!
//! An event triggers the duty rules of the policy in force ([`open`]); a duty is closed by evidence,
//! a fact that exists ([`close_by`]), never by a tick; it can be excused with a reason and a rule, or
//! fall away ([`cancel`]). Duties that come in masses are bulk: one per owner, kind and date, with a
//! member row per case. The day close escalates what stands too long.

pub mod actions;
mod batch;
mod contact;
pub mod counts;
mod data;
mod escalate;
mod home;
mod list;
pub mod model;
mod pages;
pub(crate) mod pages_parts;
pub mod rules;
pub mod seen;
pub mod store;

pub use actions::{
    Case, Evidence, Opened, ask_again, assign, cancel, close_by, close_each, excuse, excuse_waiting, lapse_each, open,
    stands,
};
pub(crate) use batch::KINDS as BATCHES;
pub use contact::{
    ADDRESSEE, Channel, ContactError, ContactFact, ContactId, ContactLine, KeptContact, NewContact, ReadFields,
    SubjectReader, TextFields, contacts_of, contacts_until, contacts_with, keep_contact, known_for, record_contact,
    text_for, text_of,
};
pub use counts::Counts;
pub(crate) use escalate::Escalate;
pub use home::{HomeFigure, HomeTile};
pub(crate) use list::LISTED;
pub use model::{Duty, DutyError, DutyId, DutyKey, DutyState, Member};
pub use pages::{CONTACT_RECORD, DUTY_ASSIGN, DUTY_VIEW, DutyBatch, DutyKind};
pub(crate) use pages::{kinds, routes};
pub use seen::{Eye, Window};
