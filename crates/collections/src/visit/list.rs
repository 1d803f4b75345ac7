//! The list of visit orders, and the route of a visitor: one day, by district, then by hour.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::response::Response;
use platform::access::{CONTACT_REVEAL, DataScope};
use platform::args;
use platform::db::Conditions;
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::list_export::{Listed, Sums, Wanted, plain};
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListQuery, ListSpec, Row, View};
use platform::page::{Button, Choice, Html, Icon, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Routes, Visit, WebError};
use platform::work::Work;

use super::model::{VisitOrder, VisitState};
use super::{paper, store};
use crate::case::model::{Case, CaseState};
use crate::listing;
use crate::{CASE_VIEW, CASE_WORK};

/// Where the list is.
pub const LIST: &str = "/collections/visits";
/// The most stops of a printed route.
const STOPS: i64 = 100;
/// The views in the order of their tabs.
const VIEWS: [&str; 4] = ["open", "route", "done", "all"];
/// By district, then by hour (rule `visit.route`).
const ROUTE: &str = "order by o.visit_on, o.district, o.from_minute, o.id";

/// The list, its export, the route on paper.
pub fn routes() -> Routes {
    Routes::new().list(LIST, CASE_VIEW, index, spec).exports(&LISTED).get(
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
        VisitState::OnTheWay => (Tone::Accent, Icon::MapPin),
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
                "all" => &mut w,
                _ => w.and_values("o.state in ('planned', 'issued', 'on-the-way')", args![]),
            };
            crate::case::list::within(&mut w, scope);
        }
    }
    w.one_of("o.state", asked.choice("state"));
    listing::between(&mut w, (from, to), ["o.visit_on >= ?", "o.visit_on <= ?"]);
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

/// The visit orders (外访清单).
pub(crate) static LISTED: Listed = Listed {
    list: LIST,
    address: "/collections/visits/export.xlsx",
    view: CASE_VIEW,
    export: CASE_VIEW,
    act: "visit.export",
    title: "visit-title",
    file: "visits",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

fn wanted_of(work: &Work, wanted: &Wanted) -> Conditions {
    let mut w = conditions(&wanted.query, wanted.scope, work.actor.user, work.business_date);
    w.one_of("o.id", &wanted.picked_numbers());
    w
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    let w = wanted_of(work, wanted);
    Ok(store::count(&mut work.tx, &w).await?.into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let w = wanted_of(work, wanted);
    let found = store::page(&mut work.tx, &w, &format!("{ROUTE} {}", wanted.limit())).await?;
    let names = names(work, &found).await?;
    Ok(found.iter().map(|order| row_of(ui, order, &names)).collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let none = listing::none(Icon::MapPin, ui.t("visit-none"), ui.t("visit-none-text"));
    let shown = LISTED.shown(&visit, query).await?.or(none);
    let mut tools = shown.tools();
    if shown.asked.view == "route" && shown.page.count > 0 && visit.may(CONTACT_REVEAL) {
        let address = format!("{LIST}/route.pdf?{}", shown.asked.query(&shown.spec));
        tools.push(&ui.button(Button::link(Look::Secondary, ui.t("visit-print"), address).icon(Icon::Printer)));
    }
    let page = Page::new(ui.t("visit-title"), "visits")
        .subtitle(ui.t1("as-of-business-date", "on", visit.business_date))
        .actions(tools);
    shown.answer(&visit, &page)
}

/// Who goes, in words.
pub(super) fn visitors(ui: &Ui, order: &VisitOrder) -> String {
    order.plan.visitors.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(&ui.t("list-comma"))
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
            Cell::Text(visitors(ui, order)),
            Cell::Text(order.plan.purpose.clone()),
            Cell::State(state_badge(ui, order.state), word(ui, order.state)),
        ],
        href: order.page(),
    }
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
            Html::of_text(visitors(&ui, one)),
            state_badge(&ui, one.state),
        ]);
    }
    html.push(&ui.table(table)).raw("</section>");
    Ok(html)
}
