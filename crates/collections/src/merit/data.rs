//! A reward or penalty as a program reads it (奖惩数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{MERIT_VIEW, actions};

/// A reward or penalty (奖惩).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MeritData {
    /// The key.
    id: String,
    /// 编号.
    number: String,
    /// Whose.
    person: String,
    /// `reward` or `penalty`.
    side: String,
    /// The kind.
    kind: String,
    /// How much, in fen.
    amount_fen: Option<i64>,
    /// Why.
    reason: String,
    /// The first day of the figures.
    from: String,
    /// The last day of the figures.
    to: String,
    /// What the person recovered then, in fen.
    recovered_fen: i64,
    /// 清收率 then.
    recovery_rate_e9: Option<i64>,
    /// By when it is put right.
    rectify_by: Option<String>,
    /// `proposed`, `approved`, `refused` or `done`.
    state: String,
    /// The approval that decides it.
    approval: Option<String>,
    /// When it was paid or carried out.
    done_on: Option<String>,
    /// Rises with every change.
    version: i64,
}

/// `/api/v1/collections/merits/{id}`
pub(super) async fn merit(Path(id): Path<String>, visit: Visit) -> Result<Data<MeritData>, WebError> {
    let one = actions::load(&mut visit.read().await?, &id, MERIT_VIEW).await?;
    Ok(Data(MeritData {
        id: one.id.to_string(),
        number: one.number,
        person: one.person.to_string(),
        side: one.side.as_str().to_owned(),
        kind: one.kind,
        amount_fen: one.amount.map(|amount| amount.0),
        reason: one.reason,
        from: one.period.from.to_string(),
        to: one.period.to.to_string(),
        recovered_fen: one.figures.recovered.0,
        recovery_rate_e9: one.figures.recovery_rate(),
        rectify_by: one.rectify_by.map(|on| on.to_string()),
        state: one.state.as_str().to_owned(),
        approval: one.approval.map(|id| id.to_string()),
        done_on: one.done.map(|done| done.0.to_string()),
        version: one.version,
    }))
}
