//! What was advanced, recovered, and is still owed to the house (垫款台账), borrower by borrower.

use axum::extract::RawQuery;
use axum::response::Response;
use finance::Fen;
use platform::access::{DataScope, Denied};
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::list_export::{Asked, ListExport};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Empty, Icon, Page, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::page_of;
use crate::desk::{VIEW, reach};
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// Where the list is.
pub(crate) const LIST: &str = "/advances/debts";
/// Where it is exported.
const FILE: &str = "/advances/debts/export.xlsx";
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
    Routes::new().list(LIST, VIEW, index, |ui| spec(ui, true)).get(FILE, EXPORT, export)
}

fn spec(ui: &Ui, may_export: bool) -> ListSpec {
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
        export: may_export.then(|| FILE.to_owned()),
        counted: "advance-debts-count",
        ..ListSpec::default()
    }
}

fn conditions(scope: DataScope, asked: &ListQuery) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("r.state = 'paid'", args![]);
    within(&mut w, scope);
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

/// Advanced, recovered, owed (垫付、收回、尚欠).
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    rows: i64,
    amount: i64,
    recovered: i64,
    owed: i64,
}

impl Sums {
    fn columns(self) -> Vec<(&'static str, i64)> {
        vec![("amount", self.amount), ("recovered", self.recovered), ("owed", self.owed)]
    }
}

async fn sums(work: &mut Work, w: &Conditions) -> Result<Sums, ActionError> {
    let row = work.tx.fetch_one(w.select(SUMS, ""), w.args()).await?;
    Ok(Sums {
        rows: row.get("n")?,
        amount: row.get("amount_fen")?,
        recovered: row.get("recovered_fen")?,
        owed: row.get("owed_fen")?,
    })
}

async fn rows(work: &mut Work, w: &Conditions, part: (i64, i64)) -> Result<Vec<(Row, Sums)>, ActionError> {
    let tail = format!("order by a.paid_on desc, r.customer_id, r.id limit {} offset {}", part.1, part.0);
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    Ok(found.iter().map(row_of).collect::<Result<_, StoreError>>()?)
}

fn row_of(row: &DbRow) -> Result<(Row, Sums), StoreError> {
    let (loan, list): (i64, i64) = (row.get("loan_id")?, row.get("list_id")?);
    let (amount, recovered, owed): (Fen, Fen, Fen) =
        (row.get("amount_fen")?, row.get("recovered_fen")?, row.get("owed_fen")?);
    let href = format!("/loans/{loan}");
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("customer_name")?),
        Cell::Text(row.get::<i64>("instalment_no")?.to_string()),
        Cell::Date(row.get("due_on")?),
        Cell::Muted(row.get("card_masked")?),
        Cell::Link(row.get("list_number")?, page_of(list)),
        Cell::date(row.get("paid_on")?),
        Cell::Money(amount.0),
        Cell::Money(recovered.0),
        Cell::Money(owed.0),
    ];
    let sums = Sums { rows: 1, amount: amount.0, recovered: recovered.0, owed: owed.0 };
    Ok((Row { key: row.get::<i64>("id")?.to_string(), cells, href }, sums))
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui, visit.may(EXPORT));
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let w = conditions(work.authorise(VIEW).map_err(ActionError::from)?, &asked);
    let totals = sums(&mut work, &w).await?;
    let found = rows(&mut work, &w, (asked.offset(), i64::from(asked.size))).await?;
    let page_sums = found.iter().fold(Sums::default(), |all, (_, one)| Sums {
        rows: all.rows + 1,
        amount: all.amount + one.amount,
        recovered: all.recovered + one.recovered,
        owed: all.owed + one.owed,
    });
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("advance-debts-none"),
        text: ui.t("advance-debts-none-text"),
        step: None,
    };
    let result = ListPage {
        rows: found.into_iter().map(|(row, _)| row).collect(),
        page_totals: page_sums.columns(),
        totals: totals.columns(),
        count: totals.rows,
        empty: Some(empty),
    };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let page = Page::new(ui.t("advance-debts-title"), "advances")
        .subtitle(ui.t("advance-debts-subtitle"))
        .actions(ui.list_tools(&spec, &asked, totals.rows));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &AdvanceExport, query.as_deref().unwrap_or("")).await
}

/// The list as an export (垫款台账导出), within the narrower of the scopes of `desk.view` and `loan.export`.
#[derive(Debug, Clone, Copy)]
pub struct AdvanceExport;

fn wanted(work: &Work, asked: &Asked) -> Result<Conditions, Denied> {
    let mut w = conditions(reach(work)?, &asked.query);
    w.one_of("r.id", &asked.keys);
    Ok(w)
}

impl ListExport for AdvanceExport {
    fn list(&self) -> &'static str {
        LIST
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "advance-debts-title"
    }

    fn file(&self) -> &'static str {
        "advances"
    }

    fn scope(&self, work: &Work) -> Result<DataScope, ActionError> {
        Ok(reach(work)?)
    }

    fn spec<'a>(&'a self, _: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<ListSpec, ActionError>> {
        Box::pin(async move { Ok(spec(ui, true)) })
    }

    fn count<'a>(&'a self, work: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<i64, ActionError>> {
        Box::pin(async move {
            let w = wanted(work, asked)?;
            Ok(sums(work, &w).await?.rows)
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        _: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let w = wanted(work, asked)?;
            Ok(rows(work, &w, from_and_most).await?.into_iter().map(|(row, _)| row).collect())
        })
    }
}
