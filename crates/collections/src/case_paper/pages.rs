//! The papers on the page of a case, and the forms of those that one may write.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::page::{Choice, Field, Html, Input, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{NewPaper, Paper, PaperError, PaperKind};
use super::{actions, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseState};
use crate::{CASE_ASSIGN, CASE_WORK, LEGAL_MANAGE};

/// Where the forms go.
pub(super) fn routes() -> Routes {
    Routes::new()
        .post("/collections/cases/{id}/papers/plan", CASE_WORK, plan)
        .post("/collections/cases/{id}/papers/opinion", LEGAL_MANAGE, opinion)
        .post("/collections/cases/{id}/papers/minutes", CASE_ASSIGN, minutes)
}

/// 案件文书 of a case.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let papers = store::of_case(&mut work.tx, case.key).await?;
    let open = matches!(case.state, CaseState::Open { .. });
    let writes = |kind: &PaperKind| open && visit.may(actions::permission(*kind));
    let mut html = Html::new();
    if papers.is_empty() && !PaperKind::ALL.iter().any(writes) {
        return Ok(html);
    }
    let people = crate::people(work).await?;
    html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("case-paper-title"));
    html.raw("</h2></header><ol class=\"rows\">");
    for one in &papers {
        html.raw("<li>").push(&line(&ui, one, &people)).raw("</li>");
    }
    html.raw("</ol>");
    for kind in PaperKind::ALL.into_iter().filter(writes) {
        html.push(&form(visit, &ui, case, (kind, &people)));
    }
    html.raw("</section>");
    Ok(html)
}

fn line(ui: &Ui, one: &Paper, people: &BTreeMap<UserId, String>) -> Html {
    let mut html = Html::new();
    html.raw("<strong>").text(ui.t(format!("case-paper-{}", one.content.kind.as_str()))).raw("</strong> ");
    if let Some(name) = one.content.person.and_then(|person| people.get(&UserId(person))) {
        html.text(name).raw(" ");
    }
    if let Some(on) = one.content.due_on {
        html.text(ui.t1("case-paper-until", "on", on)).raw(" ");
    }
    html.raw("<span class=\"wrap-anywhere\">").text(&one.content.words).raw("</span><span class=\"end\">");
    html.push(&ui.date(one.on)).raw(" <span class=\"muted\">").text(&one.by).raw("</span></span>");
    html
}

fn form(visit: &Visit, ui: &Ui, case: &Case, (kind, people): (PaperKind, &BTreeMap<UserId, String>)) -> Html {
    let name = kind.as_str();
    let mut fields = Vec::new();
    if kind == PaperKind::Plan {
        let choices = people.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        fields.push(Field::new("paper_person", ui.t("case-paper-person"), Input::Select(choices)).required());
    }
    let mut due = Field::new("paper_due", ui.t("case-paper-due"), Input::Date);
    due.required = kind == PaperKind::Plan;
    fields.push(due);
    fields.push(Field::new("paper_words", ui.t(format!("case-paper-words-{name}")), Input::Area).required());
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t(format!("case-paper-{name}")));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once");
    html.attr("action", format!("/collections/cases/{}/papers/{name}", case.key.case)).raw(">");
    html.push(&ui.guard(visit.guard()));
    for field in &fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t("case-paper-save")).raw("</button></form></details>");
    html
}

/// What the form of a paper sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PaperForm {
    paper_person: String,
    paper_due: String,
    paper_words: String,
}

impl PaperForm {
    fn read(&self, kind: PaperKind) -> Result<NewPaper, PaperError> {
        let due_on = match self.paper_due.trim() {
            "" => None,
            typed => Some(typed.parse::<Date>().map_err(|_| {
                PaperError::Form(vec![FieldError::new("paper_due", "date-unreadable").with("text", typed)])
            })?),
        };
        // What is no key is nobody's.
        let person = Some(self.paper_person.trim()).filter(|typed| !typed.is_empty());
        let person = person.map(|typed| typed.parse().unwrap_or(0));
        Ok(NewPaper { kind, person, due_on, words: self.paper_words.clone() })
    }
}

async fn plan(Path(id): Path<String>, posted: Posted<PaperForm>) -> Result<Response, WebError> {
    write(&id, &posted, PaperKind::Plan).await
}

async fn opinion(Path(id): Path<String>, posted: Posted<PaperForm>) -> Result<Response, WebError> {
    write(&id, &posted, PaperKind::Opinion).await
}

async fn minutes(Path(id): Path<String>, posted: Posted<PaperForm>) -> Result<Response, WebError> {
    write(&id, &posted, PaperKind::Minutes).await
}

async fn write(id: &str, posted: &Posted<PaperForm>, kind: PaperKind) -> Result<Response, WebError> {
    let mut work = posted.begin("case.paper").await?;
    let case = cases::parse(id).map_err(ActionError::from)?;
    let new = posted.form.read(kind).map_err(ActionError::from)?;
    actions::write(&mut work, case, &new).await?;
    posted.done(work, format!("/collections/cases/{case}")).await
}
