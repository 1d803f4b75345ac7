//! Overdue updates of customer data (资料逾期未更新): whose data are due to be verified, since when and with which manager,
//! as a list, and as a report of a period about each branch that its supervisor answers (S3-05).

pub mod actions;
mod close;
mod data;
mod list;
pub mod model;
mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use close::UpdateReports;
pub(crate) use list::{LISTED, LISTED_REPORTS};
use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the list is.
pub(crate) const LIST: &str = "/data-updates";
/// Where the reports are.
pub(crate) const REPORTS: &str = "/data-updates/reports";

/// Where a report is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{REPORTS}/{id}")
}

/// The lists, one report, its answer.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}

/// The duty to answer a report.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "update_report", verb: "update-report-verb", form: "/data-updates/reports?view=open" };
