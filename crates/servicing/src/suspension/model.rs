//! A suspension asked for (停息申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked for, and what agreement makes true (停息).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The first day on which they run again.
    pub resume_on: Date,
    /// Whether contract interest rests.
    pub interest: bool,
    /// Whether penalty and compound interest rest.
    pub penalty: bool,
    /// Why.
    pub reason: String,
}
