//! The dashboard as a program reads it (驾驶舱数据): the figures of the page, from the same sums.

use axum::extract::{Path, Query};
use jiff::civil::Date;
use platform::api::{Data, DerivationData};
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Book, Due, Part, Point};
use super::pages::{Loaded, load, pen};
use super::tiles::Links;
use super::{rules, why};
use crate::DASHBOARD_VIEW;
use crate::grade::{By, Grades};
use crate::standpoint::Asked;

/// The whole book on a date (经营驾驶舱).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DashboardData {
    /// 业务日截至.
    as_of: String,
    /// 按当时所知; null: now.
    known_at: Option<String>,
    /// The open loans.
    book: PartData,
    /// What is overdue by a day or more.
    overdue: PartData,
    /// Overdue principal and interest, in fen.
    overdue_sum_fen: i64,
    /// Overdue principal of the whole, in billionths; null of an empty book.
    overdue_rate_e9: Option<i64>,
    /// What is non-performing by the rules in force; null before any rule says so.
    non_performing: Option<PartData>,
    /// Its share of the whole, in billionths.
    npl_ratio_e9: Option<i64>,
    /// The open loans by bucket.
    buckets: Vec<StepData>,
    /// The open loans by class.
    classes: Vec<StepData>,
    /// The book at past month-ends, the oldest first.
    past: Vec<PastData>,
    /// Due on the day; null in the record clock, because the schedule is kept as it is known now.
    due_today: Option<DueData>,
    /// Due from Monday to Sunday.
    due_week: Option<DueData>,
    /// Loans that became overdue, by day, with their overdue principal and interest.
    became_overdue: Vec<PointData>,
    /// Money received, by month.
    collected: Vec<PointData>,
    /// Loans that mature, by month.
    maturing: Vec<PointData>,
}

/// A part of the book (部分).
#[derive(Debug, Serialize, JsonSchema)]
struct PartData {
    /// 笔数.
    loans: i64,
    /// 本金余额, in fen.
    principal_fen: i64,
}

impl From<Part> for PartData {
    fn from(part: Part) -> Self {
        Self { loans: part.loans, principal_fen: part.principal.0 }
    }
}

/// One step of a scale (档).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// Its id.
    id: String,
    /// 名称.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// 笔数.
    loans: i64,
    /// 本金余额, in fen.
    principal_fen: i64,
    /// Its share of the whole, in billionths.
    share_e9: Option<i64>,
}

/// The book at a past month-end (月末).
#[derive(Debug, Serialize, JsonSchema)]
struct PastData {
    /// The month-end.
    on: String,
    /// The open loans; null where nothing was kept of that day.
    book: Option<PartData>,
    /// What was overdue.
    overdue: Option<PartData>,
    /// The share of the non-performing part, in billionths.
    npl_ratio_e9: Option<i64>,
}

/// What falls due (到期应还).
#[derive(Debug, Serialize, JsonSchema)]
struct DueData {
    /// 期数.
    instalments: i64,
    /// How many are still open.
    open: i64,
    /// 应还本息, in fen.
    due_fen: i64,
    /// 已还, in fen.
    paid_fen: i64,
}

impl From<Due> for DueData {
    fn from(due: Due) -> Self {
        Self { instalments: due.instalments, open: due.open, due_fen: due.due.0, paid_fen: due.paid.0 }
    }
}

/// Loans or payments of a day or month (按日、按月).
#[derive(Debug, Serialize, JsonSchema)]
struct PointData {
    /// The day, or the first of the month.
    on: String,
    /// How many.
    count: i64,
    /// How much, in fen.
    amount_fen: i64,
}

fn points(of: &[Point]) -> Vec<PointData> {
    of.iter().map(|one| PointData { on: one.on.to_string(), count: one.count, amount_fen: one.sum.0 }).collect()
}

fn steps(book: &Book, grades: &Grades, by: By) -> Vec<StepData> {
    let whole = book.whole();
    let step = |step: crate::grade::Step| {
        let part = book.step(by, &step.id);
        StepData {
            title_zh: step.title.in_language(false).to_owned(),
            title_en: step.title.in_language(true).to_owned(),
            loans: part.loans,
            principal_fen: part.principal.0,
            share_e9: rules::share(part.principal, whole.principal),
            id: step.id,
        }
    };
    grades.steps_with(by, book.ids(by)).into_iter().map(step).collect()
}

/// The share of the non-performing part of a book.
fn npl(book: &Book, grades: &Grades) -> (Option<Part>, Option<i64>) {
    let part = grades.npl.as_ref().map(|npl| rules::non_performing(book, &npl.classes));
    (part, part.and_then(|part| rules::share(part.principal, book.whole().principal)))
}

fn past(grades: &Grades, (on, book): &(Date, Option<Book>)) -> PastData {
    PastData {
        on: on.to_string(),
        book: book.as_ref().map(|book| book.whole().into()),
        overdue: book.as_ref().map(|book| book.overdue().into()),
        npl_ratio_e9: book.as_ref().and_then(|book| npl(book, grades).1),
    }
}

impl DashboardData {
    fn of(it: Loaded) -> Self {
        let (book, grades) = (&it.overview.book, &it.grades);
        let (whole, overdue) = (book.whole(), book.overdue());
        let (non_performing, npl_ratio_e9) = npl(book, grades);
        Self {
            as_of: it.at.as_of.to_string(),
            known_at: it.at.known.map(|at| at.to_string()),
            book: whole.into(),
            overdue: overdue.into(),
            overdue_sum_fen: book.overdue_sum().0,
            overdue_rate_e9: rules::share(overdue.principal, whole.principal),
            non_performing: non_performing.map(Into::into),
            npl_ratio_e9,
            buckets: steps(book, grades, By::Bucket),
            classes: steps(book, grades, By::Class),
            past: it.overview.past.iter().map(|one| past(grades, one)).collect(),
            due_today: it.overview.due_today.map(Into::into),
            due_week: it.overview.due_week.map(Into::into),
            became_overdue: points(&it.overview.became_overdue),
            collected: points(&it.overview.collected),
            maturing: points(&it.overview.maturing),
        }
    }
}

/// `/api/v1/dashboard`
pub(super) async fn dashboard(visit: Visit, Query(asked): Query<Asked>) -> Result<Data<DashboardData>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(DASHBOARD_VIEW)?;
    Ok(Data(DashboardData::of(load(&mut work, &asked).await?)))
}

/// `/api/v1/dashboard/why/{figure}`
pub(super) async fn reasons(
    visit: Visit,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Data<DerivationData>, WebError> {
    let ui = pen(&visit);
    if !why::FIGURES.contains(&figure.as_str()) {
        return Err(WebError::NoSuchPage);
    }
    let it = load(&mut visit.read().await?, &asked).await?;
    let links = Links { at: &it.at, may: false };
    let found = why::derivation(&ui, &figure, &it.overview, &it.grades, &links).ok_or(WebError::NoSuchPage)?;
    let amount = match figure.as_str() {
        "book" => Some(it.overview.book.whole().principal.0),
        "collected" => it.overview.collected.last().map(|point| point.sum.0),
        _ => None,
    };
    Ok(Data(DerivationData::of(figure, amount, found)))
}
