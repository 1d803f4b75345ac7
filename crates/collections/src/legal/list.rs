//! The list of legal files: what runs, what it has cost.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::DataScope;
use platform::args;
use platform::audit::Entry;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::page::list::{
    Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort, View,
};
use platform::page::{Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError, xlsx};
use serde_json::json;

use super::store::{self, FileRow};

/// Where the list is.
pub const LIST: &str = "/collections/legal";
/// The most rows of one export.
const EXPORT_ROWS: i64 = 100_000;
/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["open", "closed", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, "loan.view", index, spec).get("/collections/legal/export.xlsx", "loan.export", export)
}

#[derive(Template)]
#[template(path = "legal/list.html")]
struct Body {
    list: Html,
}

fn spec(ui: &Ui) -> ListSpec {
    let views =
        VIEWS.iter().map(|id| View { id: (*id).to_owned(), text: ui.t(format!("legal-view-{id}")), ..View::default() });
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("ground", "legal-ground", ColumnKind::Text),
            Column::new("opened", "legal-opened-on", ColumnKind::Date).sortable(),
            Column::new("last", "legal-last", ColumnKind::Text),
            Column::new("last-on", "legal-last-on", ColumnKind::Date),
            Column::new("balance", "loan-balance", ColumnKind::Money).sortable(),
            Column::new("cost", "legal-cost", ColumnKind::Money),
            Column::new("oldest", "loan-oldest-due", ColumnKind::Date),
            Column::new("state", "legal-state", ColumnKind::State),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("opened", "legal-opened-on", FilterKind::Dates),
        ],
        views: views.collect(),
        default_sort: Some(Sort { column: "opened", descending: true }),
        export: Some("/collections/legal/export.xlsx".to_owned()),
        counted: "list-legal-files",
        ..ListSpec::default()
    }
}

fn conditions(asked: &ListQuery, scope: DataScope) -> Conditions {
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "closed" => w.and_values("f.closed_on is not null", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("f.closed_on is null", args![]),
    };
    for (column, id) in
        [("v.branch_id = ?", scope.branch), ("v.team_id = ?", scope.team), ("v.manager_id = ?", scope.manager)]
    {
        if id != 0 {
            w.and_values(column, args![id]);
        }
    }
    let (from, to) = asked.dates("opened");
    if let Some(from) = from {
        w.and_values("f.opened_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("f.opened_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
        w.and_values("(lower(v.number) like ? or lower(k.name) like ? or k.pinyin like ?)", {
            args![part.clone(), part.clone(), part]
        });
    }
    w
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { column: "balance", descending: true }) => "v.principal_fen desc",
        Some(Sort { column: "balance", .. }) => "v.principal_fen",
        Some(Sort { descending: false, .. }) => "f.opened_on",
        Some(_) | None => "f.opened_on desc",
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let scope = work.authorise("loan.view").map_err(ActionError::from)?;
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let conditions = conditions(&asked, scope);
    let offset = i64::from(asked.page.saturating_sub(1)) * i64::from(asked.size);
    let rows = store::page(&mut work.tx, &conditions, order(&asked), i64::from(asked.size), offset).await?;
    let (count, principal, cost) = store::totals(&mut work.tx, &conditions).await?;
    let of_page = |of: fn(&FileRow) -> i64| rows.iter().map(of).sum();
    let result = ListPage {
        page_totals: vec![("balance", of_page(|row| row.principal.0)), ("cost", of_page(|row| row.cost.0))],
        rows: rows.iter().map(|row| row_of(&ui, row)).collect(),
        totals: vec![("balance", principal), ("cost", cost)],
        count,
        empty: Some(Empty {
            icon: Some(Icon::Gavel),
            title: ui.t("legal-none"),
            text: ui.t("legal-none-text"),
            step: None,
        }),
    };
    let page = Page::new(ui.t("legal-title"), "legal")
        .subtitle(ui.t1("as-of-business-date", "on", work.business_date))
        .actions(ui.list_tools(&spec, &asked, count));
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    visit.page(&page, &Body { list: ui.list(&spec, &asked, &result) })
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.begin().await?;
    let scope = work.authorise("loan.export").map_err(ActionError::from)?;
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let rows = store::page(&mut work.tx, &conditions(&asked, scope), order(&asked), EXPORT_ROWS, 0).await?;
    let entry = Entry::new(None, "loan.export", "legal-files");
    work.audit(entry.after(json!({ "rows": rows.len(), "query": asked.for_trail(&spec) }))).await?;
    let today = work.business_date;
    work.commit().await?;
    let title = ui.t("legal-title");
    let about = ui.t1("as-of-business-date", "on", today);
    let cells: Vec<Row> = rows.iter().map(|row| row_of(&ui, row)).collect();
    let bytes = ui
        .workbook(&title, &[&title, &about], &spec, &asked, &cells)
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(xlsx(&format!("legal-{today}.xlsx"), bytes))
}

fn row_of(ui: &Ui, row: &FileRow) -> Row {
    let href = format!("/loans/{}/legal", row.loan);
    let (tone, icon, word) = match row.closed_on {
        None => (Tone::Accent, Icon::Gavel, ui.t("legal-view-open")),
        Some(_) => (Tone::Neutral, Icon::Archive, ui.t("legal-view-closed")),
    };
    Row {
        key: row.loan.to_string(),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Strong(row.customer.clone()),
            Cell::Text(ui.t(format!("legal-ground-{}", row.ground.as_str()))),
            Cell::Date(row.opened_on),
            row.last.as_ref().map_or(Cell::None, |(kind, _)| Cell::Text(ui.t(format!("legal-means-{kind}")))),
            Cell::date(row.last.as_ref().map(|(_, on)| *on)),
            Cell::Money(row.principal.0),
            Cell::Money(row.cost.0),
            Cell::date(row.oldest_due_on),
            Cell::State(ui.badge(tone, icon, &word), word),
        ],
        href,
    }
}
