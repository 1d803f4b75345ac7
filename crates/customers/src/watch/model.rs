//! An entry on a watch list, and what became of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::id::UserId;
use platform::id_type;

use crate::datum::model::words;

id_type!(EntryId, "The key of an entry on a watch list within a customer's file (关注记录).");

words! {
    /// What somebody did about an entry (处理).
    StepKind, "step of a watch-list entry":
    /// Looked at again and kept (复核后继续关注).
    Kept = "kept",
    /// Taken off the list (移出).
    Ended = "ended",
}

/// What was done about an entry (处理记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// What was found.
    pub note: String,
    /// When.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// An entry that is made (列入名单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The list, as the policy names it.
    pub list: String,
    /// Why.
    pub reason: String,
    /// From when.
    pub from: Date,
    /// The last day; nothing: until it is ended.
    pub until: Option<Date>,
}

/// An entry on a watch list (关注记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub id: EntryId,
    /// What was entered.
    pub content: NewEntry,
    /// By whom.
    pub by: UserId,
    /// What was done about it, the oldest first.
    pub steps: Vec<Step>,
}

impl Entry {
    /// Whether the customer stands on the list on a day (rule `watch.stands`).
    #[must_use]
    pub fn stands(&self, on: Date) -> bool {
        let ended = self.steps.iter().any(|step| step.kind == StepKind::Ended);
        !ended && self.content.from <= on && self.content.until.is_none_or(|until| on <= until)
    }

    /// When it was looked at last.
    #[must_use]
    pub fn seen_on(&self) -> Date {
        self.steps.last().map_or(self.content.from, |step| step.on)
    }
}

/// A list of the policy (名单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchList {
    /// Its name in data.
    pub name: String,
    /// After how many months its entries are looked at again.
    pub review_months: i64,
    /// The article behind it.
    pub article: String,
}
