//! Pages of surveys: the answer, what was improved.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::access::store as access;
use platform::error::{ActionError, FieldError, Refused};
use platform::id::{CustomerId, UserId};
use platform::page::{Button, Choice, Field, Icon, Input, Look, Ui};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use platform::work::Work;

use super::actions::{self, Ground};
use super::model::{NewAnswer, NewTask, SurveyId, SurveyResult, SurveyTaskId, SurveyWay};
use super::{RECORD, data, tab_of};
use crate::VIEW;
use crate::customer::model::Customer;
use crate::customer::store::filled;
use crate::datum::form::{date, select, word};
use crate::lead::policy::title;

/// In front of the name of an item: its mark.
const MARK: &str = "mark_";

/// What the form of an answer sends: a mark for every item of the policy, and the rest.
type AnswerForm = Vec<(String, String)>;

platform::form_fields! {
    /// What was improved.
    DoneForm: "done_words"
}

/// The pages about surveys.
pub(super) fn routes() -> Routes {
    Routes::new()
        .data::<data::SurveysData, _, _>("/customers/{id}/surveys", VIEW, data::surveys)
        .get("/customers/{id}/surveys/{survey}/answer", RECORD, answer_page)
        .post("/customers/{id}/surveys/{survey}/answer", RECORD, answer)
        .get("/customers/{id}/survey-tasks/{task}/done", RECORD, done_page)
        .post("/customers/{id}/survey-tasks/{task}/done", RECORD, done)
}

type Key = (CustomerId, SurveyId);
type TaskKey = (CustomerId, SurveyTaskId);

async fn answer_page(visit: Visit, Path(key): Path<Key>) -> Result<Response, WebError> {
    draw_answer(&visit, key, &Fields::default(), None).await
}

/// The colleagues who may be asked to improve something: the manager first.
async fn owners(work: &mut Work, customer: &Customer) -> Result<Vec<Choice>, ActionError> {
    let mut people = access::users(&mut work.tx, customer.branch.0, 1_000, 0).await?;
    people.sort_by_key(|user| user.id != customer.manager);
    Ok(people.into_iter().map(|user| Choice::new(user.id.to_string(), user.name)).collect())
}

async fn draw_answer(
    visit: &Visit,
    (id, key): Key,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let (customer, _) = actions::find(&mut work, (id, key), RECORD).await?;
    let ground = Ground::of(&mut work, &customer).await?;
    let owners = owners(&mut work, &customer).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("survey-answer"),
        subtitle: customer.name.clone(),
        action: format!("/customers/{id}/surveys/{key}/answer"),
        fields: answer_fields(&ui, &ground, owners, typed),
        buttons: vec![Button::submit(Look::Primary, ui.t("survey-answer")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

fn answer_fields(ui: &Ui, ground: &Ground, owners: Vec<Choice>, typed: &Fields) -> Vec<Field> {
    let or = |name: &str, otherwise: &str| typed.first(name).unwrap_or(otherwise).to_owned();
    let results = SurveyResult::ALL.iter().filter(|one| **one != SurveyResult::Lapsed);
    let results = results.map(|one| Choice::new(one.as_str(), ui.t(format!("survey-result-{}", one.as_str()))));
    let mut fields = vec![
        Field::new("result", ui.t("survey-result"), Input::Select(results.collect()))
            .value(or("result", SurveyResult::Answered.as_str()))
            .required(),
        Field::new("way", ui.t("survey-way"), select(ui, "survey-way", SurveyWay::ALL.iter().map(|one| one.as_str())))
            .value(or("way", SurveyWay::Phone.as_str()))
            .required(),
        Field::new("answered_on", ui.t("survey-answered-on"), Input::Date)
            .value(or("answered_on", &ui.business_date.to_string()))
            .required(),
    ];
    let none = || Choice::new("", "—".to_owned());
    for item in &ground.items {
        let marks =
            std::iter::once(none()).chain((1..=ground.scale).rev().map(|n| Choice::new(n.to_string(), n.to_string())));
        let name = format!("{MARK}{item}");
        let label = title(ui, &ground.policy, "survey_item", item);
        fields.push(Field::new(&name, label, Input::Select(marks.collect())).value(or(&name, "")));
    }
    let blank = std::iter::once(none()).chain(owners).collect();
    fields.extend([
        Field::new("words", ui.t("survey-words"), Input::Area).value(or("words", "")),
        Field::new("improvement", ui.t("survey-improvement"), Input::Area)
            .value(or("improvement", ""))
            .hint(ui.t("survey-improvement-hint")),
        Field::new("owner", ui.t("survey-owner"), Input::Select(blank)).value(or("owner", "")),
        Field::new("due_on", ui.t("survey-due-on"), Input::Date).value(or("due_on", "")).hint(ui.t1(
            "survey-due-hint",
            "until",
            ground.until,
        )),
    ]);
    fields
}

/// An answer as it was typed.
fn read(typed: &Fields, today: Date) -> Result<NewAnswer, Refused> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let result = word(typed, "result", SurveyResult::parse, SurveyResult::Answered, &mut wrong);
    let way = word(typed, "way", SurveyWay::parse, SurveyWay::Phone, &mut wrong);
    let on = date(typed, "answered_on", &mut wrong).unwrap_or(today);
    let mut marks = BTreeMap::new();
    for (name, value) in typed.pairs() {
        let Some(item) = name.strip_prefix(MARK).filter(|_| !value.trim().is_empty()) else { continue };
        match value.trim().parse::<i64>() {
            Ok(mark) => {
                marks.insert(item.to_owned(), mark);
            }
            Err(_) => wrong.push(FieldError::choice("marks", value)),
        }
    }
    // Who did not answer marked nothing.
    if result != SurveyResult::Answered {
        marks.clear();
    }
    let task = task(typed, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong));
    }
    let words = filled(typed.first("words")).unwrap_or_default();
    Ok(NewAnswer { result, way, on, marks, words, task })
}

/// What is to be improved, where anything of it was typed.
fn task(typed: &Fields, wrong: &mut Vec<FieldError>) -> Option<NewTask> {
    let [what, owner, due] = ["improvement", "owner", "due_on"].map(|name| filled(typed.first(name)));
    if what.is_none() && owner.is_none() && due.is_none() {
        return None;
    }
    let before = wrong.len();
    let due_on = date(typed, "due_on", wrong);
    if due_on.is_none() && wrong.len() == before {
        wrong.push(FieldError::new("due_on", "field-empty"));
    }
    let user = owner.as_deref().and_then(|key| key.parse().ok()).map(UserId);
    if user.is_none() {
        wrong.push(FieldError::choice("owner", owner.as_deref().unwrap_or_default()));
    }
    Some(NewTask { what: what.unwrap_or_default(), owner: user?, due_on: due_on? })
}

async fn answer(Path(key): Path<Key>, posted: Posted<AnswerForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("survey.answer").await?;
    let done = match read(&posted.fields, work.business_date) {
        Ok(new) => actions::answer(&mut work, key, &new).await,
        Err(refused) => Err(refused.into()),
    };
    match posted.finish(work, done, tab_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_answer(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}

async fn done_page(visit: Visit, Path(key): Path<TaskKey>) -> Result<Response, WebError> {
    draw_done(&visit, key, &Fields::default(), None).await
}

async fn draw_done(
    visit: &Visit,
    (id, key): TaskKey,
    typed: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::find_task(&mut work, (id, key)).await?;
    let page = FormPage {
        active: "customers",
        title: ui.t("survey-task-done"),
        subtitle: one.content.what,
        action: format!("/customers/{id}/survey-tasks/{key}/done"),
        fields: vec![
            Field::new("done_words", ui.t("survey-done-words"), Input::Area)
                .value(typed.first("done_words").unwrap_or_default())
                .required(),
        ],
        buttons: vec![Button::submit(Look::Primary, ui.t("survey-task-done")).icon(Icon::Check)],
        back: tab_of(id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn done(Path(key): Path<TaskKey>, posted: Posted<DoneForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("survey.improve").await?;
    let done = actions::finish(&mut work, key, posted.fields.first("done_words").unwrap_or_default()).await;
    match posted.finish(work, done, tab_of(key.0)).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_done(&posted.visit, key, &posted.fields, Some(&refused)).await,
    }
}
