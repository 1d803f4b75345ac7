//! Pages of lost contacts: setting one, taking one back, the finding behind an objective one.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::UserId;
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Tone};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::list::LIST;
use super::model::{LostKind, Quality};
use super::{LOST_REVIEW, actions, data};
use crate::case::actions as cases;
use crate::{CASE_VIEW, CASE_WORK};

platform::form_fields! {
    /// A lost contact.
    LostForm: "kind", "ground"
}

platform::form_fields! {
    /// Why a status is taken back.
    BackForm: "reason"
}

platform::form_fields! {
    /// What was found in the work behind a loss of contact.
    QualityForm: "officer", "finding", "measure"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/lost", CASE_WORK, set_page)
        .post("/collections/cases/{id}/lost", CASE_WORK, set)
        .data::<Vec<data::LostData>, _, _>("/collections/cases/{id}/lost", CASE_VIEW, data::of_case)
        .get("/collections/cases/{id}/lost/take-back", CASE_WORK, back_page)
        .post("/collections/cases/{id}/lost/take-back", CASE_WORK, take_back)
        .get("/lost/{id}/quality", LOST_REVIEW, quality_page)
        .post("/lost/{id}/quality", LOST_REVIEW, judge)
}

fn typed(fields: &Fields, name: &str) -> String {
    fields.first(name).unwrap_or("").trim().to_owned()
}

async fn set_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_set(&visit, &id, &Fields::default(), None).await
}

async fn draw_set(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let case = cases::load(&mut work, cases::parse(id).map_err(ActionError::from)?, CASE_WORK).await?;
    let kinds = LostKind::ALL.iter().map(|one| Choice::new(one.as_str(), ui.t(format!("lost-kind-{}", one.as_str()))));
    FormPage {
        title: ui.t("lost-set"),
        subtitle: case.number.clone(),
        active: "lost",
        action: format!("/collections/cases/{id}/lost"),
        fields: vec![
            Field::new("kind", ui.t("lost-kind"), Input::Radio(kinds.collect()))
                .value(typed(fields, "kind"))
                .required(),
            Field::new("ground", ui.t("lost-ground"), Input::Area)
                .value(typed(fields, "ground"))
                .required()
                .hint(ui.t("lost-ground-hint")),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("lost-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("lost-set")).icon(Icon::UserX)],
        back: format!("/collections/cases/{id}"),
    }
    .draw(visit, refused)
}

async fn set(Path(id): Path<String>, posted: Posted<LostForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lost.set").await?;
    let done = match (cases::parse(&id), LostKind::parse(&typed(&posted.fields, "kind"))) {
        (Ok(case), Some(kind)) => actions::set(&mut work, case, kind, &typed(&posted.fields, "ground")).await,
        (Err(error), _) => Err(error.into()),
        (_, None) => Err(Refused::form(vec![FieldError::new("kind", "choice-missing")]).into()),
    };
    match posted.finish(work, done, format!("/collections/cases/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_set(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn back_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_back(&visit, &id, &Fields::default(), None).await
}

async fn draw_back(visit: &Visit, id: &str, fields: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let case = cases::load(&mut work, cases::parse(id).map_err(ActionError::from)?, CASE_WORK).await?;
    FormPage {
        title: ui.t("lost-take-back"),
        subtitle: case.number.clone(),
        active: "lost",
        action: format!("/collections/cases/{id}/lost/take-back"),
        fields: vec![
            Field::new("reason", ui.t("guard-reason"), Input::Area)
                .value(typed(fields, "reason"))
                .required()
                .hint(ui.t("lost-take-back-hint")),
        ],
        buttons: vec![Button::submit(Look::Danger, ui.t("lost-take-back")).icon(Icon::ArrowBackUp)],
        back: format!("/collections/cases/{id}"),
        ..FormPage::default()
    }
    .draw(visit, refused)
}

async fn take_back(Path(id): Path<String>, posted: Posted<BackForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lost.end").await?;
    let done = match cases::parse(&id) {
        Ok(case) => actions::take_back(&mut work, case, &typed(&posted.fields, "reason")).await,
        Err(error) => Err(error.into()),
    };
    match posted.finish(work, done, format!("/collections/cases/{id}")).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_back(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn quality_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_quality(&visit, &id, &Fields::default(), None).await
}

async fn draw_quality(
    visit: &Visit,
    id: &str,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (lost, case) = actions::load(&mut work, id, LOST_REVIEW).await?;
    let people = crate::people(&mut work).await?;
    let people = people.iter().map(|(user, name)| Choice::new(user.to_string(), name)).collect();
    let manager = case.manager.to_string();
    FormPage {
        title: ui.t("lost-quality"),
        subtitle: format!("{} · {}", case.number, lost.set_on),
        active: "lost",
        action: format!("/lost/{id}/quality"),
        fields: vec![
            Field::new("officer", ui.t("lost-officer"), Input::Select(people))
                .value(fields.first("officer").unwrap_or(&manager))
                .required(),
            Field::new("finding", ui.t("lost-finding"), Input::Area).value(typed(fields, "finding")).required(),
            Field::new("measure", ui.t("lost-measure"), Input::Area).value(typed(fields, "measure")).required(),
        ],
        note: ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("lost-quality-note"))),
        buttons: vec![Button::submit(Look::Primary, ui.t("guard-save")).icon(Icon::Check)],
        back: LIST.to_owned(),
    }
    .draw(visit, refused)
}

async fn judge(Path(id): Path<String>, posted: Posted<QualityForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lost.judge").await?;
    let new = Quality {
        officer: UserId(typed(&posted.fields, "officer").parse().unwrap_or(0)),
        finding: typed(&posted.fields, "finding"),
        measure: typed(&posted.fields, "measure"),
    };
    let done = actions::judge(&mut work, &id, &new).await;
    match posted.finish(work, done, LIST).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_quality(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
