//! Exams drawn by the system (在线考试, S5.6-11): a paper is drawn from the bank as the policy says, answered on one page within
//! the time allowed, scored by the system, and kept as it was asked and answered. The result stands with the exams of the
//! staff; what the paper proves stands with the training.

pub mod actions;
mod data;
pub mod model;
mod pages;
pub mod rules;
mod step;
pub mod store;

use crate::web::Routes;
pub(crate) use step::TimeUp;

/// Where everybody finds the papers on offer and the own sittings.
pub(crate) const SITTINGS: &str = "/exam-sittings";
/// Its item of the navigation.
const ACTIVE: &str = "exam-sittings";

pub(crate) fn routes() -> Routes {
    pages::routes().merge(data::routes())
}
