//! The list of all clocks: what ends soon first; filtered, exported.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::audit::Entry;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View,
};
use platform::page::{Empty, Html, Icon, Page, Ui};
use platform::policies::{self, PolicyError};
use platform::web::{Routes, Visit, WebError, xlsx};
use platform::work::Work;
use serde_json::json;

use super::pages::state_badge;
use super::rules::Periods;
use super::store::{self, ClockRow};

/// Where the list is.
pub const LIST: &str = "/collections/clocks";
/// The most rows of one export.
const EXPORT_ROWS: i64 = 100_000;
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["warned", "running", "ended", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, "loan.view", index, spec).get("/collections/clocks/export.xlsx", "loan.export", export)
}

#[derive(Template)]
#[template(path = "limitation/list.html")]
struct ListBody {
    list: Html,
}

fn spec(ui: &Ui) -> ListSpec {
    let views = VIEWS.iter().map(|id| View {
        id: (*id).to_owned(),
        text: ui.t(format!("limitation-view-{id}")),
        ..View::default()
    });
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("against", "limitation-against", ColumnKind::Text),
            Column::new("state", "limitation-state", ColumnKind::State),
            Column::new("until", "limitation-until", ColumnKind::Date).sortable(),
            Column::new("left", "limitation-left", ColumnKind::Count),
            Column::new("balance", "loan-balance", ColumnKind::Money).sortable(),
            Column::new("oldest", "loan-oldest-due", ColumnKind::Date),
            Column::new("manager", "loan-manager", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("until", "limitation-until", FilterKind::Dates),
        ],
        views: views.collect(),
        default_sort: Some(Sort { column: "until", descending: false }),
        export: Some("/collections/clocks/export.xlsx".to_owned()),
        counted: "list-clocks",
        ..ListSpec::default()
    }
}

fn conditions(asked: &ListQuery, scope: DataScope, today: Date, first_warning: i64) -> Conditions {
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "running" => w.and_values("c.state in ('running', 'held', 'kept')", args![]),
        "ended" => w.and_values("c.state in ('expired', 'lost')", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => {
            let until = finance::add_days(today, first_warning).unwrap_or(Date::MAX);
            w.and_values("c.state in ('running', 'kept') and c.until_on >= ? and c.until_on <= ?", args![today, until])
        }
    };
    for (column, id) in [("v.branch_id = ?", scope.branch), ("v.team_id = ?", scope.team)] {
        if id != 0 {
            w.and_values(column, args![id]);
        }
    }
    if scope.manager != 0 {
        w.and_values("v.manager_id = ?", args![scope.manager]);
    }
    let (from, to) = asked.dates("until");
    if let Some(from) = from {
        w.and_values("c.until_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("c.until_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
        w.and_values("(lower(v.number) like ? or lower(k.name) like ? or k.pinyin like ? or lower(c.whom) like ?)", {
            args![part.clone(), part.clone(), part.clone(), part]
        });
    }
    w
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { column: "balance", descending: true }) => "v.principal_fen desc",
        Some(Sort { column: "balance", .. }) => "v.principal_fen",
        Some(Sort { descending: true, .. }) => "c.until_on desc",
        Some(_) | None => "case when c.until_on is null then 1 else 0 end, c.until_on",
    }
}

async fn asked_for(
    ui: &Ui,
    work: &mut Work,
    query: Option<String>,
    action: &str,
) -> Result<(ListSpec, ListQuery, Conditions), WebError> {
    let scope = work.authorise(action).map_err(ActionError::from)?;
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let periods = Periods::read(policy.edition(today)).map_err(PolicyError::from);
    let first = periods.map_err(ActionError::from)?.warn_days.first().copied().unwrap_or(0);
    let spec = spec(ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let conditions = conditions(&asked, scope, today, first);
    Ok((spec, asked, conditions))
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (spec, asked, conditions) = asked_for(&ui, &mut work, query, "loan.view").await?;
    let today = work.business_date;
    let offset = i64::from(asked.page.saturating_sub(1)) * i64::from(asked.size);
    let rows = store::page(&mut work.tx, &conditions, order(&asked), i64::from(asked.size), offset).await?;
    let count = store::count(&mut work.tx, &conditions).await?;
    let result = ListPage {
        rows: rows.iter().map(|row| row_of(&ui, row, today)).collect(),
        count,
        empty: Some(Empty {
            icon: Some(Icon::CircleCheck),
            title: ui.t("limitation-none"),
            text: ui.t("limitation-none-text"),
            step: None,
        }),
        ..ListPage::default()
    };
    let page = Page::new(ui.t("limitation-title"), "clocks")
        .subtitle(ui.t1("as-of-business-date", "on", today))
        .actions(ui.list_tools(&spec, &asked, count));
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    visit.page(&page, &ListBody { list: ui.list(&spec, &asked, &result) })
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let (spec, asked, conditions) = asked_for(&ui, &mut work, query, "loan.export").await?;
    let today = work.business_date;
    let rows = store::page(&mut work.tx, &conditions, order(&asked), EXPORT_ROWS, 0).await?;
    let entry = Entry::new(None, "loan.export", "limitation-clocks");
    work.audit(entry.after(json!({ "rows": rows.len(), "query": asked.for_trail(&spec) }))).await?;
    work.commit().await?;
    let title = ui.t("limitation-title");
    let about = ui.t1("as-of-business-date", "on", today);
    let cells: Vec<Row> = rows.iter().map(|row| row_of(&ui, row, today)).collect();
    let bytes = ui
        .workbook(&title, &[&title, &about], &spec, &asked, &cells)
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(xlsx(&format!("clocks-{today}.xlsx"), bytes))
}

fn row_of(ui: &Ui, row: &ClockRow, today: Date) -> Row {
    let href = format!("/loans/{}/clocks", row.key.loan);
    let (badge, word) = state_badge(ui, &row.state, row.whom.is_empty());
    let left = row.until.map(|until| finance::days_between(today, until)).filter(|left| *left >= 0);
    Row {
        key: format!("{}-{}", row.key.loan, row.whom),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Strong(row.customer.clone()),
            Cell::Text(if row.whom.is_empty() {
                ui.t("limitation-debtor")
            } else {
                ui.t1("limitation-guarantor", "name", &row.whom)
            }),
            Cell::State(badge, word),
            Cell::date(row.until),
            left.map_or(Cell::None, Cell::Count),
            Cell::Money(row.principal.0),
            Cell::date(row.oldest_due_on),
            Cell::Text(row.manager.clone()),
        ],
        href,
    }
}
