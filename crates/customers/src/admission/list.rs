//! The list of admission reviews: what is to be assessed, what waits for the decision, what was decided.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Empty, Icon, Page, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{AdmissionId, AdmissionState};
use super::panel::product;
use super::{LIST, page_of, view};
use crate::customer::model::CustomerKind;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["assess", "returned", "waiting", "decided", "all"];

/// The list of admission reviews.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("admission-view-{id}")), ..View::default() };
    let states = AdmissionState::ALL.iter().map(|state| Choice::new(state.as_str(), view::state(ui, *state).1));
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "admission-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("product", "admission-product", ColumnKind::Text),
            Column::new("amount", "admission-amount", ColumnKind::Money),
            Column::new("months", "admission-months", ColumnKind::Count),
            Column::new("granted", "admission-granted", ColumnKind::Money),
            Column::new("state", "admission-state", ColumnKind::State),
            Column::new("begun", "admission-begun-on", ColumnKind::Date),
            Column::new("decided", "admission-decided-on", ColumnKind::Date),
            Column::new("by", "admission-begun-by", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("kind", "customer-kind", FilterKind::Choice(kinds.to_vec())),
            Filter::new("state", "admission-state", FilterKind::Choice(states.collect())),
            Filter::new("begun", "admission-begun-on", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "admission-count",
        ..ListSpec::default()
    }
}

/// The admission reviews (准入审查清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/admissions/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "admission-title",
    file: "admissions",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let (asked, mut w) = (&wanted.query, crate::customer::store::within(wanted.scope));
    match asked.view.as_str() {
        "returned" => w.and_values("a.state = 'returned'", args![]),
        "waiting" => w.and_values("a.state = 'submitted'", args![]),
        "decided" => w.and_values("a.state in ('fit', 'not_fit')", args![]),
        "all" => &mut w,
        _ => w.and_values("a.state = 'begun'", args![]),
    };
    w.one_of("c.kind", asked.choice("kind")).one_of("a.state", asked.choice("state"));
    let (from, to) = asked.dates("begun");
    if let Some(from) = from {
        w.and_values("a.effective_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("a.effective_on <= ?", args![to]);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let counted = "select count(*) as n from admission a join customer c on c.customer_id = a.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let mut w = conditions(wanted);
    w.one_of("a.id", &wanted.picked_numbers());
    let head = "select a.id, a.number, a.product, a.amount_fen, a.months, a.granted_fen, a.state, a.effective_on, \
         a.decided_on, c.name, coalesce(u.name, '') as by_name from admission a \
         join customer c on c.customer_id = a.customer_id left join user_view u on u.id = a.recorded_by";
    let tail = format!("order by a.id desc {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let rules = policies::ruling(work).await?;
    Ok(found.iter().map(|row| row_of(ui, rules.as_deref(), row)).collect::<Result<_, StoreError>>()?)
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::Checklist),
        title: ui.t("admission-none"),
        text: ui.t("admission-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("admission-title"), "admissions")
        .subtitle(ui.t1("admission-as-of", "on", visit.business_date))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let id: AdmissionId = row.get("id")?;
    let href = page_of(id);
    let named: String = row.get("product")?;
    let named = rules.map_or_else(|| named.clone(), |rules| product(ui, rules, &named));
    let (badge, word) = view::state(ui, row.get("state")?);
    let granted: Option<i64> = row.get("granted_fen")?;
    let decided: Option<Date> = row.get("decided_on")?;
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("name")?),
        Cell::Text(named),
        Cell::Money(row.get("amount_fen")?),
        Cell::Count(row.get("months")?),
        granted.map_or(Cell::None, Cell::Money),
        Cell::State(badge, word),
        Cell::date(row.get("effective_on")?),
        Cell::date(decided),
        Cell::Text(row.get("by_name")?),
    ];
    Ok(Row { key: id.to_string(), cells, href })
}
