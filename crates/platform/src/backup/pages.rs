//! The page of the copies (备份页): when the last one was made, the plan, the list; take one now.

use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::rules::Plan;
use super::schedule::{self, BACKUP_RUN, Copy, CopyState};
use super::store;
use crate::clock::civil_minute;
use crate::page::{Button, Guard, Html, Icon, Look, Page, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};

/// Copies that the page shows.
const SHOWN: i64 = 60;
/// A day's copy that is this old was missed.
const MISSED_AFTER: SignedDuration = SignedDuration::from_hours(26);

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/backups", BACKUP_RUN, page)
        .data::<super::data::BackupsData, _, _>("/backups", BACKUP_RUN, super::data::backups)
        .post("/backups/now", BACKUP_RUN, now)
        .post("/backups/plan", BACKUP_RUN, plan)
}

/// A copy as the page shows it.
struct Line {
    started: String,
    state: Html,
    problem: String,
    why: String,
    file: String,
    size: String,
    rows: String,
    day: String,
}

#[derive(Template)]
#[template(path = "backup/page.html")]
struct Whole<'a> {
    ui: &'a Ui,
    standing: Html,
    plan: Plan,
    plan_guard: Guard,
    copies: Vec<Line>,
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    work.authorise(BACKUP_RUN)?;
    let last = store::last_done(&mut work.tx).await?;
    let copies = store::latest(&mut work.tx, SHOWN).await?;
    let has_folder = visit.app.settings.backups.is_some();
    let body = Whole {
        ui: &ui,
        standing: standing(&ui, has_folder, last, visit.now),
        plan: store::plan(&mut work.tx).await?,
        plan_guard: visit.guard(),
        copies: copies.iter().map(|copy| line(&ui, copy)).collect(),
    };
    let mut head = Page::new(ui.t("backup-title"), "backups");
    if has_folder {
        let mut actions = Html::new();
        actions.raw("<form method=\"post\" action=\"/backups/now\" data-once>").push(&ui.guard(visit.guard()));
        actions.push(&ui.button(Button::submit(Look::Primary, ui.t("backup-now")).icon(Icon::Database))).raw("</form>");
        head = head.actions(actions);
    }
    visit.page(&head, &body)
}

/// How safe the book is at this moment, in one sentence.
fn standing(ui: &Ui, has_folder: bool, last: Option<Timestamp>, now: Timestamp) -> Html {
    let (tone, icon, text) = match (has_folder, last) {
        (false, _) => (Tone::Watch, Icon::AlertTriangle, ui.t("backup-no-folder")),
        (true, None) => (Tone::Watch, Icon::AlertTriangle, ui.t("backup-never")),
        (true, Some(at)) if now.duration_since(at) > MISSED_AFTER => {
            (Tone::Doubt, Icon::AlertTriangle, ui.t1("backup-old", "at", civil_minute(at)))
        }
        (true, Some(at)) => (Tone::Ok, Icon::ShieldCheck, ui.t1("backup-fresh", "at", civil_minute(at))),
    };
    ui.note(tone, icon, Html::of_text(text))
}

fn line(ui: &Ui, copy: &Copy) -> Line {
    let (tone, icon, word) = match copy.state {
        CopyState::Running => (Tone::Accent, Icon::Loader2, "backup-running"),
        CopyState::Done => (Tone::Ok, Icon::CircleCheck, "backup-done"),
        CopyState::Failed => (Tone::Doubt, Icon::AlertCircle, "backup-failed"),
        CopyState::Removed => (Tone::Neutral, Icon::Archive, "backup-removed"),
    };
    let count = |number: Option<i64>| number.map_or_else(|| "—".to_owned(), |number| ui.count(number));
    let problem = copy
        .problem
        .as_deref()
        .map(|name| ui.locale.find(&format!("backup-problem-{name}")).unwrap_or_else(|| ui.t("backup-problem-other")));
    Line {
        started: civil_minute(copy.started_at),
        state: ui.badge(tone, icon, ui.t(word)),
        problem: problem.unwrap_or_default(),
        why: ui.t(if copy.planned_on.is_some() { "backup-by-plan" } else { "backup-by-hand" }),
        file: copy.file.clone(),
        size: copy
            .bytes
            .map_or_else(|| "—".to_owned(), |bytes| format!("{} KiB", ui.count(bytes.div_euclid(1024) + 1))),
        rows: count(copy.rows),
        day: copy.business_date.map_or_else(|| "—".to_owned(), |day| day.to_string()),
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn now(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let work = posted.begin(BACKUP_RUN).await?;
    work.authorise(BACKUP_RUN)?;
    let by = work.actor.recorded_by();
    // The key of the form is taken first: a second click starts no second copy.
    drop(posted.done(work, "/backups").await?);
    schedule::take_now(&posted.visit.app, by).await?;
    Ok(Redirect::to("/backups").into_response())
}

async fn plan(posted: Posted<Plan>) -> Result<Response, WebError> {
    let mut work = posted.begin(BACKUP_RUN).await?;
    schedule::set_plan(&mut work, posted.form).await?;
    posted.done(work, "/backups").await
}
