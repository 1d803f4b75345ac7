//! Credit information as a program reads it (征信数据).

use std::collections::BTreeMap;

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{About, Adjustment, Query, latest};
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;

/// A credit query with what its report says (征信查询).
#[derive(Debug, Serialize, JsonSchema)]
pub struct QueryData {
    /// The key.
    id: String,
    /// Of whom: `own` or `spouse`.
    about: String,
    /// What it was for.
    purpose: String,
    /// Who answered.
    origin: String,
    /// When it was asked.
    queried_on: String,
    /// As of when the report is.
    report_on: String,
    /// The document by which the person agreed before.
    authorisation: String,
    /// The document with the report.
    report: Option<String>,
    /// The record level.
    level: Option<String>,
    /// The record as a whole.
    record: Option<String>,
    /// Whether there are arrears now.
    arrears: Option<bool>,
    /// Debts in fen, by item.
    debts_fen: BTreeMap<String, i64>,
    /// Until when it counts.
    valid_until: Option<String>,
    /// Whether it is the one that counts today.
    counts: bool,
    /// Adjustments of its level.
    adjustments: Vec<AdjustmentData>,
}

/// An adjustment of a level (级别调整).
#[derive(Debug, Serialize, JsonSchema)]
struct AdjustmentData {
    /// Why.
    ground: String,
    /// The last day on which it counts.
    expires_on: String,
    /// `approved` or `refused`; nothing while it waits.
    outcome: Option<String>,
}

fn adjustment(one: &Adjustment) -> AdjustmentData {
    AdjustmentData {
        ground: one.content.ground.as_str().to_owned(),
        expires_on: one.content.expires_on.to_string(),
        outcome: one.outcome.map(|(outcome, _)| outcome.as_str().to_owned()),
    }
}

fn query(one: &Query, adjustments: &[Adjustment], counts: bool) -> QueryData {
    let said = &one.content;
    QueryData {
        id: one.id.to_string(),
        about: said.about.as_str().to_owned(),
        purpose: said.purpose.clone(),
        origin: said.origin.as_str().to_owned(),
        queried_on: said.queried_on.to_string(),
        report_on: said.report_on.to_string(),
        authorisation: said.authorisation.to_string(),
        report: said.report.map(|id| id.to_string()),
        level: said.level.map(|level| level.as_str().to_owned()),
        record: said.record.map(|record| record.as_str().to_owned()),
        arrears: said.arrears,
        debts_fen: said.debts.iter().map(|(item, fen)| ((*item).to_owned(), fen.0)).collect(),
        valid_until: one.valid_until.map(|on| on.to_string()),
        counts,
        adjustments: adjustments.iter().filter(|each| each.query == one.id).map(adjustment).collect(),
    }
}

/// `/api/v1/customers/{id}/credit`: every query, the latest first.
pub(super) async fn queries(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<QueryData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let adjustments = store::adjustments(&mut work.tx, id).await?;
    let on = work.business_date;
    let counting: Vec<_> = About::ALL.iter().filter_map(|about| Some(latest(&all, *about, on)?.id)).collect();
    Ok(Data(all.iter().rev().map(|one| query(one, &adjustments, counting.contains(&one.id))).collect()))
}
