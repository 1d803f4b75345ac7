//! Pages of credit information: a new query, an adjustment of its level.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::form::{self, AdjustForm, QueryForm};
use super::model::{About, QueryId};
use super::{actions, data, store};
use crate::customer::actions::load_within;
use crate::document::store as papers;
use crate::error::CustomerError;
use crate::{EDIT, VIEW};

/// The pages about credit information.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::QueryData>, _, _>("/customers/{id}/credit", VIEW, data::queries)
        .get("/customers/{id}/credit/new", EDIT, new_page)
        .post("/customers/{id}/credit/new", EDIT, record)
        .get("/customers/{id}/credit/{query}/adjust", EDIT, adjust_page)
        .post("/customers/{id}/credit/{query}/adjust", EDIT, adjust)
}

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=credit")
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>) -> Result<Response, WebError> {
    draw_new(&visit, id, &Fields::default(), None).await
}

async fn draw_new(
    visit: &Visit,
    id: CustomerId,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let held = papers::of_customer(&mut work.tx, id).await?;
    let authorised = |about: &About| held.iter().any(|one| one.is_current() && one.kind == about.authorisation());
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("credit-new-note"));
    if !About::ALL.iter().any(authorised) {
        let address = format!("/customers/{id}/documents/new?of={}", About::Own.authorisation());
        note.raw(" <a").href(address).raw(">").text(ui.t("credit-authorise-first")).raw("</a>");
    }
    note.raw("</p>");
    let purposes = actions::purposes(&policy, on)?;
    let page = FormPage {
        active: "customers",
        title: ui.t("credit-new"),
        action: format!("/customers/{id}/credit/new"),
        fields: form::fields(&ui, &policy, customer.kind, &held, &purposes, typed),
        subtitle: customer.name,
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("customer-save")).icon(Icon::Check)],
        back: back(id),
    };
    page.draw(visit, refused)
}

async fn record(Path(id): Path<CustomerId>, posted: Posted<QueryForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("credit.record").await?;
    let done = match form::read(&posted.fields, work.business_date) {
        Ok(new) => actions::record(&mut work, id, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}

type Key = (CustomerId, QueryId);

async fn adjust_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_adjust(&visit, key, &Fields::default(), None).await
}

async fn draw_adjust(
    visit: &Visit,
    (id, query): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let one = all.iter().find(|one| one.id == query);
    let one = one.ok_or(ActionError::from(CustomerError::NoSuchPart("credit_query")))?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("credit-adjust-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t("credit-adjust"),
        subtitle: format!("{} · {}", customer.name, one.content.report_on),
        action: format!("/customers/{id}/credit/{query}/adjust"),
        fields: form::adjust_fields(&ui, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("credit-adjust-send")).icon(Icon::Send)],
        back: back(id),
    };
    page.draw(visit, refused)
}

async fn adjust(Path((id, query)): Path<Key>, posted: Posted<AdjustForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("credit.adjust").await?;
    let done = match form::read_adjustment(&posted.fields, work.business_date) {
        Ok(new) => actions::ask(&mut work, id, query, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, back(id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_adjust(&posted.visit, (id, query), &posted.fields, Some(&refused)).await,
    }
}
