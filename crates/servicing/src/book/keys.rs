//! Business keys (业务键): what makes a record the same when the file is imported again.
//!
//! The key of a repayment is loan, kind, date, amount and its ordinal among equal rows of the file,
//! so that equal rows are all kept and none comes in twice.

use finance::Fen;
use jiff::civil::Date;
use platform::sheets::values::squeeze;

use super::draft::{PrepaymentMode, SecurityKind, TransactionKind};

/// The key of a loan.
pub(super) fn loan(no: &str) -> String {
    format!("loan|{no}")
}

/// The key of a transaction.
pub(super) fn transaction(loan: &str, kind: TransactionKind, on: Date, amount: Fen, ordinal: u32) -> String {
    format!("{}|{loan}|{on}|{}|{ordinal}", kind_code(kind), amount.0)
}

/// The key of a guarantee.
pub(super) fn guarantee(loan: &str, guarantor: &str) -> String {
    format!("guarantee|{loan}|{guarantor}")
}

/// The key of a collateral.
pub(super) fn collateral(loan: &str, kind: SecurityKind, description: &str) -> String {
    let kind = if kind == SecurityKind::Pledge { "pledge" } else { "mortgage" };
    format!("collateral|{loan}|{kind}|{}", squeeze(description))
}

/// The stable code of a kind of transaction.
pub(super) fn kind_code(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Disbursement => "disbursement",
        TransactionKind::Repayment => "repayment",
        TransactionKind::Prepayment(PrepaymentMode::Reduce) => "prepayment_reduce",
        TransactionKind::Prepayment(PrepaymentMode::Shorten) => "prepayment_shorten",
        TransactionKind::Prepayment(PrepaymentMode::Settle) => "prepayment_settle",
        TransactionKind::FeePaid => "fee_paid",
        TransactionKind::FeeCharge => "fee_charge",
        TransactionKind::Rollover => "rollover",
        TransactionKind::WriteOff => "write_off",
        TransactionKind::Recovery => "recovery",
    }
}
