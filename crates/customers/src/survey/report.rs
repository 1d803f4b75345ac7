//! The report of surveys (满意度报告): month by month who was drawn, who answered, the mean score and what is improved, with the
//! trend; within the reach of the reader.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::api::Data;
use platform::args;
use platform::error::ActionError;
use platform::page::{Button, Chart, Html, Icon, Look, Page, Series, Shape, Side, Table, Tile, Ui};
use platform::policies;
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::mean;
use super::{LIST, REPORT, TASKS};
use crate::VIEW;
use crate::customer::store::within;
use crate::datum::view::points;
use crate::lead::policy::number;
use crate::sorting::view::{hint, panel};

/// The page and its data.
pub(super) fn routes() -> Routes {
    Routes::new().get(REPORT, VIEW, show).data::<ReportData, _, _>("/surveys/report", VIEW, data)
}

/// What happened in a month (月度满意度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Month {
    drawn: i64,
    answered: i64,
    silent: i64,
    low: i64,
    sum_centi: i64,
}

impl Month {
    fn mean(&self) -> Option<i64> {
        mean(self.sum_centi, self.answered)
    }
}

/// The months looked back on, in their order, and the improvements: open, late, done.
struct Report {
    months: BTreeMap<String, Month>,
    tasks: (i64, i64, i64),
}

impl Report {
    fn total(&self) -> Month {
        self.months.values().fold(Month::default(), |sum, one| Month {
            drawn: sum.drawn + one.drawn,
            answered: sum.answered + one.answered,
            silent: sum.silent + one.silent,
            low: sum.low + one.low,
            sum_centi: sum.sum_centi.saturating_add(one.sum_centi),
        })
    }
}

/// Reads the months of the policy up to today (rule `survey.report`).
async fn read(work: &mut Work) -> Result<Report, ActionError> {
    let (scope, today) = (work.authorise(VIEW)?, work.business_date);
    let policy = policies::in_force(work, today).await?;
    let months = number(&policy, today, "survey_report_months")?;
    let low = number(&policy, today, "survey_low_centi")?;
    let mut report = Report { months: BTreeMap::new(), tasks: (0, 0, 0) };
    let first = today.first_of_month();
    for back in (0..months).rev() {
        let span = jiff::Span::new().try_months(back).unwrap_or_default();
        let month = first.checked_sub(span).unwrap_or(first);
        report.months.insert(month_of(month), Month::default());
    }
    let span = jiff::Span::new().try_months(months.saturating_sub(1)).unwrap_or_default();
    let from = first.checked_sub(span).unwrap_or(first);
    drawn(work, scope, from, &mut report).await?;
    answered(work, scope, (from, low), &mut report).await?;
    tasks(work, scope, from, &mut report).await?;
    Ok(report)
}

fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

async fn drawn(work: &mut Work, scope: DataScope, from: Date, report: &mut Report) -> Result<(), ActionError> {
    let mut w = within(scope);
    w.and("d.drawn_on >= ?", [&from]);
    let head = "select substr(d.drawn_on, 1, 7) as month, count(*) as n from survey_draw d \
                join customer c on c.customer_id = d.customer_id";
    for row in work.tx.fetch_all(w.select(head, "group by substr(d.drawn_on, 1, 7)"), w.args()).await? {
        let month: String = row.get("month")?;
        report.months.entry(month).or_default().drawn = row.get("n")?;
    }
    Ok(())
}

async fn answered(
    work: &mut Work,
    scope: DataScope,
    (from, low): (Date, i64),
    report: &mut Report,
) -> Result<(), ActionError> {
    let mut w = within(scope);
    w.and("a.answered_on >= ?", [&from]).and_values("a.result <> 'lapsed'", args![]);
    let head = "select substr(a.answered_on, 1, 7) as month, a.score_centi, count(*) as n from survey_answer a \
                join customer c on c.customer_id = a.customer_id";
    let tail = "group by substr(a.answered_on, 1, 7), a.score_centi";
    for row in work.tx.fetch_all(w.select(head, tail), w.args()).await? {
        let (month, n): (String, i64) = (row.get("month")?, row.get("n")?);
        let one = report.months.entry(month).or_default();
        match row.get::<Option<i64>>("score_centi")? {
            Some(score) => {
                one.answered += n;
                one.sum_centi = one.sum_centi.saturating_add(score.saturating_mul(n));
                one.low += if score < low { n } else { 0 };
            }
            None => one.silent += n,
        }
    }
    Ok(())
}

async fn tasks(work: &mut Work, scope: DataScope, from: Date, report: &mut Report) -> Result<(), ActionError> {
    let today = work.business_date;
    let mut w = within(scope);
    w.and_values("(t.done_on is null or t.done_on >= ?)", args![from]);
    let head = "select t.due_on, t.done_on from survey_task t join customer c on c.customer_id = t.customer_id";
    for row in work.tx.fetch_all(w.select(head, ""), w.args()).await? {
        let (due_on, done_on): (Date, Option<Date>) = (row.get("due_on")?, row.get("done_on")?);
        match done_on {
            Some(_) => report.tasks.2 += 1,
            None if due_on < today => report.tasks.1 += 1,
            None => report.tasks.0 += 1,
        }
    }
    Ok(())
}

async fn show(visit: Visit) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let report = read(&mut work).await?;
    let total = report.total();
    let (open, late, done) = report.tasks;
    let tile = |label: &str, figure: String, href: &str| Tile {
        label: ui.t(label),
        figure,
        href: Some(href.to_owned()),
        ..Tile::default()
    };
    let score = total.mean().map_or_else(|| "—".to_owned(), points);
    let mut body = ui.tiles([
        tile("survey-tile-drawn", ui.count(total.drawn), "/surveys?view=all"),
        tile("survey-tile-answered", ui.count(total.answered), "/surveys?view=answered"),
        tile("survey-tile-mean", score, "/surveys?view=answered"),
        tile("survey-tile-low", ui.count(total.low), "/surveys?view=low"),
        tile("survey-tile-late", ui.count(late), "/survey-tasks?view=late"),
    ]);
    let none = Html::new();
    let mut inner = trend(&ui, &report);
    inner.push(&ui.table(table(&ui, &report)));
    panel(&mut body, &ui.t("survey-trend"), &none, &inner);
    let counts = [("open", open), ("late", late), ("done", done)].map(|(name, count)| (name, count.to_string()));
    let words = ui.tn("survey-tasks-count", &counts.each_ref().map(|(name, count)| (*name, count.as_str())));
    panel(&mut body, &ui.t("survey-tasks"), &none, &hint(&words));
    let buttons = ui.buttons([
        Button::link(Look::Secondary, ui.t("survey-title"), LIST).icon(Icon::ArrowLeft),
        Button::link(Look::Secondary, ui.t("survey-tasks"), TASKS).icon(Icon::ListCheck),
    ]);
    let page = Page::new(ui.t("survey-report"), "surveys").subtitle(ui.t("survey-report-note")).actions(buttons);
    visit.page_of(&page, &body)
}

/// The mean score month by month.
fn trend(ui: &Ui, report: &Report) -> Html {
    ui.chart(Chart {
        title: ui.t("survey-trend"),
        shape: Shape::Lines,
        labels: report.months.keys().cloned().collect(),
        series: vec![Series {
            name: ui.t("survey-mean"),
            values: report.months.values().map(|one| one.mean().map(points)).collect(),
            notes: Vec::new(),
        }],
        height: 220,
        ..Chart::default()
    })
}

fn table(ui: &Ui, report: &Report) -> Table {
    let heads = [
        ("survey-month", Side::Left),
        ("survey-tile-drawn", Side::Right),
        ("survey-tile-answered", Side::Right),
        ("survey-silent", Side::Right),
        ("survey-tile-low", Side::Right),
        ("survey-mean", Side::Right),
    ];
    let mut table = Table::new(ui.t("survey-trend"), heads.map(|(id, side)| (ui.t(id), side)));
    let cells = |name: String, one: &Month| {
        let mean = one.mean().map_or_else(|| "—".to_owned(), points);
        let counts = [one.drawn, one.answered, one.silent, one.low].map(|count| count.to_string());
        std::iter::once(name).chain(counts).chain([mean]).map(Html::of_text).collect::<Vec<_>>()
    };
    for (month, one) in &report.months {
        table.row(cells(month.clone(), one));
    }
    table.total(cells(ui.t("sorting-sum"), &report.total()));
    table
}

/// What happened in a month (月度满意度).
#[derive(Debug, Serialize, JsonSchema)]
struct MonthData {
    /// The month.
    month: String,
    /// Customers drawn.
    drawn: i64,
    /// Customers who answered.
    answered: i64,
    /// Customers who declined or were not reached.
    silent: i64,
    /// Answers below the score at which something is improved.
    low: i64,
    /// The mean score, hundredths of a point.
    mean_centi: Option<i64>,
}

/// The report of surveys (满意度报告).
#[derive(Debug, Serialize, JsonSchema)]
struct ReportData {
    /// The months, the oldest first.
    months: Vec<MonthData>,
    /// Improvements that are open and in time.
    tasks_open: i64,
    /// Improvements whose day is over.
    tasks_late: i64,
    /// Improvements that were done within these months.
    tasks_done: i64,
}

/// `/api/v1/surveys/report`
async fn data(visit: Visit) -> Result<Data<ReportData>, WebError> {
    let mut work = visit.read().await?;
    let report = read(&mut work).await?;
    let (tasks_open, tasks_late, tasks_done) = report.tasks;
    let month = |(month, one): (String, Month)| MonthData {
        month,
        drawn: one.drawn,
        answered: one.answered,
        silent: one.silent,
        low: one.low,
        mean_centi: one.mean(),
    };
    Ok(Data(ReportData { months: report.months.into_iter().map(month).collect(), tasks_open, tasks_late, tasks_done }))
}
