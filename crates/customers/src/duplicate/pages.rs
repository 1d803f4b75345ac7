//! The form by which two files are judged not to be the same, or that judgement is taken back.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use platform::error::{ActionError, Refused};
use platform::id::CustomerId;
use platform::page::{Button, Field, Html, Icon, Input, Look, Tone};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::actions;
use crate::merge::MERGE;
use crate::merge::pages::{Asked, compare_path, pair};

platform::form_fields! {
    /// Two files that are not the same.
    ApartForm: "with", "reason"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new().get("/customers/{id}/apart", MERGE, page).post("/customers/{id}/apart", MERGE, judge).post(
        "/customers/{id}/apart/end",
        MERGE,
        end,
    )
}

async fn page(visit: Visit, Path(id): Path<CustomerId>, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let typed = Fields::new(vec![("with".to_owned(), asked.with)]);
    draw(&visit, id, &typed, None).await
}

async fn draw(visit: &Visit, id: CustomerId, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let with = typed.first("with").unwrap_or("").to_owned();
    let (one, other) = match pair(&mut work, id, &with).await {
        Ok(found) => found,
        // Which other file is meant is asked where both are compared.
        Err(ActionError::Refused(no)) if refused.is_none() && no.fields.iter().any(|wrong| wrong.field == "with") => {
            return Ok(Redirect::to(&format!("/customers/{id}/merge")).into_response());
        }
        Err(error) => return Err(error.into()),
    };
    let judged = actions::judged(&mut work, [one.id, other.id]).await?;
    let (verb, place) = if judged.is_some() { ("duplicate-take-back", "/end") } else { ("duplicate-apart", "") };
    let mut note = Html::new();
    note.raw("<input type=\"hidden\" name=\"with\"").attr("value", &with).raw(">");
    if let Some(judged) = &judged {
        let words = ui.t2("duplicate-judged-note", "on", judged.on, "reason", &judged.reason);
        note.push(&ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(words)));
    } else {
        note.raw("<p class=\"hint\">").text(ui.t("duplicate-apart-note")).raw("</p>");
    }
    let page = FormPage {
        active: "duplicates",
        title: ui.t(verb),
        subtitle: format!("{} {} · {} {}", one.name, one.number, other.name, other.number),
        action: format!("/customers/{id}/apart{place}"),
        fields: vec![
            Field::new("reason", ui.t("customer-reason"), Input::Text)
                .value(typed.first("reason").unwrap_or(""))
                .hint(ui.t("duplicate-reason-hint"))
                .required(),
        ],
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t(verb)).icon(Icon::Check)],
        back: compare_path(id, &other.number),
    };
    page.draw(visit, refused)
}

async fn judge(Path(id): Path<CustomerId>, posted: Posted<ApartForm>) -> Result<Response, WebError> {
    settle(id, &posted, true).await
}

async fn end(Path(id): Path<CustomerId>, posted: Posted<ApartForm>) -> Result<Response, WebError> {
    settle(id, &posted, false).await
}

async fn settle(id: CustomerId, posted: &Posted<ApartForm>, apart: bool) -> Result<Response, WebError> {
    let mut work = posted.begin(if apart { "duplicate.judge" } else { "duplicate.end" }).await?;
    let reason = posted.fields.first("reason").unwrap_or("");
    let (_, other) = pair(&mut work, id, posted.fields.first("with").unwrap_or("")).await?;
    let done: Result<(), ActionError> = if apart {
        actions::judge(&mut work, id, other.id, reason).await
    } else {
        actions::end(&mut work, id, other.id, reason).await
    };
    let place = if apart { super::list_path().to_owned() } else { compare_path(id, &other.number) };
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw(&posted.visit, id, &posted.fields, Some(&refused)).await,
    }
}
