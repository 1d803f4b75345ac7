//! The list of what falls due on a day (当日未还清单, S2.19-02): unpaid, paid, all; filtered, summed, exported.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::store as access;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted};
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View, address,
};
use platform::page::{Button, Choice, Empty, Html, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::pages::CALENDAR;
use super::store::{self, DueRow};

/// Where the list is.
pub(super) const LIST: &str = "/repayments/unpaid";
const VIEWS: [&str; 3] = ["unpaid", "paid", "all"];

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, "loan.view", index, |ui| spec_with(ui, Vec::new())).exports(&LISTED)
}

/// What falls due (当日未还清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/repayments/unpaid/export.xlsx",
    view: "loan.view",
    export: "loan.export",
    act: "loan.export",
    title: "unpaid-title",
    file: "unpaid",
    whole: false,
    spec: |work, ui, _| Box::pin(spec(work, ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: Some(|work, ui, asked| vec![ui.t("unpaid-title"), days(ui, asked, work.business_date)]),
};

async fn spec(work: &mut Work, ui: &Ui) -> Result<ListSpec, ActionError> {
    let branch = work.authorise("loan.view")?.branch;
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
            Column::new("card", "card-result-title", ColumnKind::State),
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
        counted: "list-instalments",
        ..ListSpec::default()
    }
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = store::conditions(&wanted.query, wanted.scope, work.business_date);
    let sum = store::totals(&mut work.tx, &w).await?;
    let totals = vec![("due-money", sum.due.0), ("paid", sum.paid.0), ("unpaid", sum.unpaid.0)];
    Ok(Sums { count: sum.instalments, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let today = work.business_date;
    let w = store::conditions(&wanted.query, wanted.scope, today);
    let found = store::part(&mut work.tx, &w, &wanted.query, &wanted.limit()).await?;
    Ok(found.iter().map(|row| row_of(ui, row, today)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, today) = (visit.ui(), visit.business_date);
    let empty =
        Empty { icon: Some(Icon::CircleCheck), title: ui.t("unpaid-none"), text: ui.t("unpaid-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = neighbours(&ui, &shown.asked, today);
    tools.push(&shown.tools());
    let page =
        Page::new(ui.t("unpaid-title"), "repayment-calendar").subtitle(days(&ui, &shown.asked, today)).actions(tools);
    shown.answer(&visit, &page)
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

fn row_of(ui: &Ui, row: &DueRow, today: Date) -> Row {
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
            row.card.map_or(Cell::None, |result| {
                let (badge, word) = crate::desk::card::list::badge(ui, result);
                Cell::State(badge, word)
            }),
            Cell::Text(row.manager.clone()),
        ],
        href,
    }
}
