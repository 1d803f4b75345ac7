//! The lists of advances, with the sums of the page and of the whole result; shown and exported.

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

use super::model::{AdvanceListId, ListState};
use super::{DRAW, LIST, page_of};
use crate::desk::VIEW;
use crate::ledger::export::EXPORT;

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["open", "signed", "paid", "ended", "all"];

const HEAD: &str = "select a.id, a.number, a.month, a.state, a.effective_on, a.checked_on, a.signed_on, a.paid_on, \
     coalesce(u.name, '') as maker, coalesce(k.name, '') as checker, coalesce(s.name, '') as cashier, \
     (select count(*) from advance r where r.list_id = a.id and r.state in ('listed', 'paid')) as n, \
     (select cast(coalesce(sum(r.amount_fen), 0) as bigint) from advance r \
       where r.list_id = a.id and r.state in ('listed', 'paid')) as amount_fen \
     from advance_list a left join user_view u on u.id = a.made_by left join user_view k on k.id = a.checked_by \
     left join user_view s on s.id = a.paid_by";

const SUMS: &str = "select count(distinct a.id) as n, cast(coalesce(sum(r.amount_fen), 0) as bigint) as amount_fen \
     from advance_list a left join advance r on r.list_id = a.id and r.state in ('listed', 'paid')";

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("advance-view-{id}")), ..View::default() };
    let states = ListState::ALL.iter().map(|state| Choice::new(state.as_str(), word(ui, *state)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "advance-number", ColumnKind::Text),
            Column::new("month", "advance-month", ColumnKind::Text),
            Column::new("rows", "advance-rows", ColumnKind::Count),
            Column::new("amount", "advance-amount", ColumnKind::Money),
            Column::new("state", "advance-state", ColumnKind::State),
            Column::new("maker", "advance-maker", ColumnKind::Text),
            Column::new("checker", "advance-checker", ColumnKind::Text),
            Column::new("signed_on", "advance-signed-on", ColumnKind::Date),
            Column::new("cashier", "advance-cashier", ColumnKind::Text),
            Column::new("paid_on", "advance-paid-on", ColumnKind::Date),
        ],
        filters: vec![
            Filter::new("month", "advance-month", FilterKind::Text),
            Filter::new("state", "advance-state", FilterKind::Choice(states.collect())),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "advance-count",
        ..ListSpec::default()
    }
}

/// The lists of advances (垫款清单列表).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/advances/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "advance-title",
    file: "advance-lists",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn word(ui: &Ui, state: ListState) -> String {
    ui.t(format!("advance-state-{}", state.as_str()))
}

/// Where a list stands: shape and word.
pub(super) fn badge(ui: &Ui, state: ListState) -> (Html, String) {
    let (tone, icon) = match state {
        ListState::Drawn => (Tone::Accent, Icon::Edit),
        ListState::Checked => (Tone::Info, Icon::Check),
        ListState::Submitted => (Tone::Watch, Icon::Clock),
        ListState::Signed => (Tone::Accent, Icon::Cash),
        ListState::Paid => (Tone::Ok, Icon::CircleCheck),
        ListState::Refused => (Tone::Sub, Icon::Ban),
        ListState::Dropped => (Tone::Neutral, Icon::Archive),
    };
    let word = word(ui, state);
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, row: &DbRow) -> Result<Row, StoreError> {
    let id: AdvanceListId = row.get("id")?;
    let (badge, word) = badge(ui, row.get("state")?);
    let cells = vec![
        Cell::Link(row.get("number")?, page_of(id)),
        Cell::Strong(row.get("month")?),
        Cell::Count(row.get("n")?),
        Cell::Money(row.get("amount_fen")?),
        Cell::State(badge, word),
        Cell::Text(row.get("maker")?),
        Cell::Text(row.get("checker")?),
        Cell::date(row.get("signed_on")?),
        Cell::Text(row.get("cashier")?),
        Cell::date(row.get("paid_on")?),
    ];
    Ok(Row { key: id.to_string(), cells, href: page_of(id) })
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (scope, asked) = (wanted.scope, &wanted.query);
    let mut w = Conditions::new();
    if scope.branch != 0 {
        w.and_values("a.branch_id = ?", args![scope.branch]);
    }
    // A list is of no single person.
    if scope.team != 0 || scope.manager != 0 {
        w.and_values("1 = 0", args![]);
    }
    match asked.view.as_str() {
        "signed" => w.and_values("a.state = 'signed'", args![]),
        "paid" => w.and_values("a.state = 'paid'", args![]),
        "ended" => w.and_values("a.state in ('refused', 'dropped')", args![]),
        "all" => &mut w,
        _ => w.and_values("a.state in ('drawn', 'checked', 'submitted', 'signed')", args![]),
    };
    w.one_of("a.state", asked.choice("state"));
    if let Some(month) = asked.text("month") {
        w.and_values("a.month = ?", args![month.to_owned()]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("amount", row.get("amount_fen")?)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by a.month desc, a.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty =
        Empty { icon: Some(Icon::Coins), title: ui.t("advance-none"), text: ui.t("advance-none-text"), step: None };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let debts = Button::link(Look::Secondary, ui.t("advance-debts-title"), super::debts::LIST).icon(Icon::Notebook);
    tools.push(&ui.button(debts));
    if visit.may(DRAW) {
        let new = Button::link(Look::Primary, ui.t("advance-new"), format!("{LIST}/new")).icon(Icon::Plus);
        tools.push(&ui.button(new));
    }
    let page = Page::new(ui.t("advance-title"), "advances").subtitle(ui.t("advance-subtitle")).actions(tools);
    shown.answer(&visit, &page)
}
