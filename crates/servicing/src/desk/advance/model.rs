//! A list of advances, its rows, and where both stand. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use customers::bank_account::model::BankAccountId;
use finance::Fen;
use jiff::civil::Date;
use platform::approval::ApprovalId;
use platform::id::{BranchId, UserId};
use platform::id_type;

use crate::loan::model::LoanKey;

id_type!(AdvanceListId, "The key of a list of advances (垫款清单).");
id_type!(AdvanceId, "The key of an advance (垫款).");

platform::words! {
    /// Where a list stands (垫款清单状态).
    ListState, "state of a list of advances":
    /// Drawn by the clerk (待复核).
    Drawn = "drawn",
    /// Compared by a colleague (已复核，待送签).
    Checked = "checked",
    /// With the heads (签批中).
    Submitted = "submitted",
    /// Signed by all heads (已签批，待付款).
    Signed = "signed",
    /// Paid by the cashier; its month is closed (已付款).
    Paid = "paid",
    /// Refused by a head (未通过).
    Refused = "refused",
    /// Given up by the clerk (已作废).
    Dropped = "dropped",
}

platform::words! {
    /// Where a row stands (垫款状态).
    RowState, "state of an advance":
    /// On the list (在列).
    Listed = "listed",
    /// Taken off before the check (已剔除).
    TakenOff = "taken_off",
    /// Not paid, because the borrower paid meanwhile (未付).
    LeftOut = "left_out",
    /// Paid (已垫付).
    Paid = "paid",
}

/// A list of advances (垫款清单): one branch, one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvanceList {
    /// The key.
    pub id: AdvanceListId,
    /// 垫款清单编号.
    pub number: String,
    /// The month of the due dates, YYYY-MM.
    pub month: String,
    /// The branch.
    pub branch: BranchId,
    /// Where it stands.
    pub state: ListState,
    /// The clerk (经办).
    pub made_by: UserId,
    /// Who compared it (复核).
    pub checked_by: Option<UserId>,
    /// When.
    pub checked_on: Option<Date>,
    /// The approval by which the heads sign.
    pub approval: Option<ApprovalId>,
    /// When the last of them signed.
    pub signed_on: Option<Date>,
    /// The cashier (出纳).
    pub paid_by: Option<UserId>,
    /// When it was paid.
    pub paid_on: Option<Date>,
    /// The number of the payment.
    pub payment_ref: Option<String>,
    /// In words.
    pub note: String,
    /// When it was drawn.
    pub drawn_on: Date,
    /// Rises with every change.
    pub version: i64,
}

impl AdvanceList {
    /// What the trail, approvals and duties call it.
    pub fn subject(&self) -> String {
        format!("advance_list:{}", self.id)
    }
}

/// An instalment that may be advanced (可垫款的一期), as the ledger has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Customer and loan.
    pub key: LoanKey,
    /// 期.
    pub no: i64,
    /// 还款日.
    pub due_on: Date,
    /// Unpaid, less what was advanced before and not recovered.
    pub due: Fen,
}

/// The card from which a borrower repays (扣款卡), as a row names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The account in the customer's file.
    pub account: BankAccountId,
    /// 户名.
    pub holder: String,
    /// The number, masked.
    pub masked: String,
}

/// A row of a list (垫款), with what the ledger says of it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// Customer and loan.
    pub key: LoanKey,
    /// The key.
    pub id: AdvanceId,
    /// 借据号.
    pub number: String,
    /// 客户名称.
    pub customer: String,
    /// 期.
    pub no: i64,
    /// 还款日 as listed.
    pub due_on: Date,
    /// The card as listed.
    pub card: Card,
    /// How much.
    pub amount: Fen,
    /// Where it stands.
    pub state: RowState,
    /// Why it was taken off, left out or changed.
    pub note: String,
    /// The due date as it is now; nothing where the schedule has no such instalment any more.
    pub due_on_now: Option<Date>,
    /// What is unpaid now, less other advances that are not recovered.
    pub due_now: Fen,
    /// What was paid on the instalment so far.
    pub paid_now: Fen,
    /// Rises with every change.
    pub version: i64,
}
