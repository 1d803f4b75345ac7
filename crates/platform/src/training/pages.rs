//! Pages of training: entering one, taking a wrong one back.

use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::model::TrainingId;
use super::{LIST, TRAINING_RECORD, actions, form};
use crate::error::{ActionError, Refused};
use crate::page::{Button, Field, Icon, Input, Look};
use crate::policies;
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use crate::work::Work;

crate::form_fields! {
    /// A training.
    TrainingForm: "person", "form", "topic", "title", "held_on", "hours", "result", "note"
}

crate::form_fields! {
    /// Taking one back.
    BackForm: "note"
}

/// What the form begins with, where it is opened about somebody.
#[derive(Debug, Deserialize)]
struct About {
    #[serde(default)]
    person: String,
    #[serde(default)]
    form: String,
    #[serde(default)]
    topic: String,
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/trainings/new", TRAINING_RECORD, new_page)
        .post("/trainings/new", TRAINING_RECORD, record)
        .get("/trainings/{training}/back", TRAINING_RECORD, back_page)
        .post("/trainings/{training}/back", TRAINING_RECORD, take_back)
}

async fn new_page(visit: Visit, Query(about): Query<About>) -> Result<Response, WebError> {
    let known = [("person", about.person), ("form", about.form), ("topic", about.topic)];
    let known = Fields::new(known.map(|(name, value)| (name.to_owned(), value)).to_vec());
    draw_new(&visit, &known, None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let scope = work.authorise(TRAINING_RECORD)?;
    let needs = actions::needs(&mut work).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let page = FormPage {
        active: "trainings",
        title: ui.t("training-new"),
        action: "/trainings/new".to_owned(),
        fields: form::fields(&ui, &mut work, scope, (&policy, &needs), typed).await?,
        buttons: vec![Button::submit(Look::Primary, ui.t("training-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn record(posted: Posted<TrainingForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("training.record").await?;
    let done = recorded(&mut work, &posted.fields).await;
    match posted.finish(work, done, LIST.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn recorded(work: &mut Work, typed: &Fields) -> Result<TrainingId, ActionError> {
    let new = form::read(typed)?;
    actions::record(work, &new).await
}

async fn back_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_back(&visit, &id, &Fields::default(), None).await
}

async fn draw_back(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, TRAINING_RECORD).await?;
    let note = Field::new("note", ui.t("training-reason"), Input::Text)
        .value(typed.first("note").unwrap_or_default())
        .required();
    let page = FormPage {
        active: "trainings",
        title: ui.t("training-back"),
        subtitle: format!("{} {}", one.said.title, one.said.held_on),
        action: format!("{LIST}/{}/back", one.id),
        fields: vec![note],
        buttons: vec![Button::submit(Look::Primary, ui.t("training-back")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn take_back(Path(id): Path<String>, posted: Posted<BackForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("training.take_back").await?;
    let reason = posted.fields.first("note").unwrap_or_default().to_owned();
    let done = actions::take_back(&mut work, &id, &reason).await;
    match posted.finish(work, done, LIST.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_back(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
