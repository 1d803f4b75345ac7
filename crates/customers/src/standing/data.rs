//! Standings as a program reads them (分类数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;

/// Where a customer stands on an axis (分类现状).
#[derive(Debug, Serialize, JsonSchema)]
pub struct StandingData {
    /// The decision that makes it.
    axis: String,
    /// The outcome; empty where facts are lacking.
    outcome: String,
    /// The outcome before this one.
    before: String,
    /// `better`, `worse`, `other`, or empty.
    moved: String,
    /// Since when.
    since: String,
    /// When it was looked at last.
    looked_on: String,
    /// When it is looked at again.
    review_on: String,
    /// The facts to be supplied.
    lacking: Vec<String>,
}

/// `/api/v1/customers/{id}/standing`
pub(super) async fn standing(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<StandingData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let data = all.into_iter().map(|one| StandingData {
        axis: one.axis,
        outcome: one.outcome,
        before: one.before,
        moved: one.moved.as_str().to_owned(),
        since: one.since.to_string(),
        looked_on: one.looked_on.to_string(),
        review_on: one.review_on.to_string(),
        lacking: one.lacking,
    });
    Ok(Data(data.collect()))
}
