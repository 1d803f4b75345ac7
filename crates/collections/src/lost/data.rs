//! Lost contacts and traces as a program reads them (失联与查找数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Lost, Quality, Trace};
use super::store;
use crate::CASE_VIEW;
use crate::case::actions as cases;

/// A lost contact (失联记录).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LostData {
    /// The key: `/lost/<id>/quality` takes the finding on an objective one.
    id: String,
    /// `fraud`, `avoidance`, `objective` or `half`.
    kind: String,
    /// What it rests on.
    ground: String,
    /// Days overdue when it was set.
    days_overdue: i64,
    /// Since when.
    set_on: String,
    /// When it ended.
    ended_on: Option<String>,
    /// `contact`, `mistake`, `replaced` or `case-closed`.
    ended_by: Option<String>,
    /// What a supervisor found about the post-loan work behind an objective one.
    quality: Option<QualityData>,
}

/// A finding on the work behind an objective loss (贷后质量问题).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct QualityData {
    /// Whose work it was.
    officer: String,
    /// What was found.
    finding: String,
    /// What is done about it.
    measure: String,
}

impl LostData {
    fn of(one: Lost, quality: Option<Quality>) -> Self {
        Self {
            quality: quality.map(|found| QualityData {
                officer: found.officer.to_string(),
                finding: found.finding,
                measure: found.measure,
            }),
            id: one.id.to_string(),
            kind: one.kind.as_str().to_owned(),
            ground: one.ground,
            days_overdue: one.days,
            set_on: one.set_on.to_string(),
            ended_on: one.ended.map(|(on, _)| on.to_string()),
            ended_by: one.ended.map(|(_, end)| end.as_str().to_owned()),
        }
    }
}

/// A step of tracing (查找记录).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TraceData {
    /// The key.
    id: String,
    /// Which, as the policy names it.
    step: String,
    /// The day.
    on: String,
    /// What was searched by.
    searched: String,
    /// In words.
    query: String,
    /// The authorisation, where the policy wants one.
    authority: String,
    /// `found`, `clue` or `nothing`.
    result: String,
    /// What it brought, in words.
    finding: String,
    /// What it cost, in fen.
    cost_fen: i64,
    /// What comes next.
    next_step: String,
    /// When it was recorded.
    recorded_at: String,
}

impl TraceData {
    fn of(one: Trace) -> Self {
        let content = one.content;
        Self {
            id: one.id.to_string(),
            step: content.step,
            on: content.on.to_string(),
            searched: content.searched.as_str().to_owned(),
            query: content.query,
            authority: content.authority,
            result: content.result.as_str().to_owned(),
            finding: content.finding,
            cost_fen: content.cost.0,
            next_step: content.next_step,
            recorded_at: one.at.to_string(),
        }
    }
}

/// `/api/v1/collections/cases/{id}/lost`: the statuses of a case, the latest first.
pub(super) async fn of_case(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<LostData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    let mut found = Vec::new();
    for one in store::of_case(&mut work.tx, case.key).await? {
        let quality = store::quality(&mut work.tx, &one).await?;
        found.push(LostData::of(one, quality));
    }
    Ok(Data(found))
}

/// `/api/v1/collections/cases/{id}/trace`: the steps of the trace, in order.
pub(super) async fn trace(visit: Visit, Path(id): Path<String>) -> Result<Data<Vec<TraceData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    Ok(Data(store::traces(&mut work.tx, case.key).await?.into_iter().map(TraceData::of).collect()))
}
