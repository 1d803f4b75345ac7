//! The guarantees of a customer as a program reads them (担保登记数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Guarantee, Step};
use super::{rules, store};
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::merge;

/// The guarantees of a customer with what they come to (客户担保).
#[derive(Debug, Serialize, JsonSchema)]
pub struct GuaranteesData {
    /// Guaranteed for the customer now, in fen.
    guaranteed_fen: i64,
    /// Guaranteed by the customer for others now, in fen.
    given_fen: i64,
    /// Paid in the customer's place and not got back, in fen.
    lost_fen: i64,
    /// Coverage ratio, parts per million; nothing where nothing is guaranteed.
    coverage_ppm: Option<i64>,
    /// Overdue ratio, parts per million.
    overdue_ppm: Option<i64>,
    /// Loss ratio, parts per million.
    loss_ppm: Option<i64>,
    /// Every guarantee, the latest first.
    guarantees: Vec<GuaranteeData>,
}

/// A guarantee of the register (担保登记).
#[derive(Debug, Serialize, JsonSchema)]
struct GuaranteeData {
    /// The key.
    id: String,
    /// `for_customer` or `by_customer`.
    side: String,
    /// The product type.
    kind: String,
    /// The number of the contract.
    number: String,
    /// To whom it is given.
    beneficiary: String,
    /// Whose debt it is, where it is not the customer's.
    debtor: String,
    /// How much is guaranteed, in fen.
    amount_fen: i64,
    /// The value of counter-security, in fen.
    cover_fen: i64,
    /// What is guaranteed now, in fen.
    left_fen: i64,
    /// From when.
    from: String,
    /// The last day.
    until: String,
    /// The project.
    project: String,
    /// What the debt is for.
    purpose: String,
    /// Where it stands.
    state: String,
    /// What became of it, in the order of recording.
    steps: Vec<StepData>,
}

/// What became of a guarantee (担保处理).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// What.
    kind: String,
    /// The sum in fen, where one belongs to it.
    amount_fen: Option<i64>,
    /// When it happened.
    on: String,
    /// On what ground.
    note: String,
}

fn step(one: &Step) -> StepData {
    StepData {
        kind: one.kind.as_str().to_owned(),
        amount_fen: one.amount.map(|fen| fen.0),
        on: one.on.to_string(),
        note: one.note.clone(),
    }
}

fn guarantee(one: &Guarantee, on: jiff::civil::Date) -> GuaranteeData {
    let said = &one.content;
    GuaranteeData {
        id: one.id.to_string(),
        side: said.side.as_str().to_owned(),
        kind: said.kind.clone(),
        number: said.number.clone(),
        beneficiary: said.beneficiary.clone(),
        debtor: said.debtor.clone(),
        amount_fen: said.amount.0,
        cover_fen: said.cover.0,
        left_fen: one.left(on).0,
        from: said.from.to_string(),
        until: said.until.to_string(),
        project: said.project.clone(),
        purpose: said.purpose.clone(),
        state: one.state(on).as_str().to_owned(),
        steps: one.steps.iter().map(step).collect(),
    }
}

/// `/api/v1/customers/{id}/guarantees`: what is guaranteed, and what it comes to.
pub(super) async fn guarantees(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<GuaranteesData>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let mut all = Vec::new();
    for file in merge::united_within(&mut work, id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    let sums = rules::indicators(&all, on);
    Ok(Data(GuaranteesData {
        guaranteed_fen: sums.guaranteed.0,
        given_fen: sums.given.0,
        lost_fen: sums.lost.0,
        coverage_ppm: sums.coverage_ppm,
        overdue_ppm: sums.overdue_ppm,
        loss_ppm: sums.loss_ppm,
        guarantees: all.iter().rev().map(|one| guarantee(one, on)).collect(),
    }))
}
