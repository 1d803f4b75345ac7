//! The list of classification runs, with the sums of the page and of the whole result; shown and exported.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{RunId, RunState};
use super::{LIST, PREPARE, VIEW, items, page_of};
use crate::ledger::export::EXPORT;

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "approved", "ended", "all"];

// The counts of its latest step: rows of a run, never of its loans.
const HEAD: &str = "select r.id, r.number, r.as_of, r.state, r.proposed_on, r.reviewed_on, r.approved_on, \
     coalesce(b.name, '') as branch, coalesce(u.name, '') as maker, coalesce(k.name, '') as reviewer, \
     (select cast(coalesce(sum(c.loans), 0) as bigint) from classification_count c where c.run_id = r.id \
       and c.step = 'drawn') as loans, \
     (select cast(coalesce(sum(c.principal_fen), 0) as bigint) from classification_count c where c.run_id = r.id \
       and c.step = 'drawn') as principal_fen \
     from classification_run r left join branch_view b on b.id = r.branch_id left join user_view u on u.id = r.made_by \
     left join user_view k on k.id = r.reviewed_by";

const SUMS: &str = "select count(*) as n from classification_run r";

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("classification-view-{id}")), ..View::default() };
    let states = RunState::ALL.iter().map(|state| Choice::new(state.as_str(), word(ui, *state)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "classification-number", ColumnKind::Text),
            Column::new("branch", "classification-branch", ColumnKind::Text),
            Column::new("as_of", "classification-as-of", ColumnKind::Date),
            Column::new("loans", "classification-loans", ColumnKind::Count),
            Column::new("balance", "loan-balance", ColumnKind::Money),
            Column::new("state", "classification-state", ColumnKind::State),
            Column::new("maker", "classification-maker", ColumnKind::Text),
            Column::new("reviewer", "classification-reviewer", ColumnKind::Text),
            Column::new("approved_on", "classification-approved-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("state", "classification-state", FilterKind::Choice(states.collect())),
            Filter::new("as_of", "classification-as-of", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "classification-count",
        ..ListSpec::default()
    }
}

/// The classification runs (分类认定列表).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/classifications/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "classification-title",
    file: "classifications",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn word(ui: &Ui, state: RunState) -> String {
    ui.t(format!("classification-state-{}", state.as_str()))
}

/// Where a run stands: shape and word.
pub(super) fn badge(ui: &Ui, state: RunState) -> (Html, String) {
    let (tone, icon) = match state {
        RunState::Drawn => (Tone::Accent, Icon::Edit),
        RunState::Proposed => (Tone::Info, Icon::ListCheck),
        RunState::Submitted => (Tone::Watch, Icon::Clock),
        RunState::Approved => (Tone::Ok, Icon::CircleCheck),
        RunState::Refused => (Tone::Sub, Icon::Ban),
        RunState::Dropped => (Tone::Neutral, Icon::Archive),
    };
    let word = word(ui, state);
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: RunId = row.get("id")?;
    let (badge, word) = badge(ui, row.get("state")?);
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("branch")?),
        Cell::Date(row.get("as_of")?),
        Cell::Count(row.get("loans")?),
        Cell::Money(row.get("principal_fen")?),
        Cell::State(badge, word),
        Cell::Text(row.get("maker")?),
        Cell::Text(row.get("reviewer")?),
        Cell::date(row.get("approved_on")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (scope, asked) = (wanted.scope, &wanted.query);
    let mut w = Conditions::new();
    if scope.branch != 0 {
        w.and_values("r.branch_id = ?", args![scope.branch]);
    }
    // A run is of no single person.
    if scope.team != 0 || scope.manager != 0 {
        w.and_values("1 = 0", args![]);
    }
    match asked.view.as_str() {
        "approved" => w.and_values("r.state = 'approved'", args![]),
        "ended" => w.and_values("r.state in ('refused', 'dropped')", args![]),
        "all" => &mut w,
        _ => w.and_values("r.state in ('drawn', 'proposed', 'submitted')", args![]),
    };
    w.one_of("r.state", asked.choice("state"));
    let (from, to) = asked.dates("as_of");
    if let Some(from) = from {
        w.and_values("r.as_of >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("r.as_of <= ?", args![to]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    Ok(row.get::<i64>("n")?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by r.as_of desc, r.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::ListCheck),
        title: ui.t("classification-none"),
        text: ui.t("classification-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let loans = Button::link(Look::Secondary, ui.t("classification-items-title"), items::PATH).icon(Icon::ListDetails);
    tools.push(&ui.button(loans));
    if visit.may(PREPARE) {
        let new = Button::link(Look::Primary, ui.t("classification-new"), format!("{LIST}/new")).icon(Icon::Plus);
        tools.push(&ui.button(new));
    }
    let page = Page::new(ui.t("classification-title"), "classifications")
        .subtitle(ui.t("classification-subtitle"))
        .actions(tools);
    shown.answer(&visit, &page)
}
