//! A draft of the rules as a program reads it (制度草案数据).

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Checked;
use crate::api::Data;
use crate::policies::compare::store as comparisons;
use crate::policies::data::ChangeData;
use crate::policies::difference;
use crate::policies::pages::POLICY_VIEW;
use crate::web::{Visit, WebError};

/// A draft (制度草案) with what the check says of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DraftData {
    /// The key.
    id: String,
    /// The version it began from.
    base: String,
    /// What people call it.
    title: String,
    /// What changes and why, in words.
    note: String,
    /// The first day it shall rule.
    effective_from: Option<String>,
    /// `open`, `submitted` or `closed`.
    state: String,
    /// Counts its changes; a change names the one it saw.
    revision: i64,
    /// Who began it.
    created_by: String,
    /// Who changed it last.
    changed_by: String,
    /// When.
    changed_at: String,
    /// Everything that is wrong; it is submitted without any.
    problems: Vec<ProblemData>,
    /// What it says differently from the version it began from.
    changes: Vec<ChangeData>,
    /// The latest comparison on the own book.
    comparison: Option<String>,
    /// Whether that comparison is of these very rules, today.
    comparison_is_current: bool,
}

/// Something that is wrong with a draft (草案问题).
#[derive(Debug, Serialize, JsonSchema)]
struct ProblemData {
    /// What.
    code: String,
    /// The file.
    file: String,
    /// The row in the file, from 1.
    row: Option<u32>,
    /// The column in the file, from 1.
    column: Option<u32>,
    /// The same in the language that was asked for.
    detail: String,
}

fn problems(visit: &Visit, checked: &Checked, file: Option<&str>) -> Vec<ProblemData> {
    let ui = visit.ui();
    let wanted = checked.problems.iter().filter(|one| file.is_none_or(|file| one.place.file == file));
    wanted
        .map(|one| ProblemData {
            code: one.code().to_owned(),
            file: one.place.file.clone(),
            row: one.place.row,
            column: one.place.column,
            detail: super::words::problem_text(&ui, one),
        })
        .collect()
}

/// `/api/v1/policies/drafts/{id}`
pub(super) async fn draft(visit: Visit, Path(id): Path<i64>) -> Result<Data<DraftData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let checked = actions::checked(&mut work, id).await?;
    let draft = &checked.draft;
    let on = draft.effective_from.unwrap_or_else(|| work.business_date.tomorrow().unwrap_or(work.business_date));
    let difference = difference::of(&mut work, draft, &checked, on).await?;
    let compared = comparisons::latest(&mut work.tx, id).await?;
    let digest = checked.pack.as_ref().map(|pack| pack.version().digest.clone()).unwrap_or_default();
    let today = work.business_date;
    Ok(Data(DraftData {
        id: draft.id.to_string(),
        base: draft.base.to_string(),
        title: draft.title.clone(),
        note: draft.note.clone(),
        effective_from: draft.effective_from.map(|on| on.to_string()),
        state: draft.state.as_str().to_owned(),
        revision: draft.revision,
        created_by: draft.created_by.to_string(),
        changed_by: draft.changed_by.to_string(),
        changed_at: draft.changed_at.to_string(),
        problems: problems(&visit, &checked, None),
        changes: ChangeData::all(difference),
        comparison: compared.as_ref().map(|one| one.id.to_string()),
        comparison_is_current: compared.as_ref().is_some_and(|one| one.is_of(&digest, today)),
    }))
}

/// A table of a draft (草案决策表): text cells that may still be wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DraftTableData {
    /// The decision it makes.
    decision: String,
    /// The draft's revision; a change names it.
    revision: i64,
    /// Whether the institution has a table of its own; else it is the shipped one.
    own: bool,
    /// The columns; the first is the label of the row.
    columns: Vec<ColumnData>,
    /// The rows, one text a column; a change names a cell `r<row>c<column>`, both from 0.
    rows: Vec<Vec<String>>,
    /// What is wrong with it.
    problems: Vec<ProblemData>,
}

/// A column of a table (列).
#[derive(Debug, Serialize, JsonSchema)]
struct ColumnData {
    /// The fact, output or kind of note; empty for the label.
    name: String,
    /// `label`, `input`, `optional`, `output`, `article`, `note_zh` or `note_en`.
    usage: String,
    /// The type of an output.
    kind: String,
    /// The formula of a computed input.
    formula: String,
}

/// `/api/v1/policies/drafts/{id}/tables/{decision}`
pub(super) async fn table(
    visit: Visit,
    Path((id, decision)): Path<(i64, String)>,
) -> Result<Data<DraftTableData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let checked = actions::checked(&mut work, id).await?;
    let (text, own) = actions::table(&mut work, &checked.draft, &decision).await?;
    let columns = text.columns().into_iter().map(|column| ColumnData {
        name: column.name,
        usage: column.usage,
        kind: column.kind,
        formula: column.formula,
    });
    Ok(Data(DraftTableData {
        revision: checked.draft.revision,
        own,
        columns: columns.collect(),
        rows: text.rows().to_vec(),
        problems: problems(&visit, &checked, Some(&Checked::own_table(&decision))),
        decision,
    }))
}
