//! The list of cards to look up (查卡清单): what is due and unpaid, on which card, what the bank last said.

use axum::extract::RawQuery;
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::access::{DataScope, Denied};
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::list_export::{Asked, ListExport};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::CardResult;
use super::{LIST, batch};
use crate::desk::{VIEW, reach};
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["todo", "failed", "all"];
/// Where the list is exported.
const FILE: &str = "/repayments/cards/export.xlsx";

const HEAD: &str = "select i.customer_id, i.loan_id, i.no, i.due_on, i.outstanding_fen, l.number, c.name as customer_name, \
     k.result, k.effective_on as checked_on, coalesce(k.note, '') as note, coalesce(u.name, '') as checked_by \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
     join customer_view c on c.customer_id = i.customer_id \
     left join card_check k on k.customer_id = i.customer_id and k.id = (select max(x.id) from card_check x \
       where x.customer_id = i.customer_id and x.loan_id = i.loan_id and x.effective_on >= i.due_on) \
     left join user_view u on u.id = k.recorded_by";

const COUNT: &str = "select count(*) as n, cast(coalesce(sum(i.outstanding_fen), 0) as bigint) as unpaid_fen \
     from loan_instalment i \
     join loan l on l.customer_id = i.customer_id and l.id = i.loan_id \
     join loan_position p on p.customer_id = i.customer_id and p.loan_id = i.loan_id \
     join customer_view c on c.customer_id = i.customer_id \
     left join card_check k on k.customer_id = i.customer_id and k.id = (select max(x.id) from card_check x \
       where x.customer_id = i.customer_id and x.loan_id = i.loan_id and x.effective_on >= i.due_on)";

/// The list and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, |ui| spec(ui, true)).get(FILE, EXPORT, export)
}

fn spec(ui: &Ui, may_export: bool) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("card-view-{id}")), ..View::default() };
    let results = CardResult::ALL.iter().map(|one| Choice::new(one.as_str(), word(ui, *one)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("card", "card-number", ColumnKind::Text),
            Column::new("no", "schedule-no", ColumnKind::Text),
            Column::new("due", "schedule-due-on", ColumnKind::Date),
            Column::new("unpaid", "repaycal-unpaid", ColumnKind::Money),
            Column::new("result", "card-result-title", ColumnKind::State),
            Column::new("checked", "card-checked-on", ColumnKind::Date),
            Column::new("by", "card-checked-by", ColumnKind::Text),
            Column::new("note", "card-note", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("due", "schedule-due-on", FilterKind::Dates),
            Filter::new("result", "card-result-title", FilterKind::Choice(results.collect())),
        ],
        views: VIEWS.iter().map(view).collect(),
        export: may_export.then(|| FILE.to_owned()),
        counted: "list-instalments",
        ..ListSpec::default()
    }
}

/// A result in words.
pub(crate) fn word(ui: &Ui, result: CardResult) -> String {
    ui.t(format!("card-result-{}", result.as_str()))
}

/// A result as a badge with its word.
pub(crate) fn badge(ui: &Ui, result: CardResult) -> (Html, String) {
    let (tone, icon) = match result {
        CardResult::Enough => (Tone::Ok, Icon::CircleCheck),
        CardResult::Short => (Tone::Sub, Icon::AlertTriangle),
        CardResult::Invalid => (Tone::Doubt, Icon::Ban),
        CardResult::Unreached => (Tone::Watch, Icon::Clock),
    };
    let word = word(ui, result);
    (ui.badge(tone, icon, &word), word)
}

fn conditions(work: &Work, scope: DataScope, asked: &ListQuery) -> Conditions {
    let today = work.business_date;
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status <> 'written-off-tracked'", args![]);
    within(&mut w, scope);
    let whole = asked.view == "all";
    let (from, to) = match asked.dates("due") {
        (None, None) if whole => (Some(today), Some(today)),
        // What is due later is not looked up yet.
        (from, to) => (from, Some(to.map_or(today, |to| to.min(today)))),
    };
    if let Some(from) = from {
        w.and_values("i.due_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("i.due_on <= ?", args![to]);
    }
    match asked.view.as_str() {
        "all" => &mut w,
        "failed" => w.and_values("i.outstanding_fen > 0 and k.result in ('short', 'invalid', 'unreached')", args![]),
        _ => w.and_values("i.outstanding_fen > 0 and (k.id is null or k.effective_on < ?)", args![today]),
    };
    w.one_of("k.result", asked.choice("result"));
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

/// How many instalments, and what is unpaid of them.
async fn sums(work: &mut Work, w: &Conditions) -> Result<(i64, Fen), ActionError> {
    let row = work.tx.fetch_one(w.select(COUNT, ""), w.args()).await?;
    Ok((row.get("n")?, row.get("unpaid_fen")?))
}

async fn rows(work: &mut Work, ui: &Ui, w: &Conditions, part: (i64, i64)) -> Result<Vec<Row>, ActionError> {
    let order = "order by i.due_on, i.customer_id, i.loan_id, i.no";
    let tail = format!("{order} limit {} offset {}", part.1, part.0);
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    let who = found.iter().map(|row| row.get("customer_id")).collect::<Result<Vec<CustomerId>, StoreError>>()?;
    let cards = customers::bank_account::store::repaying(&mut work.tx, &who).await?;
    let card = |who: &CustomerId| cards.get(who).map_or_else(String::new, |card| card.masked.clone());
    Ok(found.iter().zip(&who).map(|(row, who)| row_of(ui, row, card(who))).collect::<Result<_, StoreError>>()?)
}

fn row_of(ui: &Ui, row: &DbRow, card: String) -> Result<Row, StoreError> {
    let loan: i64 = row.get("loan_id")?;
    let result: Option<CardResult> = row.get("result")?;
    let href = format!("/loans/{loan}");
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("customer_name")?),
        if card.is_empty() { Cell::Muted(ui.t("card-lacking")) } else { Cell::Muted(card) },
        Cell::Text(row.get::<i64>("no")?.to_string()),
        Cell::Date(row.get::<Date>("due_on")?),
        Cell::Money(row.get("outstanding_fen")?),
        result.map_or(Cell::None, |result| {
            let (badge, word) = badge(ui, result);
            Cell::State(badge, word)
        }),
        Cell::date(row.get("checked_on")?),
        Cell::Text(row.get("checked_by")?),
        Cell::Text(row.get("note")?),
    ];
    Ok(Row { key: loan.to_string(), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let mut spec = spec(&ui, visit.may(EXPORT));
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    spec.batch = batch::offer(&visit, &asked.query(&spec));
    let w = conditions(&work, work.authorise(VIEW).map_err(ActionError::from)?, &asked);
    let (count, unpaid) = sums(&mut work, &w).await?;
    let rows = rows(&mut work, &ui, &w, (asked.offset(), i64::from(asked.size))).await?;
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("card-none-found"),
        text: ui.t("card-none-text"),
        step: None,
    };
    let totals = vec![("unpaid", unpaid.0)];
    let result = ListPage { rows, count, totals, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let page = Page::new(ui.t("card-title"), "card-checks")
        .subtitle(ui.t("card-subtitle"))
        .actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &CardExport, query.as_deref().unwrap_or("")).await
}

/// The list as an export (查卡清单导出), within the narrower of the scopes of `desk.view` and `loan.export`.
#[derive(Debug, Clone, Copy)]
pub struct CardExport;

/// What is asked for: of loans that were picked, whatever of them is on the list.
fn wanted(work: &Work, asked: &Asked) -> Result<Conditions, Denied> {
    let mut w = conditions(work, reach(work)?, &asked.query);
    w.one_of("i.loan_id", &asked.keys);
    Ok(w)
}

impl ListExport for CardExport {
    fn list(&self) -> &'static str {
        LIST
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "card-title"
    }

    fn file(&self) -> &'static str {
        "card-checks"
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
            Ok(sums(work, &w).await?.0)
        })
    }

    fn rows<'a>(
        &'a self,
        work: &'a mut Work,
        ui: &'a Ui,
        asked: &'a Asked,
        from_and_most: (i64, i64),
    ) -> BoxFuture<'a, Result<Vec<Row>, ActionError>> {
        Box::pin(async move {
            let w = wanted(work, asked)?;
            rows(work, ui, &w, from_and_most).await
        })
    }
}
