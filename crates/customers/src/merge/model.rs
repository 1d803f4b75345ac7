//! A merge: which file goes into which, and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{CustomerId, UserId};
use platform::id_type;

use crate::datum::model::words;

id_type!(MergeId, "The key of a merge (客户合并).");

words! {
    /// Where a merge stands (合并状态).
    MergeState, "state of a merge":
    /// Somebody else must agree.
    Requested = "requested",
    /// The files are one.
    Merged = "merged",
    /// It was not agreed to, or taken back.
    Refused = "refused",
    /// It was undone: the files are two again.
    Ended = "ended",
}

words! {
    /// What happened to a merge (合并经过).
    MergeStep, "step of a merge":
    /// Asked for.
    Requested = "requested",
    /// Agreed to.
    Merged = "merged",
    /// Not agreed to, or taken back.
    Refused = "refused",
    /// Its end was asked for.
    UndoRequested = "undo_requested",
    /// Its end was not agreed to, or taken back.
    UndoRefused = "undo_refused",
    /// Ended.
    Undone = "undone",
}

/// A merge (客户合并).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The file that goes.
    pub gone: CustomerId,
    /// Its key.
    pub id: MergeId,
    /// The file that stays.
    pub into: CustomerId,
    /// Why they are one.
    pub reason: String,
    /// Where it stands.
    pub state: MergeState,
    /// The approval that decides it.
    pub approval: Option<ApprovalId>,
    /// Since when they are one.
    pub merged_on: Option<Date>,
    /// Why they are two after all.
    pub undo_reason: Option<String>,
    /// The approval of the end.
    pub undo_approval: Option<ApprovalId>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// When it was asked for.
    pub asked_on: Date,
    /// By whom.
    pub asked_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Merge {
    /// What it is called in events and approvals.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("merge:{}:{}", self.gone, self.id)
    }

    /// Whether its end waits for agreement.
    #[must_use]
    pub fn undo_waits(&self) -> bool {
        self.state == MergeState::Merged && self.undo_approval.is_some()
    }
}

/// What a file brings into the choice of the one that stays (去留依据).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Whether it has an identity number.
    pub identity: bool,
    /// Whether a paper in the file proves it.
    pub verified: bool,
    /// When it was opened, and its key, which tells files of one day apart.
    pub opened: (Date, CustomerId),
}
