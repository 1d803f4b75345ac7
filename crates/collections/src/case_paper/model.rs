//! What a paper of a case says. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, Refused};
use platform::stored_as_text;

/// The longest words.
const MAX_WORDS: usize = 4_000;

/// What kind of paper it is (文书种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// 清收计划.
    Plan,
    /// 法律意见.
    Opinion,
    /// 管理小组纪要.
    Minutes,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Plan, Self::Opinion, Self::Minutes];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Opinion => "opinion",
            Self::Minutes => "minutes",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}
stored_as_text!(PaperKind, "kind of a paper of a case");

/// A paper that is written (新文书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// What it is.
    pub kind: PaperKind,
    /// Who is responsible for a plan.
    pub person: Option<i64>,
    /// Until when.
    pub due_on: Option<Date>,
    /// What it says.
    pub words: String,
}

/// A paper as it was written (案件文书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What it says.
    pub content: NewPaper,
    /// On which business date.
    pub on: Date,
    /// By whom.
    pub by: String,
}

/// Why a paper is not written (文书拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for PaperError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// What is wrong with a paper, all at once (rule `case-paper.complete`): a plan names who is responsible and by when, which is
/// not over; nothing else names a person; every paper says something. `people` are those whom one can name.
#[must_use]
pub fn wrong(new: &NewPaper, people: &dyn Fn(i64) -> bool, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let plan = new.kind == PaperKind::Plan;
    if plan != new.person.is_some() || new.person.is_some_and(|one| !people(one)) {
        wrong.push(FieldError::new("paper_person", "choice-invalid"));
    }
    if plan && new.due_on.is_none() {
        wrong.push(FieldError::new("paper_due", "field-empty"));
    }
    if new.due_on.is_some_and(|on| on < today) {
        wrong.push(FieldError::new("paper_due", "case-paper-past").with("on", today));
    }
    let words = new.words.trim();
    if words.is_empty() {
        wrong.push(FieldError::new("paper_words", "field-empty"));
    } else if words.chars().count() > MAX_WORDS {
        wrong.push(FieldError::new("paper_words", "contact-too-long").with("max", MAX_WORDS));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rule `case-paper.complete`. S4-02, S4-03, S4-05
    #[test]
    fn a_plan_names_who_and_by_when_and_every_paper_says_something() {
        let today = date(2026, 12, 21);
        let new = |kind, person, due_on, words: &str| NewPaper { kind, person, due_on, words: words.to_owned() };
        let fields =
            |new: &NewPaper| wrong(new, &|one| one == 7, today).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&new(PaperKind::Plan, Some(7), Some(today), "先谈后诉")), Vec::<&str>::new());
        assert_eq!(fields(&new(PaperKind::Plan, None, None, " ")), ["paper_person", "paper_due", "paper_words"]);
        assert_eq!(
            fields(&new(PaperKind::Plan, Some(8), Some(date(2026, 12, 20)), "x")),
            ["paper_person", "paper_due"]
        );
        assert_eq!(fields(&new(PaperKind::Opinion, Some(7), None, "合规")), ["paper_person"]);
        assert_eq!(fields(&new(PaperKind::Minutes, None, None, "议定")), Vec::<&str>::new());
        assert_eq!(fields(&new(PaperKind::Minutes, None, None, &"长".repeat(4_001))), ["paper_words"]);
    }
}
