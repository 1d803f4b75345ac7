//! Rescue money as a program reads it (救助资金数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Done, Lent, NewRescue, Standing, agreed, standing};
use super::store;
use crate::CASE_VIEW;
use crate::agency::gate::house_only;
use crate::case::actions as cases;

/// Rescue money of a case (救助资金).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RescueData {
    /// The step that comes next: `evaluation`, `decision` or `use`.
    next: String,
    /// What is left of what was agreed to, in fen.
    left_fen: Option<i64>,
    /// The decision that agreed and has no loan yet: a new loan of rescue money names it.
    decision: Option<String>,
    /// The loans that carry decisions out.
    loans: Vec<LentData>,
    /// The steps, in order.
    steps: Vec<StepData>,
}

/// A loan of rescue money (救助借款).
#[derive(Debug, Serialize, JsonSchema)]
struct LentData {
    /// The loan.
    loan: String,
    /// The decision that it carries out.
    decision: String,
    /// Its principal, in fen.
    principal_fen: i64,
    /// The business date.
    on: String,
}

/// A step of rescue money (救助资金步骤).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// The key.
    id: String,
    /// `evaluation`, `decision` or `use`.
    step: String,
    /// The sum, in fen; null for a decision.
    amount_fen: Option<i64>,
    /// Of an evaluation: whether it permits rescue money.
    permits: Option<bool>,
    /// Of a decision: whether it was agreed to.
    accepted: Option<bool>,
    /// The words.
    words: String,
    /// The business date.
    on: String,
    /// By whom.
    recorded_by: String,
}

fn of(one: Done) -> StepData {
    let (permits, accepted) = match &one.new {
        NewRescue::Evaluation { findings, .. } => (Some(findings.permit()), None),
        NewRescue::Decision { accepted, .. } => (None, Some(*accepted)),
        NewRescue::Use { .. } => (None, None),
    };
    StepData {
        id: one.id.to_string(),
        step: one.new.step().as_str().to_owned(),
        amount_fen: one.new.amount().map(|amount| amount.0),
        permits,
        accepted,
        words: one.new.words().to_owned(),
        on: one.on.to_string(),
        recorded_by: one.by_name,
    }
}

/// `/api/v1/collections/cases/{id}/rescue`
pub(super) async fn rescue(visit: Visit, Path(id): Path<String>) -> Result<Data<RescueData>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let done = store::of_case(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    let lent = store::loans_of(&mut work.tx, case.key).await.map_err(ActionError::from)?;
    let decision = agreed(&done).filter(|(id, _)| lent.iter().all(|one| one.decision != *id));
    let decision = decision.map(|(id, _)| id.to_string());
    let of_loan = |one: Lent| LentData {
        loan: one.loan.to_string(),
        decision: one.decision.to_string(),
        principal_fen: one.principal.0,
        on: one.on.to_string(),
    };
    let loans = lent.into_iter().map(of_loan).collect();
    let now = standing(&done);
    let left_fen = match now {
        Standing::Agreed { left } => Some(left.0),
        Standing::Open | Standing::Evaluated { .. } => None,
    };
    let next = now.next().as_str().to_owned();
    Ok(Data(RescueData { next, left_fen, decision, loans, steps: done.into_iter().map(of).collect() }))
}
