//! Batches of repayments as a program reads them (批量还款数据).

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Batch, BatchRow, Finding, Outcome, sum_of};
use super::pages::{Asked, HISTORY, PAGE, batch_id, rows_of};
use super::{RECORD, actions, store, view};
use crate::import::view::named;

/// One file of repayments (批量还款批次).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BatchData {
    /// The key.
    id: String,
    /// 文件名.
    file_name: String,
    /// How its money moved.
    channel: String,
    /// `tried` or `recorded`.
    state: String,
    /// When it was sent.
    recorded_at: String,
    /// By whom.
    recorded_by: String,
}

impl BatchData {
    fn of(batch: &Batch) -> Self {
        Self {
            id: batch.id.to_string(),
            file_name: batch.file_name.clone(),
            channel: batch.channel.as_str().to_owned(),
            state: batch.state.as_str().to_owned(),
            recorded_at: batch.recorded_at.to_string(),
            recorded_by: batch.recorded_by.to_string(),
        }
    }
}

/// A batch with its rows (批量还款批次): the dry run, or what was recorded.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BatchDetail {
    /// The batch.
    batch: BatchData,
    /// What a form that records it sends as `seen`.
    seen: String,
    /// How many rows of each outcome, and their sum.
    sums: Vec<SumData>,
    /// A page of rows, in the order of the file.
    rows: Vec<RowData>,
    /// What is to be told of the sheets.
    told: Vec<String>,
}

/// How many rows of one outcome (合计).
#[derive(Debug, Serialize, JsonSchema)]
struct SumData {
    /// The outcome.
    outcome: String,
    /// Rows.
    rows: usize,
    /// Money of the rows whose amount can be read, in fen.
    amount_fen: i64,
}

/// One row of the file (一行).
#[derive(Debug, Serialize, JsonSchema)]
struct RowData {
    /// The sheet.
    sheet: String,
    /// The row as Excel counts.
    row: u32,
    /// What becomes of it.
    outcome: String,
    /// The loan's number as the file has it.
    loan_number: String,
    /// The loan.
    loan: Option<String>,
    /// 还款日.
    on: Option<String>,
    /// 金额, in fen.
    amount_fen: Option<i64>,
    /// 当日应还 before the money came, in fen.
    due_fen: Option<i64>,
    /// What is to be told of it, in the language asked for.
    findings: Vec<String>,
    /// What was recorded, now or before.
    transaction: Option<String>,
}

fn row(say: &impl Fn(&Finding) -> String, one: &BatchRow) -> RowData {
    RowData {
        sheet: one.source.sheet.clone(),
        row: one.source.row,
        outcome: one.outcome.as_str().to_owned(),
        loan_number: one.loan_no.clone(),
        loan: one.loan.as_ref().map(|(key, _)| key.loan.to_string()),
        on: one.on.map(|on| on.to_string()),
        amount_fen: one.amount.map(|amount| amount.0),
        due_fen: one.due.map(|due| due.0),
        findings: one.findings.iter().map(say).collect(),
        transaction: one.transaction.map(|id| id.to_string()),
    }
}

/// `/api/v1/repayments/batches`: the latest batches.
pub(super) async fn batches(visit: Visit) -> Result<Data<Vec<BatchData>>, WebError> {
    let mut work = visit.read().await?;
    let scope = work.authorise(RECORD).map_err(ActionError::from)?;
    let found = store::latest(&mut work.tx, scope.branch, HISTORY).await?;
    Ok(Data(found.iter().map(|(batch, _)| BatchData::of(batch)).collect()))
}

/// `/api/v1/repayments/batches/{id}`
pub(super) async fn batch(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Data<BatchDetail>, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let batch = actions::load(&mut work, batch_id(&id)?).await?;
    let (rows, told) = rows_of(&mut work, &batch).await?;
    let say = |finding: &Finding| ui.tn(&finding.message, &named(&finding.facts));
    let wanted = Outcome::parse(&asked.show);
    let shown = rows.iter().filter(|row| wanted.is_none_or(|outcome| outcome == row.outcome));
    let from = asked.page.clamp(1, 1_000_000).saturating_sub(1).saturating_mul(PAGE);
    let sum = |outcome: &Outcome| {
        let sum = sum_of(&rows, *outcome);
        SumData { outcome: outcome.as_str().to_owned(), rows: sum.rows, amount_fen: sum.amount.0 }
    };
    Ok(Data(BatchDetail {
        batch: BatchData::of(&batch),
        seen: actions::digest(&rows),
        sums: view::outcomes(&batch).iter().map(sum).collect(),
        rows: shown.skip(from).take(PAGE).map(|one| row(&say, one)).collect(),
        told: told.iter().map(say).collect(),
    }))
}
