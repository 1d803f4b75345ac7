//! The list of what falls due on a day (当日未还清单, S2.19-02): unpaid, paid, all; filtered, summed, exported.

use askama::Template;
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use jiff::civil::Date;
use platform::access::store as access;
use platform::audit::Entry;
use platform::error::ActionError;
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View, address,
};
use platform::page::{Button, Choice, Empty, Html, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde_json::json;

use super::model::DaySum;
use super::pages::CALENDAR;
use super::store::{self, DueRow};

/// Where the list is.
pub(super) const LIST: &str = "/repayments/unpaid";
/// The most rows of one export; a larger result is exported by filter.
const EXPORT_ROWS: u32 = 100_000;
const VIEWS: [&str; 3] = ["unpaid", "paid", "all"];

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, "loan.view", index, |ui| spec_with(ui, Vec::new())).get(
        "/repayments/unpaid/export.xlsx",
        "loan.export",
        export,
    )
}

async fn spec(ui: &Ui, work: &mut Work, branch: i64) -> Result<ListSpec, ActionError> {
    let branches = access::branches(&mut work.tx).await?;
    let branches = branches.into_iter().filter(|b| branch == 0 || b.id.0 == branch);
    Ok(spec_with(ui, branches.map(|b| Choice::new(b.id.to_string(), b.name)).collect()))
}

fn spec_with(ui: &Ui, branches: Vec<Choice>) -> ListSpec {
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text).sortable(),
            Column::new("customer", "loan-customer", ColumnKind::Text).sortable(),
            Column::new("identity", "loan-identity", ColumnKind::Text),
            Column::new("phone", "unpaid-phone", ColumnKind::Text),
            Column::new("no", "schedule-no", ColumnKind::Text),
            Column::new("due", "schedule-due-on", ColumnKind::Date).sortable(),
            Column::new("due-money", "repaycal-due", ColumnKind::Money).sortable(),
            Column::new("paid", "repaycal-paid", ColumnKind::Money),
            Column::new("unpaid", "repaycal-unpaid", ColumnKind::Money).sortable(),
            Column::new("days", "loan-days", ColumnKind::State),
            Column::new("manager", "loan-manager", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("due", "schedule-due-on", FilterKind::Dates),
            Filter::new("unpaid", "repaycal-unpaid", FilterKind::Money),
            Filter::new("branch", "repaycal-branch", FilterKind::Choice(branches)),
        ],
        views: VIEWS
            .iter()
            .map(|id| View { id: (*id).to_owned(), text: ui.t(format!("unpaid-view-{id}")), ..View::default() })
            .collect(),
        default_sort: Some(Sort { column: "due", descending: false }),
        export: Some("/repayments/unpaid/export.xlsx".to_owned()),
        batch: None,
        counted: "list-instalments",
        ..ListSpec::default()
    }
}

#[derive(Template)]
#[template(path = "ledger/index.html")]
struct IndexBody {
    list: Html,
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise("loan.view").map_err(ActionError::from)?;
    let spec = spec(&ui, &mut work, scope.branch).await?;
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let today = work.business_date;
    let conditions = store::conditions(&asked, scope, today);
    let rows = store::page(&mut work.tx, &conditions, &asked).await?;
    let totals = store::totals(&mut work.tx, &conditions).await?;
    let result = ListPage {
        page_totals: sums(rows.iter().fold(DaySum::default(), |all, row| all.plus(of(row)))),
        rows: rows.iter().map(|row| row_of(row, today)).collect(),
        totals: sums(totals),
        count: totals.instalments,
        empty: Some(Empty {
            icon: Some(Icon::CircleCheck),
            title: ui.t("unpaid-none"),
            text: ui.t("unpaid-none-text"),
            step: None,
        }),
    };
    let mut tools = neighbours(&ui, &asked, today);
    tools.push(&ui.list_tools(&spec, &asked, result.count));
    let page = Page::new(ui.t("unpaid-title"), "repayment-calendar").subtitle(days(&ui, &asked, today)).actions(tools);
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    visit.page(&page, &IndexBody { list: ui.list(&spec, &asked, &result) })
}

/// The day before, the calendar, the day after: where the list is about one day.
fn neighbours(ui: &Ui, asked: &ListQuery, today: Date) -> Html {
    let mut all = Vec::new();
    let (from, to) = ends(asked, today);
    if let (Some(day), true) = (from, from == to) {
        let there = |day: Date| {
            let day = day.to_string();
            address(LIST, &[("view", &asked.view), ("due.from", &day), ("due.to", &day)])
        };
        if let Ok(before) = day.yesterday() {
            all.push(Button::link(Look::Secondary, ui.t("unpaid-before"), there(before)).icon(Icon::ChevronLeft));
        }
        if let Ok(after) = day.tomorrow() {
            all.push(Button::link(Look::Secondary, ui.t("unpaid-after"), there(after)).icon(Icon::ChevronRight));
        }
    }
    all.push(Button::link(Look::Secondary, ui.t("repayment-calendar-title"), CALENDAR).icon(Icon::CalendarEvent));
    ui.buttons(all)
}

fn ends(asked: &ListQuery, today: Date) -> (Option<Date>, Option<Date>) {
    match asked.dates("due") {
        (None, None) => (Some(today), Some(today)),
        given => given,
    }
}

/// Which days the list is about, in words.
fn days(ui: &Ui, asked: &ListQuery, today: Date) -> String {
    let text = |on: Option<Date>| on.map_or_else(|| "…".to_owned(), |on| on.to_string());
    match ends(asked, today) {
        (from, to) if from == to => ui.t1("unpaid-on", "on", text(from)),
        (from, to) => ui.t2("unpaid-between", "from", text(from), "to", text(to)),
    }
}

fn of(row: &DueRow) -> DaySum {
    DaySum {
        instalments: 1,
        open: i64::from(row.unpaid.is_positive()),
        due: row.due,
        paid: row.paid,
        unpaid: row.unpaid,
    }
}

fn sums(sum: DaySum) -> Vec<(&'static str, i64)> {
    vec![("due-money", sum.due.0), ("paid", sum.paid.0), ("unpaid", sum.unpaid.0)]
}

fn row_of(row: &DueRow, today: Date) -> Row {
    let href = format!("/loans/{}", row.key.loan);
    let days = if row.unpaid.is_positive() { finance::days_between(row.due_on, today).max(0) } else { 0 };
    Row {
        key: format!("{}-{}", row.key.loan, row.no),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Strong(row.customer.clone()),
            Cell::Muted(row.identity_masked.clone()),
            Cell::Muted(row.phone_last.as_ref().map_or_else(|| "—".to_owned(), |last| format!("···{last}"))),
            Cell::Text(row.no.to_string()),
            Cell::Date(row.due_on),
            Cell::Money(row.due.0),
            Cell::Money(row.paid.0),
            Cell::Money(row.unpaid.0),
            Cell::Bucket(days),
            Cell::Text(row.manager.clone()),
        ],
        href,
    }
}

/// The whole list as a workbook; who took what is in the audit trail.
async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let scope = work.authorise("loan.export").map_err(ActionError::from)?;
    let spec = spec(&ui, &mut work, scope.branch).await?;
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let today = work.business_date;
    let conditions = store::conditions(&asked, scope, today);
    let rows = store::all(&mut work.tx, &conditions, &asked, EXPORT_ROWS).await?;
    let entry = Entry::new(None, "loan.export", "unpaid-list");
    work.audit(entry.after(json!({ "rows": rows.len(), "query": asked.for_trail(&spec) }))).await?;
    work.commit().await?;
    let title = ui.t("unpaid-title");
    let about = days(&ui, &asked, today);
    let cells: Vec<Row> = rows.iter().map(|row| row_of(row, today)).collect();
    let bytes = ui
        .workbook(&title, &[&title, &about], &spec, &asked, &cells)
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"unpaid-{today}.xlsx\"")),
    ];
    Ok((headers, bytes).into_response())
}
