//! The rows behind the control of repayments (还款受控明细), and who is called today (今日电话名单).

use axum::extract::RawQuery;
use axum::response::Response;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Control;
use super::store::{self, Held};
use super::{LIST, PAGE, rules};
use crate::desk::VIEW;
use crate::desk::card::list as cards;
use crate::ledger::export::EXPORT;
use crate::ledger::store::find;

/// The views in the order of their tabs.
const VIEWS: [&str; 6] = ["call", "open", "followed", "advanced", "paid", "all"];

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("control-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("phone", "unpaid-phone", ColumnKind::Text),
            Column::new("no", "schedule-no", ColumnKind::Text),
            Column::new("due", "schedule-due-on", ColumnKind::Date),
            Column::new("due-money", "repaycal-due", ColumnKind::Money),
            Column::new("unpaid", "repaycal-unpaid", ColumnKind::Money),
            Column::new("state", "control-state", ColumnKind::State),
            Column::new("card", "card-result-title", ColumnKind::State),
            Column::new("checked", "card-checked-on", ColumnKind::Date),
            Column::new("called", "control-called-on", ColumnKind::Date),
            Column::new("reached", "control-reached", ColumnKind::Text),
            Column::new("manager", "loan-manager", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("due", "schedule-due-on", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-instalments",
        ..ListSpec::default()
    }
}

/// The rows behind the control of repayments (还款受控明细).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/repayments/control/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "control-title",
    file: "repayment-control",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// Without dates the month until today; who is called, whenever it fell due.
fn conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let (asked, today) = (&wanted.query, work.business_date);
    let mut w = store::due(wanted.scope, today);
    let calls = !VIEWS[1..].contains(&asked.view.as_str());
    let (from, to) = match asked.dates("due") {
        (None, None) if !calls => (Some(today.first_of_month()), Some(today)),
        ends => ends,
    };
    if let Some(from) = from {
        w.and("i.due_on >= ?", [&from]);
    }
    if let Some(to) = to {
        w.and("i.due_on <= ?", [&to]);
    }
    match Control::parse(&asked.view) {
        Some(control) => store::only(&mut w, control, today),
        None if calls => store::to_call(&mut w, today),
        None => {}
    }
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let sum = store::sums(&mut work.tx, &w).await?;
    Ok(Sums { count: sum.count, totals: vec![("due-money", sum.due.0), ("unpaid", sum.unpaid.0)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let today = work.business_date;
    let found = store::rows(&mut work.tx, &w, &wanted.limit()).await?;
    Ok(found.into_iter().map(|one| row_of(ui, one, today)).collect())
}

/// How far it is under control: shape and word.
pub(super) fn badge(ui: &Ui, control: Control) -> (Html, String) {
    let (tone, icon) = match control {
        Control::Paid => (Tone::Ok, Icon::CircleCheck),
        Control::Advanced => (Tone::Accent, Icon::Coins),
        Control::Followed => (Tone::Watch, Icon::Clock),
        Control::Open => (Tone::Sub, Icon::AlertTriangle),
    };
    let word = ui.t(format!("control-{}", control.as_str()));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, one: Held, today: jiff::civil::Date) -> Row {
    let href = format!("/loans/{}", one.key.loan);
    let (state, state_word) = badge(ui, rules::control(&one.known, today));
    let reached =
        one.known.called_on.map(|_| ui.t(if one.reached { "control-reached-yes" } else { "control-reached-no" }));
    Row {
        key: format!("{}-{}", one.key.loan, one.no),
        cells: vec![
            Cell::Link(one.number, href.clone()),
            Cell::Strong(one.customer),
            Cell::Text(one.phone_last.unwrap_or_default()),
            Cell::Text(one.no.to_string()),
            Cell::Date(one.due_on),
            Cell::Money(one.due.0),
            Cell::Money(one.known.unpaid.0),
            Cell::State(state, state_word),
            one.card.map_or(Cell::None, |card| {
                let (badge, word) = cards::badge(ui, card);
                Cell::State(badge, word)
            }),
            Cell::date(one.known.checked_on),
            Cell::date(one.known.called_on),
            Cell::Text(reached.unwrap_or_default()),
            Cell::Text(one.manager),
        ],
        href,
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("control-none"),
        text: ui.t("control-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let mut tools = shown.tools();
    let sheet = Button::link(Look::Secondary, ui.t("day-title"), PAGE).icon(Icon::CalendarEvent);
    tools.push(&ui.button(sheet));
    let page = Page::new(ui.t("control-title"), "desk-day").subtitle(ui.t("control-subtitle")).actions(tools);
    shown.answer(&visit, &page)
}
