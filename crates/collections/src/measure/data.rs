//! The measures as a program reads them (清收指标数据): numerators, denominators and shares.

use axum::extract::Query;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Pattern, Point, Roll, Tally};
use super::pages::{Asked, load};

/// The measures of a period (清收指标).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MeasuresData {
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// `branch`, `collector`, `cause`, `step`, `bucket`, `product` or `strategy`.
    by: String,
    /// Everything together.
    whole: TallyData,
    /// Each group by itself.
    groups: Vec<GroupData>,
    /// Where the loans of the beginning went.
    rolls: Vec<RollData>,
    /// The recovery curves.
    curves: Vec<CurveData>,
    /// By pattern of debtor.
    patterns: Vec<PatternData>,
    /// What the cases that are open today are likely to lose, in fen, as each was rated last.
    expected_loss_fen: i64,
    /// What could be lost of them, in fen.
    exposure_fen: i64,
}

/// A group with its figures (分组指标).
#[derive(Debug, Serialize, JsonSchema)]
struct GroupData {
    /// Its id; empty where none is known.
    group: String,
    /// Its figures.
    figures: TallyData,
}

/// Figures with their shares in billionths; null of nothing (指标).
#[derive(Debug, Serialize, JsonSchema)]
struct TallyData {
    /// Loans overdue at the beginning.
    opening_loans: i64,
    /// Overdue principal and interest at the beginning, in fen.
    opening_fen: i64,
    /// What fell overdue in the period, in fen.
    fresh_fen: i64,
    /// What was recovered, in fen.
    recovered_fen: i64,
    /// What was waived, extended or written off, in fen.
    other_fen: i64,
    /// Overdue at the end, in fen.
    closing_fen: i64,
    /// 清收率.
    recovery_rate_e9: Option<i64>,
    /// 压降率.
    reduction_rate_e9: Option<i64>,
    /// Principal of non-performing loans at the beginning, in fen.
    bad_opening_fen: i64,
    /// The same at the end, in fen.
    bad_closing_fen: i64,
    /// 不良压降率.
    bad_reduction_rate_e9: Option<i64>,
    /// Costs, in fen.
    cost_fen: i64,
    /// 费用率.
    cost_rate_e9: Option<i64>,
    /// Loans cured.
    cured: i64,
    /// Loans that went into a later bucket.
    worse: i64,
    /// 治愈率.
    cure_rate_e9: Option<i64>,
    /// Promises kept.
    kept: i64,
    /// Promises kept in part.
    part_kept: i64,
    /// Promises broken.
    broken: i64,
    /// 承诺履行率.
    promise_rate_e9: Option<i64>,
    /// Requirements of contact that were met.
    met: i64,
    /// Those that were missed.
    missed: i64,
    /// Those that were excused.
    excused: i64,
    /// 频次达标率.
    frequency_rate_e9: Option<i64>,
    /// Contacts.
    contacts: i64,
    /// Contacts that were connected.
    connected: i64,
    /// 接通率.
    contact_rate_e9: Option<i64>,
    /// Preservations applied for.
    preserved: i64,
    /// Hours from the urgent cause to the application, on the average.
    preservation_hours: Option<i64>,
}

impl From<&Tally> for TallyData {
    fn from(t: &Tally) -> Self {
        Self {
            opening_loans: t.opening_loans,
            opening_fen: t.opening.0,
            fresh_fen: t.fresh.0,
            recovered_fen: t.recovered.0,
            other_fen: t.other.0,
            closing_fen: t.closing.0,
            recovery_rate_e9: t.recovery_rate(),
            reduction_rate_e9: t.reduction_rate(),
            bad_opening_fen: t.bad_opening.0,
            bad_closing_fen: t.bad_closing.0,
            bad_reduction_rate_e9: t.bad_reduction_rate(),
            cost_fen: t.cost.0,
            cost_rate_e9: t.cost_rate(),
            cured: t.cured,
            worse: t.worse,
            cure_rate_e9: t.cure_rate(),
            kept: t.kept,
            part_kept: t.part_kept,
            broken: t.broken,
            promise_rate_e9: t.promise_rate(),
            met: t.met,
            missed: t.missed,
            excused: t.excused,
            frequency_rate_e9: t.frequency_rate(),
            contacts: t.contacts,
            connected: t.connected,
            contact_rate_e9: t.contact_rate(),
            preserved: t.preserved,
            preservation_hours: t.preservation_hours(),
        }
    }
}

/// Where loans of a bucket went (滚动).
#[derive(Debug, Serialize, JsonSchema)]
struct RollData {
    /// The bucket at the beginning.
    from: String,
    /// The bucket at the end; `cured` or `gone`.
    to: String,
    /// How many.
    loans: i64,
    /// What was overdue of them at the beginning, in fen.
    overdue_fen: i64,
}

impl From<&Roll> for RollData {
    fn from(one: &Roll) -> Self {
        Self { from: one.from.clone(), to: one.to.clone(), loans: one.loans, overdue_fen: one.overdue.0 }
    }
}

/// A recovery curve (回收曲线).
#[derive(Debug, Serialize, JsonSchema)]
struct CurveData {
    /// The group.
    group: String,
    /// Its points.
    points: Vec<PointData>,
}

/// A point of a curve (曲线点).
#[derive(Debug, Serialize, JsonSchema)]
struct PointData {
    /// Days since the case began.
    days: i64,
    /// Cases that are old enough.
    cases: i64,
    /// What had fallen overdue by then, in fen.
    due_fen: i64,
    /// What was recovered by then, in fen.
    recovered_fen: i64,
}

impl From<&Point> for PointData {
    fn from(one: &Point) -> Self {
        Self { days: one.days, cases: one.cases, due_fen: one.due.0, recovered_fen: one.recovered.0 }
    }
}

/// How debtors of a pattern answered (欠款人类型统计).
#[derive(Debug, Serialize, JsonSchema)]
struct PatternData {
    /// The pattern.
    pattern: String,
    /// Contacts with it.
    contacts: i64,
    /// Contacts in which the debtor was reached.
    reached: i64,
    /// Contacts that came to a promise.
    promises: i64,
    /// Promises settled in the period.
    settled: i64,
    /// Promises kept.
    kept: i64,
    /// What came in from them, in fen.
    recovered_fen: i64,
}

impl From<&Pattern> for PatternData {
    fn from(one: &Pattern) -> Self {
        Self {
            pattern: one.pattern.clone(),
            contacts: one.contacts,
            reached: one.reached,
            promises: one.promises,
            settled: one.settled,
            kept: one.kept,
            recovered_fen: one.recovered.0,
        }
    }
}

/// `/api/v1/measures`
pub(super) async fn measures(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<MeasuresData>, WebError> {
    let it = load(&mut visit.read().await?, &asked).await?;
    Ok(Data(MeasuresData {
        from: it.period.from.to_string(),
        to: it.period.to.to_string(),
        by: it.by.as_str().to_owned(),
        whole: TallyData::from(&it.whole),
        groups: it.groups.iter().map(|(id, t)| GroupData { group: id.clone(), figures: TallyData::from(t) }).collect(),
        rolls: it.rolls.iter().map(RollData::from).collect(),
        curves: it
            .curves
            .iter()
            .map(|(id, points)| CurveData { group: id.clone(), points: points.iter().map(PointData::from).collect() })
            .collect(),
        patterns: it.patterns.iter().map(PatternData::from).collect(),
        expected_loss_fen: it.expected.0.0,
        exposure_fen: it.expected.1.0,
    }))
}
