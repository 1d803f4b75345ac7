//! Reports of how the recovery goes (清收进展报告): a duty every period of the policy; the figures of the period that is over,
//! frozen, with the words of who makes it; seen by somebody else, kept for good (S4-32).

pub mod actions;
mod data;
pub(crate) mod list;
pub mod model;
mod pages;
mod paper;
pub(crate) mod sheets;
pub mod step;
pub(crate) mod store;
mod view;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Make reports.
pub const PROGRESS_MAKE: &str = "recovery_report.make";
/// Note that one has seen a report of somebody else.
pub const PROGRESS_SEE: &str = "recovery_report.see";

/// Where the list is.
pub(crate) const LIST: &str = "/collections/progress";

/// The duty to make one.
pub const DUTY: DutyKind =
    DutyKind { kind: "recovery_report", verb: "progress-verb", form: "/collections/progress/new" };

/// Where one is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the form, one report, its file and its workbook.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
