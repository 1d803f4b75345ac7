//! Pages of what came of a visit: the record, on a phone as well, and its photos.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use platform::attachment;
use platform::duty::CONTACT_RECORD;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::web::{Fields, Posted, Routes, Upload, Visit, WebError, failing_field, refusal_box, shown_in_form};
use platform::work::Work;

use super::form::{self, RecordForm, typed};
use super::mine::MINE;
use super::model::{PhotoId, Verb, VisitOrder, VisitState};
use super::{VisitError, actions, record, store};
use crate::CASE_VIEW;

/// What the file of a photo may be.
const KINDS: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

/// The record and its photos.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/visits/{id}/record", CONTACT_RECORD, record_page)
        .post("/visits/{id}/record", CONTACT_RECORD, keep)
        .upload("/visits/{id}/photos", CONTACT_RECORD, add_photo)
        .file("/visits/{id}/photos/{photo}", CASE_VIEW, take_photo, KINDS)
}

async fn record_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

/// The form of a record. What is typed stays in the browser until it was sent (rule `visit.draft`): `data-draft` names
/// it by person and order, and `data-said` are the sentences of the script.
async fn draw(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (order, _) = actions::load_to_record(&mut work, id).await?;
    if refused.is_none() && order.state.after(Verb::Record).is_none() {
        let error = VisitError::NotNow { state: order.state.as_str() };
        return Err(ActionError::from(error).into());
    }
    let names = customers::names(&mut work.tx, &[order.case.customer]).await?;
    let name = names.get(&order.case.customer).map(|(_, name)| name.clone()).unwrap_or_default();
    let mut all = form::record_fields(&ui, &order, fields, visit.now);
    let mut refusal = Html::new();
    if let Some(refused) = refused {
        all = all
            .into_iter()
            .map(|field| {
                let error = failing_field(&ui, refused, &field.name);
                field.error(error)
            })
            .collect();
        if refused.code != "form-invalid" {
            refusal = refusal_box(&ui, refused);
        }
    }
    let draft = format!("{}:{}", visit.user()?, order.id);
    let mut body = Html::new();
    body.raw("<section class=\"panel visit\"><form class=\"panel-body form\" method=\"post\"");
    body.attr("action", format!("{}/record", order.page())).attr("data-draft", draft).raw(">");
    body.push(&ui.guard(visit.guard())).push(&refusal).push(&ui.error_summary(&all));
    body.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("visit-conduct"))));
    if record::is_half_lost(&mut work, &order).await? {
        let mut first = Html::of_text(ui.t("visit-half-lost"));
        first.raw(" ").push(&ui.rule(super::rules::RULE_HALF_LOST));
        body.push(&ui.note(Tone::Watch, Icon::AlertTriangle, first));
    }
    let say = |body: &mut Html, state: &str, text: &str| {
        body.raw("<p class=\"note\" role=\"status\" hidden").attr("data-said", state).raw(">").text(ui.t(text));
        body.raw("</p>");
    };
    say(&mut body, "kept", "visit-draft-kept");
    for field in &all {
        body.push(&ui.field(field));
    }
    // Beside the button that was pressed.
    say(&mut body, "offline", "visit-draft-offline");
    say(&mut body, "online", "visit-draft-online");
    body.raw("<div class=\"buttons\">");
    body.push(&ui.button(Button::submit(Look::Primary, ui.t("visit-verb-record")).icon(Icon::Check)));
    body.push(&ui.button(Button::link(Look::Plain, ui.t("cancel"), MINE))).raw("</div></form></section>");
    let page = Page::new(ui.t("visit-record"), "visits-mine").subtitle(format!("{name} · {}", order.number));
    let status = match refused {
        None => StatusCode::OK,
        Some(refused) if refused.fields.is_empty() => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, visit.page_of(&page, &body)?).into_response())
}

async fn keep(Path(id): Path<String>, posted: Posted<RecordForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("visit.record").await?;
    let done = match form::read_record(&posted.fields) {
        Ok((new, promised)) => record::keep(&mut work, &id, &new, promised).await,
        Err(refused) => Err(refused.into()),
    };
    // Whose case came back meanwhile sees the order no more.
    let seen = done.is_ok() && actions::load(&mut work, &id, CONTACT_RECORD).await.is_ok();
    let place = if seen { format!("/visits/{id}") } else { MINE.to_owned() };
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

/// The photos of an order, with the way to add one for those who act for it.
pub(super) async fn photos_panel(
    visit: &Visit,
    ui: &Ui,
    work: &mut Work,
    order: &VisitOrder,
) -> Result<Html, ActionError> {
    let mut html = Html::new();
    let adds = matches!(order.state, VisitState::OnTheWay | VisitState::Done) && order.acts(visit.actor.user);
    let photos = store::photos(&mut work.tx, order).await?;
    if photos.is_empty() && !adds {
        return Ok(html);
    }
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("visit-photos"));
    html.raw("</h2></header><ul class=\"rows\">");
    for (place, photo) in (1..).zip(&photos) {
        let label = if photo.note.is_empty() { ui.t1("visit-photo-of", "place", place) } else { photo.note.clone() };
        html.raw("<li><a").href(format!("{}/photos/{}", order.page(), photo.id)).raw(">").text(label).raw("</a></li>");
    }
    html.raw("</ul>");
    if adds {
        let limits = attachment::limits(work).await?;
        let endings: Vec<String> = limits.media.iter().map(|media| format!(".{}", media.ending())).collect();
        html.raw("<form class=\"form panel-body\" method=\"post\" enctype=\"multipart/form-data\"");
        html.attr("action", format!("{}/photos", order.page())).raw(" data-once>").push(&ui.guard(visit.guard()));
        html.push(&ui.field(Field::new("file", ui.t("visit-photo"), Input::File(endings.join(","))).required()));
        html.push(&ui.field(Field::new("note", ui.t("visit-photo-note"), Input::Text)));
        html.push(&ui.button(Button::submit(Look::Secondary, ui.t("visit-photo-add")).icon(Icon::CameraPlus)));
        html.raw("</form>");
    }
    html.raw("</section>");
    Ok(html)
}

async fn add_photo(Path(id): Path<String>, upload: Upload) -> Result<Response, WebError> {
    let sent = upload.files.iter().find(|file| file.field == "file");
    let mut work = upload.begin("visit.photo").await?;
    match record::add_photo(&mut work, &id, sent, &typed(&upload.fields, "note")).await {
        Ok(order) => upload.done(work, order.page()).await,
        Err(error) => {
            work.tx.rollback().await?;
            super::pages::draw(&upload.visit, &id, Some(&shown_in_form(error)?)).await
        }
    }
}

async fn take_photo(visit: Visit, Path((id, photo)): Path<(String, PhotoId)>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = record::photo(&mut work, &id, photo).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}
