//! The repayment schedule (还款计划表), mailed to the borrower (S2.19-04, S2.19-05).

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::capital::capital;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, must_foot, total, yuan};

const TEMPLATE: &str = "schedule.typ";

/// The repayment schedule (还款计划表, 还款明细) of one loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepaymentSchedule {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// The borrower.
    pub borrower: Borrower,
    /// Number of the contract.
    pub contract_no: String,
    /// What the schedule is to the contract, such as 附件二; may be empty.
    pub annex: String,
    /// Number of the loan (借据号).
    pub loan_no: String,
    /// Principal; the instalments must add up to it.
    pub principal_fen: i64,
    /// Day of disbursement.
    pub disbursed_on: Date,
    /// Day of maturity.
    pub matures_on: Date,
    /// The rate with its method named, such as `12.00%（单利，月利率 10.00‰）`.
    pub rate: String,
    /// Method and frequency, such as `等额本息，12 期，每月 12 日`.
    pub method: String,
    /// Annualised cost with its method named (综合融资成本); may be empty.
    pub cost: String,
    /// Fees outside the schedule.
    pub other_fees_fen: i64,
    /// The instalments in order.
    pub instalments: Vec<Instalment>,
    /// Numbered notes below the table, worded by the institution, with their clauses.
    pub notes: Vec<String>,
    /// Where the parties sign; without it the place for signatures is left out.
    pub signatures: Option<Signatures>,
}

/// One instalment (一期) of a printed schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instalment {
    /// Number of the instalment.
    pub seq: u32,
    /// Due date by the contract.
    pub due_on: Date,
    /// Where the due date was moved to because of a rest day.
    pub moved: Option<Moved>,
    /// Principal due.
    pub principal_fen: i64,
    /// Interest due.
    pub interest_fen: i64,
    /// Fee due; the column appears when any instalment has one.
    pub fee_fen: i64,
    /// Principal left afterwards.
    pub balance_fen: i64,
}

/// A due date moved because of a rest day (遇休顺延).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The day it was moved to, forward or back.
    pub to: Date,
    /// The holiday, such as 国庆节; empty for a weekend, which is named by its weekday.
    pub holiday: String,
}

/// Who made and checked the schedule (经办、复核).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatures {
    /// Who made it.
    pub prepared_by: String,
    /// Who checked it.
    pub checked_by: String,
    /// Day of signature.
    pub on: Date,
}

impl Document for RepaymentSchedule {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(
            TEMPLATE,
            &[
                ("borrower", &self.borrower.name),
                ("contract_no", &self.contract_no),
                ("loan_no", &self.loan_no),
                ("rate", &self.rate),
                ("method", &self.method),
            ],
        )?;
        let column = |part: fn(&Instalment) -> i64| total(TEMPLATE, self.instalments.iter().map(part));
        let principal = column(|one| one.principal_fen)?;
        must_foot(TEMPLATE, "principal", self.principal_fen, [principal])?;
        let (interest, fee) = (column(|one| one.interest_fen)?, column(|one| one.fee_fen)?);
        let all = total(TEMPLATE, [principal, interest, fee])?;
        let rows = self.instalments.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(json!({
            "borrower": self.borrower.data(),
            "contract_no": self.contract_no,
            "annex": self.annex,
            "loan_no": self.loan_no,
            "principal": yuan(self.principal_fen),
            "principal_capital": capital(self.principal_fen),
            "disbursed_on": day(self.disbursed_on),
            "matures_on": day(self.matures_on),
            "rate": self.rate,
            "method": self.method,
            "cost": self.cost,
            "other_fees": yuan(self.other_fees_fen),
            "has_fee": self.instalments.iter().any(|one| one.fee_fen != 0),
            "rows": rows,
            "count": self.instalments.len().to_string(),
            "total": { "principal": yuan(principal), "interest": yuan(interest), "fee": yuan(fee), "all": yuan(all) },
            "all_capital": capital(all),
            "notes": self.notes,
            "signatures": self.signatures.as_ref().map(|sign| json!({
                "prepared_by": sign.prepared_by,
                "checked_by": sign.checked_by,
                "on": [sign.on.year().to_string(), format!("{:02}", sign.on.month()), format!("{:02}", sign.on.day())],
            })),
        }))
    }
}

fn row(one: &Instalment) -> Result<Value, PrintError> {
    let due = total(TEMPLATE, [one.principal_fen, one.interest_fen, one.fee_fen])?;
    Ok(json!({
        "seq": one.seq.to_string(),
        "due_on": day(one.due_on),
        "moved": one.moved.as_ref().map(|moved| json!({
            "to": if moved.to.year() == one.due_on.year() {
                moved.to.strftime("%m-%d").to_string()
            } else {
                day(moved.to)
            },
            "back": moved.to < one.due_on,
            "holiday": moved.holiday,
            "weekday": one.due_on.weekday().to_monday_zero_offset(),
        })),
        "principal": yuan(one.principal_fen),
        "interest": yuan(one.interest_fen),
        "fee": yuan(one.fee_fen),
        "due": yuan(due),
        "balance": yuan(one.balance_fen),
    }))
}
