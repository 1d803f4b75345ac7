//! The list of costs (费用清单).

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Icon, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::CostState;
use super::{COST_CHECK, COST_RECORD, LIST, kind_title};
use crate::CASE_VIEW;
use crate::listing;

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["waiting", "standing", "all"];

/// The list and its workbook.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("cost-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("case", "case-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("kind", "cost-kind", ColumnKind::Text),
            Column::new("amount", "cost-amount", ColumnKind::Money),
            Column::new("spent", "cost-spent-on", ColumnKind::Date),
            Column::new("note", "cost-note", ColumnKind::Text),
            Column::new("state", "cost-state", ColumnKind::State),
            Column::new("by", "cost-by", ColumnKind::Text),
        ],
        filters: vec![Filter::new("spent", "cost-spent-on", FilterKind::Dates)],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-rows",
        ..ListSpec::default()
    }
}

/// The costs, as a list.
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/costs/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "cost.export",
    title: "cost-title",
    file: "costs",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let head = "select count(*) as n, cast(coalesce(sum(o.amount_fen), 0) as bigint) as amount_fen \
         from collection_cost o join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";
    let total = work.tx.fetch_one(w.select(head, ""), w.args()).await?;
    // What was corrected or refused adds up to nothing.
    let totals = if wanted.query.view == "all" { Vec::new() } else { vec![("amount", total.get("amount_fen")?)] };
    Ok(Sums { count: total.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let head = "select o.id, o.case_id, o.kind, o.amount_fen, o.spent_on, o.note, o.state, c.number, k.name, \
         coalesce(u.name, '') as by_name from collection_cost o \
         join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id \
         join customer_view k on k.customer_id = o.customer_id left join user_view u on u.id = o.recorded_by";
    let tail = format!("order by o.spent_on desc, o.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let may = (work.actor.may(COST_RECORD), work.actor.may(COST_CHECK));
    Ok(found.iter().map(|row| row_of(ui, &policy, row, may)).collect::<Result<_, StoreError>>()?)
}

fn conditions(wanted: &Wanted) -> Conditions {
    let (mut w, asked) = (Conditions::new(), &wanted.query);
    crate::case::list::within(&mut w, wanted.scope);
    w.one_of("o.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "standing" => w.and_values("o.state = 'standing'", args![]),
        "all" => &mut w,
        _ => w.and_values("o.state = 'waiting'", args![]),
    };
    listing::between(&mut w, asked.dates("spent"), ["o.spent_on >= ?", "o.spent_on <= ?"]);
    w
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("cost-none"), ui.t("cost-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let page = Page::new(ui.t("cost-title"), "costs").subtitle(ui.t("cost-note-list")).actions(shown.tools());
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, policy: &InForce, row: &DbRow, (record, check): (bool, bool)) -> Result<Row, StoreError> {
    let (id, case): (i64, i64) = (row.get("id")?, row.get("case_id")?);
    let state: CostState = row.get("state")?;
    let (tone, icon) = match state {
        CostState::Waiting => (Tone::Watch, Icon::Clock),
        CostState::Standing => (Tone::Ok, Icon::CircleCheck),
        CostState::Refused => (Tone::Sub, Icon::Ban),
        CostState::Corrected => (Tone::Neutral, Icon::ArrowBackUp),
    };
    let word = ui.t(format!("cost-state-{}", state.as_str()));
    let kind: String = row.get("kind")?;
    let href = match state {
        CostState::Waiting if check => format!("{LIST}/{id}/check"),
        CostState::Waiting | CostState::Standing if record => format!("{LIST}/{id}/correct"),
        CostState::Waiting | CostState::Standing | CostState::Refused | CostState::Corrected => {
            format!("/collections/cases/{case}")
        }
    };
    Ok(Row {
        key: id.to_string(),
        cells: vec![
            Cell::Link(row.get("number")?, format!("/collections/cases/{case}")),
            Cell::Strong(row.get("name")?),
            Cell::Link(kind_title(ui, policy, &kind), href.clone()),
            Cell::Money(row.get("amount_fen")?),
            Cell::Date(row.get("spent_on")?),
            Cell::Muted(row.get("note")?),
            Cell::State(ui.badge(tone, icon, &word), word),
            Cell::Text(row.get("by_name")?),
        ],
        href,
    })
}
