//! Pages of exports (导出页): ask for a large one, see how far it is, take the file; one's own only.

use askama::Template;
use axum::extract::{Path, Query, RawQuery};
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Redirect, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::actions::{self, ExportError, ExportRules, of_list, pen, read};
use super::model::{Job, JobState, Kept, ListExport};
use super::{runner, store};
use crate::api::Data;
use crate::audit::Entry;
use crate::clock::civil_minute;
use crate::error::ActionError;
use crate::page::list::{Batch, BatchVerb, Cell, Column, ColumnKind, ListPage, ListQuery, ListSpec, Row, address};
use crate::page::{Button, Empty, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError, xlsx};

/// Where a selection is sent; the list follows as a question.
const SELECTION: &str = "/exports/selection";

pub(crate) fn routes() -> Routes {
    Routes::new()
        .list_own("/exports", index, spec)
        .merge(Routes::new().get_own("/exports/new", new).only_on_screen())
        .post_own("/exports", ask)
        .post_own(SELECTION, ask_selection)
        .get_own("/exports/{id}", show)
        .data_own::<ExportData, _, _>("/exports/{id}", data)
        .get_own("/exports/{id}/progress", progress)
        .get_own("/exports/{id}/file.xlsx", file)
}

/// The verb that exports a selection of a list.
#[must_use]
pub fn offer(visit: &Visit, list: &str) -> Batch {
    offered(visit, address(SELECTION, &[("list", list)]))
}

/// The same with the question that the rows were picked from: its order and columns are those of the file.
#[must_use]
pub fn offer_of(visit: &Visit, list: &str, query: &str) -> Batch {
    offered(visit, address(SELECTION, &[("list", list), ("query", query)]))
}

fn offered(visit: &Visit, action: String) -> Batch {
    let verb = BatchVerb { action, text: visit.ui().t("export-selection"), icon: Icon::TableExport };
    Batch { verbs: vec![verb], guard: visit.guard() }
}

/// The export of a list: a small result as a file at once; a large one leads to the page where it is asked for.
///
/// # Errors
/// Denied; a question that cannot be read; more rows than an export may have.
pub async fn answer(visit: &Visit, export: &dyn ListExport, query: &str) -> Result<Response, WebError> {
    let mut work = visit.begin().await?;
    export.scope(&work)?;
    let ui = pen(&work, visit.lang);
    let spec = export.spec_for(&mut work, &ui, query).await?;
    let asked = super::Asked { query: ListQuery::parse(&spec, query)?, keys: Vec::new(), picked: Vec::new() };
    if visit.request.api() {
        asked.query.known_view(&spec)?;
    }
    let rules = ExportRules::load(&mut work).await?;
    let count = export.count(&mut work, &asked).await?;
    if count > rules.background_rows {
        if count > rules.most_rows {
            return Err(ActionError::from(ExportError::TooMany { rows: count, most: rules.most_rows }).into());
        }
        work.tx.rollback().await?;
        let place = address("/exports/new", &[("list", export.list()), ("query", query)]);
        return if visit.request.api() {
            Err(ActionError::from(ExportError::Large { rows: count }).into())
        } else {
            Ok(Redirect::to(&place).into_response())
        };
    }
    let (bytes, rows) = runner::at_once(export, &mut work, &ui, (&spec, &asked), rules.background_rows).await?;
    let filters: Vec<&str> = asked.query.filters.iter().map(|(id, _)| *id).collect();
    let entry = Entry::new(None, export.act(), format!("list:{}", export.list()));
    work.audit(entry.after(json!({"rows": rows, "filters": filters}))).await?;
    work.commit().await?;
    Ok(xlsx(&format!("{}-{}.xlsx", export.file(), visit.business_date), bytes))
}

/// A question to a list.
#[derive(Debug, Deserialize)]
struct ListQuestion {
    /// The page of the list.
    #[serde(default)]
    list: String,
    /// The question, as in the address.
    #[serde(default)]
    query: String,
}

/// Says how many rows a large export has and asks for it.
async fn new(visit: Visit, Query(asked): Query<ListQuestion>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let export = of_list(&visit.app, &asked.list).map_err(ActionError::from)?;
    export.scope(&work)?;
    let kept = Kept { query: asked.query.clone(), ..Kept::default() };
    let read = read(export.as_ref(), &mut work, &ui, &kept).await?;
    let rows = export.count(&mut work, &read).await?;
    let mut body = Html::new();
    body.raw("<section class=\"panel\"><div class=\"panel-body stack\"><p>");
    body.text(ui.t1("export-large", "count", ui.count(rows)))
        .raw("</p><p class=\"hint\">")
        .text(ui.t("export-large-hint"));
    body.raw("</p><form method=\"post\" action=\"/exports\" class=\"buttons\" data-once>")
        .push(&ui.guard(visit.guard()));
    for (name, value) in [("list", &asked.list), ("query", &asked.query)] {
        body.raw("<input type=\"hidden\"").attr("name", name).attr("value", value).raw(">");
    }
    body.push(&ui.button(Button::submit(Look::Primary, ui.t("export-begin")).icon(Icon::FileExport)));
    body.push(&ui.button(Button::link(Look::Plain, ui.t("cancel"), format!("{}?{}", asked.list, asked.query))));
    body.raw("</form></div></section>");
    visit.page_of(&Page::new(ui.t("export-title"), "exports").subtitle(ui.t(export.title())), &body)
}

async fn ask(posted: Posted<ListQuestion>) -> Result<Response, WebError> {
    begin(&posted, &posted.form.list, &posted.form.query, &[]).await
}

crate::form_fields! {
    /// The rows picked; `key` repeats.
    Selection: "key"
}

async fn ask_selection(Query(of): Query<ListQuestion>, posted: Posted<Selection>) -> Result<Response, WebError> {
    let keys: Vec<String> = posted.fields.all("key").map(str::to_owned).collect();
    if keys.is_empty() {
        return Err(ActionError::from(ExportError::NothingPicked).into());
    }
    begin(&posted, &of.list, &of.query, &keys).await
}

async fn begin<T>(posted: &Posted<T>, list: &str, query: &str, keys: &[String]) -> Result<Response, WebError> {
    let mut work = posted.begin("export.ask").await?;
    let id = actions::ask(&mut work, posted.visit.lang, list, query, keys).await?;
    posted.done(work, format!("/exports/{id}")).await
}

fn spec(_: &Ui) -> ListSpec {
    ListSpec {
        path: "/exports".to_owned(),
        columns: vec![
            Column::new("list", "export-list", ColumnKind::Text),
            Column::new("asked", "export-asked", ColumnKind::Text),
            Column::new("state", "export-state", ColumnKind::State),
            Column::new("rows", "export-rows", ColumnKind::Count),
            Column::new("kept", "export-kept", ColumnKind::Text),
        ],
        counted: "export-count",
        ..ListSpec::default()
    }
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let spec = spec(&ui);
    let asked = ListQuery::parse(&spec, query.as_deref().unwrap_or(""))?;
    let me = visit.user()?;
    let mut work = visit.read().await?;
    let (count, _) = store::count(&mut work.tx, me).await?;
    let jobs = store::jobs(&mut work.tx, me, (i64::from(asked.size), asked.offset())).await?;
    let empty =
        Empty { icon: Some(Icon::FileExport), title: ui.t("export-none"), text: ui.t("export-none-text"), step: None };
    let rows = jobs.iter().map(|job| row(&visit, &ui, job)).collect();
    let page = ListPage { rows, count, empty: Some(empty), ..ListPage::default() };
    if let Some(rows) = visit.rows(&spec, &asked, &page) {
        return Ok(rows);
    }
    let head = Page::new(ui.t("export-title"), "exports").subtitle(ui.t("export-note"));
    visit.page_of(&head, &ui.list(&spec, &asked, &page))
}

fn row(visit: &Visit, ui: &Ui, job: &Job) -> Row {
    let href = format!("/exports/{}", job.id);
    Row {
        key: job.id.to_string(),
        cells: vec![
            Cell::Link(title(visit, ui, job), href.clone()),
            Cell::Text(civil_minute(job.asked_at)),
            Cell::State(badge(ui, job.state), ui.t(format!("export-state-{}", job.state.as_str()))),
            Cell::Count(job.rows),
            job.keep_until.map_or(Cell::None, |until| Cell::Text(civil_minute(until))),
        ],
        href,
    }
}

/// What the list of a job is called; its path when no capability offers it any more.
fn title(visit: &Visit, ui: &Ui, job: &Job) -> String {
    of_list(&visit.app, &job.list).map_or_else(|_| job.list.clone(), |export| ui.t(export.title()))
}

fn badge(ui: &Ui, state: JobState) -> Html {
    let (tone, icon) = match state {
        JobState::Running => (Tone::Accent, Icon::Loader2),
        JobState::Done => (Tone::Ok, Icon::CircleCheck),
        JobState::Failed => (Tone::Doubt, Icon::AlertCircle),
        JobState::Removed => (Tone::Neutral, Icon::Archive),
    };
    ui.badge(tone, icon, ui.t(format!("export-state-{}", state.as_str())))
}

async fn load(visit: &Visit, id: &str) -> Result<Job, WebError> {
    let unknown = || ActionError::from(ExportError::Unknown);
    let (id, me) = (id.parse().map_err(|_| unknown())?, visit.user()?);
    let mut work = visit.read().await?;
    Ok(store::job(&mut work.tx, me, id).await?.ok_or_else(unknown)?)
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let job = load(&visit, &id).await?;
    let ui = visit.ui();
    visit.page_of(&head(&visit, &ui, &job), &standing(&ui, &job)?)
}

fn head(visit: &Visit, ui: &Ui, job: &Job) -> Page {
    let back = Button::link(Look::Secondary, ui.t("export-title"), "/exports").icon(Icon::History);
    Page::new(title(visit, ui, job), "exports").subtitle(ui.t("export-title")).actions(ui.button(back))
}

#[derive(Template)]
#[template(path = "list_export/standing.html")]
struct Standing<'a> {
    ui: &'a Ui,
    id: i64,
    polls: bool,
    state: Html,
    asked: String,
    words: String,
    bar: Html,
    take: Html,
}

/// How far it is, or what can be done with it.
fn standing(ui: &Ui, job: &Job) -> Result<Html, WebError> {
    let polls = job.state == JobState::Running;
    let permille = u32::try_from(job.done.saturating_mul(1_000) / job.rows.max(1)).unwrap_or(1_000).min(1_000);
    let words = match (job.state, &job.problem) {
        (JobState::Running, _) => ui.t2("export-progress", "done", ui.count(job.done), "all", ui.count(job.rows)),
        (JobState::Done, _) => {
            let until = job.keep_until.map(civil_minute).unwrap_or_default();
            ui.t2("export-ready", "rows", ui.count(job.rows), "until", until)
        }
        (JobState::Failed, Some(problem)) => ui
            .locale
            .find(&format!("error-{problem}"))
            .filter(|words| !words.contains('{'))
            .unwrap_or_else(|| ui.t("export-failed-text")),
        (JobState::Failed, None) => ui.t("export-failed-text"),
        (JobState::Removed, _) => ui.t("export-removed-text"),
    };
    let take = if job.state == JobState::Done {
        let label = format!("{} ({} KiB)", ui.t("export-take"), ui.count(job.bytes.div_euclid(1024) + 1));
        ui.button(Button::link(Look::Primary, label, format!("/exports/{}/file.xlsx", job.id)).icon(Icon::Download))
    } else {
        Html::new()
    };
    let bar = if polls { ui.progress(permille, None, &words) } else { Html::new() };
    let asked = civil_minute(job.asked_at);
    Ok(Html::of_template(&Standing { ui, id: job.id, polls, state: badge(ui, job.state), asked, words, bar, take })?)
}

/// The part that is asked for again while it runs.
async fn progress(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let job = load(&visit, &id).await?;
    let ui = visit.ui();
    let body = standing(&ui, &job)?;
    if !visit.request.fragment() {
        return visit.page_of(&head(&visit, &ui, &job), &body);
    }
    let mut answer = axum::response::Html(body.into_string()).into_response();
    if job.state != JobState::Running {
        answer.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(answer)
}

async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let id = id.parse().map_err(|_| ActionError::from(ExportError::Unknown))?;
    let mut work = visit.begin().await?;
    let (job, export, bytes) = actions::file(&mut work, id).await?;
    work.commit().await?;
    let day = job.business_date.map(|day| day.to_string()).unwrap_or_default();
    Ok(xlsx(&format!("{}-{day}.xlsx", export.file()), bytes))
}

/// An export in the background (后台导出), as a program reads it.
#[derive(Debug, Serialize, JsonSchema)]
struct ExportData {
    /// The key.
    id: String,
    /// The page of the list.
    list: String,
    /// Where it stands.
    state: JobState,
    /// Why it was not made.
    problem: Option<String>,
    /// How many rows it has.
    rows: i64,
    /// How many are written.
    rows_done: i64,
    /// How large the file is.
    size_bytes: i64,
    /// When it was asked for.
    asked_at: String,
    /// Until when the file can be taken.
    keep_until: Option<String>,
}

async fn data(visit: Visit, Path(id): Path<String>) -> Result<Data<ExportData>, WebError> {
    let job = load(&visit, &id).await?;
    Ok(Data(ExportData {
        id: job.id.to_string(),
        list: job.list,
        state: job.state,
        problem: job.problem,
        rows: job.rows,
        rows_done: job.done,
        size_bytes: job.bytes,
        asked_at: job.asked_at.to_string(),
        keep_until: job.keep_until.map(|until| until.to_string()),
    }))
}
