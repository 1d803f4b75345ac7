//! The page on which whoever has a task out of a resolution says what came of it.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::{actions, pages};
use crate::CASE_VIEW;

/// Where the tasks of a person are.
const DUTIES: &str = "/duties";

platform::form_fields! {
    /// What came of a task.
    TaskForm: "meeting_outcome"
}

/// Where tasks are done.
pub(super) fn routes() -> Routes {
    Routes::new().get("/collections/group-tasks/{id}", CASE_VIEW, task_page).post(
        "/collections/group-tasks/{id}",
        CASE_VIEW,
        done,
    )
}

async fn task_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw(&visit, &id, &Fields::default(), None).await
}

async fn draw(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    visit.complain_of(refused)?;
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::task(&mut work, id).await?;
    let names = crate::people(&mut work).await.map_err(ActionError::from)?;
    let mut note = Html::new();
    note.raw("<p>").text(&one.content.resolution).raw("</p><p><strong>").text(pages::task_words(&ui, &one, &names));
    note.raw("</strong></p>");
    let form = FormPage {
        active: "cases",
        title: ui.t("meeting-task-done"),
        subtitle: format!("{} · {}", one.content.case, one.held.0),
        action: format!("/collections/group-tasks/{}", one.id),
        fields: vec![
            Field::new("meeting_outcome", ui.t("meeting-outcome"), Input::Area)
                .value(typed.first("meeting_outcome").unwrap_or_default())
                .hint(ui.t("meeting-outcome-hint"))
                .required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("meeting-save")).icon(Icon::Check)],
        back: DUTIES.to_owned(),
    };
    form.draw(visit, refused)
}

async fn done(Path(id): Path<String>, posted: Posted<TaskForm>) -> Result<Response, WebError> {
    let words = posted.fields.first("meeting_outcome").unwrap_or_default();
    let mut work = posted.begin("group_task.done").await?;
    let done = actions::done(&mut work, &id, words).await;
    // Whoever has the task may see neither the meeting nor the case.
    match posted.finish(work, done, DUTIES.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) if refused.code != "form-invalid" => Err(ActionError::from(refused).into()),
        Err(refused) => draw(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
