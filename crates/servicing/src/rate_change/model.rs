//! Another rate asked for (利率调整申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Rate;
use serde::{Deserialize, Serialize};

/// What is asked for, and what agreement makes true (利率调整): the contract rate from the day of approval on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateChange {
    /// The new rate.
    pub rate: Rate,
    /// Why.
    pub reason: String,
}
