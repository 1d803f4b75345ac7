//! The list of promises, and those of one case.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use platform::args;
use platform::db::{Conditions, Row as DbRow, StoreError};
use platform::error::ActionError;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Choice, Empty, Html, Icon, Page, Side, Table, Tone, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::PromiseState;
use super::{actions, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::{CASE_VIEW, CASE_WORK};

/// Where the list is.
pub const LIST: &str = "/collections/promises";
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "today", "broken", "all"];

/// The list of promises, and taking one back.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).post(
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

#[derive(Template)]
#[template(source = "{{ list }}", ext = "html")]
struct ListBody {
    list: Html,
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let mut w = Conditions::new();
    match asked.view.as_str() {
        "today" => w.and_values("p.state = 'open' and p.due_on <= ?", args![work.business_date]),
        "broken" => w.and_values("p.state in ('broken', 'part-kept')", args![]),
        "all" => w.and_values("1 = 1", args![]),
        _ => w.and_values("p.state = 'open'", args![]),
    };
    crate::case::list::within(&mut w, scope);
    w.one_of("p.state", asked.choice("state"));
    let (from, to) = asked.dates("due");
    if let Some(from) = from {
        w.and_values("p.due_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("p.due_on <= ?", args![to]);
    }
    let head = "select p.id, p.case_id, p.amount_fen, p.paid_fen, p.due_at, p.state, p.promised_by, c.number, k.name, \
         coalesce(u.name, '') as owner_name from promise p \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id \
         join customer_view k on k.customer_id = p.customer_id left join user_view u on u.id = p.owner_id";
    let tail = format!("order by p.due_at desc, p.customer_id limit {} offset {}", asked.size, asked.offset());
    let found = work.tx.fetch_all(w.select(head, &tail), w.args()).await?;
    let sums = "select count(*) as n, cast(coalesce(sum(p.amount_fen), 0) as bigint) as amount_fen, \
         cast(coalesce(sum(p.paid_fen), 0) as bigint) as paid_fen from promise p \
         join collection_case c on c.customer_id = p.customer_id and c.id = p.case_id";
    let total = work.tx.fetch_one(w.select(sums, ""), w.args()).await?;
    let count: i64 = total.get("n")?;
    let rows = found.iter().map(|row| row_of(&ui, row, work.now)).collect::<Result<Vec<_>, StoreError>>()?;
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("promise-none"),
        text: ui.t("promise-none-text"),
        step: None,
    };
    let result = ListPage {
        rows,
        totals: vec![("amount", total.get("amount_fen")?), ("paid", total.get("paid_fen")?)],
        count,
        empty: Some(empty),
        ..ListPage::default()
    };
    let page = Page::new(ui.t("promise-title"), "promises")
        .subtitle(ui.t1("as-of-business-date", "on", work.business_date))
        .actions(ui.list_tools(&spec, &asked, count));
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    visit.page(&page, &ListBody { list: ui.list(&spec, &asked, &result) })
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
