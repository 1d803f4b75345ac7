//! A dossier as a program reads it (债务人档案数据).

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Entry, standing};
use super::{actions, day};
use crate::case::actions as cases;

/// An entry of a dossier (档案登记).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EntryData {
    /// The key.
    id: String,
    /// Of which block: `analysis`, `living`, `business`, `asset`, `liability`, `hardship`, `death`, `heir`, `spouse`,
    /// `custody` or `fraud`.
    block: String,
    /// The first entry of its thread.
    item: String,
    /// Whether it stands: nothing newer of its thread was recorded.
    stands: bool,
    /// Whether it takes its thread back.
    void: bool,
    /// The related party that it is about.
    relation: Option<String>,
    /// What follows from it.
    outcome: String,
    /// The most that can be claimed from the person, in fen.
    cap_fen: Option<i64>,
    /// The article behind what follows.
    article: String,
    /// What was entered, by field; amounts in fen.
    content: BTreeMap<String, String>,
    /// Whether a paper proves it.
    has_file: bool,
    /// The business date.
    on: String,
    /// When it was recorded.
    recorded_at: String,
    /// By whom.
    recorded_by: String,
}

fn of(one: Entry, stands: bool) -> EntryData {
    EntryData {
        id: one.id.to_string(),
        block: one.block.as_str().to_owned(),
        item: one.item.to_string(),
        stands,
        void: one.void,
        relation: one.relation.map(|id| id.to_string()),
        outcome: one.outcome,
        cap_fen: one.cap.map(|cap| cap.0),
        article: one.article,
        content: one.content.0,
        has_file: one.file.is_some(),
        on: one.on.to_string(),
        recorded_at: one.at.to_string(),
        recorded_by: one.by,
    }
}

/// `/api/v1/collections/cases/{id}/dossier`: the reading is in the trail.
pub(super) async fn dossier(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<day::Asked>,
) -> Result<Data<Vec<EntryData>>, WebError> {
    let mut work = visit.begin().await?;
    let known = asked.read(&mut work).await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let (_, entries) = actions::open(&mut work, case, "dossier.view").await?;
    work.commit().await?;
    let entries = day::until(entries, known);
    let stand: Vec<_> = standing(&entries).into_iter().map(|one| one.id).collect();
    Ok(Data(
        entries.into_iter().map(|one| (stand.contains(&one.id), one)).map(|(stands, one)| of(one, stands)).collect(),
    ))
}
