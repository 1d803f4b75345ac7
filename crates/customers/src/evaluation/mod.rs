//! Evaluations (信用评估): a scorecard of the pack filled in from facts and judgements, graded by the tables, checked by
//! somebody else than the assessor, made again when its day has come (S1-17…20).

pub mod actions;
mod data;
mod form;
mod list;
pub mod model;
pub mod pages;
pub(crate) mod paper;
pub(crate) mod review;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
mod view;

pub(crate) use list::LISTED;
use platform::web::Routes;

/// Fill in and submit evaluations.
pub const RECORD: &str = "evaluation.record";
/// Check evaluations of others.
pub const APPROVE: &str = "evaluation.approve";

/// Where the list is.
pub(crate) const fn list_path() -> &'static str {
    "/evaluations"
}

/// Where an evaluation is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{}/{id}", list_path())
}

/// The list, the form, one evaluation with its report.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
