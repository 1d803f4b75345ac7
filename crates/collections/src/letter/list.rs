//! The list of all letters: those nobody has signed for are open items (S2.2-03).

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
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError, xlsx};
use serde_json::json;

use super::model::{LetterKind, LetterState};
use super::store::{self, LetterRow};

/// Where the list is.
pub const LIST: &str = "/collections/letters";
/// The most rows of one export.
const EXPORT_ROWS: i64 = 100_000;
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "to-send", "to-file", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, "loan.view", index, spec).get("/collections/letters/export.xlsx", "loan.export", export)
}

#[derive(Template)]
#[template(path = "letter/list.html")]
struct Body {
    list: Html,
}

fn spec(ui: &Ui) -> ListSpec {
    let kinds =
        LetterKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), ui.t(format!("letter-{}", kind.as_str()))));
    let views = VIEWS.iter().map(|id| View {
        id: (*id).to_owned(),
        text: ui.t(format!("letter-view-{id}")),
        ..View::default()
    });
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "letter-number", ColumnKind::Text),
            Column::new("kind", "letter-kind", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("addressee", "letter-to", ColumnKind::Text),
            Column::new("loan", "loan-number", ColumnKind::Text),
            Column::new("total", "letter-total", ColumnKind::Money).sortable(),
            Column::new("issued", "letter-issued-on", ColumnKind::Date).sortable(),
            Column::new("state", "letter-state", ColumnKind::State),
            Column::new("since", "letter-since", ColumnKind::Date).sortable(),
            Column::new("by", "letter-by", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("kind", "letter-kind", FilterKind::Choice(kinds.collect())),
            Filter::new("issued", "letter-issued-on", FilterKind::Dates),
        ],
        views: views.collect(),
        default_sort: Some(Sort { column: "issued", descending: true }),
        export: Some("/collections/letters/export.xlsx".to_owned()),
        counted: "list-letters",
        ..ListSpec::default()
    }
}

fn conditions(asked: &ListQuery, scope: DataScope) -> Conditions {
    let mut w = Conditions::new();
    let of = |wanted: fn(LetterState) -> bool| -> Vec<LetterState> {
        LetterState::ALL.into_iter().filter(|state| wanted(*state)).collect()
    };
    match asked.view.as_str() {
        "to-send" => w.one_of("l.state", &[LetterState::Generated]),
        "to-file" => w.one_of("l.state", &[LetterState::Signed]),
        "all" => w.one_of("l.state", &LetterState::ALL),
        _ => w.one_of("l.state", &of(LetterState::is_open)),
    };
    for (column, id) in
        [("l.branch_id = ?", scope.branch), ("l.team_id = ?", scope.team), ("l.manager_id = ?", scope.manager)]
    {
        if id != 0 {
            w.and_values(column, args![id]);
        }
    }
    let kinds: Vec<LetterKind> = asked.choice("kind").iter().filter_map(|kind| LetterKind::parse(kind)).collect();
    if !kinds.is_empty() {
        w.one_of("l.kind", &kinds);
    }
    let (from, to) = asked.dates("issued");
    if let Some(from) = from {
        w.and_values("l.effective_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("l.effective_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
        let all = args![part.clone(), part.clone(), part.clone(), part];
        w.and_values(
            "(lower(l.number) like ? or lower(v.number) like ? or lower(k.name) like ? or k.pinyin like ?)",
            all,
        );
    }
    w
}

fn order(asked: &ListQuery) -> &'static str {
    match asked.sort {
        Some(Sort { column: "total", descending: true }) => "l.total_fen desc",
        Some(Sort { column: "total", .. }) => "l.total_fen",
        Some(Sort { column: "since", descending: true }) => "l.state_on desc",
        Some(Sort { column: "since", .. }) => "l.state_on",
        Some(Sort { descending: false, .. }) => "l.effective_on",
        Some(_) | None => "l.effective_on desc",
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
    let (count, total) = store::totals(&mut work.tx, &conditions).await?;
    let result = ListPage {
        page_totals: vec![("total", rows.iter().map(|row| row.total.0).sum())],
        rows: rows.iter().map(|row| row_of(&ui, row)).collect(),
        totals: vec![("total", total)],
        count,
        empty: Some(Empty {
            icon: Some(Icon::Mail),
            title: ui.t("letter-none"),
            text: ui.t("letter-none-text"),
            step: None,
        }),
    };
    let page = Page::new(ui.t("letter-title"), "letters")
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
    let entry = Entry::new(None, "loan.export", "letters");
    work.audit(entry.after(json!({ "rows": rows.len(), "query": asked.for_trail(&spec) }))).await?;
    let today = work.business_date;
    work.commit().await?;
    let title = ui.t("letter-title");
    let about = ui.t1("as-of-business-date", "on", today);
    let cells: Vec<Row> = rows.iter().map(|row| row_of(&ui, row)).collect();
    let bytes = ui
        .workbook(&title, &[&title, &about], &spec, &asked, &cells)
        .map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(xlsx(&format!("letters-{today}.xlsx"), bytes))
}

fn row_of(ui: &Ui, row: &LetterRow) -> Row {
    let href = format!("/letters/{}", row.id);
    let (badge, word) = state_badge(ui, row.state);
    Row {
        key: row.id.to_string(),
        cells: vec![
            Cell::Link(row.number.clone(), href.clone()),
            Cell::Text(ui.t(format!("letter-{}", row.kind))),
            Cell::Strong(row.customer.clone()),
            Cell::Text(row.addressee.clone()),
            Cell::Link(row.loan_number.clone(), format!("/loans/{}", row.loan)),
            Cell::Money(row.total.0),
            Cell::Date(row.issued_on),
            Cell::State(badge, word),
            Cell::Date(row.state_on),
            Cell::Text(row.by.clone()),
        ],
        href,
    }
}

/// A state as badge and word.
pub(super) fn state_badge(ui: &Ui, state: LetterState) -> (Html, String) {
    let (tone, icon) = match state {
        LetterState::Generated => (Tone::Accent, Icon::FileText),
        LetterState::Sent => (Tone::Watch, Icon::Mail),
        LetterState::Delivered => (Tone::Watch, Icon::CircleCheck),
        LetterState::Signed => (Tone::Ok, Icon::Signature),
        LetterState::Returned => (Tone::Sub, Icon::ArrowBackUp),
        LetterState::Filed => (Tone::Ok, Icon::Archive),
        LetterState::Void => (Tone::Neutral, Icon::Ban),
    };
    let word = ui.t(format!("letter-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}
