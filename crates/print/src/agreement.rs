//! The repayment agreement (还款协议, S4-12): the parties, what is owed, what is given up, what is paid when, signatures.
//!
//! Title and clauses are policy data, filled in by the caller; a clause that begins the paper stands before the tables.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::capital::capital;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, must_foot, yuan};

const TEMPLATE: &str = "agreement.typ";

/// A repayment agreement (还款协议) between the lender and the debtor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// Title, such as 还款协议.
    pub title: String,
    /// The debtor.
    pub debtor: Borrower,
    /// Number of the contract.
    pub contract_no: String,
    /// Number of the loan.
    pub loan_no: String,
    /// How the debt is paid, such as 减免后分期.
    pub kind: String,
    /// By which way the money comes.
    pub way: String,
    /// Day on which the amounts stand.
    pub as_of: Date,
    /// What was owed in all.
    pub owed_fen: i64,
    /// What was overdue of it.
    pub overdue_fen: i64,
    /// Paragraphs before the tables.
    pub opening: Vec<String>,
    /// What is given up: head and amount.
    pub waived: Vec<(String, i64)>,
    /// All that is given up; the lines must add up to it.
    pub waived_fen: i64,
    /// What is paid by which day.
    pub payments: Vec<(Date, i64)>,
    /// All payments; the lines must add up to it.
    pub total_fen: i64,
    /// Numbered clauses after the tables.
    pub clauses: Vec<String>,
}

impl Document for Agreement {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    /// S4-12: amount, term and method are explicit; a paper that lacks one is refused.
    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(
            TEMPLATE,
            &[
                ("title", &self.title),
                ("debtor", &self.debtor.name),
                ("contract_no", &self.contract_no),
                ("loan_no", &self.loan_no),
                ("kind", &self.kind),
                ("way", &self.way),
            ],
        )?;
        if self.payments.is_empty() || self.total_fen <= 0 {
            return Err(PrintError::EmptyField { document: TEMPLATE, field: "payments" });
        }
        must_foot(TEMPLATE, "total", self.total_fen, self.payments.iter().map(|(_, amount)| *amount))?;
        must_foot(TEMPLATE, "waived", self.waived_fen, self.waived.iter().map(|(_, amount)| *amount))?;
        let payment =
            |(at, (on, amount)): (usize, &(Date, i64))| json!([(at + 1).to_string(), day(*on), yuan(*amount)]);
        Ok(json!({
            "title": self.title,
            "debtor": self.debtor.data(),
            "contract_no": self.contract_no,
            "loan_no": self.loan_no,
            "kind": self.kind,
            "way": self.way,
            "as_of": day(self.as_of),
            "owed": yuan(self.owed_fen),
            "overdue": yuan(self.overdue_fen),
            "opening": self.opening,
            "waived": self.waived.iter().map(|(head, amount)| json!([head, yuan(*amount)])).collect::<Vec<_>>(),
            "waived_total": yuan(self.waived_fen),
            "payments": self.payments.iter().enumerate().map(payment).collect::<Vec<_>>(),
            "count": self.payments.len().to_string(),
            "total": yuan(self.total_fen),
            "total_capital": capital(self.total_fen),
            "clauses": self.clauses,
        }))
    }
}
