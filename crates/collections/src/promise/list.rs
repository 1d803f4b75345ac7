//! The list of promises, and those of one case.

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListSpec, Row, View};
use platform::page::{Choice, Html, Icon, Side, Table, Tone, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::PromiseState;
use super::{actions, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::listing;
use crate::{CASE_VIEW, CASE_WORK};

/// Where the list is.
pub const LIST: &str = "/collections/promises";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "today", "broken", "all"];

/// The list of promises with its workbook, and taking one back.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED).post(
        "/collections/cases/{id}/promise/withdraw",
        CASE_WORK,
        withdraw,
    )
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("promise-view-{id}")), ..View::default() };
    let states = PromiseState::ALL.map(|state| Choice::new(state.as_str(), word(ui, state)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("case", "case-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("due", "promise-due", ColumnKind::Text),
            Column::new("amount", "promise-amount", ColumnKind::Money),
            Column::new("paid", "promise-paid", ColumnKind::Money),
            Column::new("state", "promise-state", ColumnKind::State),
            Column::new("by", "promise-by", ColumnKind::Text),
            Column::new("owner", "case-owner", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("due", "promise-due", FilterKind::Dates),
            Filter::new("state", "promise-state", FilterKind::Choice(states.to_vec())),
        ],
        views: VIEWS.iter().map(view).collect(),
        counted: "list-promises",
        ..ListSpec::default()
    }
}

fn word(ui: &Ui, state: PromiseState) -> String {
    ui.t(format!("promise-{}", state.as_str()))
}

/// What became of a promise: word, shape and tone.
#[must_use]
pub fn state_badge(ui: &Ui, state: PromiseState) -> Html {
    let (tone, icon) = match state {
        PromiseState::Open => (Tone::Watch, Icon::Clock),
        PromiseState::Kept => (Tone::Ok, Icon::CircleCheck),
        PromiseState::PartKept => (Tone::Sub, Icon::AlertTriangle),
        PromiseState::Broken => (Tone::Doubt, Icon::AlertTriangle),
        PromiseState::Withdrawn => (Tone::Neutral, Icon::ArrowBackUp),
    };
    ui.badge(tone, icon, word(ui, state))
}

/// The promises (承诺清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/promises/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "promise.export",
    title: "promise-title",
    file: "promises",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = conditions(wanted, work.business_date);
    let head = "select count(*) as n, cast(coalesce(sum(p.amount_fen), 0) as bigint) as amount_fen, \
         cast(coalesce(sum(p.paid_fen), 0) as bigint) as paid_fen from promise p \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id";
    let total = work.tx.fetch_one(w.select(head, ""), w.args()).await?;
    let totals = vec![("amount", total.get("amount_fen")?), ("paid", total.get("paid_fen")?)];
    Ok(Sums { count: total.get("n")?, totals })
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = conditions(wanted, work.business_date);
    let head = "select p.id, p.case_id, p.amount_fen, p.paid_fen, p.due_at, p.state, p.promised_by, c.number, k.name, \
         coalesce(u.name, '') as owner_name from promise p \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join customer_view k on k.customer_id = p.customer_id left join user_view u on u.id = p.owner_id";
    let tail = format!("order by p.due_at desc, p.customer_id, p.id {}", wanted.limit());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    Ok(found.iter().map(|row| row_of(ui, row, work.now)).collect::<Result<_, StoreError>>()?)
}

fn conditions(wanted: &Wanted, today: Date) -> Conditions {
    let (mut w, asked) = (Conditions::new(), &wanted.query);
    crate::case::list::within(&mut w, wanted.scope);
    w.one_of("p.id", &wanted.picked_numbers());
    match asked.view.as_str() {
        "today" => w.and_values("p.state = 'open' and p.due_on <= ?", args![today]),
        "broken" => w.and_values("p.state in ('broken', 'part-kept')", args![]),
        "all" => &mut w,
        _ => w.and_values("p.state = 'open'", args![]),
    };
    w.one_of("p.state", asked.choice("state"));
    listing::between(&mut w, asked.dates("due"), ["p.due_on >= ?", "p.due_on <= ?"]);
    w
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::CircleCheck, ui.t("promise-none"), ui.t("promise-none-text"));
    listing::page(&visit, &LISTED, &LISTED.shown(&visit, query).await?.or(none), "promises")
}

fn row_of(ui: &Ui, row: &DbRow, now: jiff::Timestamp) -> Result<Row, StoreError> {
    let case: CaseId = row.get("case_id")?;
    let href = format!("/collections/cases/{case}");
    let (mut state, due_at): (PromiseState, jiff::Timestamp) = (row.get("state")?, row.get("due_at")?);
    let paid: i64 = row.get("paid_fen")?;
    if state == PromiseState::Open && due_at < now {
        // Its moment is over; the next look at the case, or the close, writes it down.
        state = if paid > 0 { PromiseState::PartKept } else { PromiseState::Broken };
    }
    Ok(Row {
        key: row.get::<i64>("id")?.to_string(),
        cells: vec![
            Cell::Link(row.get("number")?, href.clone()),
            Cell::Strong(row.get("name")?),
            Cell::Text(platform::clock::civil_minute(due_at)),
            Cell::Money(row.get("amount_fen")?),
            Cell::Money(paid),
            Cell::State(state_badge(ui, state), word(ui, state)),
            Cell::Text(row.get("promised_by")?),
            Cell::Text(row.get("owner_name")?),
        ],
        href,
    })
}

/// 承诺 on the page of a case: all of them, and the standing one can be taken back.
///
/// # Errors
/// The store's.
pub async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let promises = store::of_case(&mut work.tx, case.key).await?;
    let mut html = Html::new();
    if promises.is_empty() {
        return Ok(html);
    }
    let heads = [
        ("promise-due", Side::Left),
        ("promise-amount", Side::Right),
        ("promise-paid", Side::Right),
        ("promise-state", Side::Left),
        ("promise-by", Side::Left),
    ];
    let mut table = Table::new(ui.t("promise-title"), heads.map(|(id, side)| (ui.t(id), side)));
    for promise in &promises {
        table.row([
            Html::of_text(platform::clock::civil_minute(promise.due_at)),
            ui.money(promise.amount),
            ui.money(promise.paid),
            state_badge(&ui, promise.judge(promise.paid, work.now)),
            Html::of_text(format!("{} {}", promise.promised_by, promise.words).trim()),
        ]);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("promise-title"));
    html.raw("</h2></header>").push(&ui.table(table));
    let standing = promises.iter().any(|one| one.judge(one.paid, work.now) == PromiseState::Open);
    if standing && visit.may(CASE_WORK) {
        let action = format!("/collections/cases/{}/promise/withdraw", case.key.case);
        html.raw("<form class=\"panel-foot rows-form\" method=\"post\"").attr("action", action).raw(" data-once>");
        html.push(&ui.guard(visit.guard())).raw("<input class=\"input\" name=\"reason\" required");
        html.attr("aria-label", ui.t("promise-withdraw-reason")).attr("placeholder", ui.t("promise-withdraw-reason"));
        html.raw("> <button class=\"btn small\" type=\"submit\">")
            .text(ui.t("promise-withdraw"))
            .raw("</button></form>");
    }
    html.raw("</section>");
    Ok(html)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WithdrawForm {
    reason: String,
}

async fn withdraw(Path(id): Path<String>, posted: Posted<WithdrawForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("promise.withdraw").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    actions::withdraw(&mut work, case, &posted.form.reason).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
