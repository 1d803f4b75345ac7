//! A reversal asked for (冲正申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::TransactionKind;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::loan::model::TransactionId;

/// What is asked for (冲正). It is booked on the day of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    /// What is taken back.
    pub transaction: TransactionId,
    /// 流水号.
    pub number: String,
    /// The day on which it had taken effect.
    pub on: Date,
    /// 冲正原因.
    pub reason: String,
}

impl Reversal {
    /// As the engine books it.
    pub fn transaction(&self) -> TransactionKind {
        TransactionKind::Reverse { target: u64::try_from(self.transaction.0).unwrap_or_default() }
    }
}
