//! Letters that ask for payment: the repayment reminder (归还贷款提示通知书, S2.2-02) and, with another
//! title and wording, the dunning notice (催收通知书).
//!
//! Title and sentences are policy data. Sentences may hold placeholders in braces, see [`Notice::PLACEHOLDERS`];
//! what is filled in can never become a placeholder itself, and
//! what the reader must not miss prints bold.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::capital::capital;
use crate::clean::breakable;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, must_foot, yuan};

const TEMPLATE: &str = "notice.typ";

/// A letter that asks for payment (提示通知书、催收通知书).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// Title, such as 归还贷款提示通知书.
    pub title: String,
    /// Beside the serial number, such as `一式两份`; may be empty.
    pub subtitle: Vec<String>,
    /// Whom it is addressed to.
    pub addressee: Borrower,
    /// Names of co-borrowers or guarantors addressed with their role, such as `共同借款人 何雨晴`.
    pub also_addressed: Vec<String>,
    /// Number of the contract.
    pub contract_no: String,
    /// Number of the loan.
    pub loan_no: String,
    /// Principal of the loan.
    pub principal_fen: i64,
    /// Rate with its method named.
    pub rate: String,
    /// Day the contract was signed.
    pub signed_on: Date,
    /// Day of maturity.
    pub matures_on: Date,
    /// Date the amounts stand at.
    pub as_of: Date,
    /// Since when something is overdue, for a dunning letter.
    pub overdue_since: Option<Date>,
    /// Days overdue; 0 for a reminder before the due date.
    pub days_overdue: u32,
    /// Day by which to pay.
    pub pay_by: Date,
    /// Paragraphs before the table of what is due.
    pub opening: Vec<String>,
    /// What is due.
    pub items: Vec<DueItem>,
    /// The total; the items must add up to it.
    pub total_fen: i64,
    /// Paragraphs between the two tables.
    pub demand: Vec<String>,
    /// Where to pay: label and value, such as `("账号", "…")`.
    pub pay_to: Vec<(String, String)>,
    /// Paragraphs after: help, objection, consequences.
    pub closing: Vec<String>,
    /// Contact of the company: name, telephone, hours.
    pub contact: String,
    /// Day of the letter.
    pub issued_on: Date,
    /// Whether a receipt to sign (送达回执) follows below.
    pub receipt_slip: bool,
}

/// One line of what is due (应付款项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueItem {
    /// What, such as 本金.
    pub item: String,
    /// The amount.
    pub amount_fen: i64,
    /// Where it comes from, traceable to the schedule.
    pub note: String,
}

impl Notice {
    /// The placeholders that sentences may hold.
    pub const PLACEHOLDERS: [&str; 15] = [
        "institution",
        "name",
        "contract_no",
        "loan_no",
        "principal",
        "principal_capital",
        "rate",
        "signed_on",
        "matures_on",
        "as_of",
        "overdue_since",
        "days_overdue",
        "pay_by",
        "total",
        "total_capital",
    ];

    /// Values that the reader must not miss.
    const BOLD: [&str; 7] = ["name", "principal", "as_of", "overdue_since", "days_overdue", "pay_by", "total"];

    fn value(&self, placeholder: &str) -> Result<String, PrintError> {
        Ok(match placeholder {
            "institution" => self.frame.letterhead.institution.clone(),
            "name" => self.addressee.name.clone(),
            "contract_no" => self.contract_no.clone(),
            "loan_no" => self.loan_no.clone(),
            "principal" => yuan(self.principal_fen),
            "principal_capital" => capital(self.principal_fen),
            "rate" => self.rate.clone(),
            "signed_on" => day(self.signed_on),
            "matures_on" => day(self.matures_on),
            "as_of" => day(self.as_of),
            "overdue_since" => match self.overdue_since {
                Some(since) => day(since),
                // A sentence that speaks of a day which is not known must not go out (S4-10).
                None => return Err(PrintError::EmptyField { document: TEMPLATE, field: "overdue_since" }),
            },
            "days_overdue" => self.days_overdue.to_string(),
            "pay_by" => day(self.pay_by),
            "total" => yuan(self.total_fen),
            "total_capital" => capital(self.total_fen),
            unknown => {
                return Err(PrintError::UnknownPlaceholder {
                    name: unknown.to_owned(),
                    known: Self::PLACEHOLDERS.join(" "),
                });
            }
        })
    }

    /// Splits sentences into runs of plain text and filled-in values.
    fn runs(&self, paragraphs: &[String]) -> Result<Vec<Vec<Value>>, PrintError> {
        paragraphs.iter().map(|text| self.runs_of(text)).collect()
    }

    fn runs_of(&self, paragraph: &str) -> Result<Vec<Value>, PrintError> {
        let mut runs = Vec::new();
        let mut rest = paragraph;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                break;
            };
            runs.push(json!({ "text": before, "strong": false }));
            let name = name.trim();
            let value = self.value(name)?;
            // Numbers may break after their hyphens, or a justified line gapes before them.
            let value = if name.ends_with("_no") { breakable(&value) } else { value };
            runs.push(json!({ "text": value, "strong": Self::BOLD.contains(&name) }));
            rest = behind;
        }
        runs.push(json!({ "text": rest, "strong": false }));
        Ok(runs)
    }

    /// S4-10: amount, time, deadline and contact are mandatory; the letter is refused when one is empty.
    fn must_be_complete(&self) -> Result<(), PrintError> {
        must_be_filled(
            TEMPLATE,
            &[
                ("title", &self.title),
                ("addressee", &self.addressee.name),
                ("contract_no", &self.contract_no),
                ("loan_no", &self.loan_no),
                ("contact", &self.contact),
            ],
        )?;
        let empty = |field| Err(PrintError::EmptyField { document: TEMPLATE, field });
        if self.items.is_empty() || self.total_fen <= 0 {
            return empty("items");
        }
        if self.pay_to.is_empty() || self.pay_to.iter().any(|(_, value)| value.trim().is_empty()) {
            return empty("pay_to");
        }
        if self.overdue_since.is_some() != (self.days_overdue > 0) {
            return empty("days_overdue");
        }
        Ok(())
    }
}

impl Document for Notice {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        self.must_be_complete()?;
        must_foot(TEMPLATE, "total", self.total_fen, self.items.iter().map(|one| one.amount_fen))?;
        let items: Vec<Value> = self
            .items
            .iter()
            .map(|one| json!({ "item": one.item, "amount": yuan(one.amount_fen), "note": one.note }))
            .collect();
        let on = self.issued_on;
        Ok(json!({
            "title": self.title,
            "subtitle": self.subtitle,
            "addressee": self.addressee.data(),
            "also_addressed": self.also_addressed,
            "opening": self.runs(&self.opening)?,
            "items": items,
            "total": yuan(self.total_fen),
            "total_capital": capital(self.total_fen),
            "demand": self.runs(&self.demand)?,
            "pay_to": self.pay_to.iter().map(|(label, value)| json!([label, value])).collect::<Vec<_>>(),
            "closing": self.runs(&self.closing)?,
            "contact": self.contact,
            "issued_on": [on.year().to_string(), format!("{:02}", on.month()), format!("{:02}", on.day())],
            "receipt_slip": self.receipt_slip,
        }))
    }
}
