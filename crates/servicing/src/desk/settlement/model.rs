//! A settlement statement and where it stands. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Amounts, Fen};
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::loan::model::LoanKey;

id_type!(StatementId, "The key of a settlement statement (结清单).");

platform::words! {
    /// Where a statement stands (结清单状态).
    StatementState, "state of a settlement statement":
    /// With the leader (待签批).
    Submitted = "submitted",
    /// Signed (已签批).
    Signed = "signed",
    /// Not signed (未通过).
    Refused = "refused",
}

/// A settlement statement (结清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Customer and loan.
    pub key: LoanKey,
    /// The key.
    pub id: StatementId,
    /// 结清单编号.
    pub number: String,
    /// The day for which it is computed.
    pub settles_on: Date,
    /// Owed by head; the charge for paying early stands among the fees.
    pub amounts: Amounts,
    /// The charge for paying early.
    pub charge: Fen,
    /// Credit that is used.
    pub credit: Fen,
    /// The money needed.
    pub total: Fen,
    /// Where it stands.
    pub state: StatementState,
    /// The branch of the loan.
    pub branch: BranchId,
    /// The approval.
    pub approval: Option<ApprovalId>,
    /// When it was signed.
    pub signed_on: Option<Date>,
    /// By whom.
    pub signed_by: Option<UserId>,
    /// When it was made.
    pub made_on: Date,
    /// By whom.
    pub made_by: UserId,
    /// Rises with every change.
    pub version: i64,
}

impl Statement {
    /// What the trail and approvals call it.
    pub fn subject(&self) -> String {
        format!("settlement_statement:{}", self.id)
    }
}
