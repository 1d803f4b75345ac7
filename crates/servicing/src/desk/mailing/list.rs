//! The customer information table (客户信息表): card, car, phone, and where the schedule is.

use axum::extract::RawQuery;
use axum::response::Response;
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

use super::model::Step;
use super::{LIST, batch};
use crate::desk::{VIEW, reach};
use crate::ledger::export::EXPORT;
use crate::ledger::store::{find, within};

/// The views in the order of their tabs.
const VIEWS: [&str; 5] = ["unsent", "handed", "sent", "no-car", "all"];
/// Where the table is exported.
const FILE: &str = "/loans/information/export.xlsx";

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
    Routes::new().list(LIST, VIEW, index, |ui| spec(ui, true)).get(FILE, EXPORT, export)
}

fn spec(ui: &Ui, may_export: bool) -> ListSpec {
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
        export: may_export.then(|| FILE.to_owned()),
        counted: "list-loans",
        ..ListSpec::default()
    }
}

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

fn conditions(scope: DataScope, asked: &ListQuery) -> Conditions {
    let mut w = Conditions::new();
    w.and_values("l.state = 'active' and p.status not in ('settled', 'written-off-tracked')", args![]);
    within(&mut w, scope);
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

async fn count(work: &mut Work, w: &Conditions) -> Result<i64, ActionError> {
    Ok(work.tx.fetch_one(w.select(COUNT, ""), w.args()).await?.get("n")?)
}

async fn rows(work: &mut Work, ui: &Ui, w: &Conditions, part: (i64, i64)) -> Result<Vec<Row>, ActionError> {
    let tail = format!("order by l.start_on desc, l.customer_id, l.id limit {} offset {}", part.1, part.0);
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
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let mut spec = spec(&ui, visit.may(EXPORT));
    spec.batch = batch::offer(&visit);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let w = conditions(work.authorise(VIEW).map_err(ActionError::from)?, &asked);
    let count = count(&mut work, &w).await?;
    let rows = rows(&mut work, &ui, &w, (asked.offset(), i64::from(asked.size))).await?;
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("information-none"),
        text: ui.t("information-none-text"),
        step: None,
    };
    let result = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let page = Page::new(ui.t("information-title"), "information")
        .subtitle(ui.t("information-subtitle"))
        .actions(ui.list_tools(&spec, &asked, count));
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    platform::list_export::answer(&visit, &InformationExport, query.as_deref().unwrap_or("")).await
}

/// The table as an export (客户信息表导出), within the narrower of the scopes of `desk.view` and `loan.export`.
#[derive(Debug, Clone, Copy)]
pub struct InformationExport;

/// What is asked for: of loans that were picked, the filters of the list no longer matter.
fn wanted(work: &Work, asked: &Asked) -> Result<Conditions, Denied> {
    let mut query = asked.query.clone();
    if !asked.keys.is_empty() {
        query = ListQuery::of(&ListSpec::default());
        "all".clone_into(&mut query.view);
    }
    let mut w = conditions(reach(work)?, &query);
    w.one_of("l.id", &asked.keys);
    Ok(w)
}

impl ListExport for InformationExport {
    fn list(&self) -> &'static str {
        LIST
    }

    fn action(&self) -> &'static str {
        EXPORT
    }

    fn title(&self) -> &'static str {
        "information-title"
    }

    fn file(&self) -> &'static str {
        "customer-information"
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
            count(work, &w).await
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
