//! The statement of account of a loan (贷款对账单).

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::capital::capital;
use crate::clean::breakable;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, must_foot, total, yuan};

const TEMPLATE: &str = "statement.typ";

/// The statement of account (贷款对账单) of one loan over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// The borrower.
    pub borrower: Borrower,
    /// Number of the contract.
    pub contract_no: String,
    /// Number of the loan.
    pub loan_no: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Principal owed before the first day.
    pub opening_fen: i64,
    /// The transactions in order of the day they count from.
    pub rows: Vec<StatementRow>,
    /// Principal owed after the last day; must follow from the rows.
    pub closing_fen: i64,
    /// Notes, worded by the institution: how to object, and by when.
    pub notes: Vec<String>,
    /// Whether a receipt to sign (对账回执) follows below.
    pub receipt_slip: bool,
}

/// One transaction (一笔交易). Repaid amounts are positive, reversals negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    /// Day it counts from.
    pub on: Date,
    /// What, such as 放款, 还款, 冲正.
    pub kind: String,
    /// Number in the books.
    pub transaction_no: String,
    /// Disbursed.
    pub disbursed_fen: i64,
    /// Principal repaid.
    pub principal_fen: i64,
    /// Interest paid.
    pub interest_fen: i64,
    /// Penalty, compound interest and fees paid.
    pub other_fen: i64,
    /// Principal owed afterwards.
    pub balance_fen: i64,
}

impl Document for Statement {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(TEMPLATE, &[("borrower", &self.borrower.name), ("loan_no", &self.loan_no)])?;
        let mut balance = self.opening_fen;
        for row in &self.rows {
            let repaid = row.principal_fen.checked_neg().ok_or(PrintError::TotalTooLarge { document: TEMPLATE })?;
            must_foot(TEMPLATE, "balance", row.balance_fen, [balance, row.disbursed_fen, repaid])?;
            balance = row.balance_fen;
        }
        must_foot(TEMPLATE, "closing", self.closing_fen, [balance])?;
        let column = |part: fn(&StatementRow) -> i64| total(TEMPLATE, self.rows.iter().map(part));
        let (principal, interest, other) =
            (column(|row| row.principal_fen)?, column(|row| row.interest_fen)?, column(|row| row.other_fen)?);
        let rows: Vec<Value> = self.rows.iter().map(row).collect();
        Ok(json!({
            "borrower": self.borrower.data(),
            "contract_no": self.contract_no,
            "loan_no": self.loan_no,
            "from": day(self.from),
            "to": day(self.to),
            "opening": yuan(self.opening_fen),
            "closing": yuan(self.closing_fen),
            "closing_capital": capital(self.closing_fen),
            "rows": rows,
            "count": self.rows.len().to_string(),
            "total": {
                "disbursed": yuan(column(|row| row.disbursed_fen)?),
                "principal": yuan(principal),
                "interest": yuan(interest),
                "other": yuan(other),
                "paid": yuan(total(TEMPLATE, [principal, interest, other])?),
            },
            "notes": self.notes,
            "receipt_slip": self.receipt_slip,
        }))
    }
}

fn row(row: &StatementRow) -> Value {
    // A head that did not move is left empty, so that what did stands out.
    let moved = |fen: i64| if fen == 0 { String::new() } else { yuan(fen) };
    json!({
        "on": day(row.on),
        "kind": row.kind,
        "transaction_no": breakable(&row.transaction_no),
        "disbursed": moved(row.disbursed_fen),
        "principal": moved(row.principal_fen),
        "interest": moved(row.interest_fen),
        "other": moved(row.other_fen),
        "balance": yuan(row.balance_fen),
    })
}
