//! Forms of what was done about a lead: spoken to, met, applied, lost, refused, taken up again, erased.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::actions::{self, Said};
use super::model::StepKind;
use super::{ASSIGN, WORK, page_of, policy};
use crate::customer::pages::ReasonForm;
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::error::CustomerError;
use crate::reveal::{reason, reason_field};

platform::form_fields! {
    /// What was done about a lead.
    StepForm: "note", "next_on", "reason"
}

/// The forms.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/leads/{lead}/steps/{step}", WORK, step_page)
        .post("/leads/{lead}/steps/{step}", WORK, step)
        .get("/leads/{lead}/erase", ASSIGN, erase_page)
        .post("/leads/{lead}/erase", ASSIGN, erase)
}

fn kind_of(word: &str) -> Result<StepKind, ActionError> {
    let found = StepKind::parse(word).filter(|kind| StepKind::FORMS.contains(kind) && *kind != StepKind::Erased);
    Ok(found.ok_or(CustomerError::NoSuchPart("lead_step"))?)
}

async fn step_page(visit: Visit, Path((id, step)): Path<(String, String)>) -> Result<Response, WebError> {
    draw_step(&visit, &id, &step, &Fields::default(), None).await
}

async fn draw_step(
    visit: &Visit,
    id: &str,
    step: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let kind = kind_of(step)?;
    let one = actions::seen(&mut work, id, WORK).await?;
    let on = work.business_date;
    let rules = policies::in_force(&mut work, on).await?;
    let or = |name: &str| typed.first(name).unwrap_or_default().to_owned();
    let mut fields = Vec::new();
    if kind == StepKind::Lost {
        let reasons = policy::lost_reasons(&rules, on)?;
        let choices = policy::choices(&ui, &rules, "lead_lost_reason", reasons.iter().map(String::as_str));
        fields.push(
            Field::new("reason", ui.t("lead-lost-reason"), Input::Select(choices)).value(or("reason")).required(),
        );
    }
    fields.push(
        Field::new("note", ui.t("lead-step-note"), Input::Area)
            .value(or("note"))
            .hint(ui.t("lead-step-note-hint"))
            .required(),
    );
    if !matches!(kind, StepKind::Lost | StepKind::Refused) {
        let hint = ui.t1("lead-next-hint", "days", policy::number(&rules, on, "lead_follow_days")?);
        fields.push(Field::new("next_on", ui.t("lead-next-on"), Input::Date).value(or("next_on")).hint(hint));
    }
    let title = ui.t(format!("lead-do-{}", kind.as_str()));
    let look = if kind == StepKind::Refused { Look::Danger } else { Look::Primary };
    let mut note = Html::new();
    if kind == StepKind::Refused {
        note.raw("<p class=\"hint\">").text(ui.t("lead-refused-note")).raw("</p>");
    }
    let page = FormPage {
        active: "leads",
        title: title.clone(),
        subtitle: format!("{} {}", one.number, one.name),
        action: format!("{}/steps/{}", page_of(one.id), kind.as_str()),
        fields,
        note,
        buttons: vec![Button::submit(look, title).icon(Icon::Check)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

async fn step(Path((id, step)): Path<(String, String)>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lead.follow").await?;
    let mut wrong = Vec::new();
    let next_on = date(&posted.fields, "next_on", &mut wrong);
    let text = |name: &str| filled(posted.fields.first(name)).unwrap_or_default();
    let said = Said { note: text("note"), next_on, reason: text("reason") };
    let done = match (kind_of(&step), wrong.is_empty()) {
        (Err(error), _) => Err(error),
        (Ok(_), false) => Err(Refused::form(wrong).into()),
        (Ok(kind), true) => actions::step(&mut work, &id, kind, &said).await,
    };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, &id, &step, &posted.fields, Some(&refused)).await,
    }
}

async fn erase_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_erase(&visit, &id, &Fields::default(), None).await
}

async fn draw_erase(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, ASSIGN).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("lead-erase-note")).raw("</p>");
    let page = FormPage {
        active: "leads",
        title: ui.t("lead-do-erased"),
        subtitle: one.number.clone(),
        action: format!("{}/erase", page_of(one.id)),
        fields: vec![reason_field(&ui, typed, "lead-erase-hint")],
        note,
        buttons: vec![Button::submit(Look::Danger, ui.t("lead-do-erased")).icon(Icon::Ban)],
        back: page_of(one.id),
    };
    page.draw(visit, refused)
}

async fn erase(Path(id): Path<String>, posted: Posted<ReasonForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("lead.erase").await?;
    let done = actions::erase(&mut work, &id, reason(&posted)).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_erase(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
