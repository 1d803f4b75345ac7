//! Sorting of customers (客户梳理): a planned round over many files. A plan with its working group and timetable is agreed
//! to, each customer is verified and classed, somebody else reviews, problems are rectified, and a report with frozen
//! figures closes the project (S3-12…32).

pub mod actions;
mod analysis;
mod analysis_view;
mod batch;
mod close;
mod data;
pub mod exposure;
mod exposure_pages;
mod figures;
pub mod industry;
mod item_forms;
mod item_pages;
pub mod items;
mod list;
pub mod measured;
mod measured_data;
mod measures;
pub mod model;
mod pages;
mod paper;
mod plan_form;
mod problem_pages;
pub mod problems;
mod project_page;
pub mod report;
mod report_pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub mod team;
pub(crate) mod view;
pub mod work;

pub(crate) use batch::KIND as BATCH;
pub use close::SortingDates;
pub(crate) use industry::LISTED as LISTED_INDUSTRIES;
pub(crate) use list::{LISTED, LISTED_ITEMS};
pub(crate) use problem_pages::LISTED as LISTED_PROBLEMS;
pub(crate) use work::case_of;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Plan, start and report on sorting projects.
pub const PLAN: &str = "sorting.plan";
/// Verify the customers of a project.
pub const WORK: &str = "sorting.work";
/// Review what others verified, confirm what others rectified.
pub const REVIEW: &str = "sorting.review";
/// Agree to plans of others.
pub const APPROVE_PLAN: &str = "sorting_plan.approve";
/// Agree to reports of others.
pub const APPROVE_REPORT: &str = "sorting_report.approve";

/// Where the list of projects is.
pub(crate) const LIST: &str = "/sorting";
/// Where the list of customers being sorted is.
pub(crate) const ITEMS: &str = "/sorting/items";
/// Where the list of problems is.
pub(crate) const PROBLEMS: &str = "/sorting/problems";
/// Where the industry sheets are.
pub(crate) const INDUSTRIES: &str = "/sorting/industries";

/// Where a project is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// Where a customer of a project is read.
pub(crate) fn item_page(id: impl std::fmt::Display) -> String {
    format!("{ITEMS}/{id}")
}

/// Where a problem is read.
pub(crate) fn problem_page(id: impl std::fmt::Display) -> String {
    format!("{PROBLEMS}/{id}")
}

/// Projects, customers, problems, industries, reports.
pub fn routes() -> Routes {
    list::routes()
        .merge(pages::routes())
        .merge(item_pages::routes())
        .merge(item_forms::routes())
        .merge(batch::routes())
        .merge(problem_pages::routes())
        .merge(industry::routes())
        .merge(report_pages::routes())
        .merge(exposure_pages::routes())
}

/// The duties that sorting opens.
pub(crate) const DUTIES: [DutyKind; 5] = [
    DutyKind { kind: "sorting_item", verb: "sorting-item-verb", form: "/sorting/items?view=mine" },
    DutyKind { kind: "sorting_problem", verb: "sorting-problem-verb", form: "/sorting/problems/{subject}" },
    DutyKind { kind: "sorting_step", verb: "sorting-step-verb", form: "/sorting" },
    DutyKind { kind: "sorting_exposure", verb: "sorting-exposure-verb", form: "/sorting" },
    DutyKind { kind: "sorting_evaluation", verb: "sorting-evaluation-verb", form: "/sorting?view=due" },
];
