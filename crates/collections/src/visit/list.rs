//! The list of visit orders, and the route of a visitor: one day, by district, then by hour.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::{CONTACT_REVEAL, DataScope};
use platform::args;
use platform::audit::Entry;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Empty, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;
use serde_json::json;

use super::model::{VisitOrder, VisitState};
use super::{paper, store};
use crate::case::model::{Case, CaseState};
use crate::{CASE_VIEW, CASE_WORK};

/// Where the list is.
pub const LIST: &str = "/collections/visits";
/// The most rows of one export.
const EXPORT_ROWS: i64 = 10_000;
/// The most stops of a printed route.
const STOPS: i64 = 100;
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "route", "done", "all"];
/// By district, then by hour (rule `visit.route`).
const ROUTE: &str = "order by o.visit_on, o.district, o.from_minute, o.id";

/// The list, its export, the route on paper.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).get("/collections/visits/export.xlsx", CASE_VIEW, export).get(
        "/collections/visits/route.pdf",
        CONTACT_REVEAL,
        print,
    )
}

fn spec(ui: &Ui) -> ListSpec {
    let view = |id: &&str| View { id: (*id).to_owned(), text: ui.t(format!("visit-view-{id}")), ..View::default() };
    let states = VisitState::ALL.iter().map(|state| Choice::new(state.as_str(), word(ui, *state)));
    ListSpec {
        path: LIST.to_owned(),
        columns: vec![
            Column::new("number", "visit-number", ColumnKind::Text),
            Column::new("customer", "loan-customer", ColumnKind::Text),
            Column::new("on", "visit-on", ColumnKind::Date),
            Column::new("hours", "visit-hours", ColumnKind::Text),
            Column::new("district", "visit-district", ColumnKind::Text),
            Column::new("visitors", "visit-visitors", ColumnKind::Text),
            Column::new("purpose", "visit-purpose", ColumnKind::Text),
            Column::new("state", "visit-state", ColumnKind::State),
        ],
        filters: vec![
            Filter::new("on", "visit-on", FilterKind::Dates),
            Filter::new("district", "visit-district", FilterKind::Text),
            Filter::new("state", "visit-state", FilterKind::Choice(states.collect())),
        ],
        views: VIEWS.iter().map(view).collect(),
        export: Some("/collections/visits/export.xlsx".to_owned()),
        counted: "list-visits",
        ..ListSpec::default()
    }
}

fn word(ui: &Ui, state: VisitState) -> String {
    ui.t(format!("visit-state-{}", state.as_str()))
}

/// Where an order stands: word, shape and tone.
#[must_use]
pub fn state_badge(ui: &Ui, state: VisitState) -> Html {
    let (tone, icon) = match state {
        VisitState::Planned => (Tone::Accent, Icon::ClipboardText),
        VisitState::Issued => (Tone::Watch, Icon::ClipboardCheck),
        VisitState::OnTheWay => (Tone::Sub, Icon::MapPin),
        VisitState::Done => (Tone::Ok, Icon::CircleCheck),
        VisitState::CalledOff => (Tone::Neutral, Icon::Ban),
    };
    ui.badge(tone, icon, word(ui, state))
}

/// What a list asks for, as whom; a route is of one person and one day.
fn conditions(asked: &ListQuery, scope: DataScope, user: Option<UserId>, today: jiff::civil::Date) -> Conditions {
    let mut w = Conditions::new();
    let (from, to) = asked.dates("on");
    match asked.view.as_str() {
        "route" => {
            let me = user.map_or(0, |user| user.0);
            w.and_values(
                "exists (select 1 from visit_visitor v where v.customer_id = o.customer_id and v.order_id = o.id \
                 and v.user_id = ?) and o.state in ('issued', 'on-the-way')",
                args![me],
            );
            if from.is_none() && to.is_none() {
                w.and_values("o.visit_on = ?", args![today]);
            }
        }
        view => {
            match view {
                "done" => w.and_values("o.state = 'done'", args![]),
                "all" => w.and_values("1 = 1", args![]),
                _ => w.and_values("o.state in ('planned', 'issued', 'on-the-way')", args![]),
            };
            crate::case::list::within(&mut w, scope);
        }
    }
    w.one_of("o.state", asked.choice("state"));
    if let Some(from) = from {
        w.and_values("o.visit_on >= ?", args![from]);
    }
    if let Some(to) = to {
        w.and_values("o.visit_on <= ?", args![to]);
    }
    if let Some(text) = asked.text("district") {
        w.and_values("lower(o.district) like ?", args![format!("%{}%", text.to_lowercase().replace(['%', '_'], ""))]);
    }
    w
}

/// The names of the customers of some orders.
pub(super) async fn names(work: &mut Work, orders: &[VisitOrder]) -> Result<BTreeMap<CustomerId, String>, ActionError> {
    let keys: Vec<CustomerId> = orders.iter().map(|order| order.case.customer).collect();
    let found = customers::names(&mut work.tx, &keys).await?;
    Ok(found.into_iter().map(|(key, (_, name))| (key, name)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let w = conditions(&asked, scope, work.actor.user, work.business_date);
    let found =
        store::page(&mut work.tx, &w, &format!("{ROUTE} limit {} offset {}", asked.size, asked.offset())).await?;
    let count = store::count(&mut work.tx, &w).await?;
    let names = names(&mut work, &found).await?;
    let empty =
        Empty { icon: Some(Icon::MapPin), title: ui.t("visit-none"), text: ui.t("visit-none-text"), step: None };
    let result = ListPage {
        rows: found.iter().map(|order| row_of(&ui, order, &names)).collect(),
        count,
        empty: Some(empty),
        ..ListPage::default()
    };
    if let Some(rows) = visit.rows(&spec, &asked, &result) {
        return Ok(rows);
    }
    let mut tools = ui.list_tools(&spec, &asked, count);
    if asked.view == "route" && count > 0 && visit.may(CONTACT_REVEAL) {
        let address = format!("{LIST}/route.pdf?{}", asked.query(&spec));
        tools.push(&ui.button(Button::link(Look::Secondary, ui.t("visit-print"), address).icon(Icon::Printer)));
    }
    let page = Page::new(ui.t("visit-title"), "visits")
        .subtitle(ui.t1("as-of-business-date", "on", work.business_date))
        .actions(tools);
    visit.page_of(&page, &ui.list(&spec, &asked, &result))
}

/// Who goes, in words.
pub(super) fn visitors(order: &VisitOrder) -> String {
    order.plan.visitors.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("、")
}

fn row_of(ui: &Ui, order: &VisitOrder, names: &BTreeMap<CustomerId, String>) -> Row {
    Row {
        key: order.id.to_string(),
        cells: vec![
            Cell::Link(order.number.clone(), order.page()),
            Cell::Strong(names.get(&order.case.customer).cloned().unwrap_or_default()),
            Cell::Date(order.plan.on),
            Cell::Text(order.plan.band.to_string()),
            Cell::Text(order.plan.district.clone()),
            Cell::Text(visitors(order)),
            Cell::Text(order.plan.purpose.clone()),
            Cell::State(state_badge(ui, order.state), word(ui, order.state)),
        ],
        href: order.page(),
    }
}

async fn export(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.begin().await?);
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    let scope = work.authorise(CASE_VIEW).map_err(ActionError::from)?;
    let on = work.business_date;
    let w = conditions(&asked, scope, work.actor.user, on);
    let found = store::page(&mut work.tx, &w, &format!("{ROUTE} limit {EXPORT_ROWS}")).await?;
    let names = names(&mut work, &found).await?;
    let cells: Vec<Row> = found.iter().map(|order| row_of(&ui, order, &names)).collect();
    let entry = Entry::new(None, "visit.export", "visits");
    work.audit(entry.after(json!({ "rows": cells.len(), "query": asked.for_trail(&spec) }))).await?;
    work.commit().await?;
    crate::case::list::send(&ui, &spec, &asked, &cells, "visits", on)
}

/// The own route on paper, with the addresses: every one that is printed is in the audit trail.
async fn print(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.begin().await?);
    let scope = work.authorise(CONTACT_REVEAL).map_err(ActionError::from)?;
    let spec = spec(&ui);
    let mut asked = ListQuery::parse(&spec, query.as_deref().unwrap_or_default())?;
    asked.view = "route".to_owned();
    let w = conditions(&asked, scope, work.actor.user, work.business_date);
    let found = store::page(&mut work.tx, &w, &format!("{ROUTE} limit {STOPS}")).await?;
    let names = names(&mut work, &found).await?;
    paper::answer(&visit, work, &found, &names).await
}

/// The orders of a case with the way to another one.
///
/// # Errors
/// The store's.
pub async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let orders = store::of_case(&mut work.tx, case.key).await?;
    let plans = visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. });
    let mut html = Html::new();
    if orders.is_empty() && !plans {
        return Ok(html);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("visit-title")).raw("</h2>");
    if plans {
        let address = format!("/collections/cases/{}/visits/new", case.key.case);
        let button = Button::link(Look::Secondary, ui.t("visit-new"), address).icon(Icon::Plus);
        html.raw("<div class=\"end\">").push(&ui.button(button)).raw("</div>");
    }
    html.raw("</header>");
    if orders.is_empty() {
        html.raw("<p class=\"panel-body muted\">").text(ui.t("visit-none-here")).raw("</p></section>");
        return Ok(html);
    }
    let heads = ["visit-number", "visit-on", "visit-hours", "visit-district", "visit-visitors", "visit-state"];
    let mut table = Table::new(ui.t("visit-title"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &orders {
        let mut number = Html::new();
        number.raw("<a").href(one.page()).raw(">").text(&one.number).raw("</a>");
        table.row([
            number,
            ui.date(one.plan.on),
            Html::of_text(one.plan.band.to_string()),
            Html::of_text(&one.plan.district),
            Html::of_text(visitors(one)),
            state_badge(&ui, one.state),
        ]);
    }
    html.push(&ui.table(table)).raw("</section>");
    Ok(html)
}
