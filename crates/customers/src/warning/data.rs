//! The sheets of warning data of a customer as a program reads them (预警信息采集数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Said, WarningSheet};
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::merge;

/// What was found about an item (采集内容).
#[derive(Debug, Serialize, JsonSchema)]
struct SaidData {
    /// The item.
    item: String,
    /// What the book knew of it.
    known: String,
    /// In words.
    text: String,
}

/// A sheet of warning data (预警信息采集表).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SheetData {
    /// The key.
    id: String,
    /// As of when.
    collected_on: String,
    /// `none`, `watch` or `risk`.
    sign: String,
    /// Why, and what is done.
    finding: String,
    /// Item by item.
    items: Vec<SaidData>,
}

fn sheet(one: WarningSheet) -> SheetData {
    let said = |one: Said| SaidData { item: one.item, known: one.known, text: one.text };
    SheetData {
        id: one.id.to_string(),
        collected_on: one.on.to_string(),
        sign: one.sign.as_str().to_owned(),
        finding: one.finding,
        items: one.items.into_iter().map(said).collect(),
    }
}

/// `/api/v1/customers/{id}/warning-sheets`: the latest first.
pub(super) async fn sheets(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<SheetData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let mut all = Vec::new();
    for file in merge::united_within(&mut work, id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(Data(all.into_iter().rev().map(sheet).collect()))
}
