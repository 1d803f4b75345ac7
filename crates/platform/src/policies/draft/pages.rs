//! Pages of drafts (策略台): the draft as a whole, and the grid of one table.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use policy::TableChange;
use serde::Deserialize;

use super::actions::{self, PARAMETERS};
use super::model::{Checked, Draft, DraftError, DraftState, OWN};
use super::{file_pages, parameter_pages, table_pages, words};
use crate::duty::pages_parts::{article_address, english, names};
use crate::error::{ActionError, RefusalKind, Refused};
use crate::page::{Button, Field, Guard, Html, Icon, Input, Look, Page, Tone, Ui};
use crate::policies::compare::store as comparisons;
use crate::policies::difference::{self, Line};
use crate::policies::pages::{POLICY_DRAFT, POLICY_VIEW};
use crate::policies::value_words::value_text;
use crate::web::{Posted, Routes, Visit, WebError, refusal_box, shown_in_form};
use crate::work::Work;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .post("/policies/drafts", POLICY_DRAFT, begin)
        .post("/policies/drafts/shipped", POLICY_DRAFT, begin_with_shipped)
        .get("/policies/drafts/{id}", POLICY_VIEW, one)
        .data::<super::data::DraftData, _, _>("/policies/drafts/{id}", POLICY_VIEW, super::data::draft)
        .post("/policies/drafts/{id}/head", POLICY_DRAFT, head)
        .post("/policies/drafts/{id}/submit", POLICY_DRAFT, submit)
        .post("/policies/drafts/{id}/discard", POLICY_DRAFT, discard)
        .get("/policies/drafts/{id}/tables/{decision}", POLICY_VIEW, table_pages::table)
        .data::<super::data::DraftTableData, _, _>(
            "/policies/drafts/{id}/tables/{decision}",
            POLICY_VIEW,
            super::data::table,
        )
        .post("/policies/drafts/{id}/tables/{decision}", POLICY_DRAFT, table_pages::edit)
        .file(
            "/policies/drafts/{id}/tables/{decision}/file/{form}",
            POLICY_VIEW,
            file_pages::download,
            &file_pages::KINDS,
        )
        .upload("/policies/drafts/{id}/tables/{decision}/import", POLICY_DRAFT, file_pages::import)
        .get("/policies/drafts/{id}/parameters/{name}", POLICY_VIEW, parameter_pages::form)
        .post("/policies/drafts/{id}/parameters/{name}", POLICY_DRAFT, parameter_pages::set)
        .get("/policies/drafts/{id}/articles/new", POLICY_DRAFT, parameter_pages::article_form)
        .post("/policies/drafts/{id}/articles/new", POLICY_DRAFT, parameter_pages::article_set)
}

/// The page of a draft.
pub(super) fn address(id: i64) -> String {
    format!("/policies/drafts/{id}")
}

#[derive(Debug, Deserialize)]
struct Begin {
    #[serde(default)]
    title: String,
}

async fn begin(posted: Posted<Begin>) -> Result<Response, WebError> {
    let mut work = posted.begin("policy.draft_begin").await?;
    let id = actions::begin(&mut work, &posted.form.title).await?;
    posted.done(work, address(id)).await
}

async fn begin_with_shipped(posted: Posted<Begin>) -> Result<Response, WebError> {
    let mut work = posted.begin("policy.draft_begin").await?;
    let id = actions::begin_with_shipped(&mut work, &posted.form.title).await?;
    posted.done(work, address(id)).await
}

/// A table in the list of a draft.
struct TableLine {
    title: String,
    id: String,
    article: String,
    article_page: String,
    page: String,
    state: Html,
}

/// A parameter in the list of a draft.
struct ParameterLine {
    title: String,
    name: String,
    value: String,
    article: String,
    article_page: String,
    page: String,
    own: bool,
    settles: String,
}

#[derive(Template)]
#[template(path = "policies/draft.html")]
struct DraftPage<'a> {
    ui: &'a Ui,
    it: &'a Draft,
    open: bool,
    fields: Vec<Field>,
    guards: [Guard; 4],
    refusal: Html,
    check: Html,
    problems: Vec<(String, String)>,
    changes: Vec<Line>,
    tables: Vec<TableLine>,
    parameters: Vec<ParameterLine>,
    comparison: Html,
    compared: bool,
    steps: Vec<(Html, String, String)>,
    blocked: String,
    people: String,
}

async fn one(visit: Visit, Path(id): Path<i64>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    draw(&visit, &mut work, id, None).await
}

/// The page of a draft, with what was refused.
async fn draw(visit: &Visit, work: &mut Work, id: i64, refused: Option<&Refused>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let checked = actions::checked(work, id).await?;
    let draft = &checked.draft;
    let on = draft.effective_from.unwrap_or_else(|| work.business_date.tomorrow().unwrap_or(work.business_date));
    let difference = difference::of(work, draft, &checked, on).await?;
    let compared = comparisons::latest(&mut work.tx, id).await?;
    let today = work.business_date;
    let digest = checked.pack.as_ref().map(|pack| pack.version().digest.clone()).unwrap_or_default();
    let current = compared.as_ref().is_some_and(|one| one.is_of(&digest, today));
    let open = draft.state == DraftState::Open && visit.may(POLICY_DRAFT);
    let people = names(work, [draft.created_by, draft.changed_by].into_iter()).await?;
    let name = |key: i64| people.get(&key).cloned().unwrap_or_default();
    let blocked = blocked(&ui, &checked, &difference, current);
    let body = DraftPage {
        open,
        fields: head_fields(&ui, draft),
        guards: [visit.guard(), visit.guard(), visit.guard(), visit.guard()],
        refusal: refused.map(|refused| refusal_box(&ui, refused)).unwrap_or_default(),
        check: check_badge(&ui, checked.problems.len()),
        problems: problem_lines(&ui, &checked),
        changes: difference::words(&ui, &difference, checked.namer()),
        tables: table_lines(&ui, &checked, &difference.tables),
        parameters: parameter_lines(&ui, &checked),
        comparison: compared
            .as_ref()
            .map(|one| crate::policies::compare::summary(&ui, one, current))
            .unwrap_or_default(),
        compared: compared.is_some(),
        steps: steps(&ui, &checked, &name(draft.created_by), current),
        blocked,
        people: ui.t2(
            "desk-changed-by",
            "who",
            name(draft.changed_by),
            "at",
            crate::clock::civil_minute(draft.changed_at),
        ),
        it: draft,
        ui: &ui,
    };
    let title = if draft.title.is_empty() { ui.t("desk-draft") } else { draft.title.clone() };
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), "/policies"));
    let base = ui.t1("desk-against", "base", checked.base.name());
    let page = visit.page(&Page::new(title, "policies").subtitle(base).actions(back), &body)?;
    Ok(match refused {
        Some(refused) => (status(refused), page).into_response(),
        None => page,
    })
}

pub(super) fn status(refused: &Refused) -> axum::http::StatusCode {
    match refused.kind {
        RefusalKind::Conflict => axum::http::StatusCode::CONFLICT,
        RefusalKind::Invalid | RefusalKind::NotFound | RefusalKind::Forbidden => {
            axum::http::StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

fn head_fields(ui: &Ui, draft: &Draft) -> Vec<Field> {
    let on = draft.effective_from.map(|on| on.to_string()).unwrap_or_default();
    vec![
        Field::new("title", ui.t("desk-title"), Input::Text).value(&draft.title).required(),
        Field::new("day", ui.t("policy-from"), Input::Date).value(on).hint(ui.t("desk-from-hint")),
        Field::new("note", ui.t("desk-reason"), Input::Area).value(&draft.note),
    ]
}

fn check_badge(ui: &Ui, count: usize) -> Html {
    if count == 0 {
        return ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("desk-clean"));
    }
    ui.badge(Tone::Sub, Icon::AlertCircle, ui.t1("desk-problems", "count", count))
}

/// All problems with their place, those of tables linked to their grid.
fn problem_lines(ui: &Ui, checked: &Checked) -> Vec<(String, String)> {
    checked
        .problems
        .iter()
        .take(100)
        .map(|problem| {
            let file = problem.place.file.strip_prefix(&format!("{OWN}/")).unwrap_or(&problem.place.file);
            (format!("{file} {}", problem.place.reference()), words::problem_text(ui, problem))
        })
        .collect()
}

/// What must be done before it can be submitted; empty when nothing.
fn blocked(ui: &Ui, checked: &Checked, difference: &policy::Difference, current: bool) -> String {
    let id = if !checked.problems.is_empty() {
        "desk-first-problems"
    } else if difference.is_empty() {
        "desk-first-change"
    } else if checked.draft.effective_from.is_none() {
        "desk-first-day"
    } else if !current {
        "desk-first-compare"
    } else {
        return String::new();
    };
    ui.t(id)
}

/// Draft, check, comparison, approval, first day: how far it is.
fn steps(ui: &Ui, checked: &Checked, maker: &str, current: bool) -> Vec<(Html, String, String)> {
    let done = |yes: bool| {
        let (tone, icon) = if yes { (Tone::Ok, Icon::Check) } else { (Tone::Neutral, Icon::Clock) };
        ui.badge(tone, icon, ui.t(if yes { "desk-step-done" } else { "desk-step-open" }))
    };
    let draft = &checked.draft;
    let day = draft.effective_from.map_or_else(|| ui.t("desk-no-day"), |on| on.to_string());
    vec![
        (done(true), ui.t("desk-step-draft"), maker.to_owned()),
        (
            done(checked.problems.is_empty()),
            ui.t("desk-step-check"),
            ui.t1("desk-problems", "count", checked.problems.len()),
        ),
        (done(current), ui.t("desk-step-compare"), String::new()),
        (done(draft.state == DraftState::Closed), ui.t("desk-step-approve"), ui.t("desk-step-other")),
        (done(false), ui.t("policy-from"), day),
    ]
}

fn table_lines(ui: &Ui, checked: &Checked, changes: &[TableChange]) -> Vec<TableLine> {
    let pack = checked.namer();
    let on = checked.draft.effective_from.unwrap_or(ui.business_date);
    let mut lines: Vec<TableLine> = pack
        .on(on)
        .decisions()
        .filter(|one| {
            one.sheet().floor.is_none()
                && !pack.tables().any(|(layer, sheet)| pack.is_law(layer) && sheet.file == one.sheet().file)
        })
        .map(|one| {
            let (sheet, id) = (one.sheet(), one.id().to_owned());
            let article = sheet.rows.first().map(|row| row.article.clone()).unwrap_or_default();
            let article = article.split('|').next().unwrap_or_default().to_owned();
            TableLine {
                title: sheet.title.in_language(english(ui)).to_owned(),
                article: words::article_title(pack, &article, ui),
                article_page: article_address(&article),
                page: format!("{}/tables/{id}", address(checked.draft.id)),
                state: table_state(ui, checked, &id, changes),
                id,
            }
        })
        .collect();
    // What was changed stands first.
    lines.sort_by_key(|line| (line.state.is_empty(), line.title.clone()));
    lines
}

fn table_state(ui: &Ui, checked: &Checked, id: &str, changes: &[TableChange]) -> Html {
    let file = Checked::own_table(id);
    let wrong = checked.problems_of(&file).count();
    if wrong > 0 {
        return ui.badge(Tone::Sub, Icon::AlertCircle, ui.t1("desk-problems", "count", wrong));
    }
    if changes.iter().any(|change| change.decision == id) || checked.draft.files.contains_key(&file) {
        return ui.badge(Tone::Accent, Icon::Pencil, ui.t("desk-own"));
    }
    Html::new()
}

fn parameter_lines(ui: &Ui, checked: &Checked) -> Vec<ParameterLine> {
    let pack = checked.namer();
    let on = checked.draft.effective_from.unwrap_or(ui.business_date);
    let mut lines: Vec<ParameterLine> = pack
        .on(on)
        .parameters()
        .map(|one| ParameterLine {
            title: one.title.in_language(english(ui)).to_owned(),
            value: value_text(ui, one),
            article: words::article_title(pack, &one.article, ui),
            article_page: article_address(&one.article),
            page: format!("{}/parameters/{}", address(checked.draft.id), one.name),
            own: one.place.file == PARAMETERS,
            settles: one.resolves.clone().unwrap_or_default(),
            name: one.name.clone(),
        })
        .collect();
    lines.sort_by_key(|line| (!line.own, line.title.clone()));
    lines
}

#[derive(Debug, Deserialize)]
struct HeadForm {
    revision: i64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    day: String,
}

/// Ends a form of the draft's page: back to it, or drawn again with what was refused.
async fn ended(visit: &Visit, id: i64, work: Work, done: Result<String, ActionError>) -> Result<Response, WebError> {
    match done {
        Ok(place) => {
            work.commit().await?;
            Ok(Redirect::to(&place).into_response())
        }
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            let mut work = visit.read().await?;
            draw(visit, &mut work, id, Some(&refused)).await
        }
    }
}

async fn head(Path(id): Path<i64>, posted: Posted<HeadForm>) -> Result<Response, WebError> {
    let mut work = posted.visit.begin().await?;
    let form = &posted.form;
    let typed = form.day.trim();
    let on = if typed.is_empty() { Ok(None) } else { typed.parse().map(Some) };
    let done = match on {
        Ok(on) => {
            let texts = (form.title.as_str(), form.note.as_str());
            actions::set_head(&mut work, (id, form.revision), texts, on).await.map(|_| address(id))
        }
        Err(_) => Err(DraftError::NoDay { on: typed.to_owned(), today: work.business_date }.into()),
    };
    ended(&posted.visit, id, work, done).await
}

#[derive(Debug, Deserialize)]
struct RevisionForm {
    revision: i64,
}

async fn submit(Path(id): Path<i64>, posted: Posted<RevisionForm>) -> Result<Response, WebError> {
    let mut work = posted.visit.begin().await?;
    let done = actions::submit(&mut work, (id, posted.form.revision)).await;
    ended(&posted.visit, id, work, done.map(|approval| format!("/approvals/0/{approval}"))).await
}

async fn discard(Path(id): Path<i64>, posted: Posted<RevisionForm>) -> Result<Response, WebError> {
    let mut work = posted.visit.begin().await?;
    let done = actions::discard(&mut work, (id, posted.form.revision)).await;
    ended(&posted.visit, id, work, done.map(|()| "/policies".to_owned())).await
}
