//! A charge to be recorded (收费). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Fen, Head, TransactionKind};
use jiff::civil::Date;

/// The heads that can be charged.
pub const HEADS: [Head; 2] = [Head::Fee, Head::Cost];

/// A fee or a cost that becomes owed today (收费).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCharge {
    /// [`Head::Fee`] or [`Head::Cost`].
    pub head: Head,
    /// 金额.
    pub amount: Fen,
    /// 应付日; without it today.
    pub due_on: Option<Date>,
    /// 收费原因.
    pub reason: String,
}

impl NewCharge {
    /// The transaction that it becomes.
    pub fn transaction(&self) -> TransactionKind {
        TransactionKind::Charge { head: self.head, amount: self.amount, due_on: self.due_on }
    }
}
