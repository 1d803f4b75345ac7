//! A document of a customer's file, and what the policy wants of documents. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::attachment::Attachment;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::Route;

id_type!(DocumentId, "The key of a document within a customer's file (资料).");

/// A document (资料) as it is kept, its number masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose file.
    pub customer: CustomerId,
    /// The key.
    pub id: DocumentId,
    /// Which paper, as the policy's list names it: `licence`.
    pub kind: String,
    /// The kept file.
    pub file: Attachment,
    /// Its number, masked; empty: none was entered.
    pub number: String,
    /// When it was issued.
    pub issued_on: Option<Date>,
    /// The last day on which it is valid, as it says itself.
    pub expires_on: Option<Date>,
    /// By which way it came.
    pub route: Route,
    /// From whom, from which register.
    pub source_note: String,
    /// The document that it replaces.
    pub replaces: Option<DocumentId>,
    /// The business date on which it came.
    pub effective_on: Date,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
}

impl Document {
    /// Whether it counts: its file was neither replaced nor withdrawn.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.file.is_current()
    }

    /// The thing for the audit trail.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("document:{}:{}", self.customer, self.id)
    }
}

/// A document that is handed in (新资料).
#[derive(Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Which paper.
    pub kind: String,
    /// Its number, as typed.
    pub number: Option<String>,
    /// When it was issued.
    pub issued_on: Option<Date>,
    /// The last day on which it is valid.
    pub expires_on: Option<Date>,
    /// By which way it came.
    pub route: Route,
    /// From whom, from which register.
    pub source_note: String,
    /// The document that it replaces.
    pub replaces: Option<DocumentId>,
}

/// Never shows the number.
impl std::fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewDocument({})", self.kind)
    }
}

/// A line of the policy's list (清单项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Which paper.
    pub kind: String,
    /// Whether every file must hold it.
    pub required: bool,
    /// For how many months it counts where it names no end itself.
    pub valid_months: Option<i64>,
    /// The article behind it.
    pub article: String,
}

/// How a line of the list stands (清单状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There, valid (齐备); until this day, where it ends.
    There(Option<Date>),
    /// There, and it ends soon (将到期).
    Expiring(Date),
    /// There, but no longer valid (已过期).
    Expired(Date),
    /// Not there (缺少).
    Missing,
}

impl State {
    /// Its name in messages and data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::There(_) => "there",
            Self::Expiring(_) => "expiring",
            Self::Expired(_) => "expired",
            Self::Missing => "missing",
        }
    }

    /// Whether the paper is there and valid.
    #[must_use]
    pub fn counts(self) -> bool {
        match self {
            Self::There(_) | Self::Expiring(_) => true,
            Self::Expired(_) | Self::Missing => false,
        }
    }

    /// Until when it is valid, where it ends.
    #[must_use]
    pub fn until(self) -> Option<Date> {
        match self {
            Self::There(until) => until,
            Self::Expiring(until) | Self::Expired(until) => Some(until),
            Self::Missing => None,
        }
    }
}

/// One line with the documents that stand for it (清单行).
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// What is wanted.
    pub wanted: Wanted,
    /// How it stands.
    pub state: State,
    /// Its documents that count, the one that is valid longest first.
    pub documents: Vec<&'a Document>,
}
