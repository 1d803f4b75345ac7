//! Pages of early starts: recorded on the customer's file, shown on the case, ended.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::model::{EarlyStartId, StartKind, read};
use super::{actions, data, store};
use crate::case::model::{Case, CaseState};
use crate::{CASE_VIEW, CASE_WORK};

platform::form_fields! {
    /// What starts a collection.
    StartForm: "kind", "early_on", "reason", "evidence"
}

platform::form_fields! {
    /// Why a start is ended.
    EndForm: "reason"
}

type Key = (CustomerId, EarlyStartId);

/// The forms, and the starts of a file for programs.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::EarlyStartData>, _, _>("/customers/{id}/early-starts", CASE_VIEW, data::list)
        .get("/customers/{id}/early-starts/new", CASE_WORK, new_page)
        .post("/customers/{id}/early-starts/new", CASE_WORK, new)
        .get("/customers/{id}/early-starts/{start}/end", CASE_WORK, end_page)
        .post("/customers/{id}/early-starts/{start}/end", CASE_WORK, end)
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

fn back(customer: CustomerId) -> String {
    format!("/customers/{customer}?tab=cases")
}

/// The way to the form, on the customer page.
pub(crate) fn button(visit: &Visit, customer: CustomerId) -> Html {
    let ui = visit.ui();
    if !visit.may(CASE_WORK) {
        return Html::new();
    }
    let address = format!("/customers/{customer}/early-starts/new");
    ui.button(Button::link(Look::Small, ui.t("early-record"), address).icon(Icon::Plus))
}

/// 催收起因登记 on the page of a case; nothing where none was recorded.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let (ui, customer) = (visit.ui(), case.key.customer);
    let all = store::of_customer(&mut work.tx, customer).await?;
    let mut html = Html::new();
    if all.is_empty() {
        return Ok(html);
    }
    let house = crate::agency::gate::of_actor(work).await?.is_none();
    let works = house && visit.may(CASE_WORK) && matches!(case.state, CaseState::Open { .. });
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("early-title"));
    html.raw("</h2></header><ul class=\"rows\">");
    for one in &all {
        let tone = if one.ended.is_none() { Tone::Doubt } else { Tone::Neutral };
        html.raw("<li>").push(&ui.badge(tone, Icon::AlertTriangle, ui.t(format!("early-kind-{}", one.kind.as_str()))));
        html.raw(" <span class=\"wrap-anywhere\">")
            .text(&one.reason)
            .raw("</span> <span class=\"muted wrap-anywhere\">");
        html.text(&one.evidence).raw("</span><span class=\"end\">").push(&ui.date(one.happened_on)).raw(" ");
        match &one.ended {
            Some((on, why)) => {
                let why = ui.locale.find(&format!("early-ended-{why}")).unwrap_or_else(|| why.clone());
                html.text(ui.tn("early-ended", &[("on", on.to_string()), ("reason", why)]));
            }
            None if works => {
                let address = format!("/customers/{customer}/early-starts/{}/end", one.id);
                html.push(&ui.button(Button::link(Look::Small, ui.t("early-end"), address)));
            }
            None => {}
        }
        html.raw("</span></li>");
    }
    html.raw("</ul></section>");
    Ok(html)
}

async fn new_page(visit: Visit, Path(customer): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, customer, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    customer: CustomerId,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let file = actions::file(&mut work, customer).await?;
    let kinds = StartKind::ALL.map(|one| Choice::new(one.as_str(), ui.t(format!("early-kind-{}", one.as_str()))));
    let area = |id: &str, label: &str| Field::new(id, ui.t(label), Input::Area).value(typed(fields, id)).required();
    let day = match typed(fields, "early_on") {
        empty if empty.is_empty() => work.business_date.to_string(),
        typed => typed,
    };
    FormPage {
        title: ui.t("early-record"),
        subtitle: file.name,
        active: "customers",
        action: format!("/customers/{customer}/early-starts/new"),
        fields: vec![
            Field::new("kind", ui.t("early-kind"), Input::Radio(kinds.to_vec()))
                .value(typed(fields, "kind"))
                .required(),
            Field::new("early_on", ui.t("early-day"), Input::Date).value(day).required(),
            area("reason", "early-reason"),
            area("evidence", "early-evidence").hint(ui.t("early-evidence-hint")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("early-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("early-record")).icon(Icon::Check)],
        back: back(customer),
    }
    .draw(visit, refused)
}

async fn new(Path(customer): Path<CustomerId>, posted: Posted<StartForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("early_start.record").await?;
    let field = |name| typed(&posted.fields, name);
    let texts = (field("reason"), field("evidence"));
    let read = read(&field("kind"), &field("early_on"), (&texts.0, &texts.1), work.business_date);
    let done = match read {
        Ok(new) => actions::record(&mut work, customer, &new).await.map(drop),
        Err(error) => match actions::file(&mut work, customer).await {
            Ok(_) => Err(error.into()),
            Err(denied) => Err(denied),
        },
    };
    match posted.finish(work, done, back(customer)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, customer, &posted.fields, Some(&refused)).await,
    }
}

async fn end_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_end(&visit, key, &Fields::default(), None).await
}

async fn draw_end(
    visit: &Visit,
    (customer, id): Key,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let file = actions::file(&mut work, customer).await?;
    FormPage {
        title: ui.t("early-end"),
        subtitle: file.name,
        active: "customers",
        action: format!("/customers/{customer}/early-starts/{id}/end"),
        fields: vec![
            Field::new("reason", ui.t("early-reason"), Input::Area)
                .value(typed(fields, "reason"))
                .required()
                .hint(ui.t("early-end-hint")),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("early-end")).icon(Icon::Check)],
        back: back(customer),
        ..FormPage::default()
    }
    .draw(visit, refused)
}

async fn end(Path(key): Path<Key>, posted: Posted<EndForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("early_start.end").await?;
    let done = actions::end(&mut work, key.0, key.1, &typed(&posted.fields, "reason")).await;
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_end(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}
