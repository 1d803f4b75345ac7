//! The page of a visitor, made for a phone (我的外访): the orders of the day as cards, one big button each.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use platform::duty::CONTACT_RECORD;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Empty, Html, Icon, Look, Page, Ui};
use platform::web::{Routes, Visit, WebError, refusal_box};

use super::list::{LIST, names, state_badge, visitors};
use super::model::{Verb, VisitOrder, VisitState};
use super::pages::verb_forms;
use super::{actions, data};

/// Where it is.
pub const MINE: &str = "/visits/mine";

/// The page of the day.
pub(super) fn routes() -> Routes {
    Routes::new().get(MINE, CONTACT_RECORD, index).data::<Vec<data::VisitData>, _, _>(MINE, CONTACT_RECORD, data::mine)
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, None).await
}

/// The cards; with what was refused, if something was.
pub(super) async fn draw(visit: &Visit, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(CONTACT_RECORD).map_err(ActionError::from)?;
    let on = platform::clock::civil_day(visit.now);
    let orders = actions::to_do(&mut work, visit.user()?, on).await?;
    let names = names(&mut work, &orders).await?;
    let mut body = refused.map(|refused| refused_box(&ui, refused)).unwrap_or_default();
    body.raw("<div class=\"visit-cards\"").attr("data-draft-person", visit.user()?.to_string()).raw(">");
    for order in &orders {
        let name = names.get(&order.case.customer).cloned().unwrap_or_default();
        body.push(&card(visit, &ui, order, &name)?);
    }
    for order in actions::gone(&mut work, visit.user()?, on).await? {
        body.push(&draft_done(visit, &order)?);
    }
    body.raw("</div>");
    if orders.is_empty() {
        let (title, text) = (ui.t("visit-none-today"), ui.t("visit-none-text"));
        body.push(&ui.empty(Empty { icon: Some(Icon::CircleCheck), title, text, step: None }));
    }
    let route = Button::link(Look::Secondary, ui.t("visit-view-route"), format!("{LIST}?view=route"));
    let page = Page::new(ui.t("visit-mine"), "visits-mine").subtitle(on.to_string()).actions(ui.button(route));
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok((status, visit.page_of(&page, &body)?).into_response())
}

/// A refusal, with the complaints about fields that this page does not have in words.
fn refused_box(ui: &Ui, refused: &Refused) -> Html {
    let mut out = refusal_box(ui, refused);
    for field in &refused.fields {
        let details: Vec<(&str, &str)> = field.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
        out.raw("<p class=\"note\">").text(ui.tn(format!("error-{}", field.code), &details)).raw("</p>");
    }
    out
}

fn card(visit: &Visit, ui: &Ui, order: &VisitOrder, name: &str) -> Result<Html, WebError> {
    let plan = &order.plan;
    let mut html = Html::new();
    html.raw("<section class=\"panel visit-card\"><header class=\"panel-head\"><h2><a").href(order.page()).raw(">");
    html.text(format!("{} {}", plan.band, plan.district)).raw("</a></h2><div class=\"end\">");
    html.push(&state_badge(ui, order.state)).raw("</div></header><div class=\"panel-body stack\"><dl class=\"facts\">");
    for (label, value) in [
        ("loan-customer", name.to_owned()),
        ("visit-purpose", plan.purpose.clone()),
        ("visit-documents", plan.documents.clone()),
        ("visit-visitors", visitors(ui, order)),
    ] {
        html.raw("<dt>").text(ui.t(label)).raw("</dt><dd class=\"wrap-anywhere\">").text(value).raw("</dd>");
    }
    html.raw("</dl>");
    if order.state.after(Verb::Record).is_some() {
        // The script shows it where this browser holds a record that was not sent.
        html.raw("<p class=\"note\" hidden").attr("data-draft-of", format!("{}:{}", visit.user()?, order.id)).raw(">");
        html.text(ui.t("visit-draft-waits")).raw("</p>");
    }
    html.push(&draft_done(visit, order)?);
    html.raw("<div class=\"visit-verbs\">").push(&verb_forms(visit, ui, order));
    if order.state.after(Verb::Record).is_some() {
        let address = format!("{}/record", order.page());
        html.push(&ui.button(Button::link(Look::Primary, ui.t("visit-verb-record"), address).icon(Icon::Edit)));
    }
    html.raw("</div></div></section>");
    Ok(html)
}

/// Tells the script that the record of an order has arrived: only then the draft is dropped (rule `visit.draft`).
pub(super) fn draft_done(visit: &Visit, order: &VisitOrder) -> Result<Html, WebError> {
    let mut html = Html::new();
    if order.state == VisitState::Done {
        html.raw("<i hidden").attr("data-draft-done", format!("{}:{}", visit.user()?, order.id)).raw("></i>");
    }
    Ok(html)
}
