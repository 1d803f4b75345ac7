//! The list of cards to look up (查卡清单): what is due and unpaid, on which card, what the bank last said.

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
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::CardResult;
use super::{LIST, batch};
use crate::desk::VIEW;
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// The views in the order of their tabs.
const VIEWS: [&str; 3] = ["todo", "failed", "all"];

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
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
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
        counted: "list-instalments",
        ..ListSpec::default()
    }
}

/// The cards to look up (查卡清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/repayments/cards/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "card-title",
    file: "card-checks",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

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

fn conditions(work: &Work, wanted: &Wanted) -> Conditions {
    let (today, asked) = (work.business_date, &wanted.query);
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status <> 'written-off-tracked'", args![]);
    within(&mut w, wanted.scope);
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
    // A loan that was picked stands for all of its instalments on the list.
    w.one_of("i.loan_id", &wanted.picked_numbers());
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(work, wanted);
    let row = work.tx.fetch_one(w.select(COUNT, ""), w.args()).await?;
    Ok(Sums { count: row.get("n")?, totals: vec![("unpaid", row.get("unpaid_fen")?)] })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(work, wanted);
    let tail = format!("order by i.due_on, i.customer_id, i.loan_id, i.no {}", wanted.limit());
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
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("card-none-found"),
        text: ui.t("card-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty).verbs(batch::offer(&visit));
    let page = Page::new(ui.t("card-title"), "card-checks").subtitle(ui.t("card-subtitle")).actions(shown.tools());
    shown.answer(&visit, &page)
}
