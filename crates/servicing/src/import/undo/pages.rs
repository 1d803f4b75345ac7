//! The page of an undoing: what it would take out of the book, why not, and the form that asks for it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use platform::error::{ActionError, FieldError};
use platform::id::UserId;
use platform::page::{Button, Field, Html, Icon, Input, Look, Page, Tone, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use platform::work::Work;
use serde::Deserialize;

use super::{REQUEST, actions, model::Plan, store, view};
use crate::change::pages::read_reason;
use crate::import::actions::load;
use crate::import::model::{Run, RunId, RunState};
use crate::import::rules::ImportError;

/// The page and its form.
pub fn routes() -> Routes {
    Routes::new().get("/import/{id}/undo", REQUEST, show).post("/import/{id}/undo", REQUEST, ask)
}

#[derive(Template)]
#[template(path = "import/undo.html")]
struct UndoBody {
    ui: Ui,
    id: RunId,
    guard: Html,
    notice: Html,
    brought: Html,
    obstacles: Option<Html>,
    fields: Vec<Field>,
    submit: Html,
    history: Html,
}

fn run_id(id: &str) -> Result<RunId, ActionError> {
    Ok(id.parse().map_err(|_| ImportError::NotFound)?)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let run = load(&mut work, run_id(&id)?).await?;
    draw(&visit, &mut work, &run, "", &[]).await
}

async fn draw(
    visit: &Visit,
    work: &mut Work,
    run: &Run,
    typed: &str,
    wrong: &[FieldError],
) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let ui = visit.ui();
    let plan = actions::plan(work, run).await?;
    let names = names(work, plan.obstacles.iter().map(|obstacle| obstacle.recorded_by)).await?;
    let mut reason = Field::new("reason", ui.t("change-reason"), Input::Area)
        .value(typed)
        .hint(ui.t("import-undo-reason-hint"))
        .required();
    if let Some(error) = wrong.iter().find(|error| error.field == reason.name) {
        let text = ui.tn(format!("error-{}", error.code), &error.details);
        reason.error = Some(platform::page::FieldError { text, article: None });
    }
    let mut submit = Button::submit(Look::Danger, ask_words(&ui, &plan)).icon(Icon::ArrowBackUp);
    if let Some(why) = blocked(&ui, run, &plan) {
        submit = submit.blocked(why);
    }
    let body = UndoBody {
        id: run.id,
        guard: ui.guard(visit.guard()),
        notice: notice(&ui, run, &plan),
        brought: view::brought(&ui, &plan.brought),
        obstacles: (!plan.obstacles.is_empty()).then(|| view::obstacles(&ui, &plan.obstacles, &names)),
        fields: vec![reason],
        submit: ui.button(submit),
        history: history(work, &ui, run).await?,
        ui: ui.clone(),
    };
    let back = Button::link(Look::Secondary, ui.t("import-undo-back"), format!("/import/{}", run.id));
    let page = Page::new(ui.t("import-undo-title"), "import").subtitle(&run.file_name).actions(ui.button(back));
    let mut answer = visit.page(&page, &body)?;
    if !wrong.is_empty() {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

fn ask_words(ui: &Ui, plan: &Plan) -> String {
    ui.t2("import-undo-ask", "loans", plan.brought.loans, "principal", ui.yuan(plan.brought.principal))
}

/// Why nothing can be asked for, if so.
fn blocked(ui: &Ui, run: &Run, plan: &Plan) -> Option<String> {
    if run.state != RunState::Imported {
        return Some(ui.t("import-undo-blocked-state"));
    }
    if !plan.obstacles.is_empty() {
        return Some(ui.t1("import-undo-blocked-later", "count", plan.obstacles.len()));
    }
    plan.brought.is_nothing().then(|| ui.t("import-undo-blocked-nothing"))
}

fn notice(ui: &Ui, run: &Run, plan: &Plan) -> Html {
    if run.state == RunState::Undone {
        return ui.note(Tone::Info, Icon::InfoCircle, Html::of_text(ui.t("import-undone-note")));
    }
    if plan.obstacles.is_empty() {
        return ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(ui.t("import-undo-note")));
    }
    let mut words = Html::of_text(ui.t1("import-undo-later-note", "count", plan.obstacles.len()));
    words.raw(" ").push(&ui.rule("import.undo"));
    ui.note(Tone::Doubt, Icon::ShieldX, words)
}

/// Who asked for the undoing of a run, and what came of it; nothing when nobody did.
pub async fn history(work: &mut Work, ui: &Ui, run: &Run) -> Result<Html, ActionError> {
    let approvals = actions::approvals_of(work, run.id).await?;
    let undone = match store::find(&mut work.tx, run.id).await? {
        Some(undone) => {
            let by = names(work, [undone.by.0].into_iter()).await?;
            let by = by.get(&undone.by.0).cloned().unwrap_or_default();
            Some((undone, by))
        }
        None => None,
    };
    Ok(view::history(ui, &approvals, undone.as_ref()))
}

async fn names(work: &mut Work, ids: impl Iterator<Item = i64>) -> Result<BTreeMap<i64, String>, ActionError> {
    let ids: Vec<UserId> = ids.filter(|id| *id > 0).map(UserId).collect();
    let found = customers::customer::store::user_names(&mut work.tx, &ids).await?;
    Ok(found.into_iter().map(|(id, name)| (id.0, name)).collect())
}

#[derive(Debug, Deserialize)]
struct AskForm {
    #[serde(default)]
    reason: String,
}

async fn ask(Path(id): Path<String>, posted: Posted<AskForm>) -> Result<Response, WebError> {
    let mut wrong = Vec::new();
    let reason = read_reason(&posted.form.reason, &mut wrong);
    if !wrong.is_empty() {
        let mut work = posted.visit.read().await?;
        let run = load(&mut work, run_id(&id)?).await?;
        return draw(&posted.visit, &mut work, &run, &posted.form.reason, &wrong).await;
    }
    let mut work = posted.begin(REQUEST).await?;
    actions::request(&mut work, run_id(&id)?, &reason).await?;
    posted.done(work, format!("/import/{id}")).await
}
