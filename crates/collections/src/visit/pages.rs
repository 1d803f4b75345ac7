//! Pages of visit orders: planning one, one order with its verbs, its address for those who go.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use platform::access::CONTACT_REVEAL;
use platform::clock::civil_minute;
use platform::duty::CONTACT_RECORD;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Side, Table, Tone, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, refusal_box, shown_in_form};
use platform::work::Work;
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::{self, SetOut};
use super::form::{self, PlanForm, typed};
use super::list::{state_badge, visitors};
use super::mine::MINE;
use super::model::{Verb, VisitOrder, VisitRecord, VisitState};
use super::{VISIT_ISSUE, data, store};
use crate::case::actions as cases;
use crate::case::pages::NoForm;
use crate::contact::model::ContactResult;
use crate::{CASE_VIEW, CASE_WORK};

platform::form_fields! {
    /// Why an order is called off.
    ReasonForm: "reason"
}

/// The pages of orders.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/visits/new", CASE_WORK, new_page)
        .post("/collections/cases/{id}/visits/new", CASE_WORK, plan)
        .get("/visits/{id}", CASE_VIEW, show)
        .data::<data::VisitDetail, _, _>("/visits/{id}", CASE_VIEW, data::order)
        .post("/visits/{id}/issue", VISIT_ISSUE, issue)
        .post("/visits/{id}/set-out", CONTACT_RECORD, set_out)
        .get("/visits/{id}/call-off", CASE_VIEW, call_off_page)
        .post("/visits/{id}/call-off", CASE_VIEW, call_off)
        .post("/visits/{id}/address", CONTACT_REVEAL, address)
        .answering::<ShownAddress>()
}

async fn new_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_new(&visit, &id, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let case = cases::load(&mut work, cases::parse(id).map_err(ActionError::from)?, CASE_WORK).await?;
    let names = customers::names(&mut work.tx, &[case.key.customer]).await?;
    let name = names.get(&case.key.customer).map(|(_, name)| name.clone()).unwrap_or_default();
    FormPage {
        title: ui.t("visit-new"),
        subtitle: format!("{name} · {}", case.number),
        active: "visits",
        action: format!("/collections/cases/{}/visits/new", case.key.case),
        fields: form::plan_fields(&ui, &mut work, case.key.customer, fields).await?,
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("visit-new-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("visit-plan")).icon(Icon::Check)],
        back: format!("/collections/cases/{}", case.key.case),
    }
    .draw(visit, refused)
}

async fn plan(Path(id): Path<String>, posted: Posted<PlanForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.plan").await?;
    let done = match (cases::parse(&id), form::read_plan(&posted.fields)) {
        (Ok(case), Ok(new)) => actions::plan(&mut work, case, &new).await,
        (Err(error), _) => Err(error.into()),
        (_, Err(refused)) => Err(refused.into()),
    };
    match done {
        Ok(order) => posted.done(work, format!("/visits/{order}")).await,
        Err(error) => {
            work.tx.rollback().await?;
            draw_new(&posted.visit, &id, &posted.fields, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, None).await
}

/// One order; with what was refused, if something was.
pub(super) async fn draw(visit: &Visit, id: &str, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (order, case) = actions::load(&mut work, id, CASE_VIEW).await?;
    let names = customers::names(&mut work.tx, &[order.case.customer]).await?;
    let name = names.get(&order.case.customer).map(|(_, name)| name.clone()).unwrap_or_default();
    let mut body = refused.map(|refused| refusal_box(&ui, refused)).unwrap_or_default();
    body.push(&super::mine::draft_done(visit, &order)?);
    body.push(&facts(&ui, &mut work, &order, &name).await?);
    if let Some(record) = store::record_of(&mut work.tx, &order).await? {
        body.push(&record_panel(&ui, &record));
    }
    body.push(&super::record_pages::photos_panel(visit, &ui, &mut work, &order).await?);
    body.push(&life(&ui, &mut work, &order).await?);
    let back = format!("/collections/cases/{}", case.key.case);
    let mut buttons = vec![Button::link(Look::Secondary, &case.number, back).icon(Icon::Briefcase)];
    if order.state.after(Verb::CallOff).is_some() {
        let address = format!("{}/call-off", order.page());
        buttons.push(Button::link(Look::Danger, ui.t("visit-call-off"), address).icon(Icon::Ban));
    }
    if order.state.after(Verb::Record).is_some() && order.acts(visit.actor.user) {
        let address = format!("{}/record", order.page());
        buttons.push(Button::link(Look::Primary, ui.t("visit-verb-record"), address).icon(Icon::Edit));
    }
    let mut head = ui.buttons(&buttons);
    head.push(&verb_forms(visit, &ui, &order));
    let page = Page::new(format!("{} · {name}", order.number), "visits").subtitle(order.plan.on.to_string());
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok((status, visit.page_of(&page.actions(head), &body)?).into_response())
}

/// Verbs that are sent at once.
pub(super) fn verb_forms(visit: &Visit, ui: &Ui, order: &VisitOrder) -> Html {
    let mut out = Html::new();
    let mut add = |way: &str, label: &str, icon: Icon, look: Look| {
        let address = format!("{}/{way}", order.page());
        out.raw(" <form class=\"inline\" method=\"post\"").attr("action", address).raw(" data-once>");
        out.push(&ui.guard(visit.guard())).push(&ui.button(Button::submit(look, ui.t(label)).icon(icon)));
        out.raw("</form>");
    };
    if order.state.after(Verb::Issue).is_some() && visit.may(VISIT_ISSUE) {
        add("issue", "visit-issue", Icon::ClipboardCheck, Look::Primary);
    }
    if order.state.after(Verb::SetOut).is_some() && order.acts(visit.actor.user) {
        add("set-out", "visit-set-out", Icon::MapPin, Look::Primary);
    }
    let underway = matches!(order.state, VisitState::Issued | VisitState::OnTheWay);
    if underway && order.acts(visit.actor.user) && visit.may(CONTACT_REVEAL) {
        add("address", "visit-address-show", Icon::Eye, Look::Secondary);
    }
    out
}

async fn facts(ui: &Ui, work: &mut Work, order: &VisitOrder, name: &str) -> Result<Html, ActionError> {
    let plan = &order.plan;
    let place = match plan.point {
        None => ui.t("visit-place-file"),
        Some(point) => customers::contact_point::actions::in_file(work, order.case.customer, point)
            .await?
            .map(|point| point.masked)
            .unwrap_or_default(),
    };
    let people = crate::people(work).await?;
    let by = |id: i64| people.get(&platform::id::UserId(id)).cloned().unwrap_or_default();
    let mut who = Html::new();
    who.raw("<a").href(format!("/customers/{}", order.case.customer)).raw(">").text(name).raw("</a>");
    let rows = [
        ("visit-state", state_badge(ui, order.state)),
        ("loan-customer", who),
        ("visit-on", ui.date(plan.on)),
        ("visit-hours", Html::of_text(plan.band.to_string())),
        ("visit-place", Html::of_text(format!("{} {place}", plan.district))),
        ("visit-purpose", Html::of_text(&plan.purpose)),
        ("visit-documents", Html::of_text(&plan.documents)),
        ("visit-planned-by", Html::of_text(by(order.planned_by))),
        ("visit-issued-by", Html::of_text(order.issued_by.map(by).unwrap_or_default())),
    ];
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in rows {
        html.raw("<dt>").text(ui.t(label)).raw("</dt><dd class=\"wrap-anywhere\">").push(&value).raw("</dd>");
    }
    html.raw("</dl></div>");
    let heads = ["visit-visitors", "visit-agency", "visit-credential", "visit-valid"];
    let mut table = Table::new(ui.t("visit-visitors"), heads.map(|id| (ui.t(id), Side::Left)));
    for one in &plan.visitors {
        table.row([
            Html::of_text(&one.name),
            Html::of_text(&one.agency),
            Html::of_text(&one.credential),
            ui.date(one.valid_until),
        ]);
    }
    html.push(&ui.table(table)).raw("</section>");
    Ok(html)
}

fn record_panel(ui: &Ui, record: &VisitRecord) -> Html {
    let one = &record.content;
    let yes = |flag: bool| ui.t(if flag { "visit-yes" } else { "visit-no" });
    // Only where somebody else was met is there anybody to hear of the debt.
    let third = one.result == ContactResult::AnsweredByOther;
    let rows = [
        ("outcome-result", ui.t(format!("contact-result-{}", one.result.as_str()))),
        ("visit-arrived", civil_minute(one.arrived_at)),
        ("visit-identified", yes(one.identified)),
        ("visit-entry", ui.t(format!("visit-entry-{}", one.entry.as_str()))),
        ("visit-met", one.met.clone()),
        ("visit-debt-kept", yes(one.debt_kept)),
        ("outcome-response", one.response.clone()),
        ("visit-said", one.said.clone()),
        ("visit-seen", one.seen.clone()),
        ("visit-lump-sum", yes(one.lump_sum)),
        ("visit-conclusion", ui.t(format!("visit-conclusion-{}", one.conclusion.as_str()))),
        ("visit-next", one.next_step.clone()),
    ];
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("visit-record"));
    html.raw("</h2></header><div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in rows.into_iter().filter(|(label, _)| third || *label != "visit-debt-kept") {
        html.raw("<dt>").text(ui.t(label)).raw("</dt><dd class=\"wrap-anywhere\">").text(value).raw("</dd>");
    }
    html.raw("</dl></div></section>");
    html
}

async fn life(ui: &Ui, work: &mut Work, order: &VisitOrder) -> Result<Html, ActionError> {
    let people = crate::people(work).await?;
    let mut html = Html::new();
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("visit-life"));
    html.raw("</h2></header><ul class=\"timeline plain\">");
    for step in store::steps(&mut work.tx, order).await? {
        let by = people.get(&platform::id::UserId(step.by)).cloned().unwrap_or_default();
        let detail = match step.step.as_str() {
            "done" => ui.t(format!("contact-result-{}", step.detail)),
            _ => step.detail.clone(),
        };
        html.raw("<li><time>").text(civil_minute(step.at)).raw("</time> <span>");
        html.text(ui.t(format!("visit-state-{}", step.step))).raw(" ").text(detail);
        html.raw("</span> <span class=\"muted\">").text(by).raw("</span></li>");
    }
    html.raw("</ul></section>");
    Ok(html)
}

async fn issue(Path(id): Path<String>, posted: Posted<NoForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.issue").await?;
    let done = actions::issue(&mut work, &id).await;
    match posted.finish(work, done, format!("/visits/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, Some(&refused)).await,
    }
}

async fn set_out(Path(id): Path<String>, posted: Posted<NoForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.set_out").await?;
    match actions::set_out(&mut work, &id).await {
        Ok(SetOut::Gone) => posted.done(work, MINE).await,
        Ok(SetOut::Refused(refused)) => {
            // The refusal is a fact and is kept, whoever asked.
            work.settle(&posted.key, MINE).await?;
            work.commit().await?;
            super::mine::draw(&posted.visit, Some(&refused)).await
        }
        Err(error) => {
            work.tx.rollback().await?;
            super::mine::draw(&posted.visit, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn call_off_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_call_off(&visit, &id, &Fields::default(), None).await
}

async fn draw_call_off(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (order, _) = actions::load(&mut work, id, CASE_VIEW).await?;
    FormPage {
        title: ui.t("visit-call-off"),
        subtitle: order.number.clone(),
        active: "visits",
        action: format!("{}/call-off", order.page()),
        fields: vec![Field::new("reason", ui.t("guard-reason"), Input::Area).value(typed(fields, "reason")).required()],
        buttons: vec![Button::submit(Look::Danger, ui.t("visit-call-off")).icon(Icon::Ban)],
        back: order.page(),
        ..FormPage::default()
    }
    .draw(visit, refused)
}

async fn call_off(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.call_off").await?;
    let done = actions::call_off(&mut work, &id, &typed(&posted.fields, "reason")).await;
    match posted.finish(work, done, format!("/visits/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_call_off(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

/// An address as a program gets it (地址), this once.
#[derive(Debug, Serialize, JsonSchema)]
struct ShownAddress {
    /// The address in clear.
    value: String,
}

async fn address(Path(id): Path<String>, posted: Posted<NoForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.address").await?;
    let (order, value) = match actions::address(&mut work, &id).await {
        Ok(found) => found,
        Err(error) => {
            work.tx.rollback().await?;
            return super::mine::draw(&posted.visit, Some(&shown_in_form(error)?)).await;
        }
    };
    work.settle(&posted.key, MINE).await?;
    work.commit().await?;
    let shown = ShownAddress { value };
    if let Some(answer) = posted.visit.data(&shown) {
        return Ok(answer);
    }
    let ui = posted.visit.ui();
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\"><dl class=\"facts\"><dt>");
    body.text(ui.t("visit-place")).raw("</dt><dd class=\"wrap-anywhere\"><b>").text(&shown.value);
    body.raw("</b></dd><dt>").text(ui.t("visit-visitors")).raw("</dt><dd>").text(visitors(&ui, &order));
    body.raw("</dd></dl><p class=\"hint\">").text(ui.t("visit-conduct")).raw("</p><div class=\"buttons\">");
    body.push(&ui.button(Button::link(Look::Primary, ui.t("visit-mine"), MINE).icon(Icon::ArrowLeft)));
    body.raw("</div></div></section>");
    posted.visit.page_of(&Page::new(ui.t("visit-address-show"), "visits-mine").subtitle(order.number), &body)
}
