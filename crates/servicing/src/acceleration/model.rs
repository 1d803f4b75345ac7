//! A call of the loan asked for (提前到期申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use serde::{Deserialize, Serialize};

/// What is asked for, and what agreement makes true (提前到期). Rule `acceleration.clause`: a loan is called by a
/// clause of its contract, which is named to whoever decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceleration {
    /// The clause of the contract that allows it (约定条款).
    pub clause: String,
    /// What happened.
    pub reason: String,
}
