//! Pages of the bank: writing a question, one question with its answer, approving and retiring it.

use axum::extract::Path;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Question, QuestionId, QuestionState, letters_of};
use super::{ACTIVE, BANK, QUESTION_APPROVE, QUESTION_VIEW, QUESTION_WRITE, actions, form, list};
use crate::api::Data;
use crate::error::{ActionError, Refused};
use crate::page::{Button, Field, Html, Icon, Input, Look, Page, Ui};
use crate::policies::{self, InForce};
use crate::web::{Fields, FormPage, Posted, Routes, Visit, WebError};
use crate::work::Work;

crate::form_fields! {
    /// A question.
    QuestionForm: "topic", "asked", "choices", "right", "points", "source"
}

crate::form_fields! {
    /// Nothing but the question.
    ApproveForm:
}

crate::form_fields! {
    /// Why it is retired.
    RetireForm: "note"
}

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/exam-questions/new", QUESTION_WRITE, new_page)
        .post("/exam-questions/new", QUESTION_WRITE, write)
        .get("/exam-questions/{question}", QUESTION_VIEW, one_page)
        .data::<QuestionData, _, _>("/exam-questions/{question}", QUESTION_VIEW, one_data)
        .post("/exam-questions/{question}/approve", QUESTION_APPROVE, approve)
        .get("/exam-questions/{question}/retire", QUESTION_WRITE, retire_page)
        .post("/exam-questions/{question}/retire", QUESTION_WRITE, retire)
}

fn place(id: QuestionId) -> String {
    format!("{BANK}/{id}")
}

async fn new_page(visit: Visit) -> Result<Response, WebError> {
    draw_new(&visit, &Fields::default(), None).await
}

async fn draw_new(visit: &Visit, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    work.authorise(QUESTION_WRITE)?;
    let topics = actions::topics(&mut work).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let page = FormPage {
        active: ACTIVE,
        title: ui.t("question-new"),
        action: "/exam-questions/new".to_owned(),
        fields: form::fields(&ui, &mut work, (&policy, &topics), typed).await?,
        buttons: vec![Button::submit(Look::Primary, ui.t("question-new")).icon(Icon::Check)],
        back: BANK.to_owned(),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn write(posted: Posted<QuestionForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("question.write").await?;
    let done = written(&mut work, &posted.fields).await;
    match posted.finish(work, done, BANK.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_new(&posted.visit, &posted.fields, Some(&refused)).await,
    }
}

async fn written(work: &mut Work, typed: &Fields) -> Result<QuestionId, ActionError> {
    let new = form::read(typed)?;
    actions::write(work, &new).await
}

/// A question of the bank as a program reads it (试题).
#[derive(Debug, Serialize, JsonSchema)]
struct QuestionData {
    /// The key.
    id: String,
    /// The topic, as the policy names it.
    topic: String,
    /// What is asked.
    asked: String,
    /// The choices in the order of their letters.
    choices: Vec<String>,
    /// The letters of what is right.
    right: String,
    /// What it is worth.
    points: i64,
    /// The article that makes the answer right.
    source: String,
    /// `draft`, `approved` or `retired`.
    state: String,
}

async fn one_data(visit: Visit, Path(id): Path<String>) -> Result<Data<QuestionData>, WebError> {
    let one = actions::seen(&mut visit.read().await?, &id, QUESTION_VIEW).await?;
    Ok(Data(QuestionData {
        id: one.id.to_string(),
        topic: one.said.topic,
        asked: one.said.asked,
        choices: one.said.choices,
        right: one.said.right,
        points: one.said.points,
        source: one.said.source,
        state: one.state.as_str().to_owned(),
    }))
}

async fn one_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, &id, QUESTION_VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\">").push(&said(&ui, &policy, &one));
    let mut verbs = Html::new();
    if visit.may(QUESTION_APPROVE) && one.state == QuestionState::Draft {
        let mut button = Button::submit(Look::Primary, ui.t("question-approve")).icon(Icon::Check);
        if visit.actor.is_or_stands_for(one.written_by) {
            button = button.blocked(ui.t("error-question-own-way"));
        }
        verbs.raw("<form method=\"post\"").attr("action", format!("{}/approve", place(one.id))).raw(">");
        verbs.push(&ui.guard(visit.guard())).push(&ui.button(button)).raw("</form>");
    }
    if visit.may(QUESTION_WRITE) && one.state != QuestionState::Retired {
        let retire = Button::link(Look::Secondary, ui.t("question-retire"), format!("{}/retire", place(one.id)));
        verbs.push(&ui.button(retire.icon(Icon::Archive)));
    }
    if !verbs.is_empty() {
        body.raw("<div class=\"buttons\">").push(&verbs).raw("</div>");
    }
    body.raw("</div></section>");
    let back = ui.button(Button::link(Look::Plain, ui.t("question-title"), BANK).icon(Icon::ArrowLeft));
    visit.page_of(&Page::new(ui.t("question-one"), ACTIVE).actions(back), &body)
}

/// What a question says, with the right choices marked.
fn said(ui: &Ui, policy: &InForce, one: &Question) -> Html {
    let mut out = Html::new();
    out.raw("<p><b>").text(&one.said.asked).raw("</b></p><ul class=\"plainlist\">");
    for (letter, choice) in letters_of(one.said.choices.len()).iter().zip(&one.said.choices) {
        out.raw("<li>").text(format!("{letter}. {choice}"));
        if one.said.right.contains(*letter) {
            out.raw(" ").push(&ui.badge(crate::page::Tone::Ok, Icon::CircleCheck, ui.t("question-is-right")));
        }
        out.raw("</li>");
    }
    out.raw("</ul><dl class=\"facts\">");
    let lines = [
        ("question-topic", form::topic_title(ui, policy, &one.said.topic)),
        ("question-points", one.said.points.to_string()),
        ("question-source", one.said.source.clone()),
    ];
    for (label, value) in lines {
        out.raw("<dt>").text(ui.t(label)).raw("</dt><dd>").text(value).raw("</dd>");
    }
    out.raw("<dt>").text(ui.t("question-state")).raw("</dt><dd>").push(&list::state(ui, one.state).0);
    out.raw("</dd></dl>");
    out
}

async fn approve(Path(id): Path<String>, posted: Posted<ApproveForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("question.approve").await?;
    let one = actions::approve(&mut work, &id).await?;
    posted.done(work, place(one)).await
}

async fn retire_page(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    draw_retire(&visit, &id, &Fields::default(), None).await
}

async fn draw_retire(visit: &Visit, id: &str, typed: &Fields, refused: Option<&Refused>) -> Result<Response, WebError> {
    let (ui, mut work) = (visit.ui(), visit.read().await?);
    let one = actions::seen(&mut work, id, QUESTION_WRITE).await?;
    let note = Field::new("note", ui.t("question-reason"), Input::Text).value(form::typed(typed, "note")).required();
    let page = FormPage {
        active: ACTIVE,
        title: ui.t("question-retire"),
        subtitle: one.said.asked,
        action: format!("{}/retire", place(one.id)),
        fields: vec![note],
        buttons: vec![Button::submit(Look::Danger, ui.t("question-retire")).icon(Icon::Archive)],
        back: place(one.id),
        ..FormPage::default()
    };
    page.draw(visit, refused)
}

async fn retire(Path(id): Path<String>, posted: Posted<RetireForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("question.retire").await?;
    let reason = form::typed(&posted.fields, "note");
    let done = actions::retire(&mut work, &id, &reason).await;
    match posted.finish(work, done, BANK.to_owned()).await? {
        Ok(gone) => Ok(gone),
        Err(refused) => draw_retire(&posted.visit, &id, &posted.fields, Some(&refused)).await,
    }
}
