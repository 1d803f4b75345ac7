//! The runs of the whole book as a program reads them (整本导入导出数据).

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::EXPORT;
use super::finding::Finding;
use super::pages::load;
use super::run::{self, Run};
use crate::api::Data;
use crate::web::{Visit, WebError};

/// Runs that are told.
const SHOWN: i64 = 60;

/// An export or import of the whole book (整本导出或导入).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunData {
    /// The key.
    id: String,
    /// Whether the book goes out; else it comes in.
    out: bool,
    /// Whether it carries the kept files that travel beside the book.
    files: bool,
    /// Whether numbers of people stand in it in clear.
    clear: bool,
    /// Whether nothing is written: a trial of an import.
    dry_run: bool,
    /// `running`, `done`, `refused`, `failed` or `removed`.
    state: String,
    /// Why it was asked for.
    reason: String,
    /// Who began it.
    started_by: String,
    /// When.
    started_at: String,
    /// The business date of the book.
    business_date: Option<String>,
    /// Rows of all sheets.
    rows: i64,
    /// How large the file is.
    size_bytes: i64,
    /// Until when the file can be taken.
    keep_until: Option<String>,
    /// How many things bar the book; more than are listed when there are many.
    refused: i64,
    /// What was found, each beside its row.
    findings: Vec<FindingData>,
}

/// One thing that is wrong, or worth knowing (问题).
#[derive(Debug, Serialize, JsonSchema)]
struct FindingData {
    /// Whether it bars the book.
    refuses: bool,
    /// The tab; empty for the file.
    sheet: String,
    /// The row as Excel counts.
    row: Option<u32>,
    /// The column's heading.
    column: String,
    /// What it is.
    code: String,
    /// The same in the language that was asked for.
    detail: String,
}

impl RunData {
    fn of(visit: &Visit, run: Run) -> Self {
        let locale = visit.ui().locale;
        let finding = |one: Finding| FindingData {
            detail: one.say(&locale),
            refuses: one.refuses,
            sheet: one.sheet,
            row: one.row,
            column: one.column,
            code: one.code,
        };
        Self {
            id: run.id.to_string(),
            out: run.out,
            files: run.files,
            clear: run.clear,
            dry_run: run.dry_run,
            state: run.state.as_str().to_owned(),
            reason: run.reason,
            started_by: run.started_by.to_string(),
            started_at: run.started_at.to_string(),
            business_date: run.business_date.map(|on| on.to_string()),
            rows: run.rows,
            size_bytes: run.bytes,
            keep_until: run.keep_until.map(|at| at.to_string()),
            refused: run.refused,
            findings: run.findings.into_iter().map(finding).collect(),
        }
    }
}

/// `/api/v1/book`: the latest runs, the newest first.
pub(super) async fn runs(visit: Visit) -> Result<Data<Vec<RunData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(EXPORT)?;
    let runs = run::latest(&mut work.tx, SHOWN).await?;
    Ok(Data(runs.into_iter().map(|one| RunData::of(&visit, one)).collect()))
}

/// `/api/v1/book/runs/{id}`
pub(super) async fn run(visit: Visit, Path(id): Path<String>) -> Result<Data<RunData>, WebError> {
    let mut work = visit.read().await?;
    let found = load(&mut work, &id).await?;
    Ok(Data(RunData::of(&visit, found)))
}
