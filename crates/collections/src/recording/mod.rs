//! Recordings of contacts (催收录音): one a contact, sealed; opened by few and never unseen; kept as long as the law and the
//! policy ask, then taken away by the close.
//!
//! They do not lie with the attachments: those are never changed, a recording has an end.

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Listen to a recording: open its content.
pub const RECORDING_OPEN: &str = "recording.open";

/// A call without its recording, where the policy asks for one.
pub const DUTY: DutyKind =
    DutyKind { kind: "recording_missing", verb: "recording-verb", form: "/collections/cases/{subject}/recordings" };

/// The recordings of a case.
pub fn routes() -> Routes {
    pages::routes()
}
