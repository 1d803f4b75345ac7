//! The list of all letters: those nobody has signed for are open items (S2.2-03).

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, Sort, View};
use platform::page::{Choice, Html, Icon, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{LetterKind, LetterState};
use super::store::{self, LetterRow};
use crate::listing::{self, LOAN_EXPORT, LOAN_VIEW};

/// Where the list is.
pub const LIST: &str = "/collections/letters";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "to-send", "to-file", "all"];

/// The list and its export.
pub fn routes() -> Routes {
    Routes::new().list(LIST, LOAN_VIEW, index, spec).exports(&LISTED)
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
        counted: "list-letters",
        ..ListSpec::default()
    }
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, scope, asked) = (Conditions::new(), wanted.scope, &wanted.query);
    let own = [("l.branch_id = ?", scope.branch), ("l.team_id = ?", scope.team), ("l.manager_id = ?", scope.manager)];
    for (column, id) in own.into_iter().filter(|(_, id)| *id != 0) {
        w.and_values(column, args![id]);
    }
    w.one_of("l.id", &wanted.picked_numbers());
    let of = |wanted: fn(LetterState) -> bool| -> Vec<LetterState> {
        LetterState::ALL.into_iter().filter(|state| wanted(*state)).collect()
    };
    match asked.view.as_str() {
        "to-send" => w.one_of("l.state", &[LetterState::Generated]),
        "to-file" => w.one_of("l.state", &[LetterState::Signed]),
        "all" => w.one_of("l.state", &LetterState::ALL),
        _ => w.one_of("l.state", &of(LetterState::is_open)),
    };
    let kinds: Vec<LetterKind> = asked.choice("kind").iter().filter_map(|kind| LetterKind::parse(kind)).collect();
    if !kinds.is_empty() {
        w.one_of("l.kind", &kinds);
    }
    listing::between(&mut w, asked.dates("issued"), ["l.effective_on >= ?", "l.effective_on <= ?"]);
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

/// The letters (函件清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/letters/export.xlsx",
    view: LOAN_VIEW,
    export: LOAN_EXPORT,
    act: LOAN_EXPORT,
    title: "letter-title",
    file: "letters",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let (count, total) = store::totals(&mut work.tx, &conditions(wanted)).await?;
    Ok(Sums { count, totals: vec![("total", total)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (from, most) = wanted.part;
    let rows = store::page(&mut work.tx, &conditions(wanted), order(&wanted.query), most, from).await?;
    Ok(rows.iter().map(|row| row_of(ui, row)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::Mail, ui.t("letter-none"), ui.t("letter-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "letters")
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
