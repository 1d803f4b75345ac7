//! Noted money on the page of a case and on a page of its own, with the forms to note it and to release proceeds.

use axum::extract::Path;
use axum::response::Response;
use finance::Fen;
use jiff::civil::Date;
use platform::error::{ActionError, FieldError};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Page, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::model::{Inflow, InflowError, InflowId, InflowKind, NewInflow};
use super::{actions, data, store};
use crate::agency::gate::house_only;
use crate::case::actions as cases;
use crate::case::list::LIST;
use crate::case::model::{Case, CaseState};
use crate::disposal::DISPOSAL_DECIDE;
use crate::{CASE_VIEW, CASE_WORK};

/// Noted money of a case.
pub fn routes() -> Routes {
    Routes::new()
        .get("/collections/cases/{id}/inflows", CASE_VIEW, show)
        .data::<Vec<data::InflowData>, _, _>("/collections/cases/{id}/inflows", CASE_VIEW, data::inflows)
        .post("/collections/cases/{id}/inflows", CASE_WORK, note)
        .post("/collections/cases/{id}/inflows/release", DISPOSAL_DECIDE, release)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let case = cases::load(&mut work, cases::parse(&id).map_err(ActionError::from)?, CASE_VIEW).await?;
    house_only(&mut work).await?;
    let body = panel(&visit, &mut work, &case).await?;
    let back = Button::link(Look::Secondary, ui.t("dossier-back"), format!("{LIST}/{}", case.key.case));
    let page =
        Page::new(ui.t("inflow-title"), "cases").subtitle(case.number).actions(ui.button(back.icon(Icon::ArrowLeft)));
    visit.page_of(&page, &body)
}

/// 到账线索 of a case.
///
/// # Errors
/// The store's.
pub(crate) async fn panel(visit: &Visit, work: &mut Work, case: &Case) -> Result<Html, ActionError> {
    let ui = visit.ui();
    let all = store::of_case(&mut work.tx, case.key).await?;
    let open = matches!(case.state, CaseState::Open { .. });
    let mut html = Html::new();
    if all.is_empty() && !(open && visit.may(CASE_WORK)) {
        return Ok(html);
    }
    html.raw("<section class=\"panel\" id=\"inflows\"><header class=\"panel-head\"><h2>").text(ui.t("inflow-title"));
    html.raw("</h2></header>");
    if !all.is_empty() {
        html.raw("<ul class=\"rows\">");
        for one in &all {
            html.raw("<li>").push(&line(&ui, one)).raw("</li>");
        }
        html.raw("</ul>");
    }
    if open && visit.may(CASE_WORK) {
        html.push(&note_form(visit, &ui, case, work.business_date));
    }
    let waiting = actions::unreleased(&all);
    if open && visit.may(DISPOSAL_DECIDE) && !waiting.is_empty() {
        html.push(&release_form(visit, &ui, case, &waiting));
    }
    html.raw("</section>");
    Ok(html)
}

fn line(ui: &Ui, one: &Inflow) -> Html {
    let noted = &one.noted;
    let mut html = Html::new();
    html.push(&ui.date(noted.on)).raw(" <strong>").text(ui.t(format!("inflow-kind-{}", noted.kind.as_str())));
    html.raw("</strong> ").push(&ui.money(noted.amount)).raw(" <span class=\"wrap-anywhere\">").text(&noted.basis);
    html.raw(" ").text(&noted.words).raw("</span><span class=\"end muted\">").text(&one.by_name).raw("</span>");
    html
}

/// A form that opens at its name.
fn folded(visit: &Visit, ui: &Ui, (head, verb): (&str, &str), action: String, fields: &[Field]) -> Html {
    let mut html = Html::new();
    html.raw("<details class=\"panel-foot\"><summary>").text(ui.t(head));
    html.raw("</summary><form class=\"form\" method=\"post\" data-once").attr("action", action).raw(">");
    html.push(&ui.guard(visit.guard()));
    for field in fields {
        html.push(&ui.field(field));
    }
    html.raw("<button class=\"btn\" type=\"submit\">").text(ui.t(verb)).raw("</button></form></details>");
    html
}

fn note_form(visit: &Visit, ui: &Ui, case: &Case, today: Date) -> Html {
    let kinds = [InflowKind::Account, InflowKind::Proceeds]
        .map(|kind| Choice::new(kind.as_str(), ui.t(format!("inflow-kind-{}", kind.as_str()))));
    let fields = [
        Field::new("inflow_kind", ui.t("inflow-kind-label"), Input::Select(kinds.to_vec())).required(),
        Field::new("inflow_amount", ui.t("inflow-amount-label"), Input::Money).required(),
        Field::new("inflow_on", ui.t("inflow-on-label"), Input::Date).value(today.to_string()).required(),
        Field::new("inflow_basis", ui.t("inflow-basis-label"), Input::Text).hint(ui.t("inflow-basis-hint")).required(),
        Field::new("inflow_words", ui.t("inflow-words-label"), Input::Area),
    ];
    folded(visit, ui, ("inflow-note", "inflow-save"), format!("{LIST}/{}/inflows", case.key.case), &fields)
}

fn release_form(visit: &Visit, ui: &Ui, case: &Case, waiting: &[&Inflow]) -> Html {
    let choice = |one: &&Inflow| {
        Choice::new(one.id.to_string(), format!("{} {} {}", one.noted.on, ui.yuan(one.noted.amount), one.noted.basis))
    };
    let fields = [
        Field::new("proceeds", ui.t("inflow-kind-proceeds"), Input::Select(waiting.iter().map(choice).collect()))
            .required(),
        Field::new("release_words", ui.t("inflow-release-words"), Input::Area)
            .hint(ui.t("inflow-release-hint"))
            .required(),
    ];
    let action = format!("{LIST}/{}/inflows/release", case.key.case);
    folded(visit, ui, ("inflow-release", "inflow-release"), action, &fields)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NoteForm {
    inflow_kind: String,
    inflow_amount: String,
    inflow_on: String,
    inflow_basis: String,
    inflow_words: String,
}

impl NoteForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<NewInflow, InflowError> {
        let mut wrong = Vec::new();
        let kind = InflowKind::parse(self.inflow_kind.trim());
        if kind.is_none() {
            wrong.push(FieldError::new("inflow_kind", "choice-invalid"));
        }
        let amount = self.inflow_amount.trim().parse::<Fen>().ok();
        if amount.is_none() {
            wrong.push(FieldError::new("inflow_amount", "amount-unreadable").with("text", &self.inflow_amount));
        }
        let on = self.inflow_on.trim().parse::<Date>().ok();
        if on.is_none() {
            wrong.push(FieldError::new("inflow_on", "date-unreadable").with("text", &self.inflow_on));
        }
        match (kind, amount, on) {
            (Some(kind), Some(amount), Some(on)) => {
                Ok(NewInflow { kind, amount, on, basis: self.inflow_basis.clone(), words: self.inflow_words.clone() })
            }
            _ => Err(InflowError::Form(wrong)),
        }
    }
}

async fn note(Path(id): Path<String>, posted: Posted<NoteForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("inflow.note").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let new = posted.form.read().map_err(ActionError::from)?;
    actions::note(&mut work, case, &new).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReleaseForm {
    proceeds: String,
    release_words: String,
}

async fn release(Path(id): Path<String>, posted: Posted<ReleaseForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("inflow.release").await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let proceeds = posted.form.proceeds.trim().parse::<InflowId>().map_err(|_| InflowError::NoProceeds);
    let proceeds = proceeds.map_err(ActionError::from)?;
    actions::release(&mut work, case, proceeds, &posted.form.release_words).await?;
    posted.done(work, format!("{LIST}/{case}")).await
}
