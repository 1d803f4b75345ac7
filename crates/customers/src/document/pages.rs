//! Pages of documents: handing in, replacing, one document, its file, withdrawing, its number.

use axum::extract::{Path, Query};
use axum::response::Response;
use platform::access::PERSONAL_REVEAL;
use platform::attachment;
use platform::clock::civil_minute;
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Html, Icon, Look, Page, Ui};
use platform::policies;
use platform::vault::Personal as _;
use platform::web::{Fields, FormPage, Posted, Routes, Upload, Visit, WebError, shown_in_form};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Document, DocumentId};
use super::panel::{ended, file, kind_title, number, source};
use super::{actions, data, form};
use crate::customer::actions::load_within;
use crate::customer::pages::ReasonForm;
use crate::customer::store::user_names;
use crate::reveal::{Reveal, reason, reason_field};
use crate::{DOCUMENT_VIEW, EDIT, VIEW};

/// What the file of a document may be.
const KINDS: &[&str] = &[
    "application/pdf",
    "image/jpeg",
    "image/png",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/plain",
];

/// The pages about documents.
pub fn routes() -> Routes {
    Routes::new()
        .data::<Vec<data::DocumentLineData>, _, _>("/customers/{id}/documents", VIEW, data::documents)
        .get("/customers/{id}/documents/new", EDIT, new_page)
        .upload("/customers/{id}/documents/new", EDIT, hand_in)
        .get("/customers/{id}/documents/{document}", VIEW, one_page)
        .data::<data::DocumentData, _, _>("/customers/{id}/documents/{document}", VIEW, data::document)
        .file("/customers/{id}/documents/{document}/file", DOCUMENT_VIEW, take, KINDS)
        .get("/customers/{id}/documents/{document}/replace", EDIT, replace_page)
        .upload("/customers/{id}/documents/{document}/replace", EDIT, replace)
        .get("/customers/{id}/documents/{document}/withdraw", EDIT, withdraw_page)
        .post("/customers/{id}/documents/{document}/withdraw", EDIT, withdraw)
        .get("/customers/{id}/documents/{document}/reveal", PERSONAL_REVEAL, reveal_page)
        .post("/customers/{id}/documents/{document}/reveal", PERSONAL_REVEAL, reveal)
        .answering::<crate::reveal::RevealedValue>()
}

type Key = (CustomerId, DocumentId);

fn back(id: CustomerId) -> String {
    format!("/customers/{id}?tab=documents")
}

/// Which paper a form begins with.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    of: Option<String>,
}

async fn new_page(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let typed = asked.of.map(|kind| vec![("kind".to_owned(), kind)]).unwrap_or_default();
    draw_form(&visit, id, None, &Fields::new(typed), None).await
}

/// The form of a new document, or of one that replaces another.
async fn draw_form(
    visit: &Visit,
    id: CustomerId,
    old: Option<DocumentId>,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let list = actions::list(&policy, on, customer.kind)?;
    let limits = attachment::limits(&mut work).await?;
    let old = match old {
        Some(old) => Some(actions::load(&mut work, id, old, EDIT).await?.1),
        None => None,
    };
    let fixed = old.as_ref().map(|old| old.kind.as_str());
    let (title, action) = match &old {
        Some(old) => ("document-replace", format!("/customers/{id}/documents/{}/replace", old.id)),
        None => ("document-new", format!("/customers/{id}/documents/new")),
    };
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("document-note")).raw("</p>");
    let page = FormPage {
        active: "customers",
        title: ui.t(title),
        action,
        fields: form::fields(&ui, &policy, &list, &limits, typed, fixed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("document-hand-in")).icon(Icon::Check)],
        back: back(id),
        subtitle: customer.name,
    };
    page.draw(visit, refused)
}

async fn hand_in(Path(id): Path<CustomerId>, upload: Upload) -> Result<Response, WebError> {
    receive(id, None, upload).await
}

async fn replace_page(visit: Visit, Path((id, old)): Path<Key>) -> Result<Response, WebError> {
    draw_form(&visit, id, Some(old), &Fields::default(), None).await
}

async fn replace(Path((id, old)): Path<Key>, upload: Upload) -> Result<Response, WebError> {
    receive(id, Some(old), upload).await
}

async fn receive(id: CustomerId, old: Option<DocumentId>, upload: Upload) -> Result<Response, WebError> {
    let sent = upload.files.iter().find(|file| file.field == "file");
    let mut work = upload.begin("document.hand_in").await?;
    let done = match form::read(&upload.fields, old) {
        Ok(new) => actions::hand_in(&mut work, id, &new, sent).await,
        Err(refused) => Err(ActionError::from(refused)),
    };
    match done {
        Ok(_) => upload.done(work, back(id)).await,
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            draw_form(&upload.visit, id, old, &upload.fields, Some(&refused)).await
        }
    }
}

/// One document with all that is known of it.
async fn one_page(visit: Visit, Path((id, key)): Path<Key>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (customer, one) = actions::load(&mut work, id, key, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let by = user_names(&mut work.tx, &[one.recorded_by]).await?.remove(&one.recorded_by);
    let own = format!("/customers/{id}/documents/{key}");
    let recorded = format!("{} · {}", by.unwrap_or_else(|| ui.t("timeline-system")), civil_minute(one.recorded_at));
    let text = |text: String| Html::of_text(text);
    let facts = [
        ("document-state", ended(&ui, &one.file)),
        ("document-number", number(&ui, &one)),
        ("document-issued-on", ui.date_or_dash(one.issued_on)),
        ("document-expires-on", ui.date_or_dash(one.expires_on)),
        ("datum-source", text(source(&ui, one.route, &one.source_note))),
        ("attachment-file", file(&visit, &ui, &one.file, &own)),
        ("document-digest", text(one.file.digest.clone())),
        ("document-received-on", ui.date(one.effective_on)),
        ("datum-recorded", text(recorded)),
    ];
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in facts {
        body.raw("<dt>").text(ui.t(label)).raw("</dt><dd class=\"wrap-anywhere\">").push(&value).raw("</dd>");
    }
    body.raw("</dl></div></section>");
    let page = Page::new(kind_title(&ui, &policy, &one.kind), "customers").subtitle(&customer.name);
    visit.page_of(&page.actions(ui.buttons(verbs(&visit, &ui, &one))), &body)
}

fn verbs(visit: &Visit, ui: &Ui, one: &Document) -> Vec<Button> {
    let own = format!("/customers/{}/documents/{}", one.customer, one.id);
    let verb = |look, word: &str, end: &str, icon| Button::link(look, ui.t(word), format!("{own}/{end}")).icon(icon);
    let mut out = Vec::new();
    if visit.may(DOCUMENT_VIEW) && one.file.withdrawn.is_none() {
        out.push(verb(Look::Primary, "document-take", "file", Icon::Download));
    }
    if visit.may(PERSONAL_REVEAL) && !one.number.is_empty() {
        out.push(verb(Look::Secondary, "customer-reveal", "reveal", Icon::Eye));
    }
    if visit.may(EDIT) && one.is_current() {
        out.push(verb(Look::Secondary, "document-replace", "replace", Icon::ArrowsExchange));
        out.push(verb(Look::Danger, "document-withdraw", "withdraw", Icon::ArrowBackUp));
    }
    out.push(Button::link(Look::Secondary, ui.t("customer-back"), back(one.customer)).icon(Icon::ArrowLeft));
    out
}

/// The file itself, to be saved; the look is in the trail before the first byte leaves.
async fn take(visit: Visit, Path((id, key)): Path<Key>) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    let opened = actions::open(&mut work, id, key).await?;
    work.commit().await?;
    Ok(attachment::response(opened))
}

async fn withdraw_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_withdraw(&visit, key, &Fields::default(), None).await
}

async fn draw_withdraw(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let (customer, one) = actions::load(&mut work, id, key, EDIT).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("document-withdraw"),
        subtitle: format!("{} · {}", customer.name, kind_title(&ui, &policy, &one.kind)),
        action: format!("/customers/{id}/documents/{key}/withdraw"),
        fields: vec![reason_field(&ui, typed, "document-withdraw-hint")],
        buttons: vec![Button::submit(Look::Danger, ui.t("document-withdraw")).icon(Icon::ArrowBackUp)],
        back: format!("/customers/{id}/documents/{key}"),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn withdraw(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("document.withdraw").await?;
    let done = actions::withdraw(&mut work, key.0, key.1, reason(&posted)).await;
    match posted.finish(work, done, back(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_withdraw(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn reveal_of(work: &mut Work, ui: &Ui, (id, key): Key) -> Result<Reveal, WebError> {
    let (customer, one) = actions::load(work, id, key, PERSONAL_REVEAL).await?;
    Ok(Reveal {
        title: ui.t("document-reveal"),
        whose: format!("{} {}", customer.name, one.number),
        label: ui.t("document-number"),
        action: format!("/customers/{id}/documents/{key}/reveal"),
        back: format!("/customers/{id}/documents/{key}"),
    })
}

async fn reveal_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    reveal_of(&mut work, &visit.ui(), key).await?.ask(&visit, &Fields::default(), None)
}

async fn reveal(Path(key): Path<Key>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("personal.reveal").await?;
    let page = reveal_of(&mut work, &posted.visit.ui(), key).await?;
    let shown = actions::reveal(&mut work, key.0, key.1, reason(&posted)).await;
    page.answer(&posted, work, shown.map(|number| number.clear().to_owned())).await
}

#[cfg(test)]
mod tests {
    use platform::attachment::Media;

    use super::*;

    #[test]
    fn every_kind_that_is_kept_is_described_to_programs() {
        let known: Vec<&str> = Media::ALL.iter().map(|media| media.mime().split(';').next().unwrap()).collect();
        assert_eq!(known, KINDS);
    }
}
