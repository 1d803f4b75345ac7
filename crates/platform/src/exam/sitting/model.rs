//! A sitting and why one cannot begin. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::{Refusal, RefusalKind, Refused};
use crate::exam::bank::model::QuestionId;
use crate::exam::model::{ExamId, Scoring};
use crate::id::UserId;
use crate::{id_type, stored_as_text};

id_type!(SittingId, "The key of a sitting: a paper drawn for somebody (在线考试).");

/// How a sitting ended (交卷方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// 交卷.
    Handed,
    /// 时间到.
    TimeUp,
}

impl Way {
    /// Its name in data and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Handed => "handed",
            Self::TimeUp => "time_up",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Handed, Self::TimeUp].into_iter().find(|way| way.as_str() == text)
    }
}
stored_as_text!(Way, "end of a sitting");

/// A paper of the policy (试卷).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its name in the policy.
    pub key: String,
    /// The topics with how many questions of each.
    pub parts: Vec<(String, i64)>,
    /// The topic of training that passing it proves.
    pub proves: Option<String>,
}

/// What the policy allows (考试规则).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How it is scored.
    pub scoring: Scoring,
    /// Whether only questions with one right answer are asked.
    pub single: bool,
    /// Minutes until it is over.
    pub minutes: i64,
    /// How often a paper may be sat in a calendar year.
    pub a_year: i64,
    /// Days before the next sitting of the same paper.
    pub between: i64,
}

/// A sitting (在线考试).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// The key.
    pub id: SittingId,
    /// Who sits.
    pub user: UserId,
    /// The name.
    pub person: String,
    /// The paper.
    pub paper: String,
    /// What the policy called it.
    pub title: String,
    /// How it is scored.
    pub scoring: Scoring,
    /// What passing it proves.
    pub proves: Option<String>,
    /// Since when.
    pub begun_at: Timestamp,
    /// Until when answers are taken.
    pub ends_at: Timestamp,
    /// How it ended, and the exam in which the result stands.
    pub ended: Option<(Way, ExamId)>,
    /// How many answers were right, once it ended: as the system counted them.
    pub right: Option<i64>,
    /// Whether somebody put another number in its place.
    pub corrected: bool,
}

impl Sitting {
    /// Whether answers are taken at a moment (rule `exam.sitting`).
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.ends_at
    }
}

/// A question as it was put (试卷题目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The number on the paper, from 1.
    pub place: i64,
    /// The question.
    pub question: QuestionId,
    /// Its words.
    pub words: String,
    /// Its choices.
    pub choices: Vec<String>,
    /// The letters of what is right.
    pub right: String,
    /// The article behind it.
    pub source: String,
    /// What was chosen; empty where nothing was.
    pub chosen: String,
}

/// Why a use case about sittings says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SittingError {
    /// There is no such sitting, or none that this person may see.
    #[error("no such sitting")]
    NotFound,
    /// There is no such paper.
    #[error("no such paper")]
    NoPaper,
    /// The paper of the policy does not have as many questions as an exam.
    #[error("a paper of {found} questions, not {wanted}")]
    Uneven {
        /// How many the paper has.
        found: i64,
        /// How many an exam has.
        wanted: i64,
    },
    /// Whoever may see the answers sits no exam drawn from them.
    #[error("sees the answers")]
    SeesAnswers,
    /// Nobody sits in the name of another.
    #[error("in the name of another")]
    Another,
    /// One is begun and not handed in.
    #[error("one is open")]
    Open,
    /// As often as the policy allows in a year.
    #[error("{most} times this year")]
    Often {
        /// How often it may be.
        most: i64,
    },
    /// Too soon after the last one.
    #[error("not before {from}")]
    Soon {
        /// From when on.
        from: Date,
    },
    /// The bank has too few questions of a topic.
    #[error("{found} of {wanted} questions of {topic}")]
    Few {
        /// The topic.
        topic: String,
        /// How many may be asked.
        found: usize,
        /// How many are wanted.
        wanted: i64,
    },
    /// The paper offers no such answer.
    #[error("no such answer to {place}")]
    NotOffered {
        /// The number of the question.
        place: i64,
    },
    /// Its time is up.
    #[error("time is up")]
    TimeUp,
    /// It was handed in already.
    #[error("handed in already")]
    Ended,
}

impl Refusal for SittingError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code).under("exam.sitting", None);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "sitting-not-found"),
            Self::NoPaper => Refused::new(RefusalKind::NotFound, "sitting-no-paper"),
            Self::Uneven { found, wanted } => Refused::new(RefusalKind::Conflict, "sitting-uneven")
                .with("found", found)
                .with("wanted", wanted)
                .under("exam.paper", None),
            Self::SeesAnswers => conflict("sitting-sees-answers"),
            Self::Another => conflict("sitting-another"),
            Self::Open => conflict("sitting-open"),
            Self::Often { most } => conflict("sitting-often").with("most", most).under("exam.again", None),
            Self::Soon { from } => conflict("sitting-soon").with("from", from).under("exam.again", None),
            Self::Few { topic, found, wanted } => Refused::new(RefusalKind::Conflict, "sitting-few")
                .with("topic", topic)
                .with("found", found)
                .with("wanted", wanted)
                .under("exam.paper", None),
            Self::NotOffered { place } => {
                Refused::new(RefusalKind::Invalid, "sitting-answer").with("place", place).under("exam.sitting", None)
            }
            Self::TimeUp => conflict("sitting-time-up"),
            Self::Ended => conflict("sitting-ended"),
        }
    }
}
