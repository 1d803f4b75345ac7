//! What was advanced, recovered, and is still owed to the house (垫款台账), borrower by borrower.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Empty, Icon, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::page_of;
use crate::desk::VIEW;
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// Where the list is.
pub(crate) const LIST: &str = "/advances/debts";
/// The views in the order of their tabs.
const VIEWS: [&str; 2] = ["open", "all"];

const HEAD: &str = "select r.customer_id, r.id, r.list_id, r.loan_id, r.instalment_no, r.due_on, r.card_masked, \
     r.amount_fen, v.recovered_fen, v.owed_fen, a.number as list_number, a.paid_on, l.number, c.name as customer_name \
     from advance r \
     join advance_recovery v on v.customer_id = r.customer_id and v.id = r.id \
     join advance_list a on a.id = r.list_id \
     join loan l on l.customer_id = r.customer_id and l.id = r.loan_id \
     join customer_view c on c.customer_id = r.customer_id";

const SUMS: &str = "select count(*) as n, cast(coalesce(sum(r.amount_fen), 0) as bigint) as amount_fen, \
     cast(coalesce(sum(v.recovered_fen), 0) as bigint) as recovered_fen, \
     cast(coalesce(sum(v.owed_fen), 0) as bigint) as owed_fen \
     from advance r \
     join advance_recovery v on v.customer_id = r.customer_id and v.id = r.id \
     join advance_list a on a.id = r.list_id \
     join loan l on l.customer_id = r.customer_id and l.id = r.loan_id \
     join customer_view c on c.customer_id = r.customer_id";

pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("advance-debts-view-{id}")), ..View::default() };
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("no", "schedule-no", ColumnKind::Text),
            Column::new("due", "schedule-due-on", ColumnKind::Date),
            Column::new("card", "card-number", ColumnKind::Text),
            Column::new("list", "advance-number", ColumnKind::Text),
            Column::new("paid_on", "advance-paid-on", ColumnKind::Date),
            Column::new("amount", "advance-amount", ColumnKind::Money),
            Column::new("recovered", "advance-recovered", ColumnKind::Money),
            Column::new("owed", "advance-owed", ColumnKind::Money),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("paid_on", "advance-paid-on", FilterKind::Dates),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "advance-debts-count",
        ..ListSpec::default()
    }
}

/// What was advanced and what became of it (垫款台账).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/advances/debts/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "advance-debts-title",
    file: "advances",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, _, wanted| Box::pin(rows(work, wanted)),
    heads: None,
};

fn conditions(wanted: &Wanted) -> Conditions {
    let asked = &wanted.query;
    let mut w = Conditions::new();
    w.and_values("r.state = 'paid'", args![]);
    within(&mut w, wanted.scope);
    if asked.view != "all" {
        w.and_values("v.owed_fen > 0", args![]);
    }
    let (from, to) = asked.dates("paid_on");
    if let Some(from) = from {
        w.and_values("a.paid_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("a.paid_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    let totals = vec![
        ("amount", row.get("amount_fen")?),
        ("recovered", row.get("recovered_fen")?),
        ("owed", row.get("owed_fen")?),
    ];
    Ok(Sums { count: row.get("n")?, totals })
}

async fn rows(work: &mut Work, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by a.paid_on desc, r.customer_id, r.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(row_of).collect::<Result<_, StoreError>>()?)
}

fn row_of(row: &DbRow) -> Result<Row, StoreError> {
    let (loan, list): (i64, i64) = (row.get("loan_id")?, row.get("list_id")?);
    let href = format!("/loans/{loan}");
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("customer_name")?),
        Cell::Text(row.get::<i64>("instalment_no")?.to_string()),
        Cell::Date(row.get("due_on")?),
        Cell::Muted(row.get("card_masked")?),
        Cell::Link(row.get("list_number")?, page_of(list)),
        Cell::date(row.get("paid_on")?),
        Cell::Money(row.get("amount_fen")?),
        Cell::Money(row.get("recovered_fen")?),
        Cell::Money(row.get("owed_fen")?),
    ];
    Ok(Row { key: row.get::<i64>("id")?.to_string(), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("advance-debts-none"),
        text: ui.t("advance-debts-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("advance-debts-title"), "advances")
        .subtitle(ui.t("advance-debts-subtitle"))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}
