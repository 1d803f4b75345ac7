//! A draft and why it cannot be changed or submitted.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use policy::{EditError, Pack, Problem};

use crate::error::{Refusal, RefusalKind, Refused};
use crate::policies::InForce;
use crate::stored_as_text;

/// The folder of the institution's own rules above the shipped pack (本机构层).
pub const OWN: &str = "own";

/// How far a draft is (草案状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftState {
    /// It can be changed.
    Open,
    /// It waits for the second person.
    Submitted,
    /// It became a version, or was given up.
    Closed,
}

impl DraftState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submitted => "submitted",
            Self::Closed => "closed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Open, Self::Submitted, Self::Closed].into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(DraftState, "state of a policy draft");

/// A draft of the rules (制度草案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its key.
    pub id: i64,
    /// The version it began from.
    pub base: i64,
    /// What people call it.
    pub title: String,
    /// What changes and why, in words.
    pub note: String,
    /// The first day it shall rule.
    pub effective_from: Option<Date>,
    /// The texts of the own layer by path.
    pub files: BTreeMap<String, String>,
    /// How far it is.
    pub state: DraftState,
    /// The version it became.
    pub version: Option<i64>,
    /// Counts the changes: two people on one draft are told.
    pub revision: i64,
    /// Who began it.
    pub created_by: i64,
    /// Who changed it last.
    pub changed_by: i64,
    /// When.
    pub changed_at: Timestamp,
}

/// A draft with what the check says of it (草案自检).
#[derive(Debug, Clone)]
pub struct Checked {
    /// The draft.
    pub draft: Draft,
    /// The texts of the whole stack.
    pub files: BTreeMap<String, String>,
    /// The rules, when nothing is wrong.
    pub pack: Option<Arc<Pack>>,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// The version it began from.
    pub base: Arc<InForce>,
}

impl Checked {
    /// The path of the file that a table of the own layer stands in.
    #[must_use]
    pub fn own_table(decision: &str) -> String {
        format!("{OWN}/tables/{decision}.csv")
    }

    /// The pack by which things are named: the draft's own, or its base while something is wrong with it.
    #[must_use]
    pub fn namer(&self) -> &Pack {
        self.pack.as_deref().unwrap_or_else(|| self.base.pack())
    }

    /// The problems in a file.
    pub fn problems_of<'a>(&'a self, file: &'a str) -> impl Iterator<Item = &'a Problem> {
        self.problems.iter().filter(move |problem| problem.place.file == file)
    }
}

/// Why a draft cannot be changed or submitted (草案被拒); rule `policy.draft`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DraftError {
    /// There is no such draft, table or parameter.
    #[error("no such draft, table or parameter")]
    Unknown,
    /// It is not open.
    #[error("the draft is {state}")]
    NotOpen {
        /// Its state.
        state: &'static str,
    },
    /// Somebody else changed it meanwhile.
    #[error("{who} changed the draft meanwhile, at {at}")]
    ChangedMeanwhile {
        /// Who.
        who: String,
        /// When, as people read it.
        at: String,
    },
    /// The law fixes the table; no pack may replace it.
    #[error("the law fixes the table {table}")]
    FixedByLaw {
        /// The table.
        table: String,
    },
    /// A cell or a table that does not fit.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The check finds something wrong.
    #[error("the draft has {count} problems; the first: {first}")]
    Problems {
        /// How many.
        count: usize,
        /// The first one with its place.
        first: String,
    },
    /// Another version was approved since the draft began.
    #[error("another version was approved since the draft began")]
    BaseMoved,
    /// Nothing changed.
    #[error("the draft changes nothing")]
    NothingChanged,
    /// It was not compared on the own book since its last change, or not on this business date.
    #[error("the draft was not compared on the own book")]
    NotCompared,
    /// No first day, or one that is not to come.
    #[error("the first day {on} is not after the business date {today}")]
    NoDay {
        /// The date asked for, empty when none.
        on: String,
        /// The business date.
        today: Date,
    },
    /// A file that is not read.
    #[error("the file cannot be read: {detail}")]
    File {
        /// What the reader said.
        detail: String,
    },
}

impl Refusal for DraftError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code).under("policy.draft", None);
        let invalid = |code| Refused::new(RefusalKind::Invalid, code).under("policy.draft", None);
        match self {
            Self::Unknown => Refused::new(RefusalKind::NotFound, "draft-unknown"),
            Self::NotOpen { state } => conflict("draft-not-open").with("state", state),
            Self::ChangedMeanwhile { who, at } => conflict("draft-changed").with("who", who).with("at", at),
            Self::FixedByLaw { table } => conflict("draft-fixed").with("table", table),
            Self::Edit(EditError::CellTooLong { row, column, length, limit }) => invalid("draft-cell-long")
                .with("row", row)
                .with("column", column)
                .with("length", length)
                .with("limit", limit),
            Self::Edit(EditError::NoCell { row, column }) => {
                invalid("draft-no-cell").with("row", row).with("column", column)
            }
            Self::Edit(EditError::TooLarge { rows, columns }) => {
                invalid("draft-too-large").with("rows", rows).with("columns", columns)
            }
            Self::Edit(EditError::NotATable { detail }) => invalid("draft-no-table").with("detail", detail),
            Self::Problems { count, first } => conflict("draft-problems").with("count", count).with("first", first),
            Self::BaseMoved => conflict("draft-base-moved"),
            Self::NothingChanged => conflict("draft-empty"),
            Self::NotCompared => conflict("draft-not-compared"),
            Self::NoDay { on, today } => invalid("draft-no-day").with("date", on).with("today", today),
            Self::File { detail } => invalid("draft-file").with("detail", detail),
        }
    }
}
