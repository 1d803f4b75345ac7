//! An exam and what it is worth. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;

use crate::error::{FieldError, Refusal, RefusalKind, Refused};
use crate::id::UserId;
use crate::id_type;

id_type!(ExamId, "The key of an exam of the staff (考试记录).");

/// How exams are scored (评分规则): single choice, every question worth the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scoring {
    /// How many questions there are.
    pub questions: i64,
    /// What each is worth.
    pub points_each: i64,
    /// From how many points on an exam is passed.
    pub pass_points: i64,
}

impl Scoring {
    /// The most points.
    #[must_use]
    pub fn most(self) -> i64 {
        self.questions.saturating_mul(self.points_each)
    }

    /// What so many right answers are worth (rule `exam.score`).
    #[must_use]
    pub fn points(self, right: i64) -> i64 {
        right.saturating_mul(self.points_each)
    }

    /// Whether so many right answers are enough.
    #[must_use]
    pub fn passed(self, right: i64) -> bool {
        self.points(right) >= self.pass_points
    }
}

/// An exam to be entered (待登记考试).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExam {
    /// Who sat it.
    pub user: UserId,
    /// What it was.
    pub title: String,
    /// When.
    pub held_on: Date,
    /// How many questions were answered rightly.
    pub right: i64,
    /// What else is to be said; of a correction why.
    pub note: String,
}

/// An exam that was entered (考试记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exam {
    /// The key.
    pub id: ExamId,
    /// What happened.
    pub said: NewExam,
    /// How it was scored.
    pub scoring: Scoring,
    /// Whether a later entry stands in its place.
    pub corrected: bool,
}

/// The longest title and note.
pub const MAX_TEXT: usize = 500;

/// What is wrong with an exam (rules `exam.record`, `exam.score`).
#[must_use]
pub fn check(new: &NewExam, scoring: Scoring, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.title.trim().is_empty() {
        wrong.push(FieldError::new("title", "field-empty"));
    }
    for (field, text) in [("title", &new.title), ("note", &new.note)] {
        let found = text.trim().chars().count();
        if found > MAX_TEXT {
            wrong.push(FieldError::new(field, "text-too-long").with("most", MAX_TEXT).with("found", found));
        }
    }
    if new.held_on > today {
        wrong.push(FieldError::new("held_on", "exam-future"));
    }
    if !(0..=scoring.questions).contains(&new.right) {
        wrong.push(FieldError::new("right", "exam-right").with("most", scoring.questions));
    }
    wrong
}

/// Why a use case about exams says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExamError {
    /// There is no such exam, or none that this person may see.
    #[error("no such exam")]
    NotFound,
    /// Nobody enters one's own result.
    #[error("one's own exam")]
    Own,
    /// A later entry stands in its place already.
    #[error("corrected already")]
    Corrected,
}

impl Refusal for ExamError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "exam-not-found"),
            Self::Own => Refused::new(RefusalKind::Conflict, "exam-own").under("exam.record", None),
            Self::Corrected => Refused::new(RefusalKind::Conflict, "exam-corrected").under("exam.record", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // S5.6-11. Rules exam.score, exam.record
    #[test]
    fn twenty_questions_of_two_points_make_forty() {
        let scoring = Scoring { questions: 20, points_each: 2, pass_points: 24 };
        assert_eq!((scoring.most(), scoring.points(0), scoring.points(20)), (40, 0, 40));
        assert_eq!((scoring.passed(11), scoring.passed(12)), (false, true));
        let today = date(2026, 11, 20);
        let new = |right, held_on| NewExam {
            user: UserId(1),
            title: "信贷业务技能".to_owned(),
            held_on,
            right,
            note: String::new(),
        };
        assert_eq!(check(&new(20, today), scoring, today), Vec::new());
        let code = |new: &NewExam| check(new, scoring, today).iter().map(|one| one.code).collect::<Vec<_>>();
        assert_eq!(code(&new(21, today)), ["exam-right"]);
        assert_eq!(code(&new(-1, date(2026, 11, 21))), ["exam-future", "exam-right"]);
        let nameless = NewExam { title: " ".to_owned(), note: "x".repeat(501), ..new(1, today) };
        assert_eq!(code(&nameless), ["field-empty", "text-too-long"]);
    }
}
