//! Periodic surveys of satisfaction (定期满意度调查): the policy says who is asked how often and about what, the day close draws
//! them, the staff records the answers, what falls short becomes a task with a day, and a report shows the trend (S3-11).

pub mod actions;
mod data;
mod list;
pub mod model;
mod pages;
mod panel;
pub mod policy;
mod report;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod wake;

pub(crate) use list::{LISTED, LISTED_TASKS};
pub(crate) use panel::panel;
use platform::duty::DutyKind;
use platform::web::Routes;

/// Record answers and improvements.
pub const RECORD: &str = "survey.record";

/// Where the list is.
pub(crate) const LIST: &str = "/surveys";
/// Where the improvements are.
pub(crate) const TASKS: &str = "/survey-tasks";
/// Where the report is.
pub(crate) const REPORT: &str = "/surveys/report";

/// Where the surveys of a customer are.
pub(crate) fn tab_of(customer: impl std::fmt::Display) -> String {
    format!("/customers/{customer}?tab=surveys")
}

/// The lists, the report, the forms.
pub fn routes() -> Routes {
    list::routes().merge(report::routes()).merge(pages::routes())
}

/// The duties of surveys: a customer is to be asked, something is to be improved.
pub(crate) const DUTIES: [DutyKind; 2] = [
    DutyKind { kind: "survey", verb: "survey-verb", form: "/customers/{customer}?tab=surveys" },
    DutyKind { kind: "survey_task", verb: "survey-task-verb", form: "/customers/{customer}?tab=surveys" },
];
