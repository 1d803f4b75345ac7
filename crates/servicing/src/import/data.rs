//! Imports of loan books as a program reads them (导入数据).

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Finding, Level, Run};
use super::pages::{HISTORY, PAGE, run_id, say};
use super::{RUN, actions, store};

/// An import from upload to the ledger (导入批次).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ImportData {
    /// The key.
    id: String,
    /// 文件名.
    file_name: String,
    /// `uploaded`, `tried`, `importing`, `imported` or `undone`.
    state: String,
    /// When it was uploaded.
    recorded_at: String,
    /// By whom; `0` the system.
    recorded_by: String,
    /// When the last row was in.
    finished_at: Option<String>,
    /// Customers, guarantors and owners in the file.
    customers: usize,
    /// Loans in the file.
    loans: usize,
    /// Of them, those in the ledger already.
    loans_existing: usize,
    /// How many loans are dealt with.
    loans_done: usize,
    /// Principal of the loans, in fen.
    principal_fen: i64,
    /// Outstanding principal on the date of the book, replayed, in fen.
    outstanding_fen: i64,
    /// Repayments in the file.
    receipts: usize,
    /// Their sum, in fen.
    received_fen: i64,
    /// Rows with something refused.
    refused_rows: usize,
    /// Warnings.
    warnings: usize,
    /// Rises with each change.
    version: i64,
}

impl ImportData {
    fn of(run: Run) -> Self {
        let sums = run.summary;
        Self {
            id: run.id.to_string(),
            file_name: run.file_name,
            state: run.state.as_str().to_owned(),
            recorded_at: run.recorded_at.to_string(),
            recorded_by: run.recorded_by.to_string(),
            finished_at: run.finished_at.map(|at| at.to_string()),
            customers: sums.customers,
            loans: sums.loans,
            loans_existing: sums.loans_existing,
            loans_done: run.done_loans,
            principal_fen: sums.principal.0,
            outstanding_fen: sums.outstanding.0,
            receipts: sums.receipts,
            received_fen: sums.received.0,
            refused_rows: sums.refused_rows,
            warnings: sums.warnings,
            version: run.version,
        }
    }
}

/// An import with what was found in its file (导入批次).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ImportDetail {
    /// The import.
    import: ImportData,
    /// How every sheet is read.
    sheets: Vec<SheetData>,
    /// What is refused, of the whole file.
    refused: i64,
    /// What is warned of, of the whole file.
    warned: i64,
    /// A page of findings in the order of the file.
    findings: Vec<FindingData>,
}

/// How a sheet is read (工作表).
#[derive(Debug, Serialize, JsonSchema)]
struct SheetData {
    /// The sheet.
    sheet: String,
    /// What it is about; a form names it `role-<place>`.
    role: String,
    /// Its columns.
    columns: Vec<ColumnData>,
}

/// How a column is read (列).
#[derive(Debug, Serialize, JsonSchema)]
struct ColumnData {
    /// Its place; a form names it `field-<sheet>-<column>`.
    column: u32,
    /// Its heading.
    heading: String,
    /// What it holds; null: it is left out.
    field: Option<String>,
}

/// Something to tell about a row of the file (校验结果).
#[derive(Debug, Serialize, JsonSchema)]
struct FindingData {
    /// The sheet.
    sheet: String,
    /// The row; null for a whole column or sheet.
    row: Option<u32>,
    /// The column; null for a whole row.
    column: Option<u32>,
    /// `refused` or `warning`.
    level: String,
    /// What it is.
    code: String,
    /// The same in the language that was asked for.
    detail: String,
    /// The loan concerned.
    loan: Option<String>,
}

/// `/api/v1/import`: the latest imports.
pub(super) async fn imports(visit: Visit) -> Result<Data<Vec<ImportData>>, WebError> {
    let mut work = visit.read().await?;
    let scope = work.authorise(RUN).map_err(ActionError::from)?;
    let runs = store::runs(&mut work.tx, scope.branch, HISTORY).await?;
    Ok(Data(runs.into_iter().map(ImportData::of).collect()))
}

/// Which findings.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    level: Option<String>,
    page: Option<i64>,
}

/// `/api/v1/import/{id}`
pub(super) async fn import(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Data<ImportDetail>, WebError> {
    let mut work = visit.read().await?;
    let run = actions::load(&mut work, run_id(&id)?).await?;
    let level = asked.level.as_deref().and_then(Level::parse);
    let (refused, warned) = store::counts(&mut work.tx, run.id).await?;
    let from = asked.page.unwrap_or(1).clamp(1, 1_000_000).saturating_sub(1).saturating_mul(PAGE);
    let findings = store::findings(&mut work.tx, run.id, level, PAGE, from).await?;
    let ui = visit.ui();
    let say = say(&ui);
    let finding = |one: Finding| FindingData {
        detail: say(&one.message_id(), &one.facts),
        sheet: one.sheet,
        row: one.row,
        column: one.column,
        level: one.level.as_str().to_owned(),
        code: one.code,
        loan: one.loan,
    };
    let sheets = run.layouts.iter().map(|layout| SheetData {
        sheet: layout.sheet.clone(),
        role: layout.role.code().to_owned(),
        columns: layout
            .columns
            .iter()
            .map(|column| ColumnData {
                column: column.column,
                heading: column.heading.clone(),
                field: column.field.map(|field| field.code().to_owned()),
            })
            .collect(),
    });
    Ok(Data(ImportDetail {
        sheets: sheets.collect(),
        refused,
        warned,
        findings: findings.into_iter().map(finding).collect(),
        import: ImportData::of(run),
    }))
}
