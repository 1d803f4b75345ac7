//! Rescue money on the page of a case and on a page of its own: what was done, and the form of the step that comes next.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use platform::error::{ActionError, FieldError};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Done, Findings, NewRescue, RescueError, RescueStep, Standing, agreed, standing};
use super::{actions, data, store};
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseState};
use crate::disposal::DISPOSAL_DECIDE;
use crate::{CASE_VIEW, CASE_WORK};

/// Rescue money of a case.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/rescue", CASE_VIEW, show)
        .data::<data::RescueData, _, _>("/collections/cases/{id}/rescue", CASE_VIEW, data::rescue)
        .post("/collections/cases/{id}/rescue", CASE_WORK, evaluate)
        .post("/collections/cases/{id}/rescue/decide", DISPOSAL_DECIDE, decide)
        .post("/collections/cases/{id}/rescue/use", CASE_WORK, spend)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let mut body = panel(&visit, &mut work, &case).await?;
    if body.is_empty() {
        body.raw("<p class=\"muted\">").text(ui.t("rescue-nothing")).raw("</p>");
    }
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("rescue-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &body)
}

/// 救助资金 of a case; nothing where its cause allows none and none was asked for.
///
/// # Errors
/// The policy lacks the gate; the store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let done = store::of_case(&mut work.tx, case.key).await?;
    let allowed = actions::allowed(work, case).await?.is_ok();
    let mut html = Html::new();
    if done.is_empty() && !allowed {
        return Ok(html);
    }
    html.raw("<section class=\"panel\" id=\"rescue\"><header class=\"panel-head\"><h2>").text(ui.t("rescue-title"));
    html.raw("</h2></header>");
    if !done.is_empty() {
        html.raw("<ol class=\"rows\">");
        for one in &done {
            html.raw("<li>").push(&line(&ui, one)).raw("</li>");
        }
        html.raw("</ol>");
    }
    let now = standing(&done);
    html.push(&lending(visit, work, case, &done).await?);
    let wanted = now.next() != RescueStep::Evaluation || allowed;
    if wanted && matches!(case.state, CaseState::Open { .. }) && visit.may(actions::permission(now.next())) {
        html.push(&form(visit, &ui, case, now));
    }
    html.raw("</section>");
    Ok(html)
}

/// The loans that carry decisions out, and the way to the one that is still to come.
async fn lending(visit: &Visit, work: &mut Work, case: &Case, done: &[Done]) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let lent = store::loans_of(&mut work.tx, case.key).await?;
    let mut html = Html::new();
    if !lent.is_empty() {
        html.raw("<ol class=\"rows\">");
    }
    for one in &lent {
        html.raw("<li>").push(&ui.date(one.on)).raw(" <strong>").text(ui.t("rescue-loan")).raw("</strong> ");
        html.push(&ui.money(one.principal)).raw(" <a").href(format!("/loans/{}", one.loan)).raw(">");
        html.text(&one.number).raw("</a></li>");
    }
    if !lent.is_empty() {
        html.raw("</ol>");
    }
    let next = agreed(done).filter(|(id, _)| lent.iter().all(|one| one.decision != *id));
    if let Some((decision, amount)) = next {
        html.raw("<p class=\"panel-body\">");
        html.text(ui.t2("rescue-decision", "number", decision, "amount", ui.yuan(amount))).raw(" ");
        if visit.may(servicing::opening::actions::OPEN) && matches!(case.state, CaseState::Open { .. }) {
            let decision = decision.to_string();
            let customer = case.key.customer.to_string();
            let href = platform::page::list::address("/loans/new", &[("customer", &customer), ("rescue", &decision)]);
            html.push(&ui.button(Button::link(Look::Small, ui.t("rescue-lend"), href).icon(Icon::Cash)));
        }
        html.raw("</p>");
    }
    Ok(html)
}

fn line(ui: &Ui, one: &Done) -> Html {
    let mut html = Html::new();
    html.push(&ui.date(one.on)).raw(" <strong>").text(ui.t(format!("rescue-step-{}", one.new.step().as_str())));
    html.raw("</strong> ");
    if let Some(amount) = one.new.amount() {
        html.push(&ui.money(amount)).raw(" ");
    }
    match &one.new {
        NewRescue::Evaluation { findings, .. } => {
            html.text(ui.t(if findings.permit() { "rescue-permits" } else { "rescue-permits-not" })).raw(" ");
        }
        NewRescue::Decision { accepted, .. } => {
            html.text(ui.t(if *accepted { "rescue-accepted" } else { "rescue-refused" })).raw(" ");
        }
        NewRescue::Use { .. } => {}
    }
    html.raw("<span class=\"wrap-anywhere\">").text(one.new.words()).raw("</span><span class=\"end muted\">");
    html.text(&one.by_name).raw("</span>");
    html
}

fn answers(ui: &Ui, name: &str, label: &str) -> Field {
    let choices = ["yes", "no"].map(|one| Choice::new(one, ui.t(one))).to_vec();
    Field::new(name, ui.t(label), Input::Select(choices)).required()
}

fn form(visit: &Visit, ui: &Ui, case: &Case, now: Standing) -> Html {
    let step = now.next();
    let mut fields = Vec::new();
    let amount = Field::new("rescue_amount", ui.t("rescue-amount-label"), Input::Money).required();
    match now {
        Standing::Open => {
            fields.push(amount);
            fields.push(answers(ui, "operation", "rescue-operation"));
            fields.push(answers(ui, "capacity", "rescue-capacity"));
            fields.push(answers(ui, "controlled", "rescue-controlled"));
        }
        Standing::Evaluated { .. } => fields.push(answers(ui, "accepted", "rescue-verdict")),
        Standing::Agreed { left } => fields.push(amount.hint(ui.t1("rescue-left", "left", ui.yuan(left)))),
    }
    let words = Field::new("rescue_words", ui.t(format!("rescue-words-{}", step.as_str())), Input::Area);
    fields.push(words.required());
    let way = match step {
        RescueStep::Evaluation => "rescue",
        RescueStep::Decision => "rescue/decide",
        RescueStep::Use => "rescue/use",
    };
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t(format!("rescue-step-{}", step.as_str())));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("{LIST}/{}/{way}", case.key.case)).raw(">").push(&ui.guard(visit.guard()));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("rescue-save")).raw("</button></form></details>");
    html
}

fn read_amount(text: &str, wrong: &mut Vec<FieldError>) -> Fen {
    text.trim().parse::<Fen>().unwrap_or_else(|_| {
        wrong.push(FieldError::new("rescue_amount", "amount-unreadable").with("text", text));
        Fen::ZERO
    })
}

fn read_answer(field: &'static str, text: &str, wrong: &mut Vec<FieldError>) -> bool {
    match text.trim() {
        "yes" => true,
        "no" => false,
        _ => {
            wrong.push(FieldError::new(field, "choice-invalid"));
            false
        }
    }
}

fn whole(new: NewRescue, wrong: Vec<FieldError>) -> Result<NewRescue, RescueError> {
    if wrong.is_empty() { Ok(new) } else { Err(RescueError::Form(wrong)) }
}

async fn save<T>(posted: &Posted<T>, id: &str, new: Result<NewRescue, RescueError>) -> Result<Response, WebError> {
    let mut work = posted.begin("rescue.record").await?;
    let case = cases::parse(id).map_err(ActionError::from)?;
    let new = new.map_err(ActionError::from)?;
    actions::record(&mut work, case, &new).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EvaluationForm {
    rescue_amount: String,
    operation: String,
    capacity: String,
    controlled: String,
    rescue_words: String,
}

async fn evaluate(Path(id): Path<String>, posted: Posted<EvaluationForm>) -> Result<Response, WebError> {
    let (form, mut wrong) = (&posted.form, Vec::new());
    let amount = read_amount(&form.rescue_amount, &mut wrong);
    let findings = Findings {
        operation: read_answer("operation", &form.operation, &mut wrong),
        capacity: read_answer("capacity", &form.capacity, &mut wrong),
        controlled: read_answer("controlled", &form.controlled, &mut wrong),
    };
    let new = NewRescue::Evaluation { amount, findings, words: form.rescue_words.clone() };
    save(&posted, &id, whole(new, wrong)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DecisionForm {
    accepted: String,
    rescue_words: String,
}

async fn decide(Path(id): Path<String>, posted: Posted<DecisionForm>) -> Result<Response, WebError> {
    let mut wrong = Vec::new();
    let accepted = read_answer("accepted", &posted.form.accepted, &mut wrong);
    let new = NewRescue::Decision { accepted, words: posted.form.rescue_words.clone() };
    save(&posted, &id, whole(new, wrong)).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct UseForm {
    rescue_amount: String,
    rescue_words: String,
}

async fn spend(Path(id): Path<String>, posted: Posted<UseForm>) -> Result<Response, WebError> {
    let mut wrong = Vec::new();
    let amount = read_amount(&posted.form.rescue_amount, &mut wrong);
    let new = NewRescue::Use { amount, words: posted.form.rescue_words.clone() };
    save(&posted, &id, whole(new, wrong)).await
}
