//! The bank of questions (题库, S5.6-11): questions with their choices, the right answer, topic, points and source. Another
//! person approves what somebody wrote; a question never changes, a wrong one is retired and another is written.

pub mod actions;
mod file;
mod form;
mod list;
pub mod model;
mod pages;
pub mod store;

use crate::web::Routes;
pub(crate) use list::LISTED;

/// Look at the bank, with the right answers. Whoever may do so sits no exam drawn from it.
pub const QUESTION_VIEW: &str = "question.view";
/// Write questions and retire them.
pub const QUESTION_WRITE: &str = "question.write";
/// Approve questions that somebody else wrote.
pub const QUESTION_APPROVE: &str = "question.approve";

/// Where the bank is.
pub(crate) const BANK: &str = "/exam-questions";
/// Its item of the navigation.
const ACTIVE: &str = "exam-questions";

pub(crate) fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(file::routes())
}
