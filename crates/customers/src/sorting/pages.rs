//! Pages of projects: plan, mend, begin; steps, trainings, surveys.

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError, Refused};
use platform::page::{Button, Field, Html, Icon, Input, Look};
use platform::policies;
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};

use super::model::Plan;
use super::plan_form::{self, PlanForm};
use super::team::{self, Survey, Training};
use super::{LIST, PLAN, actions, data, page_of, project_page, view};
use crate::VIEW;
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::error::CustomerError;

platform::form_fields! {
    /// Nothing to fill in.
    EmptyForm:
}

platform::form_fields! {
    /// What was done in a step.
    StepForm: "note"
}

platform::form_fields! {
    /// A training of the working group.
    TrainingForm: "topic", "on", "hours", "attended"
}

platform::form_fields! {
    /// A survey of satisfaction.
    SurveyForm: "on", "answers", "score"
}

/// The pages of projects.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/sorting/new", PLAN, new_page)
        .post("/sorting/new", PLAN, create)
        .get("/sorting/{id}", VIEW, project_page::show)
        .data::<data::ProjectData, _, _>("/sorting/{id}", VIEW, data::project)
        .get("/sorting/{id}/edit", PLAN, edit_page)
        .post("/sorting/{id}/edit", PLAN, mend)
        .post("/sorting/{id}/withdraw", PLAN, withdraw)
        .post("/sorting/{id}/start", PLAN, start)
        .get("/sorting/{id}/stop", PLAN, stop_page)
        .post("/sorting/{id}/stop", PLAN, stop)
        .get("/sorting/{id}/steps/{step}", PLAN, step_page)
        .post("/sorting/{id}/steps/{step}", PLAN, finish_step)
        .get("/sorting/{id}/trainings/new", PLAN, training_page)
        .post("/sorting/{id}/trainings/new", PLAN, train)
        .get("/sorting/{id}/surveys/new", PLAN, survey_page)
        .post("/sorting/{id}/surveys/new", PLAN, survey)
}

/// The plan that is mended; nothing for a new one.
type Returned = Option<String>;

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_plan(&visit, &None, &Fields::default(), None).await
}

async fn edit_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, PLAN).await?;
    let offer = plan_form::offer(&mut work).await?;
    let typed = plan_form::typed(&ui, &offer, &one);
    drop(work);
    draw_plan(&visit, &Some(id), &typed, None).await
}

async fn draw_plan(
    visit: &Visit,
    returned: &Returned,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let offer = plan_form::offer(&mut work).await?;
    let mut note = Html::new();
    note.raw("<p class=\"hint\">").text(ui.t("sorting-plan-note")).raw("</p>");
    let (title, action, back) = match returned {
        Some(id) => ("sorting-mend", format!("{}/edit", page_of(id)), page_of(id)),
        None => ("sorting-new", format!("{LIST}/new"), LIST.to_owned()),
    };
    let page = FormPage {
        active: "sorting",
        title: ui.t(title),
        action,
        fields: plan_form::fields(&ui, &offer, typed),
        note,
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-submit")).icon(Icon::Check)],
        back,
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn create(posted: Posted<PlanForm>) -> Result<Response, WebError> {
    answer(&posted, None).await
}

async fn mend(Path(id): Path<String>, posted: Posted<PlanForm>) -> Result<Response, WebError> {
    answer(&posted, Some(id)).await
}

async fn answer(posted: &Posted<PlanForm>, returned: Returned) -> Result<Response, WebError> {
    let ui = posted.visit.ui();
    let mut work = posted.begin("sorting.submit").await?;
    let offer = plan_form::offer(&mut work).await?;
    let read: Result<Plan, ActionError> = plan_form::read(&ui, &offer, &posted.fields).map_err(ActionError::from);
    let done = match (read, &returned) {
        (Ok(plan), Some(id)) => actions::resubmit(&mut work, id, &plan).await,
        (Ok(plan), None) => actions::submit(&mut work, &plan).await,
        (Err(error), _) => Err(error),
    };
    let place = done.as_ref().map(page_of).unwrap_or_default();
    match posted.finish(work, done, place).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_plan(&posted.visit, &returned, &posted.fields, Some(&refused)).await,
    }
}

async fn withdraw(Path(id): Path<String>, posted: Posted<EmptyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.withdraw").await?;
    let key = actions::withdraw(&mut work, &id).await?;
    posted.done(work, page_of(key)).await
}

async fn start(Path(id): Path<String>, posted: Posted<EmptyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.start").await?;
    let key = actions::start(&mut work, &id).await?;
    posted.done(work, page_of(key)).await
}

platform::form_fields! {
    /// Why a project is given up.
    StopForm: "reason"
}

async fn stop_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_stop(&visit, &id, &Fields::default(), None).await
}

async fn draw_stop(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, id, PLAN).await?;
    let reason = Field::new("reason", ui.t("sorting-stop-reason"), Input::Area)
        .value(typed.first("reason").unwrap_or_default())
        .hint(ui.t("sorting-stop-hint"));
    let page = FormPage {
        active: "sorting",
        title: ui.t("sorting-stop"),
        subtitle: format!("{} {}", one.number, one.plan.title),
        action: format!("{}/stop", page_of(one.id)),
        fields: vec![reason.required()],
        buttons: vec![Button::submit(Look::Danger, ui.t("sorting-stop")).icon(Icon::Ban)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn stop(Path(id): Path<String>, posted: Posted<StopForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.stop").await?;
    let done = actions::stop(&mut work, &id, posted.fields.first("reason").unwrap_or_default()).await;
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_stop(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

type StepKey = (String, String);

async fn step_page(visit: Visit, Path(key): Path<StepKey>) -> Result<Response, WebError> {
    draw_step(&visit, &key, &Fields::default(), None).await
}

async fn draw_step(
    visit: &Visit,
    (id, step): &StepKey,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, id, PLAN).await?;
    if !one.plan.steps.iter().any(|known| known.step == *step) {
        return Err(ActionError::from(CustomerError::NoSuchPart("sorting")).into());
    }
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let note = Field::new("note", ui.t("sorting-step-note"), Input::Area)
        .value(typed.first("note").unwrap_or_default())
        .hint(ui.t("sorting-step-note-hint"));
    let page = FormPage {
        active: "sorting",
        title: ui.t1("sorting-step-finish", "step", view::word(&ui, &policy, "sorting_step", step)),
        subtitle: format!("{} {}", one.number, one.plan.title),
        action: format!("{}/steps/{step}", page_of(one.id)),
        fields: vec![note.required()],
        buttons: vec![Button::submit(Look::Primary, ui.t("sorting-step-done")).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn finish_step(Path(key): Path<StepKey>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.step").await?;
    let note = posted.fields.first("note").unwrap_or_default();
    let done = actions::finish_step(&mut work, &key.0, &key.1, note).await;
    match posted.finish(work, done, page_of(&key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_step(&posted.visit, &key, &posted.fields, Some(&refused)).await,
    }
}

async fn training_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_training(&visit, &id, &Fields::default(), None).await
}

async fn draw_training(
    visit: &Visit,
    id: &str,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let today = ui.business_date.to_string();
    let fields = vec![
        Field::new("topic", ui.t("sorting-topic"), Input::Text).value(or("topic", "")).required(),
        Field::new("on", ui.t("sorting-held-on"), Input::Date).value(or("on", &today)).required(),
        Field::new("hours", ui.t("sorting-hours"), Input::Number).value(or("hours", "")).required(),
        Field::new("attended", ui.t("sorting-attended"), Input::Text).value(or("attended", "")).required(),
    ];
    draw_small(visit, id, ("sorting-train", "trainings"), fields, refused).await
}

/// A small form about a project.
async fn draw_small(
    visit: &Visit,
    id: &str,
    (title, part): (&str, &str),
    fields: Vec<Field>,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, id, PLAN).await?;
    let page = FormPage {
        active: "sorting",
        title: ui.t(title),
        subtitle: format!("{} {}", one.number, one.plan.title),
        action: format!("{}/{part}/new", page_of(one.id)),
        fields,
        buttons: vec![Button::submit(Look::Primary, ui.t(title)).icon(Icon::Check)],
        back: page_of(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn number(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> i64 {
    let text = filled(typed.first(name)).unwrap_or_default();
    text.parse().unwrap_or_else(|_| {
        wrong.push(FieldError::new(name, "sorting-number-needed"));
        0
    })
}

fn day(typed: &Fields, name: &'static str, wrong: &mut Vec<FieldError>) -> jiff::civil::Date {
    let found = date(typed, name, wrong);
    if found.is_none() && wrong.iter().all(|one| one.field != name) {
        wrong.push(FieldError::new(name, "field-empty"));
    }
    found.unwrap_or(jiff::civil::Date::MIN)
}

async fn train(Path(id): Path<String>, posted: Posted<TrainingForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.train").await?;
    let (typed, mut wrong) = (&posted.fields, Vec::new());
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    let new = Training {
        topic: text("topic"),
        on: day(typed, "on", &mut wrong),
        hours: number(typed, "hours", &mut wrong),
        attended: text("attended"),
    };
    let done =
        if wrong.is_empty() { team::train(&mut work, &id, &new).await } else { Err(Refused::form(wrong).into()) };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_training(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

async fn survey_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_survey(&visit, &id, &Fields::default(), None).await
}

async fn draw_survey(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let today = ui.business_date.to_string();
    let fields = vec![
        Field::new("on", ui.t("sorting-surveyed-on"), Input::Date).value(or("on", &today)).required(),
        Field::new("answers", ui.t("sorting-answers"), Input::Number).value(or("answers", "")).required(),
        Field::new("score", ui.t("sorting-score"), Input::Number)
            .value(or("score", ""))
            .hint(ui.t("sorting-score-hint"))
            .required(),
    ];
    draw_small(visit, id, ("sorting-survey", "surveys"), fields, refused).await
}

/// A score with at most two decimals, in hundredths.
fn centi(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

async fn survey(Path(id): Path<String>, posted: Posted<SurveyForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("sorting.survey").await?;
    let (typed, mut wrong) = (&posted.fields, Vec::new());
    let on = day(typed, "on", &mut wrong);
    let answers = number(typed, "answers", &mut wrong);
    let score = centi(&filled(typed.first("score")).unwrap_or_default());
    if score.is_none() {
        wrong.push(FieldError::new("score", "sorting-score"));
    }
    let new = Survey { on, answers, score_centi: score.unwrap_or_default() };
    let done =
        if wrong.is_empty() { team::survey(&mut work, &id, &new).await } else { Err(Refused::form(wrong).into()) };
    match posted.finish(work, done, page_of(&id)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_survey(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_has_two_decimals_at_most() {
        let rows = [("92", Some(9_200)), ("92.5", Some(9_250)), ("92.55", Some(9_255)), ("100", Some(10_000))];
        for (text, score) in rows {
            assert_eq!(centi(text), score, "{text}");
        }
        for text in ["", "-1", "92.555", "９２", "9e2", "1000000"] {
            assert_eq!(centi(text), None, "{text}");
        }
    }
}
