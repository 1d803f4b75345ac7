//! The pages of the whole book (整本台账页): take it out, bring it in, what became of both.

use std::io::Write as _;
use std::time::Duration;

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::out::Wanted;
use super::run::{self, Run, RunState};
use super::{EXPORT, EXPORT_CLEAR, IMPORT, ask, files, kept};
use crate::attachment::travel;
use crate::audit::Entry;
use crate::clock::civil_minute;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Upload, Visit, WebError, xlsx};
use crate::work::Work;

/// The kind of an archive of files.
const ARCHIVE: &str = "application/zip";
/// Runs that the page shows.
const SHOWN: i64 = 60;
/// How long a request waits for a small book before it shows how far it is.
const PATIENCE: Duration = Duration::from_secs(3);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/book", EXPORT, index)
        .data::<Vec<super::data::RunData>, _, _>("/book", EXPORT, super::data::runs)
        .post("/book/export", EXPORT, export)
        .upload("/book/import", IMPORT, import)
        .get("/book/runs/{id}", EXPORT, show)
        .data::<super::data::RunData, _, _>("/book/runs/{id}", EXPORT, super::data::run)
        .get("/book/runs/{id}/progress", EXPORT, progress)
        .get("/book/runs/{id}/book.xlsx", EXPORT, file)
        .post("/book/files/export", EXPORT_CLEAR, files_export)
        .upload("/book/files/import", IMPORT, files_import)
        .file("/book/runs/{id}/files.zip", EXPORT_CLEAR, files_file, &[ARCHIVE])
}

/// A run as the list shows it.
struct Line {
    href: String,
    started: String,
    what: String,
    state: Html,
    who: String,
    reason: String,
    rows: String,
    size: String,
}

#[derive(Template)]
#[template(path = "book/index.html")]
struct IndexBody<'a> {
    ui: &'a Ui,
    out_text: String,
    may_clear: bool,
    may_import: bool,
    out_guard: Guard,
    in_guard: Guard,
    files_out_guard: Guard,
    files_in_guard: Guard,
    wrong: Html,
    lines: Vec<Line>,
}

async fn index(visit: Visit) -> Result<Response, WebError> {
    draw(&visit, None).await
}

async fn draw(visit: &Visit, wrong: Option<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    take(&mut work)?;
    let runs = run::latest(&mut work.tx, SHOWN).await?;
    let mut lines = Vec::new();
    for one in &runs {
        lines.push(line(&ui, &mut work, one).await?);
    }
    let refused = wrong.is_some();
    let hours = run::keep_hours(&mut work).await?;
    let body = IndexBody {
        ui: &ui,
        out_text: ui.t1("whole-book-take-out-text", "hours", hours),
        may_clear: visit.may(EXPORT_CLEAR),
        may_import: visit.may(IMPORT),
        out_guard: visit.guard(),
        in_guard: visit.guard(),
        files_out_guard: visit.guard(),
        files_in_guard: visit.guard(),
        wrong: wrong.map(|text| ui.note(Tone::Doubt, Icon::AlertCircle, Html::of_text(text))).unwrap_or_default(),
        lines,
    };
    let mut answer =
        visit.page(&Page::new(ui.t("whole-book-title"), "whole-book").subtitle(ui.t("whole-book-note")), &body)?;
    if refused {
        *answer.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

async fn line(ui: &Ui, work: &mut Work, one: &Run) -> Result<Line, WebError> {
    let who = name_of(work, one).await?;
    Ok(Line {
        href: format!("/book/runs/{}", one.id),
        started: civil_minute(one.started_at),
        what: what(ui, one),
        state: state(ui, one),
        who,
        reason: one.reason.clone(),
        rows: ui.count(one.rows),
        size: if one.bytes == 0 { "—".to_owned() } else { size(ui, one.bytes) },
    })
}

async fn name_of(work: &mut Work, one: &Run) -> Result<String, WebError> {
    let user = crate::access::store::user(&mut work.tx, crate::id::UserId(one.started_by)).await?;
    Ok(user.map(|user| user.name).unwrap_or_default())
}

fn size(ui: &Ui, bytes: i64) -> String {
    format!("{} KiB", ui.count(bytes.div_euclid(1024) + 1))
}

fn what(ui: &Ui, one: &Run) -> String {
    if one.files {
        return ui.t(match (one.out, one.dry_run) {
            (true, _) => "whole-book-files-out",
            (false, true) => "whole-book-files-in-tried",
            (false, false) => "whole-book-files-in",
        });
    }
    ui.t(match (one.out, one.clear, one.dry_run) {
        (true, true, _) => "whole-book-out-clear",
        (true, false, _) => "whole-book-out-masked",
        (false, _, true) => "whole-book-in-tried",
        (false, _, false) => "whole-book-in",
    })
}

fn state(ui: &Ui, one: &Run) -> Html {
    let (tone, icon, word) = match one.state {
        RunState::Running => (Tone::Accent, Icon::Loader2, "whole-book-running"),
        RunState::Done => (Tone::Ok, Icon::CircleCheck, "whole-book-done"),
        RunState::Refused => (Tone::Doubt, Icon::AlertCircle, "whole-book-refused"),
        RunState::Failed => (Tone::Doubt, Icon::AlertCircle, "whole-book-failed"),
        RunState::Removed => (Tone::Neutral, Icon::Archive, "whole-book-removed"),
    };
    ui.badge(tone, icon, ui.t(word))
}

/// The form of an export.
#[derive(Debug, Deserialize)]
struct ExportForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    clear: Option<String>,
}

async fn export(posted: Posted<ExportForm>) -> Result<Response, WebError> {
    let wanted = Wanted::new(posted.form.clear.is_some(), &posted.form.reason);
    let mut work = posted.begin(EXPORT).await?;
    let ui = posted.visit.ui();
    match ask(&mut work, &wanted).await {
        Ok(()) => {}
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            drop(work);
            return draw(&posted.visit, Some(ui.t("whole-book-reason-missing"))).await;
        }
        Err(other) => return Err(other.into()),
    }
    let id = run::begin(&mut work, (true, false), false, &wanted).await?;
    let answer = posted.done(work, format!("/book/runs/{id}")).await?;
    let (app, actor) = (posted.visit.app.clone(), posted.visit.actor.clone());
    // On a task of its own, so that a closed browser does not end it.
    let running = tokio::spawn(async move {
        if let Err(error) = run::out(&app, actor, id, false, &wanted).await {
            tracing::error!(%error, run = id, "an export of the whole book ended with an error");
        }
    });
    let _done_or_not = tokio::time::timeout(PATIENCE, running).await;
    Ok(answer)
}

async fn import(upload: Upload) -> Result<Response, WebError> {
    let ui = upload.visit.ui();
    let dry_run = upload.fields.first("what") != Some("write");
    let Some(file) = upload.files.iter().find(|file| file.field == "book" && !file.bytes.is_empty()) else {
        return draw(&upload.visit, Some(ui.t("whole-book-file-missing"))).await;
    };
    let mut work = upload.begin(IMPORT).await?;
    work.authorise(IMPORT)?;
    let id = run::begin(&mut work, (false, false), dry_run, &Wanted::new(true, "")).await?;
    let lies = files::Passing::at(files::place_of_book(id));
    written(lies.path(), &file.bytes)?;
    let answer = upload.done(work, format!("/book/runs/{id}")).await?;
    let (app, actor) = (upload.visit.app.clone(), upload.visit.actor.clone());
    let running = tokio::spawn(async move {
        if let Err(error) = run::into(&app, actor, (id, false), lies, dry_run).await {
            tracing::error!(%error, run = id, "an import of a whole book ended with an error");
        }
    });
    let _done_or_not = tokio::time::timeout(PATIENCE, running).await;
    Ok(answer)
}

/// The form of an export of the files.
#[derive(Debug, Deserialize)]
struct FilesForm {
    #[serde(default)]
    reason: String,
}

/// The archive of kept files that travels beside the book: asked for, kept and noted like it.
async fn files_export(posted: Posted<FilesForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(EXPORT_CLEAR).await?;
    match travel::ask(&mut work, &posted.form.reason).await {
        Ok(()) => {}
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            drop(work);
            posted.visit.complain(&refused.fields)?;
            return draw(&posted.visit, Some(posted.visit.ui().t("whole-book-reason-missing"))).await;
        }
        Err(other) => return Err(other.into()),
    }
    let wanted = Wanted::new(true, &posted.form.reason);
    let id = run::begin(&mut work, (true, true), false, &wanted).await?;
    let answer = posted.done(work, format!("/book/runs/{id}")).await?;
    let (app, actor) = (posted.visit.app.clone(), posted.visit.actor.clone());
    let running = tokio::spawn(async move {
        if let Err(error) = run::out(&app, actor, id, true, &wanted).await {
            tracing::error!(%error, run = id, "an export of kept files ended with an error");
        }
    });
    let _done_or_not = tokio::time::timeout(PATIENCE, running).await;
    Ok(answer)
}

async fn files_import(upload: Upload) -> Result<Response, WebError> {
    let dry_run = upload.fields.first("what") != Some("write");
    let Some(file) = upload.files.iter().find(|file| file.field == "book" && !file.bytes.is_empty()) else {
        return draw(&upload.visit, Some(upload.visit.ui().t("whole-book-archive-missing"))).await;
    };
    let mut work = upload.begin(IMPORT).await?;
    work.authorise(IMPORT)?;
    let id = run::begin(&mut work, (false, true), dry_run, &Wanted::new(true, "")).await?;
    let lies = files::Passing::at(files::place(id));
    written(lies.path(), &file.bytes)?;
    let answer = upload.done(work, format!("/book/runs/{id}")).await?;
    let (app, actor) = (upload.visit.app.clone(), upload.visit.actor.clone());
    let running = tokio::spawn(async move {
        if let Err(error) = run::into(&app, actor, (id, true), lies, dry_run).await {
            tracing::error!(%error, run = id, "an import of kept files ended with an error");
        }
    });
    let _done_or_not = tokio::time::timeout(PATIENCE, running).await;
    Ok(answer)
}

/// What was uploaded, in a file that only this program reads, until it is in.
fn written(path: &std::path::Path, bytes: &[u8]) -> Result<(), ActionError> {
    let kept = files::private(path).and_then(|mut file| file.write_all(bytes));
    kept.map_err(|error| ActionError::Internal(error.to_string()))
}

/// Whoever takes the book away, or the kept files beside it.
fn take(work: &mut Work) -> Result<(), ActionError> {
    let action = if work.actor.may(EXPORT) { EXPORT } else { EXPORT_CLEAR };
    work.authorise(action)?;
    Ok(())
}

pub(super) async fn load(work: &mut Work, id: &str) -> Result<Run, WebError> {
    take(work)?;
    let missing = || ActionError::from(Refused::new(RefusalKind::NotFound, "whole-book-no-run"));
    let id = id.parse().map_err(|_| missing())?;
    Ok(run::find(&mut work.tx, id).await?.ok_or_else(missing)?)
}

/// One thing that was found, in words.
struct Found {
    refuses: bool,
    place: String,
    text: String,
}

#[derive(Template)]
#[template(path = "book/run.html")]
struct RunBody<'a> {
    ui: &'a Ui,
    what: String,
    state: Html,
    who: String,
    started: String,
    day: String,
    rows: String,
    reason: String,
    note: Html,
    found: Vec<Found>,
    more: i64,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = load(&mut work, &id).await?;
    let kept = i64::try_from(one.findings.iter().filter(|finding| finding.refuses).count()).unwrap_or(0);
    let found = one.findings.iter().map(|finding| Found {
        refuses: finding.refuses,
        place: place(&ui, finding),
        text: finding.say(&ui.locale),
    });
    let body = RunBody {
        what: what(&ui, &one),
        state: state(&ui, &one),
        who: name_of(&mut work, &one).await?,
        started: civil_minute(one.started_at),
        day: one.business_date.map_or_else(|| "—".to_owned(), |day| day.to_string()),
        rows: ui.count(one.rows),
        reason: one.reason.clone(),
        note: if one.state == RunState::Running { bar(&ui, &one)? } else { ended(&ui, &visit, &one) },
        found: found.collect(),
        more: one.refused - kept,
        ui: &ui,
    };
    visit.page(&head(&ui, &one), &body)
}

fn head(ui: &Ui, one: &Run) -> Page {
    let back = Button::link(Look::Secondary, ui.t("whole-book-history"), "/book").icon(Icon::History);
    Page::new(ui.t("whole-book-title"), "whole-book").subtitle(what(ui, one)).actions(ui.button(back))
}

fn place(ui: &Ui, finding: &super::Finding) -> String {
    let row = finding.row.map(|row| ui.t1("whole-book-row", "row", row)).unwrap_or_default();
    [finding.sheet.as_str(), &row, &finding.column]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What can be done with a run that ended.
fn ended(ui: &Ui, visit: &Visit, one: &Run) -> Html {
    let (tone, icon, text) = match (one.state, one.out, one.dry_run) {
        (RunState::Done, true, _) => (Tone::Ok, Icon::CircleCheck, ui.t("whole-book-ready")),
        (RunState::Done, false, true) if one.files => (Tone::Ok, Icon::CircleCheck, ui.t("whole-book-files-would")),
        (RunState::Done, false, false) if one.files => (Tone::Ok, Icon::CircleCheck, ui.t("whole-book-files-are-in")),
        (RunState::Done, false, true) => (Tone::Ok, Icon::CircleCheck, ui.t("whole-book-would-come-in")),
        (RunState::Done, false, false) => (Tone::Ok, Icon::CircleCheck, ui.t("whole-book-is-in")),
        (RunState::Refused, ..) => (Tone::Doubt, Icon::AlertCircle, ui.t("whole-book-not-in")),
        (RunState::Failed, ..) => (Tone::Doubt, Icon::AlertCircle, ui.t("whole-book-failed-note")),
        (RunState::Removed, ..) => (Tone::Neutral, Icon::Archive, ui.t("whole-book-removed-note")),
        (RunState::Running, ..) => (Tone::Accent, Icon::Loader2, ui.t("whole-book-running")),
    };
    let mut out = Html::of_text(text);
    if one.out && one.state == RunState::Done && (!one.clear || visit.may(EXPORT_CLEAR)) {
        let until = one.keep_until.map(civil_minute).unwrap_or_default();
        out.raw(" ").push(&Html::of_text(ui.t1("whole-book-kept-until", "at", until))).raw(" ");
        let name = if one.files { "files.zip" } else { "book.xlsx" };
        let address = format!("/book/runs/{}/{name}", one.id);
        let label = format!("{} ({})", ui.t("whole-book-download"), size(ui, one.bytes));
        out.push(&ui.button(Button::link(Look::Primary, label, address).icon(Icon::Download)));
    }
    ui.note(tone, icon, out)
}

#[derive(Template)]
#[template(path = "book/progress.html")]
struct ProgressBody<'a> {
    ui: &'a Ui,
    id: i64,
    polls: bool,
    words: String,
    bar: Html,
}

fn bar(ui: &Ui, one: &Run) -> Result<Html, WebError> {
    let far = run::how_far(one.id);
    let words = match &far {
        None => ui.t("whole-book-elsewhere"),
        Some(far) => {
            let phase = ui.t(format!("whole-book-phase-{}", far.phase));
            let count = if far.expected > 0 {
                ui.t2("whole-book-count", "done", ui.count(signed(far.done)), "all", ui.count(signed(far.expected)))
            } else {
                String::new()
            };
            [phase, far.sheet.clone(), count]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
    };
    let permille = far.map_or(0, |far| u32::try_from(far.done * 1000 / far.expected.max(1)).unwrap_or(1000).min(1000));
    let polls = one.state == RunState::Running;
    let body = ProgressBody { bar: ui.progress(permille, None, &words), ui, id: one.id, polls, words };
    Ok(Html::of_template(&body)?)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The part that is asked for again while it runs.
async fn progress(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let one = load(&mut work, &id).await?;
    let body = bar(&ui, &one)?;
    if !visit.request.fragment() {
        return visit.page_of(&head(&ui, &one), &body);
    }
    let mut answer = axum::response::Html(body.into_string()).into_response();
    if one.state != RunState::Running {
        answer.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(answer)
}

/// The kept file of a run; who takes it stands in the trail.
async fn taken(visit: &Visit, id: &str, files: bool) -> Result<Run, WebError> {
    let mut work = visit.begin().await?;
    let one = load(&mut work, id).await?;
    if one.clear {
        work.authorise(EXPORT_CLEAR)?;
    }
    if !one.out || one.files != files || one.state != RunState::Done {
        return Err(ActionError::from(Refused::new(RefusalKind::NotFound, "whole-book-no-file")).into());
    }
    work.audit(Entry::new(None, "book.download", format!("book:{}", one.id))).await?;
    work.commit().await?;
    Ok(one)
}

/// The workbook, while it is kept.
async fn file(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let one = taken(&visit, &id, false).await?;
    let day = one.business_date.map(|day| day.to_string()).unwrap_or_default();
    let mut answer = xlsx(&format!("loanward-book-{day}.xlsx"), kept::body(&visit.app, one.id));
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(one.bytes));
    Ok(answer)
}

/// The archive, while it is kept.
async fn files_file(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let one = taken(&visit, &id, true).await?;
    let day = one.business_date.map(|day| day.to_string()).unwrap_or_default();
    let name = HeaderValue::try_from(format!("attachment; filename=\"loanward-files-{day}.zip\""))
        .map_err(|error| ActionError::Internal(error.to_string()))?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static(ARCHIVE)),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, HeaderValue::from(one.bytes)),
    ];
    Ok((head, kept::body(&visit.app, one.id)).into_response())
}
