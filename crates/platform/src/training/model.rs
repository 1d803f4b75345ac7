//! A training and what is wrong with one. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;

use crate::error::{FieldError, Refusal, RefusalKind, Refused};
use crate::id::UserId;
use crate::{id_type, stored_as_text};

id_type!(TrainingId, "The key of a training of the staff (培训记录).");

/// What kind of proof it is (形式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// 培训: a course was taken.
    Course,
    /// 胜任力评定: somebody judged what the person can do.
    Judgement,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Course, Self::Judgement];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Judgement => "judgement",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == text)
    }
}
stored_as_text!(Form, "form of a training");

/// A training to be entered (待登记培训).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTraining {
    /// Who took it.
    pub user: UserId,
    /// Course or judgement.
    pub form: Form,
    /// The topic, as the policy names it.
    pub topic: String,
    /// What it was: the course, or how it was judged.
    pub title: String,
    /// When.
    pub held_on: Date,
    /// How many hours; of a judgement none are needed.
    pub hours: i64,
    /// Whether it was passed.
    pub passed: bool,
    /// What else is to be said; of one taken back why.
    pub note: String,
}

/// A training that was entered (培训记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// The key.
    pub id: TrainingId,
    /// What happened.
    pub said: NewTraining,
    /// The last day on which it counts.
    pub valid_until: Date,
    /// Whether it was taken back.
    pub taken_back: bool,
}

/// The longest title and note.
pub const MAX_TEXT: usize = 500;
/// The most hours of one course: what is above is a slip of the pen.
pub const MAX_HOURS: i64 = 1_000;

/// What is wrong with a training (rule `training.record`), given the topics of the policy.
#[must_use]
pub fn check(new: &NewTraining, topics: &[String], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !topics.contains(&new.topic) {
        wrong.push(FieldError::choice("topic", &new.topic));
    }
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
        wrong.push(FieldError::new("held_on", "training-future"));
    }
    let least = match new.form {
        Form::Course => 1,
        Form::Judgement => 0,
    };
    if !(least..=MAX_HOURS).contains(&new.hours) {
        wrong.push(FieldError::new("hours", "training-hours").with("least", least).with("most", MAX_HOURS));
    }
    wrong
}

/// Why a use case about training says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrainingError {
    /// There is no such training, or none that this person may see.
    #[error("no such training")]
    NotFound,
    /// Nobody enters or takes back one's own.
    #[error("one's own training")]
    Own,
    /// It was taken back already.
    #[error("taken back already")]
    TakenBack,
}

impl Refusal for TrainingError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code).under("training.record", None);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "training-not-found"),
            Self::Own => conflict("training-own"),
            Self::TakenBack => conflict("training-taken-back"),
        }
    }
}
