//! A comparison as a program reads it (对比数据).

use axum::extract::{Path, Query};
use schemars::JsonSchema;
use serde::Serialize;

use super::pages::{RowsAsked, SHOWN, load};
use super::report::{DateReport, Report};
use super::store;
use crate::api::Data;
use crate::web::{Visit, WebError};

/// What a draft would do to the own book (对比).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ComparisonData {
    /// The key.
    id: String,
    /// The draft.
    draft: String,
    /// The draft's revision that was compared.
    revision: i64,
    /// The version compared with.
    base: String,
    /// The business date on which it was made.
    business_date: String,
    /// `running`, `done` or `failed`.
    state: String,
    /// Steps done.
    steps_done: i64,
    /// All steps.
    steps_in_all: i64,
    /// Why it broke off.
    failure: Option<String>,
    /// The book as of each date looked at, today first.
    dates: Vec<DateData>,
    /// Decisions that may change but whose facts nobody has at hand.
    not_at_hand: Vec<String>,
    /// Duties a month by rule, where the rule changed.
    duties: Vec<DutiesData>,
    /// Whether more subjects change than are listed.
    cut: bool,
}

/// The book as of one date (截至某日).
#[derive(Debug, Serialize, JsonSchema)]
struct DateData {
    /// The date.
    on: String,
    /// What was compared, by source and decision.
    matrices: Vec<MatrixData>,
    /// What follows for all subjects.
    effects: Vec<EffectData>,
}

/// Outcomes from and to (迁徙矩阵).
#[derive(Debug, Serialize, JsonSchema)]
struct MatrixData {
    /// Which subjects.
    source: String,
    /// How many of them.
    count: i64,
    /// Their money, in fen.
    amount_fen: i64,
    /// The decision.
    decision: String,
    /// The output that is compared.
    output: String,
    /// The cells that are not empty.
    cells: Vec<CellData>,
}

/// A cell of the matrix (矩阵单元).
#[derive(Debug, Serialize, JsonSchema)]
struct CellData {
    /// The outcome of the rules now.
    from: String,
    /// The outcome of the draft.
    to: String,
    /// How many subjects.
    count: i64,
    /// Their money, in fen.
    amount_fen: i64,
}

/// A sum under both rules (后果).
#[derive(Debug, Serialize, JsonSchema)]
struct EffectData {
    /// What is summed.
    title: String,
    /// Whether the sums are money, in fen; else they are counts.
    money: bool,
    /// Under the rules now.
    from: i64,
    /// Under the draft.
    to: i64,
}

/// Duties a month of one rule (月任务数).
#[derive(Debug, Serialize, JsonSchema)]
struct DutiesData {
    /// The rule.
    rule: String,
    /// Opened in the last 30 days.
    from: i64,
    /// As many as it would have been.
    to: i64,
}

impl DateData {
    fn of(visit: &Visit, date: DateReport) -> Self {
        let ui = visit.ui();
        let (mut matrices, mut effects) = (Vec::new(), Vec::new());
        for source in date.sources {
            for matrix in source.decisions {
                let cell = |one: super::report::Cell| CellData {
                    from: one.from,
                    to: one.to,
                    count: one.count,
                    amount_fen: one.amount_fen,
                };
                matrices.push(MatrixData {
                    source: source.source.clone(),
                    count: source.count,
                    amount_fen: source.amount_fen,
                    decision: matrix.decision,
                    output: matrix.output,
                    cells: matrix.cells.into_iter().map(cell).collect(),
                });
            }
            effects.extend(source.effects.into_iter().map(|one| EffectData {
                title: ui.t(&one.title),
                money: one.money,
                from: one.from,
                to: one.to,
            }));
        }
        Self { on: date.on.to_string(), matrices, effects }
    }
}

/// `/api/v1/policies/comparisons/{id}`
pub(super) async fn comparison(visit: Visit, Path(id): Path<i64>) -> Result<Data<ComparisonData>, WebError> {
    let mut work = visit.read().await?;
    let it = load(&mut work, id).await?;
    let Report { dates, not_at_hand, duties, cut } = it.report;
    let duties = duties.into_iter().map(|one| DutiesData { rule: one.rule, from: one.from, to: one.to });
    Ok(Data(ComparisonData {
        id: it.id.to_string(),
        draft: it.draft.to_string(),
        revision: it.revision,
        base: it.base.to_string(),
        business_date: it.business_date.to_string(),
        state: it.state.as_str().to_owned(),
        steps_done: it.steps.0,
        steps_in_all: it.steps.1,
        failure: it.failure,
        dates: dates.into_iter().map(|date| DateData::of(&visit, date)).collect(),
        not_at_hand,
        duties: duties.collect(),
        cut,
    }))
}

/// A subject that changes (变动对象).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ChangedData {
    /// As of which date.
    as_of: String,
    /// The decision.
    decision: String,
    /// Which subjects.
    source: String,
    /// Whose file.
    customer: String,
    /// The subject's key.
    key: String,
    /// Its number.
    number: String,
    /// The outcome of the rules now.
    from: String,
    /// The outcome of the draft.
    to: String,
    /// Its money, in fen.
    amount_fen: i64,
}

/// `/api/v1/policies/comparisons/{id}/rows`: at most as many as the page shows.
pub(super) async fn rows(
    visit: Visit,
    Path(id): Path<i64>,
    Query(asked): Query<RowsAsked>,
) -> Result<Data<Vec<ChangedData>>, WebError> {
    let mut work = visit.read().await?;
    load(&mut work, id).await?;
    let found = store::rows(&mut work.tx, id, &asked.chosen(), SHOWN).await?;
    let row = |one: store::Changed| ChangedData {
        as_of: one.as_of.to_string(),
        decision: one.decision,
        source: one.source,
        customer: one.key.0.to_string(),
        key: one.key.1.to_string(),
        number: one.label,
        from: one.outcome.0,
        to: one.outcome.1,
        amount_fen: one.amount_fen,
    };
    Ok(Data(found.into_iter().map(row).collect()))
}
