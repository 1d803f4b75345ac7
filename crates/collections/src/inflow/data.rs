//! Noted money as a program reads it (到账线索数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Inflow;
use super::store;
use crate::CASE_VIEW;
use crate::agency::gate::house_only;
use crate::case::actions as cases;

/// Money seen to come in to a debtor (到账线索).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InflowData {
    /// The key.
    id: String,
    /// `account`, `proceeds`, or `release` of proceeds into a new project.
    kind: String,
    /// How much, in fen.
    amount_fen: i64,
    /// When it was seen.
    on: String,
    /// By what it is lawfully known; of a release the security that was added.
    basis: String,
    /// More of it.
    words: String,
    /// Of a release: the proceeds.
    releases: Option<String>,
    /// By whom it was recorded.
    recorded_by: String,
}

fn of(one: Inflow) -> InflowData {
    InflowData {
        id: one.id.to_string(),
        kind: one.noted.kind.as_str().to_owned(),
        amount_fen: one.noted.amount.0,
        on: one.noted.on.to_string(),
        basis: one.noted.basis,
        words: one.noted.words,
        releases: one.releases.map(|id| id.to_string()),
        recorded_by: one.by_name,
    }
}

/// `/api/v1/collections/cases/{id}/inflows`
pub(super) async fn inflows(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<InflowData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let found = store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    Ok(Data(found.into_iter().map(of).collect()))
}
