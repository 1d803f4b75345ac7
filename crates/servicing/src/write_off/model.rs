//! A write-off asked for (核销申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use serde::{Deserialize, Serialize};

/// What is asked for (核销). The claim that leaves the books is what is owed on the day of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteOff {
    /// What was owed when it was asked for.
    #[serde(rename = "owed_fen")]
    pub owed: Fen,
    /// The class on that day.
    pub class: String,
    /// Days overdue on that day.
    pub days_overdue: u32,
    /// 核销理由.
    pub reason: String,
}
