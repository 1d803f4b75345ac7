//! The derivation of figures (计算依据): line by line, with rule and article.

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use crate::capital::capital;
use crate::clean::breakable;
use crate::document::{Borrower, Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, moment, must_foot, total, yuan};

const TEMPLATE: &str = "derivation.typ";

/// The derivation (计算依据) of one or many figures of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// The borrower.
    pub borrower: Borrower,
    /// Number of the contract.
    pub contract_no: String,
    /// Number of the loan.
    pub loan_no: String,
    /// Business date of the figures.
    pub as_of: Date,
    /// What was known at this moment; `None` for now.
    pub known_at: Option<DateTime>,
    /// Policy pack and version.
    pub policy: String,
    /// Fingerprint of the pack.
    pub fingerprint: String,
    /// The figures.
    pub figures: Vec<Figure>,
}

/// One derived figure (一项金额).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name, such as `第 8 期 罚息`.
    pub name: String,
    /// The amount; the results of the lines must add up to it.
    pub amount_fen: i64,
    /// The facts it rests on, in sentences.
    pub facts: Vec<String>,
    /// The rules in plain sentences, with id and article.
    pub rules: Vec<String>,
    /// How it was computed.
    pub lines: Vec<DerivationLine>,
    /// Checks made afterwards, such as that of the legal ceiling.
    pub checks: Vec<String>,
}

/// One line of a computation (一段).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivationLine {
    /// First day.
    pub from: Option<Date>,
    /// Last day, or the day up to which, as the rule counts.
    pub to: Option<Date>,
    /// The amount the rate applies to.
    pub base_fen: Option<i64>,
    /// The rate with its period and divisor, such as `年 18.00% ÷ 360`.
    pub rate: String,
    /// Days counted.
    pub days: Option<u32>,
    /// The product before rounding, written out.
    pub product: String,
    /// The rounding by name, such as 四舍五入到分.
    pub rounding: String,
    /// Rule id.
    pub rule: String,
    /// Article of contract, institution or law.
    pub article: String,
    /// The result after rounding.
    pub result_fen: i64,
}

impl Document for Derivation {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(TEMPLATE, &[("loan_no", &self.loan_no), ("policy", &self.policy)])?;
        let figures = self.figures.iter().map(figure).collect::<Result<Vec<_>, _>>()?;
        let all = total(TEMPLATE, self.figures.iter().map(|one| one.amount_fen))?;
        Ok(json!({
            "borrower": self.borrower.data(),
            "contract_no": self.contract_no,
            "loan_no": self.loan_no,
            "as_of": day(self.as_of),
            "known_at": self.known_at.map(moment),
            "policy": self.policy,
            "fingerprint": self.fingerprint,
            "figures": figures,
            "count": self.figures.len().to_string(),
            "many": self.figures.len() > 1,
            "all": yuan(all),
            "all_capital": capital(all),
        }))
    }
}

fn figure(one: &Figure) -> Result<Value, PrintError> {
    must_foot(TEMPLATE, "figure", one.amount_fen, one.lines.iter().map(|line| line.result_fen))?;
    let lines: Vec<Value> = one
        .lines
        .iter()
        .map(|line| {
            json!({
                "from": line.from.map(day),
                "to": line.to.map(day),
                "base": line.base_fen.map(yuan),
                "rate": line.rate,
                "days": line.days.map(|days| days.to_string()),
                "product": line.product,
                "rounding": line.rounding,
                "rule": breakable(&line.rule),
                "article": line.article,
                "result": yuan(line.result_fen),
            })
        })
        .collect();
    Ok(json!({
        "name": one.name,
        "amount": yuan(one.amount_fen),
        "capital": capital(one.amount_fen),
        "facts": one.facts,
        "rules": one.rules,
        "lines": lines,
        "checks": one.checks,
    }))
}
