//! Debtors who cannot be reached (失联): a status of a case with its kind and ground, ended by a contact that reached the
//! debtor; how they are traced (查找), step by step as the policy orders; and what the book shows of both.

pub mod actions;
mod data;
mod error;
pub mod list;
pub mod model;
mod pages;
mod panel;
mod paper;
pub(crate) mod report;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub mod trace;
mod trace_pages;

pub use error::LostError;
pub(crate) use panel::{badge, case_panel};
use platform::duty::DutyKind;
use platform::web::Routes;

/// Judge the post-loan work behind an objective loss of contact.
pub const LOST_REVIEW: &str = "lost.review";

/// Where the finding that is owed is entered.
pub const DUTIES: [DutyKind; 1] =
    [DutyKind { kind: "lost_quality", verb: "lost-verb-quality", form: "/lost/{subject}/quality" }];

/// The list and its report, the status of a case, the trace.
pub fn routes() -> Routes {
    list::routes().merge(report::routes()).merge(pages::routes()).merge(trace_pages::routes())
}
