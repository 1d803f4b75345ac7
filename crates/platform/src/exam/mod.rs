//! Exams of the staff (考试记录, S5.6-11): who sat which exam when, how many questions were answered rightly, and whether that
//! is enough. How many questions there are, what each is worth and from where on an exam is passed is policy data. An exam
//! is entered by somebody else, or drawn from the bank of questions ([`bank`]) and scored by the system ([`sitting`]).

pub mod actions;
pub mod bank;
mod form;
mod list;
pub mod model;
mod pages;
pub(crate) mod sheets;
pub mod sitting;
pub mod store;

use crate::web::Routes;
pub(crate) use list::LISTED;

/// Look at the exams.
pub const EXAM_VIEW: &str = "exam.view";
/// Enter and correct exams of others.
pub const EXAM_RECORD: &str = "exam.record";

/// Where the list is.
pub(crate) const LIST: &str = "/exams";

pub(crate) fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(bank::routes()).merge(sitting::routes())
}
