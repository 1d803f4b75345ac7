//! Pages of exams: entering one, correcting one.

use axum::extract::Path;
use axum::response::Response;

use super::{EXAM_RECORD, LIST, actions, form};
use crate::error::{ActionError, Refused};
use crate::page::{Button, Icon, Look};
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use crate::work::Work;

crate::form_fields! {
    /// An exam.
    ExamForm: "person", "title", "held_on", "right", "note"
}

crate::form_fields! {
    /// A correction.
    CorrectForm: "right", "note"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/exams/new", EXAM_RECORD, new_page)
        .post("/exams/new", EXAM_RECORD, record)
        .get("/exams/{exam}/correct", EXAM_RECORD, correct_page)
        .post("/exams/{exam}/correct", EXAM_RECORD, correct)
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let scope = work.authorise(EXAM_RECORD)?;
    let scoring = actions::scoring(&mut work).await?;
    let page = FormPage {
        active: "exams",
        title: ui.t("exam-new"),
        action: "/exams/new".to_owned(),
        fields: form::fields(&ui, &mut work, scope, scoring, typed).await?,
        buttons: vec![Button::submit(Look::Primary, ui.t("exam-new")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn record(posted: Posted<ExamForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("exam.record").await?;
    let done = recorded(&mut work, &posted.fields).await;
    match posted.finish(work, done, LIST.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn recorded(work: &mut Work, typed: &Fields) -> Result<super::model::ExamId, ActionError> {
    let scoring = actions::scoring(work).await?;
    let new = form::read(typed, scoring)?;
    actions::record(work, &new).await
}

async fn correct_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_correct(&visit, &id, &Fields::default(), None).await
}

async fn draw_correct(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, EXAM_RECORD).await?;
    let known = Fields::new(vec![("right".to_owned(), one.said.right.to_string())]);
    let from = if typed.first("right").is_some() { typed } else { &known };
    let note = crate::page::Field::new("note", ui.t("exam-reason"), crate::page::Input::Text)
        .value(typed.first("note").unwrap_or_default())
        .required();
    let page = FormPage {
        active: "exams",
        title: ui.t("exam-correct"),
        subtitle: format!("{} {}", one.said.title, one.said.held_on),
        action: format!("{LIST}/{}/correct", one.id),
        fields: vec![form::right(&ui, one.scoring, from), note],
        buttons: vec![Button::submit(Look::Primary, ui.t("exam-correct")).icon(Icon::Check)],
        back: LIST.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn correct(Path(id): Path<String>, posted: Posted<CorrectForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("exam.correct").await?;
    let done = corrected(&mut work, &id, &posted.fields).await;
    match posted.finish(work, done, LIST.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_correct(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn corrected(work: &mut Work, id: &str, typed: &Fields) -> Result<super::model::ExamId, ActionError> {
    let one = actions::seen(work, id, EXAM_RECORD).await?;
    let mut wrong = Vec::new();
    let right = form::read_right(typed, &mut wrong, one.scoring.questions);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    actions::correct(work, id, right, typed.first("note").unwrap_or_default()).await
}
