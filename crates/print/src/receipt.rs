//! The receipt of a repayment (还款回单).

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::capital::capital;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, must_foot, yuan};

const TEMPLATE: &str = "receipt.typ";

/// The receipt of one repayment (还款回单), with a slip that the payer signs and the institution keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// The borrower.
    pub borrower: Borrower,
    /// Who paid; the borrower or another.
    pub payer: String,
    /// Number of the contract.
    pub contract_no: String,
    /// Number of the loan.
    pub loan_no: String,
    /// Day the money counts from.
    pub received_on: Date,
    /// How it came, such as `银行转账，尾号 5519`.
    pub channel: String,
    /// Number of the transaction in the books.
    pub transaction_no: String,
    /// The amount; the allocation must add up to it.
    pub amount_fen: i64,
    /// What it was used for, in the order of allocation.
    pub allocation: Vec<AllocationRow>,
    /// Order of allocation with its article, worded by the institution; may be empty.
    pub allocation_basis: String,
    /// What is owed afterwards.
    pub balances: Vec<BalanceRow>,
    /// Notes, worded by the institution.
    pub notes: Vec<String>,
}

/// One use of the money (冲抵).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationRow {
    /// The head, such as 罚息, 利息, 本金, 溢缴款.
    pub head: String,
    /// The instalment or why, such as `第 7 期`.
    pub note: String,
    /// The amount.
    pub amount_fen: i64,
}

/// One balance after the repayment (还款后余额).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRow {
    /// What, such as 剩余本金, 逾期金额, 下期应还.
    pub label: String,
    /// The amount.
    pub amount_fen: i64,
    /// A remark, such as the next due date; may be empty.
    pub note: String,
}

impl Document for Receipt {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(
            TEMPLATE,
            &[("payer", &self.payer), ("loan_no", &self.loan_no), ("transaction_no", &self.transaction_no)],
        )?;
        must_foot(TEMPLATE, "allocation", self.amount_fen, self.allocation.iter().map(|one| one.amount_fen))?;
        let allocation: Vec<Value> = self
            .allocation
            .iter()
            .map(|one| json!({ "head": one.head, "note": one.note, "amount": yuan(one.amount_fen) }))
            .collect();
        let balances: Vec<Value> = self
            .balances
            .iter()
            .map(|one| json!({ "label": one.label, "note": one.note, "amount": yuan(one.amount_fen) }))
            .collect();
        Ok(json!({
            "borrower": self.borrower.data(),
            "payer": self.payer,
            "contract_no": self.contract_no,
            "loan_no": self.loan_no,
            "received_on": day(self.received_on),
            "channel": self.channel,
            "transaction_no": self.transaction_no,
            "amount": yuan(self.amount_fen),
            "capital": capital(self.amount_fen),
            "allocation": allocation,
            "basis": self.allocation_basis,
            "balances": balances,
            "notes": self.notes,
        }))
    }
}
