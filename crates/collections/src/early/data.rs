//! Early starts as a program reads them (催收起因登记数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::EarlyStart;

/// A start of a collection before anything is overdue (催收起因登记).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EarlyStartData {
    /// The key.
    id: String,
    /// `missing`, `ended` or `unable`.
    kind: String,
    /// The day on which it happened.
    happened_on: String,
    /// In words.
    reason: String,
    /// What shows it.
    evidence: String,
    /// The day on which it ended; null: it stands.
    ended_on: Option<String>,
    /// Why it ended; null: it stands.
    ended_reason: Option<String>,
}

fn of(one: EarlyStart) -> EarlyStartData {
    let (on, why) = one.ended.map(|(on, why)| (on.to_string(), why)).unzip();
    EarlyStartData {
        id: one.id.to_string(),
        kind: one.kind.as_str().to_owned(),
        happened_on: one.happened_on.to_string(),
        reason: one.reason,
        evidence: one.evidence,
        ended_on: on,
        ended_reason: why,
    }
}

/// `/api/v1/customers/{id}/early-starts`
pub(super) async fn list(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<EarlyStartData>>, WebError> {
    let mut work = visit.read().await?;
    let found = actions::list(&mut work, id).await?;
    Ok(Data(found.into_iter().map(of).collect()))
}
