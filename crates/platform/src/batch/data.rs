//! The report of a batch as a program reads it (批量结果数据).

use std::collections::BTreeMap;

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Line, Outcome, Sums};
use super::pages::load;
use crate::api::Data;
use crate::web::{Visit, WebError};

/// What came of a batch (批量办理结果).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReportData {
    /// The key.
    id: String,
    /// What was done.
    verb: String,
    /// The business date.
    on: String,
    /// The moment.
    at: String,
    /// How many were done.
    done: usize,
    /// The money of those that were done, in fen.
    amount_fen: i64,
    /// How many were refused.
    refused: usize,
    /// Each thing with how it went.
    lines: Vec<LineData>,
}

/// A thing and how it went (明细).
#[derive(Debug, Serialize, JsonSchema)]
struct LineData {
    /// Its key in the list.
    key: String,
    /// What people call it.
    label: String,
    /// The money at stake, in fen.
    amount_fen: Option<i64>,
    /// `picked`, `would`, `done` or `refused`.
    outcome: String,
    /// Why it was refused: the code of the refusal.
    code: Option<String>,
    /// Numbers and names of the refusal.
    details: BTreeMap<String, String>,
    /// The rule that refused.
    rule: Option<String>,
}

impl LineData {
    fn of(line: Line) -> Self {
        let (outcome, code, details, rule) = match line.outcome {
            Outcome::Picked => ("picked", None, BTreeMap::new(), None),
            Outcome::Would => ("would", None, BTreeMap::new(), None),
            Outcome::Done => ("done", None, BTreeMap::new(), None),
            Outcome::Refused { code, details, rule } => ("refused", Some(code), details, rule),
        };
        let outcome = outcome.to_owned();
        let amount_fen = line.thing.amount.map(|amount| amount.0);
        Self { key: line.thing.key, label: line.thing.label, amount_fen, outcome, code, details, rule }
    }
}

/// `/api/v1/batches/{id}`
pub(super) async fn report(visit: Visit, Path(id): Path<String>) -> Result<Data<ReportData>, WebError> {
    let report = load(&visit, &id).await?;
    let sums = Sums::of(&report.lines);
    Ok(Data(ReportData {
        id,
        verb: report.verb,
        on: report.on.to_string(),
        at: report.at.to_string(),
        done: sums.count,
        amount_fen: sums.amount.0,
        refused: sums.refused,
        lines: report.lines.into_iter().map(LineData::of).collect(),
    }))
}
