//! An evaluation as a program reads it (信用评估数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Line;

/// An evaluation (信用评估): a scorecard filled in, its score and grade, and where it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct EvaluationData {
    /// The key.
    id: String,
    /// 评估编号.
    number: String,
    /// Whose file.
    customer: String,
    /// The scorecard.
    scorecard: String,
    /// `submitted`, `approved` or `refused`.
    state: String,
    /// The approval that decides it.
    approval: Option<String>,
    /// The quantitative part, hundredths of a point.
    quantitative_centi: Option<i64>,
    /// The qualitative part.
    qualitative_centi: Option<i64>,
    /// Both together.
    composite_centi: i64,
    /// The weights of the parts: quantitative, qualitative.
    weights: (i64, i64),
    /// The grade of the tables; empty where there is none.
    rule_grade: String,
    /// The grade asked for.
    grade: String,
    /// Until when a grade set by hand holds.
    set_until: Option<String>,
    /// When it was approved.
    approved_on: Option<String>,
    /// When it is made again.
    review_on: Option<String>,
    /// The evaluation that took its place.
    superseded_by: Option<String>,
    /// Who made it.
    assessor: String,
    /// The items.
    items: Vec<ItemData>,
    /// Rises with every change.
    version: i64,
}

/// An item of an evaluation (评估项).
#[derive(Debug, Serialize, JsonSchema)]
struct ItemData {
    /// The item.
    item: String,
    /// `quantitative` or `qualitative`.
    kind: String,
    /// `credit`, `capacity`, `operations` or `collateral`.
    dimension: String,
    /// Its weight within its part.
    weight: i64,
    /// The value looked at, or the step chosen.
    value: Option<String>,
    /// Where the value comes from.
    source: String,
    /// Of which day it is.
    on: Option<String>,
    /// The band that holds.
    band: String,
    /// The points; none when it fell out.
    points: Option<i64>,
    /// What the assessor said of it.
    note: String,
}

impl ItemData {
    fn of(line: &Line) -> Self {
        Self {
            item: line.item.clone(),
            kind: line.kind.clone(),
            dimension: line.dimension.clone(),
            weight: line.weight,
            value: line.value.clone(),
            source: line.source.clone(),
            on: line.on.map(|on| on.to_string()),
            band: line.band.clone(),
            points: line.points,
            note: line.note.clone(),
        }
    }
}

/// `/api/v1/evaluations/{id}`
pub(super) async fn evaluation(Path(id): Path<String>, visit: Visit) -> Result<Data<EvaluationData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id).await?;
    Ok(Data(EvaluationData {
        id: one.id.to_string(),
        customer: one.customer.to_string(),
        state: one.state.as_str().to_owned(),
        approval: one.approval.map(|id| id.to_string()),
        quantitative_centi: one.content.quantitative_centi,
        qualitative_centi: one.content.qualitative_centi,
        composite_centi: one.content.composite_centi,
        weights: one.content.weights,
        set_until: one.content.by_hand.as_ref().map(|hand| hand.until.to_string()),
        approved_on: one.approved_on.map(|on| on.to_string()),
        review_on: one.review_on.map(|on| on.to_string()),
        superseded_by: one.superseded_by.map(|id| id.to_string()),
        assessor: one.assessor.to_string(),
        items: one.content.lines.iter().map(ItemData::of).collect(),
        version: one.version,
        number: one.number,
        scorecard: one.scorecard,
        rule_grade: one.rule_grade,
        grade: one.grade,
    }))
}
