//! Merges as a program reads them (客户合并数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{store, united};
use crate::VIEW;
use crate::customer::actions::load_within;

/// A merge (客户合并): which file goes into which, and where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MergeData {
    /// The key.
    id: String,
    /// The file that goes.
    gone: String,
    /// Its number; empty where the reader may not see the file.
    gone_number: String,
    /// The file that stays.
    into: String,
    /// Its number; empty where the reader may not see the file.
    into_number: String,
    /// `requested`, `merged`, `refused` or `ended`.
    state: String,
    /// Why they are one.
    reason: String,
    /// The approval that decides it.
    approval: Option<String>,
    /// Since when they are one.
    merged_on: Option<String>,
    /// Why they are two after all.
    undo_reason: Option<String>,
    /// The approval of the end.
    undo_approval: Option<String>,
    /// When it ended.
    ended_on: Option<String>,
    /// When it was asked for.
    asked_on: String,
}

/// `/api/v1/customers/{id}/merges`: every merge of the file, the latest first.
pub(super) async fn merges(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<MergeData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let mut data = Vec::new();
    for one in store::of_file(&mut work.tx, id).await? {
        data.push(MergeData {
            id: one.id.to_string(),
            gone: one.gone.to_string(),
            gone_number: united::number_for(&mut work, one.gone).await?.unwrap_or_default(),
            into: one.into.to_string(),
            into_number: united::number_for(&mut work, one.into).await?.unwrap_or_default(),
            state: one.state.as_str().to_owned(),
            reason: one.reason,
            approval: one.approval.map(|approval| approval.to_string()),
            merged_on: one.merged_on.map(|on| on.to_string()),
            undo_reason: one.undo_reason,
            undo_approval: one.undo_approval.map(|approval| approval.to_string()),
            ended_on: one.ended_on.map(|on| on.to_string()),
            asked_on: one.asked_on.to_string(),
        });
    }
    Ok(Data(data))
}
