//! The sheet of a day as a program reads it (日统计数据).

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::pages::{Asked, sheet};

/// The sheet of a day (日统计), money in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DayData {
    /// The day.
    on: String,
    /// What each work group did.
    lines: Vec<LineData>,
    /// What fell due in the month until today, by how far it is under control; empty for another day than today.
    control: Vec<ControlData>,
    /// The share of the money due that is under control, in thousandths.
    control_permille: Option<u32>,
}

/// A line of it (统计项).
#[derive(Debug, Serialize, JsonSchema)]
struct LineData {
    /// The work group.
    group: String,
    /// What is counted.
    line: String,
    /// How many.
    count: i64,
    /// How much.
    money_fen: Option<i64>,
}

/// Instalments that are so far under control (还款受控).
#[derive(Debug, Serialize, JsonSchema)]
struct ControlData {
    /// How far: `paid`, `advanced`, `followed`, `open`.
    state: String,
    /// How many.
    count: i64,
    /// 应还本息.
    due_fen: i64,
    /// 未还.
    unpaid_fen: i64,
}

/// `/api/v1/repayments/day`.
pub(super) async fn day(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<DayData>, WebError> {
    let mut work = visit.read().await?;
    let sheet = sheet(&mut work, &asked).await?;
    let lines = sheet.lines.iter().map(|(line, tally)| LineData {
        group: line.group().as_str().to_owned(),
        line: line.as_str().to_owned(),
        count: tally.count,
        money_fen: tally.money.map(|money| money.0),
    });
    let parts = sheet.control.as_ref().map(|control| control.0.as_slice()).unwrap_or_default();
    let control = parts.iter().map(|(state, part)| ControlData {
        state: state.as_str().to_owned(),
        count: part.count,
        due_fen: part.due.0,
        unpaid_fen: part.unpaid.0,
    });
    Ok(Data(DayData {
        on: sheet.on.to_string(),
        lines: lines.collect(),
        control: control.collect(),
        control_permille: sheet.control.as_ref().and_then(super::model::Controlled::permille),
    }))
}
