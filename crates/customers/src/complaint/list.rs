//! The register of complaints: open, late, answered, everything.

use axum::extract::RawQuery;
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, ListSpec, Row, View};
use platform::page::{Empty, Html, Icon, Page, Tone, Ui};
use platform::policies::{self, InForce};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{ComplaintId, Outcome};
use super::{LIST, tab_of};
use crate::customer::store::within;
use crate::lead::policy::title;
use crate::{EXPORT, VIEW};

/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "late", "answered", "all"];

/// The list.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("complaint-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "complaint-number", ColumnKind::Text),
            Column::new("customer", "customer-name", ColumnKind::Text),
            Column::new("kind", "complaint-kind", ColumnKind::Text),
            Column::new("dept", "complaint-dept", ColumnKind::Text),
            Column::new("received_on", "complaint-received-on", ColumnKind::Date),
            Column::new("due_on", "complaint-due-on", ColumnKind::Date),
            Column::new("answered_on", "complaint-answered-on", ColumnKind::Date),
            Column::new("state", "complaint-state", ColumnKind::State),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "complaint-count",
        ..ListSpec::default()
    }
}

/// The complaints (投诉登记簿).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/complaints/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: "customer.export",
    title: "complaint-title",
    file: "complaints",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted, today: Date) -> Conditions {
    let mut w = within(wanted.scope);
    w.one_of("p.id", &wanted.picked_numbers());
    match wanted.query.view.as_str() {
        "late" => w.and_values("p.outcome is null", args![]).and_values("p.due_on < ?", args![today]),
        "answered" => w.and_values("p.outcome is not null", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("p.outcome is null", args![]),
    };
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date);
    let counted = "select count(*) as n from complaint_now_view p join customer c on c.customer_id = p.customer_id";
    let count: i64 = work.tx.fetch_one(w.select(counted, ""), w.args()).await?.get("n")?;
    Ok(count.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let (w, today) = (conditions(wanted, work.business_date), work.business_date);
    let head = "select p.customer_id, p.id, p.number, p.kind, p.dept, p.received_on, p.due_on, p.answered_on, p.outcome, \
                c.name from complaint_now_view p join customer c on c.customer_id = p.customer_id";
    let tail = format!("order by p.id desc {}", wanted.limit());
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
        icon: Some(Icon::Headset),
        title: ui.t("complaint-none"),
        text: ui.t("complaint-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("complaint-title"), "complaints").subtitle(ui.t("complaint-note")).actions(shown.tools());
    shown.answer(&visit, &page)
}

/// Where a complaint stands: shape and word.
pub(super) fn state(ui: &Ui, outcome: Option<Outcome>, late: bool) -> (Html, String) {
    let (tone, icon, word) = match (outcome, late) {
        (Some(outcome), _) => (Tone::Ok, Icon::CircleCheck, outcome.as_str()),
        (None, true) => (Tone::Sub, Icon::AlertTriangle, "late"),
        (None, false) => (Tone::Watch, Icon::Clock, "open"),
    };
    let word = ui.t(format!("complaint-state-{word}"));
    (ui.badge(tone, icon, &word), word)
}

fn row_of(ui: &Ui, rules: Option<&InForce>, row: &DbRow) -> Result<Row, StoreError> {
    let (customer, id): (CustomerId, ComplaintId) = (row.get("customer_id")?, row.get("id")?);
    let (kind, dept): (String, Option<String>) = (row.get("kind")?, row.get("dept")?);
    let (due_on, outcome): (Date, Option<Outcome>) = (row.get("due_on")?, row.get("outcome")?);
    let (badge, word) = state(ui, outcome, due_on < ui.business_date);
    let dept = dept.unwrap_or_default();
    let of = |output: &str, value: &str| match rules {
        Some(rules) => title(ui, rules, output, value),
        None => value.to_owned(),
    };
    let cells = vec![
        Cell::Link(row.get("number")?, tab_of(customer)),
        Cell::Strong(row.get("name")?),
        Cell::Text(of("complaint_kind", &kind)),
        Cell::Text(of("complaint_dept", &dept)),
        Cell::date(row.get("received_on")?),
        Cell::date(Some(due_on)),
        Cell::date(row.get("answered_on")?),
        Cell::State(badge, word),
    ];
    Ok(Row { key: id.to_string(), cells, href: tab_of(customer) })
}
