//! A report of the recovery as a program reads it (清收进展报告数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Line;
use crate::measure::MEASURE_VIEW;
use crate::measure::model::Tally;

/// A report of how the recovery goes (清收进展报告), with its frozen figures.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProgressData {
    /// The key.
    id: String,
    /// 编号.
    number: String,
    /// Of which branch; 0 is the whole institution.
    branch: String,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// The business date on which the figures were taken.
    taken_on: String,
    /// Everything together.
    whole: SumData,
    /// The same of the period before.
    before: SumData,
    /// By branch.
    branches: Vec<LineData>,
    /// By collector.
    collectors: Vec<LineData>,
    /// By cause.
    causes: Vec<LineData>,
    /// What happened, in words.
    words: String,
    /// What is done next.
    plan: String,
    /// Who made it.
    maker: String,
    /// Who saw it.
    seen_by: Option<String>,
}

/// The figures of a group (分组指标).
#[derive(Debug, Serialize, JsonSchema)]
struct LineData {
    /// The group.
    group: String,
    /// Its figures.
    figures: SumData,
}

/// What a group came to (指标).
#[derive(Debug, Serialize, JsonSchema)]
struct SumData {
    /// Overdue at the beginning, in fen.
    opening_fen: i64,
    /// Fallen overdue since, in fen.
    fresh_fen: i64,
    /// Recovered, in fen.
    recovered_fen: i64,
    /// Overdue at the end, in fen.
    closing_fen: i64,
    /// Costs, in fen.
    cost_fen: i64,
    /// 清收率.
    recovery_rate_e9: Option<i64>,
    /// 压降率.
    reduction_rate_e9: Option<i64>,
}

impl From<&Tally> for SumData {
    fn from(t: &Tally) -> Self {
        Self {
            opening_fen: t.opening.0,
            fresh_fen: t.fresh.0,
            recovered_fen: t.recovered.0,
            closing_fen: t.closing.0,
            cost_fen: t.cost.0,
            recovery_rate_e9: t.recovery_rate(),
            reduction_rate_e9: t.reduction_rate(),
        }
    }
}

/// `/api/v1/collections/progress/{id}`
pub(super) async fn report(Path(id): Path<String>, visit: Visit) -> Result<Data<ProgressData>, WebError> {
    let one = actions::load(&mut visit.read().await?, &id, MEASURE_VIEW).await?;
    let lines = |all: &[Line]| {
        all.iter().map(|line| LineData { group: line.id.clone(), figures: SumData::from(&line.figures) }).collect()
    };
    Ok(Data(ProgressData {
        id: one.id.to_string(),
        number: one.number,
        branch: one.branch.to_string(),
        from: one.period.from.to_string(),
        to: one.period.to.to_string(),
        taken_on: one.content.taken_on.to_string(),
        whole: SumData::from(&one.content.whole),
        before: SumData::from(&one.content.before),
        branches: lines(&one.content.branches),
        collectors: lines(&one.content.collectors),
        causes: lines(&one.content.causes),
        words: one.words,
        plan: one.plan,
        maker: one.by.to_string(),
        seen_by: one.seen.map(|seen| seen.0.to_string()),
    }))
}
