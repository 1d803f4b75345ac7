//! The register of guarantees: what stands, what is overdue or paid, and everything.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{GuaranteeId, Side, State};
use super::{LIST, tab_of};
use crate::customer::store::within;
use crate::lead::policy::title;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["standing", "overdue", "compensated", "ended", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("guarantee-view-{id}")), ..View::default() };
    let sides = Side::ALL.iter().map(|side| Choice::new(side.as_str(), side_word(ui, *side)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "guarantee-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("side", "guarantee-side", ColumnKind::Text),
            Column::new("kind", "guarantee-kind", ColumnKind::Text),
            Column::new("beneficiary", "guarantee-beneficiary", ColumnKind::Text),
            Column::new("project", "guarantee-project", ColumnKind::Text),
            Column::new("amount", "guarantee-amount", ColumnKind::Money),
            Column::new("left", "guarantee-left", ColumnKind::Money),
            Column::new("lost", "guarantee-lost", ColumnKind::Money),
            Column::new("from", "guarantee-from", ColumnKind::Date),
            Column::new("until", "guarantee-until", ColumnKind::Date),
            Column::new("state", "guarantee-state", ColumnKind::State),
        ],
        filters: vec![Filter::new("side", "guarantee-side", FilterKind::Choice(sides.collect()))],
        views: VIEWS.iter().map(view).collect(),
        counted: "guarantee-count",
        ..ListSpec::default()
    }
}

/// The guarantees (担保登记簿).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/guarantees/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "guarantees-title",
    file: "guarantees",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let mut w = within(wanted.scope);
    w.one_of("g.id", &wanted.picked_numbers());
    w.one_of("g.side", wanted.query.choice("side"));
    match wanted.query.view.as_str() {
        "overdue" => w.and_values("g.left_fen > 0 and g.mark = 'overdue'", args![]),
        "compensated" => w.and_values("g.lost_fen > 0 and g.struck = 0", args![]),
        "ended" => w.and_values("g.left_fen = 0 and (g.lost_fen <= 0 or g.struck > 0)", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("g.left_fen > 0", args![]),
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n, \
                   cast(coalesce(sum(case when g.struck > 0 then 0 else g.amount_fen end), 0) as bigint) as amount_fen, \
                   cast(coalesce(sum(g.left_fen), 0) as bigint) as left_fen, \
                   cast(coalesce(sum(case when g.struck > 0 then 0 else g.lost_fen end), 0) as bigint) as lost_fen \
                   from guarantee_now_view g join customer c on c.customer_id = g.customer_id";
    let row = work.tx.fetch_one(w.select(counted, ""), w.args()).await?;
    let totals =
        vec![("amount", row.get("amount_fen")?), ("left", row.get("left_fen")?), ("lost", row.get("lost_fen")?)];
    Ok(Sums { count: row.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (w, today) = (conditions(wanted), work.business_date);
    let head = "select g.customer_id, g.id, g.number, g.side, g.kind, g.beneficiary, g.project, g.amount_fen, \
                g.left_fen, g.lost_fen, g.from_on, g.until_on, g.struck, g.mark, c.name from guarantee_now_view g \
                join customer c on c.customer_id = g.customer_id";
    let tail = format!("order by g.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let rules = match policies::in_force(work, today).await {
        Ok(rules) => Some(rules),
        Err(ActionError::Refused(_)) => None,
        Err(broken) => return Err(broken),
    };
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row)).collect::<Result<Vec<_>, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::ShieldCheck),
        title: ui.t("guarantee-none"),
        text: ui.t("guarantee-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page =
        Page::new(ui.t("guarantees-title"), "guarantees").subtitle(ui.t("guarantee-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}

/// Whose debt is guaranteed, in words.
pub(super) fn side_word(ui: &Ui, side: Side) -> String {
    ui.t(match side {
        Side::ForCustomer => "guarantee-side-for-customer",
        Side::ByCustomer => "guarantee-side-by-customer",
    })
}

/// Where a guarantee stands: shape and word.
pub(super) fn state(ui: &Ui, state: State) -> (Html, String) {
    let (tone, icon) = match state {
        State::Standing => (Tone::Ok, Icon::ShieldCheck),
        State::Expired => (Tone::Watch, Icon::Clock),
        State::Overdue => (Tone::Sub, Icon::AlertTriangle),
        State::Compensated => (Tone::Doubt, Icon::Cash),
        State::Released => (Tone::Neutral, Icon::Archive),
        State::Struck => (Tone::Neutral, Icon::Ban),
    };
    let word = ui.t(format!("guarantee-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// Where a row of the register stands, as [`super::model::Guarantee::state`] has it.
fn state_of(row: &DbRow, today: Date) -> Result<State, StoreError> {
    let (struck, left, lost): (i64, i64, i64) = (row.get("struck")?, row.get("left_fen")?, row.get("lost_fen")?);
    let (until, mark): (Date, Option<String>) = (row.get("until_on")?, row.get("mark")?);
    Ok(match (struck > 0, lost > 0, left > 0, mark.as_deref() == Some("overdue")) {
        (true, ..) => State::Struck,
        (false, true, ..) => State::Compensated,
        (false, false, false, _) => State::Released,
        (false, false, true, true) => State::Overdue,
        (false, false, true, false) if until < today => State::Expired,
        (false, false, true, false) => State::Standing,
    })
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let (customer, id): (CustomerId, GuaranteeId) = (row.get("customer_id")?, row.get("id")?);
    let (side, kind): (Side, String) = (row.get("side")?, row.get("kind")?);
    let (badge, word) = state(ui, state_of(row, ui.business_date)?);
    let cells = vec![
        Cell::Link(row.get("number")?, tab_of(customer)),
        Cell::Strong(row.get("name")?),
        Cell::Text(side_word(ui, side)),
        Cell::Text(rules.map_or_else(|| kind.clone(), |rules| title(ui, rules, "guarantee_kind", &kind))),
        Cell::Text(row.get("beneficiary")?),
        Cell::Text(row.get("project")?),
        Cell::Money(row.get("amount_fen")?),
        Cell::Money(row.get("left_fen")?),
        Cell::Money(row.get("lost_fen")?),
        Cell::date(row.get("from_on")?),
        Cell::date(row.get("until_on")?),
        Cell::State(badge, word),
    ];
    Ok(Row { key: id.to_string(), cells, href: tab_of(customer) })
}
