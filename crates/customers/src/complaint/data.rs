//! The complaints of a customer as a program reads them (投诉数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Complaint, Done, Step};
use super::store;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::merge;

/// A complaint (投诉).
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComplaintData {
    /// The key.
    id: String,
    /// Its number.
    number: String,
    /// What it is about.
    kind: String,
    /// How it came in.
    way: String,
    /// What happened.
    content: String,
    /// What the customer wants.
    wish: String,
    /// When it was received.
    received_on: String,
    /// By when it is answered.
    due_on: String,
    /// Whether it is late, or was answered late.
    late: bool,
    /// The post that answers for it.
    dept: String,
    /// What came of it; nothing while it is open.
    outcome: Option<String>,
    /// What was done, in the order of recording.
    steps: Vec<StepData>,
}

/// What was done about a complaint (办理记录).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// `routed` or `answered`.
    kind: String,
    /// The post that got it.
    dept: Option<String>,
    /// Why there, or what was found and done.
    note: String,
    /// What is done otherwise from now on.
    improvement: Option<String>,
    /// When the customer was told.
    told_on: Option<String>,
    /// When.
    on: String,
}

fn step(one: &Step) -> StepData {
    let on = one.on.to_string();
    match &one.done {
        Done::Routed { dept, note } => StepData {
            kind: "routed".to_owned(),
            dept: Some(dept.clone()),
            note: note.clone(),
            improvement: None,
            told_on: None,
            on,
        },
        Done::Answered(answer) => StepData {
            kind: "answered".to_owned(),
            dept: None,
            note: answer.note.clone(),
            improvement: Some(answer.improvement.clone()).filter(|text| !text.is_empty()),
            told_on: Some(answer.told_on.to_string()),
            on,
        },
    }
}

fn complaint(one: &Complaint, on: jiff::civil::Date) -> ComplaintData {
    let said = &one.content;
    ComplaintData {
        id: one.id.to_string(),
        number: one.number.clone(),
        kind: said.kind.clone(),
        way: said.way.as_str().to_owned(),
        content: said.content.clone(),
        wish: said.wish.clone(),
        received_on: said.received_on.to_string(),
        due_on: one.due_on.to_string(),
        late: one.is_late(on),
        dept: one.dept().to_owned(),
        outcome: one.answer().map(|(answer, _)| answer.outcome.as_str().to_owned()),
        steps: one.steps.iter().map(step).collect(),
    }
}

/// `/api/v1/customers/{id}/complaints`: every complaint, the latest first.
pub(super) async fn complaints(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<ComplaintData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let mut all = Vec::new();
    for file in merge::united_within(&mut work, id).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(Data(all.iter().rev().map(|one| complaint(one, on)).collect()))
}
