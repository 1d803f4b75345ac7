//! The list of legal files: what runs, what it has cost.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View};
use platform::page::{Icon, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::store::{self, FileRow};
use crate::listing::{self, LOAN_EXPORT, LOAN_VIEW};

/// Where the list is.
pub const LIST: &str = "/collections/legal";
/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["open", "closed", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, LOAN_VIEW, index, spec).exports(&LISTED)
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
        counted: "list-legal-files",
        ..ListSpec::default()
    }
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, asked) = (listing::loans_within(wanted.scope), &wanted.query);
    w.one_of("f.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "closed" => w.and_values("f.closed_on is not null", args![]),
        "all" => &mut w,
        _ => w.and_values("f.closed_on is null", args![]),
    };
    listing::between(&mut w, asked.dates("opened"), ["f.opened_on >= ?", "f.opened_on <= ?"]);
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

/// The legal files (法律档案清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/legal/export.xlsx",
    view: LOAN_VIEW,
    export: LOAN_EXPORT,
    act: LOAN_EXPORT,
    title: "legal-title",
    file: "legal",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let (count, principal, cost) = store::totals(&mut work.tx, &conditions(wanted)).await?;
    Ok(Sums { count, totals: vec![("balance", principal), ("cost", cost)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let rows = store::page(&mut work.tx, &conditions(wanted), order(&wanted.query), most, from).await?;
    Ok(rows.iter().map(|row| row_of(ui, row)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Gavel, ui.t("legal-none"), ui.t("legal-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "legal")
}

fn row_of(ui: &Ui, row: &FileRow) -> Row {
    let href = format!("/loans/{}/legal", row.loan);
    let (tone, icon, word) = match row.closed_on {
        None => (Tone::Accent, Icon::Gavel, ui.t("legal-view-open")),
        Some(_) => (Tone::Neutral, Icon::Archive, ui.t("legal-view-closed")),
    };
    Row {
        key: row.id.to_string(),
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
