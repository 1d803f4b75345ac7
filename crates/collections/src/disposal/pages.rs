//! A disposal on the page of a case: what was done, and the form of the step that comes next.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{DisposalError, Done, NewStep, Step, next};
use super::{DISPOSAL_DECIDE, DISPOSAL_RECORD, actions, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};

/// Where the forms go.
pub(super) fn routes() -> Routes {
    Routes::new().post("/collections/cases/{id}/disposal", DISPOSAL_RECORD, record).post(
        "/collections/cases/{id}/disposal/decide",
        DISPOSAL_DECIDE,
        decide,
    )
}

/// 不良处置 of a case; nothing where no loan is bad and nothing was done.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let done = store::of_case(&mut work.tx, case.key).await?;
    let mut html = Html::new();
    if done.is_empty() && !actions::is_bad(work, case.key.customer).await? {
        return Ok(html);
    }
    let people = crate::people(work).await?;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("disposal-title"));
    html.raw("</h2></header><ol class=\"rows\">");
    for one in &done {
        html.raw("<li>").push(&line(&ui, one, &people)).raw("</li>");
    }
    html.raw("</ol>");
    let open = matches!(case.state, CaseState::Open { .. });
    match next(&done).filter(|_| open) {
        Some(step) if visit.may(actions::permission(step)) => html.push(&form(visit, &ui, case, (step, &people))),
        Some(step) => {
            let name = ui.t(format!("disposal-step-{}", step.as_str()));
            html.raw("<p class=\"panel-foot muted\">").text(ui.t1("disposal-next", "step", name)).raw("</p>")
        }
        None => &mut html,
    };
    html.raw("</section>");
    Ok(html)
}

fn line(ui: &Ui, one: &Done, people: &BTreeMap<UserId, String>) -> Html {
    let mut html = Html::new();
    html.raw("<strong>").text(ui.t(format!("disposal-step-{}", one.step.as_str()))).raw("</strong> ");
    if let Some(accepted) = one.accepted {
        html.text(ui.t(if accepted { "disposal-accepted" } else { "disposal-refused" })).raw(" ");
    }
    if let Some(name) = one.person.and_then(|person| people.get(&UserId(person))) {
        html.text(name).raw(" ");
    }
    html.raw("<span class=\"wrap-anywhere\">").text(&one.words).raw("</span><span class=\"end\">");
    html.push(&ui.date(one.on)).raw(" <span class=\"muted\">").text(&one.by_name).raw("</span></span>");
    html
}

fn form(visit: &Visit, ui: &Ui, case: &Case, (step, people): (Step, &BTreeMap<UserId, String>)) -> Html {
    let name = step.as_str();
    let mut fields = Vec::new();
    if matches!(step, Step::Handover | Step::Responsibility) {
        let mut choices: Vec<Choice> = people.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        if !step.needs_person() {
            choices.insert(0, Choice::new("", ui.t("disposal-nobody")));
        }
        let mut field = Field::new("disposal_person", ui.t(format!("disposal-person-{name}")), Input::Select(choices));
        field.required = step.needs_person();
        fields.push(field);
    }
    if step == Step::Decision {
        let verdicts = [("yes", "disposal-accepted"), ("no", "disposal-refused")];
        let choices = verdicts.map(|(value, word)| Choice::new(value, ui.t(word))).to_vec();
        fields.push(Field::new("disposal_accepted", ui.t("disposal-verdict"), Input::Radio(choices)).required());
    }
    fields.push(Field::new("disposal_words", ui.t(format!("disposal-words-{name}")), Input::Area).required());
    let way = if step == Step::Decision { "disposal/decide" } else { "disposal" };
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t(format!("disposal-step-{name}")));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("/collections/cases/{}/{way}", case.key.case)).raw(">");
    html.push(&ui.guard(visit.guard()));
    html.raw("<input type=\"hidden\" name=\"disposal_step\"").attr("value", name).raw(">");
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("disposal-save")).raw("</button></form></details>");
    html
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StepForm {
    disposal_step: String,
    disposal_person: String,
    disposal_words: String,
}

async fn record(Path(id): Path<String>, posted: Posted<StepForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("disposal.record").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let form = &posted.form;
    // A decision has a way of its own, with a permission of its own.
    let step = Step::parse(form.disposal_step.trim()).filter(|step| *step != Step::Decision);
    let unknown = || DisposalError::Form(vec![FieldError::new("disposal_step", "choice-invalid")]);
    let new = NewStep {
        step: step.ok_or_else(unknown).map_err(ActionError::from)?,
        person: person(&form.disposal_person),
        accepted: None,
        words: form.disposal_words.clone(),
    };
    actions::record(&mut work, case, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}

/// A person as chosen; what is no key is nobody's.
fn person(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.parse().unwrap_or(0))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    disposal_accepted: String,
    disposal_words: String,
}

async fn decide(Path(id): Path<String>, posted: Posted<DecisionForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("disposal.decide").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let accepted = match posted.form.disposal_accepted.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let words = posted.form.disposal_words.clone();
    let new = NewStep { step: Step::Decision, person: None, accepted, words };
    actions::record(&mut work, case, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
