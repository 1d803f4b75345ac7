//! What an undoing would take out of the book, and what stands in its way. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a run brought, as it stands in the book now (导入内容).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brought {
    /// Customers.
    pub customers: usize,
    /// Loans.
    pub loans: usize,
    /// Principal of the loans.
    #[serde(rename = "principal_fen")]
    pub principal: Fen,
    /// Their outstanding principal today.
    #[serde(rename = "outstanding_fen")]
    pub outstanding: Fen,
    /// Transactions of the loans.
    pub transactions: usize,
    /// Transactions added to loans that were there before and stay.
    pub added_transactions: usize,
    /// Guarantees and collateral.
    pub securities: usize,
    /// Related parties.
    pub relations: usize,
}

impl Brought {
    /// Whether there is nothing to undo.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What is put forward for approval (撤销申请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// 文件名.
    pub file: String,
    /// What leaves the book.
    #[serde(flatten)]
    pub brought: Brought,
    /// 理由.
    pub reason: String,
}

/// What kind of later fact stands on an import (后续事项种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleKind {
    /// A transaction of a loan that it brought, or the reversal of one that it brought.
    Transaction,
    /// A loan of a customer, or under a contract, that it brought.
    Loan,
    /// A guarantee or collateral of a loan that it brought.
    Security,
    /// Something recorded in a file that it opened, or about a related party that it brought.
    Customer,
    /// A contact with a customer that it brought.
    Contact,
    /// An approval that waits about a loan that it brought.
    Approval,
}

impl ObstacleKind {
    /// Its name in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transaction => "transaction",
            Self::Loan => "loan",
            Self::Security => "security",
            Self::Customer => "customer",
            Self::Contact => "contact",
            Self::Approval => "approval",
        }
    }
}

/// A later fact that stands on an import (后续事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// What kind.
    pub kind: ObstacleKind,
    /// Which: a number, a title, a customer's name.
    pub what: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom; 0 the system.
    pub recorded_by: i64,
    /// Where it can be seen.
    pub href: Option<String>,
}

/// What an undoing would do (撤销预览).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What leaves the book.
    pub brought: Brought,
    /// What stands in the way; nothing is undone while there is anything.
    pub obstacles: Vec<Obstacle>,
}
