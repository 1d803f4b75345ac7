//! JSON in and out: what `loanward schedule` and `loanward replay` read and print (`docs/formats.md`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, Context, RateTable};
use crate::error::{ReplayError, TermsError};
use crate::explain::{DerivationLine, explain_replay, explain_schedule};
use crate::position::Position;
use crate::replay::replay;
use crate::schedule::{Schedule, schedule};
use crate::table;
use crate::terms::Terms;
use crate::transaction::{Transaction, TransactionKind};

/// How results are printed (输出格式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// Indented JSON.
    #[default]
    Json,
    /// An aligned table for people.
    Table,
}

/// Why a request could not be answered (请求错误).
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The text is not JSON of the documented shape.
    #[error("the JSON cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// The terms make no sense.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The transactions make no sense.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl JsonError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            JsonError::Shape(_) => "json.shape",
            JsonError::Terms(error) => error.code(),
            JsonError::Replay(error) => error.code(),
        }
    }
}

/// Terms out of their JSON (`docs/formats.md`).
///
/// Not generic, so that reading a book is compiled with this crate and not with its caller's profile.
///
/// # Errors
/// What is wrong with the text, with line and column.
///
/// ```
/// let text = r#"{"method": "bullet", "principal": 10000000, "start_on": "2026-01-15", "periods": 6,
///                "rate": {"fixed": "10‰/month"}}"#;
/// assert_eq!(finance::json::terms(text).unwrap().principal, finance::Fen(10_000_000));
/// ```
pub fn terms(text: &str) -> Result<Terms, serde_json::Error> {
    serde_json::from_str(text)
}

/// What a transaction is, out of its JSON (`docs/formats.md`).
///
/// # Errors
/// What is wrong with the text, with line and column.
///
/// ```
/// let kind = finance::json::transaction_kind(r#"{"repay": {"amount": 888488}}"#).unwrap();
/// assert!(matches!(kind, finance::TransactionKind::Repay(_)));
/// ```
pub fn transaction_kind(text: &str) -> Result<TransactionKind, serde_json::Error> {
    serde_json::from_str(text)
}

/// What `loanward schedule` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRequest {
    /// The terms.
    pub terms: Terms,
    /// Rest days, where due dates move.
    #[serde(default)]
    pub calendar: Calendar,
    /// Published LPR, where the rate floats.
    #[serde(default)]
    pub rates: RateTable,
}

/// What `loanward replay` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// The terms.
    pub terms: Terms,
    /// What happened.
    pub transactions: Vec<Transaction>,
    /// The date of the position.
    pub as_of: Date,
    /// Rest days, where due dates move.
    #[serde(default)]
    pub calendar: Calendar,
    /// Published LPR, where the rate floats.
    #[serde(default)]
    pub rates: RateTable,
}

#[derive(Serialize)]
struct Answer<'a, T: Serialize> {
    #[serde(flatten)]
    result: &'a T,
    #[serde(skip_serializing_if = "Option::is_none")]
    derivation: Option<&'a [DerivationLine]>,
}

/// Reads terms, prints their schedule; with `explain` also the derivation of every amount.
///
/// The text is a [`ScheduleRequest`], or the terms alone.
///
/// # Errors
/// JSON of another shape, or terms that make no sense.
///
/// ```
/// use finance::json::{Format, run_schedule};
/// let terms = r#"{"method": "equal_instalment", "principal": 12000000, "start_on": "2025-01-15", "periods": 12,
///                 "rate": {"fixed": "0%/year"}}"#;
/// let answer: finance::Schedule = serde_json::from_str(&run_schedule(terms, false, Format::Json).unwrap()).unwrap();
/// assert_eq!(answer.instalments[0].total(), finance::Fen(1_000_000));
/// ```
pub fn run_schedule(json: &str, explain: bool, format: Format) -> Result<String, JsonError> {
    let envelope = serde_json::from_str::<serde_json::Value>(json)?.get("terms").is_some();
    let request = if envelope {
        serde_json::from_str(json)?
    } else {
        ScheduleRequest {
            terms: serde_json::from_str(json)?,
            calendar: Calendar::default(),
            rates: RateTable::default(),
        }
    };
    let context = Context { calendar: &request.calendar, rates: &request.rates };
    let (plan, lines): (Schedule, Option<Vec<DerivationLine>>) = if explain {
        let (plan, lines) = explain_schedule(&request.terms, &context)?;
        (plan, Some(lines))
    } else {
        (schedule(&request.terms, &context)?, None)
    };
    match format {
        Format::Json => print(&plan, lines.as_deref()),
        Format::Table => Ok(table::of_schedule(&plan) + &table::of_derivation(lines.as_deref())),
    }
}

/// Reads terms, transactions and a date, prints the position; with `explain` also the derivation of every amount.
///
/// # Errors
/// JSON of another shape, or terms or transactions that make no sense.
///
/// ```
/// use finance::json::{Format, run_replay};
/// let request = r#"{
///   "terms": {"method": "bullet", "principal": 10000000, "start_on": "2025-01-15", "periods": 6,
///             "rate": {"fixed": "12%/year"}, "overdue": {"penalty": {"uplift": 500000}}},
///   "transactions": [{"id": "1", "on": "2025-01-15", "kind": {"disburse": {"amount": 10000000}}}],
///   "as_of": "2025-08-29"}"#;
/// let answer: finance::Position = serde_json::from_str(&run_replay(request, false, Format::Json).unwrap()).unwrap();
/// assert_eq!(answer.days_overdue, 45);
/// ```
pub fn run_replay(json: &str, explain: bool, format: Format) -> Result<String, JsonError> {
    let request: ReplayRequest = serde_json::from_str(json)?;
    let context = Context { calendar: &request.calendar, rates: &request.rates };
    let (position, lines): (Position, Option<Vec<DerivationLine>>) = if explain {
        let (position, lines) = explain_replay(&request.terms, &context, &request.transactions, request.as_of)?;
        (position, Some(lines))
    } else {
        (replay(&request.terms, &context, &request.transactions, request.as_of)?, None)
    };
    match format {
        Format::Json => print(&position, lines.as_deref()),
        Format::Table => Ok(table::of_position(&position) + &table::of_derivation(lines.as_deref())),
    }
}

fn print<T: Serialize>(result: &T, derivation: Option<&[DerivationLine]>) -> Result<String, JsonError> {
    Ok(serde_json::to_string_pretty(&Answer { result, derivation })?)
}

/// Transaction numbers as text in JSON (a number is accepted when read).
pub mod id {
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the number as text.
    pub fn serialize<S: Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(id)
    }

    /// Reads text or a number.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Id {
            Number(u64),
            Text(String),
        }
        match Id::deserialize(deserializer)? {
            Id::Number(number) => Ok(number),
            Id::Text(text) => text.parse().map_err(serde::de::Error::custom),
        }
    }
}
