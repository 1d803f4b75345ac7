//! The customer information table (客户信息表): card, car, phone, and where the schedule is.

use axum::extract::RawQuery;
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::Step;
use super::{LIST, batch};
use crate::desk::VIEW;
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["unsent", "handed", "sent", "no-car", "all"];

const HEAD: &str = "select l.customer_id, l.id, l.number, l.start_on, c.name as customer_name, c.phone_last, \
     p.next_due_on, p.next_due_fen, m.step, m.effective_on as step_on, coalesce(m.note, '') as step_note, \
     coalesce(v.model, '') as model, v.picked_up_on \
     from loan l \
     join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id \
     join customer_view c on c.customer_id = l.customer_id \
     left join schedule_mailing m on m.customer_id = l.customer_id and m.id = (select max(x.id) from schedule_mailing x \
       where x.customer_id = l.customer_id and x.loan_id = l.id) \
     left join loan_vehicle v on v.customer_id = l.customer_id and v.id = (select max(y.id) from loan_vehicle y \
       where y.customer_id = l.customer_id and y.loan_id = l.id)";

const COUNT: &str = "select count(*) as n from loan l \
     join loan_position p on p.customer_id = l.customer_id and p.loan_id = l.id \
     join customer_view c on c.customer_id = l.customer_id \
     left join schedule_mailing m on m.customer_id = l.customer_id and m.id = (select max(x.id) from schedule_mailing x \
       where x.customer_id = l.customer_id and x.loan_id = l.id) \
     left join loan_vehicle v on v.customer_id = l.customer_id and v.id = (select max(y.id) from loan_vehicle y \
       where y.customer_id = l.customer_id and y.loan_id = l.id)";

/// The table and its file.
pub(super) fn routes() -> Routes {
    Routes::new().list(LIST, VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let view =
        |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("information-view-{id}")), ..View::default() };
    let steps = Step::ALL.iter().map(|step| Choice::new(step.as_str(), word(ui, *step)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "loan-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("phone", "unpaid-phone", ColumnKind::Text),
            Column::new("phone_changed", "information-phone-changed", ColumnKind::Text),
            Column::new("card", "card-number", ColumnKind::Text),
            Column::new("model", "vehicle-model", ColumnKind::Text),
            Column::new("picked_up_on", "vehicle-picked-up-on", ColumnKind::Date),
            Column::new("next_due_on", "loan-next-due", ColumnKind::Date),
            Column::new("next_due", "repaycal-due", ColumnKind::Money),
            Column::new("step", "mailing-step-title", ColumnKind::State),
            Column::new("step_on", "mailing-step-on", ColumnKind::Date),
            Column::new("note", "mailing-note", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "ledger-find", FilterKind::Text),
            Filter::new("step", "mailing-step-title", FilterKind::Choice(steps.collect())),
            Filter::new("picked_up_on", "vehicle-picked-up-on", FilterKind::Dates).more(),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-loans",
        ..ListSpec::default()
    }
}

/// The customer information table (客户信息表).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/loans/information/export.xlsx",
    view: VIEW,
    export: EXPORT,
    act: EXPORT,
    title: "information-title",
    file: "customer-information",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn word(ui: &Ui, step: Step) -> String {
    ui.t(format!("mailing-step-{}", step.as_str()))
}

fn badge(ui: &Ui, step: Option<Step>) -> (Html, String) {
    let (tone, icon) = match step {
        None => (Tone::Neutral, Icon::Circle),
        Some(Step::Printed) => (Tone::Accent, Icon::FileText),
        Some(Step::Handed) => (Tone::Watch, Icon::Clock),
        Some(Step::Sent) => (Tone::Ok, Icon::CircleCheck),
        Some(Step::Returned) => (Tone::Sub, Icon::ArrowBackUp),
    };
    let word = step.map_or_else(|| ui.t("mailing-step-none"), |step| word(ui, step));
    (ui.badge(tone, icon, &word), word)
}

fn conditions(wanted: &Wanted) -> Conditions {
    let asked = &wanted.query;
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status not in ('settled', 'written-off-tracked')", args![]);
    within(&mut w, wanted.scope);
    match asked.view.as_str() {
        "handed" => w.and_values("m.step = 'handed'", args![]),
        "sent" => w.and_values("m.step = 'sent'", args![]),
        "no-car" => w.and_values("v.id is null", args![]),
        "all" => &mut w,
        _ => w.and_values("(m.step is null or m.step <> 'sent')", args![]),
    };
    w.one_of("m.step", asked.choice("step"));
    let (from, to) = asked.dates("picked_up_on");
    if let Some(from) = from {
        w.and_values("v.picked_up_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("v.picked_up_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("q") {
        find(&mut w, text);
    }
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted);
    let count: i64 = work.tx.fetch_one(w.select(COUNT, ""), w.args()).await?.get("n")?;
    Ok(Sums::from(count))
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted);
    let tail = format!("order by l.start_on desc, l.customer_id, l.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(HEAD, &tail), w.args()).await?;
    let who = found.iter().map(|row| row.get("customer_id")).collect::<Result<Vec<CustomerId>, StoreError>>()?;
    let cards = customers::bank_account::store::repaying(&mut work.tx, &who).await?;
    let phones = customers::contact_point::store::phones_changed(&mut work.tx, &who).await?;
    let mut rows = Vec::with_capacity(found.len());
    for (row, who) in found.iter().zip(&who) {
        let card = cards.get(who).map(|card| card.masked.clone());
        let changed = phones.get(who).map(|at| platform::clock::civil_minute(*at));
        rows.push(row_of(ui, row, card, changed)?);
    }
    Ok(rows)
}

fn row_of(ui: &Ui, row: &DbRow, card: Option<String>, changed: Option<String>) -> Result<Row, StoreError> {
    let loan: i64 = row.get("id")?;
    let href = format!("/loans/{loan}");
    let (badge, word) = badge(ui, row.get("step")?);
    let last: Option<String> = row.get("phone_last")?;
    let next: Option<jiff::civil::Date> = row.get("next_due_on")?;
    let due: i64 = row.get("next_due_fen")?;
    let cells = vec![
        Cell::Link(row.get("number")?, href.clone()),
        Cell::Strong(row.get("customer_name")?),
        last.map_or(Cell::None, |last| Cell::Muted(format!("···{last}"))),
        changed.map_or(Cell::None, Cell::Text),
        Cell::Muted(card.unwrap_or_else(|| ui.t("card-lacking"))),
        Cell::Text(row.get("model")?),
        Cell::date(row.get("picked_up_on")?),
        Cell::date(next),
        Cell::money(next.map(|_| due)),
        Cell::State(badge, word),
        Cell::date(row.get("step_on")?),
        Cell::Text(row.get("step_note")?),
    ];
    Ok(Row { key: loan.to_string(), cells, href })
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("information-none"),
        text: ui.t("information-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty).verbs(batch::offer(&visit));
    let page = Page::new(ui.t("information-title"), "information")
        .subtitle(ui.t("information-subtitle"))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}
