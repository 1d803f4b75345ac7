//! Pages of the close (日终页): where it stands, start and stop, answers for what was isolated, history.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::driver::Parts;
use super::model::{CloseDay, CloseError, ProofUnit, RunState, Verdict};
use super::store::{self, IsolatedRow, Mark, ProofRow, Run};
use super::{acknowledge, ask_stop, run};
use crate::api::Data;
use crate::app::App;
use crate::calendar;
use crate::clock::{civil_day, civil_minute};
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::page::{Button, Guard, Html, Icon, Look, Page, StampLook, Tone, Ui};
use crate::web::{Posted, Routes, Visit, WebError};
use crate::work::Work;

/// Look at the close.
pub const CLOSE_VIEW: &str = "close.view";
/// Start and stop the close.
pub const CLOSE_RUN: &str = "close.run";
/// Answer for what the close isolated.
pub const CLOSE_ACKNOWLEDGE: &str = "close.acknowledge";

/// Isolated things that the page shows; the proof's page has the rest.
const ISOLATED: i64 = 50;
/// Days that the history shows.
const HISTORY: i64 = 60;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/close", CLOSE_VIEW, page)
        .data::<CloseData, _, _>("/close", CLOSE_VIEW, data)
        .get("/close/progress", CLOSE_VIEW, progress)
        .get("/close/history", CLOSE_VIEW, history)
        .post("/close/start", CLOSE_RUN, start)
        .post("/close/stop", CLOSE_RUN, stop)
        .post("/close/{day}/acknowledge", CLOSE_ACKNOWLEDGE, answer)
}

/// A step as the page shows it.
struct StepRow {
    place: usize,
    title: String,
    handled: String,
    permille: u32,
    took: String,
    state: Html,
    now: bool,
}

/// A proof as the page shows it.
struct ProofLine {
    verdict: Html,
    title: String,
    scope: String,
    left: String,
    right: String,
    difference: String,
    red: bool,
    link: String,
}

/// An isolated thing with the form that answers for it.
struct IsolatedLine {
    row: IsolatedRow,
    cause: String,
    guard: Option<Guard>,
}

#[derive(Template)]
#[template(path = "close/progress.html")]
struct Standing<'a> {
    ui: &'a Ui,
    day: CloseDay,
    from_kind: String,
    to_kind: String,
    headline: String,
    alarm: String,
    steps: Vec<StepRow>,
    proofs: Vec<ProofLine>,
    equal: usize,
    unequal: usize,
    polls: bool,
}

#[derive(Template)]
#[template(path = "close/page.html")]
struct Whole<'a> {
    ui: &'a Ui,
    standing: Html,
    problem: String,
    day: Date,
    isolated: Vec<IsolatedLine>,
}

/// What the page and its polled part read in one picture.
struct Picture {
    day: CloseDay,
    run: Option<Run>,
    marks: Vec<Mark>,
    proofs: Vec<ProofRow>,
    alive: bool,
    isolated: (i64, i64),
}

/// The run that is not sealed, else the one that comes next.
async fn picture(work: &mut Work) -> Result<Picture, WebError> {
    let from = match store::open_run(&mut work.tx).await? {
        Some(open) => open,
        None => work.business_date,
    };
    let day = CloseDay::of(from).ok_or_else(|| ActionError::Internal("no day after the last".to_owned()))?;
    let lease = store::lease(&mut work.tx).await?;
    Ok(Picture {
        run: store::run(&mut work.tx, from).await?,
        marks: store::marks(&mut work.tx, from).await?,
        proofs: store::proofs(&mut work.tx, from).await?,
        alive: lease.is_some_and(|(_, until)| until > work.now),
        isolated: store::isolated_counts(&mut work.tx, from).await?,
        day,
    })
}

/// The business date and its close (业务日与日终) as a program reads them.
#[derive(Debug, Serialize, JsonSchema)]
struct CloseData {
    /// The business date.
    business_date: String,
    /// The day that is being closed, or comes next.
    day: String,
    /// The business date after it.
    next: String,
    /// Whether a run of that day began and is not sealed.
    begun: bool,
    /// Whether a process is working on it now.
    running: bool,
    /// Loans that could not be replayed, acknowledged or not.
    isolated: i64,
    /// Proofs of that day so far, and how many are red.
    proofs: usize,
}

async fn data(visit: Visit) -> Result<Data<CloseData>, WebError> {
    let mut work = visit.read().await?;
    let now = picture(&mut work).await?;
    Ok(Data(CloseData {
        business_date: work.business_date.to_string(),
        day: now.day.from.to_string(),
        next: now.day.to.to_string(),
        begun: now.run.is_some(),
        running: now.alive,
        isolated: now.isolated.0,
        proofs: now.proofs.len(),
    }))
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let now = picture(&mut work).await?;
    let scope = work.authorise(CLOSE_VIEW).map_err(ActionError::from)?;
    let rows = store::isolated(&mut work.tx, now.day.from, scope.branch, ISOLATED).await?;
    let isolated = rows
        .into_iter()
        .map(|row| IsolatedLine {
            cause: ui.locale.find(&format!("isolated-{}", row.it.code)).unwrap_or_else(|| row.it.code.clone()),
            guard: (row.acknowledged.is_none() && visit.may(CLOSE_ACKNOWLEDGE)).then(|| visit.guard()),
            row,
        })
        .collect();
    let problem = now.run.as_ref().map(|run| run.problem.clone()).unwrap_or_default();
    let standing = Html::of_template(&standing(&mut work, &ui, &now).await?)?;
    let subtitle = now
        .run
        .as_ref()
        .map_or_else(|| ui.t("close-not-begun"), |run| ui.t1("close-began", "at", civil_minute(run.started_at)));
    let head = Page::new(ui.t("close-title"), "close").subtitle(subtitle).actions(actions(&visit, &ui, &now));
    visit.page(&head, &Whole { ui: &ui, standing, problem, day: now.day.from, isolated })
}

fn actions(visit: &Visit, ui: &Ui, now: &Picture) -> Html {
    let mut out = ui.button(Button::link(Look::Secondary, ui.t("close-history"), "/close/history").icon(Icon::History));
    if !visit.may(CLOSE_RUN) {
        return out;
    }
    if now.alive {
        out.raw("<form method=\"post\" action=\"/close/stop\" data-once>").push(&ui.guard(visit.guard()));
        out.push(&ui.button(Button::submit(Look::Secondary, ui.t("close-stop")).icon(Icon::Square))).raw("</form>");
    } else {
        let word = if now.run.is_some() { "close-go-on" } else { "close-start" };
        let future = now.run.is_none() && now.day.from > civil_day(visit.now);
        let mut button = Button::submit(Look::Primary, ui.t(word)).icon(Icon::PlayerPlay);
        if future {
            button = button.blocked(ui.t1("error-close-future", "date", now.day.from));
        }
        out.raw("<form method=\"post\" action=\"/close/start\" data-once>").push(&ui.guard(visit.guard()));
        out.raw("<input type=\"hidden\" name=\"day\"").attr("value", now.day.from.to_string()).raw(">");
        out.push(&ui.button(button)).raw("</form>");
    }
    out
}

/// The part that is asked for again while a runner is at work.
async fn progress(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let now = picture(&mut work).await?;
    let body = Html::of_template(&standing(&mut work, &ui, &now).await?)?;
    if visit.request.fragment() {
        let mut answer = axum::response::Html(body.into_string()).into_response();
        if !now.alive {
            // It ended: the whole page has more to say now than this part.
            answer.headers_mut().insert("hx-refresh", axum::http::HeaderValue::from_static("true"));
        }
        return Ok(answer);
    }
    visit.page_of(&Page::new(ui.t("close-title"), "close"), &body)
}

async fn standing<'a>(work: &mut Work, ui: &'a Ui, now: &Picture) -> Result<Standing<'a>, WebError> {
    let published = calendar::published(work).await?;
    let kind = |on: Date| ui.t(if published.is_working_day(on) { "calendar-works" } else { "calendar-rests" });
    let parts = Parts::of(&work.app).map_err(ActionError::from)?;
    let names: Vec<&'static str> = parts.steps.iter().map(|step| step.name()).collect();
    let steps: Vec<StepRow> = names
        .iter()
        .enumerate()
        .map(|(index, name)| step_row(ui, index, name, now.marks.iter().find(|mark| mark.step == *name), now.alive))
        .collect();
    let unequal = now.proofs.iter().filter(|proof| proof.result.verdict == Verdict::Red).count();
    let place = steps.iter().filter(|step| step.permille == 1000).count();
    let current = steps.iter().find(|step| step.now).map(|step| step.title.clone()).unwrap_or_default();
    let headline = match now.run.as_ref().map(|run| run.state) {
        None => ui.t("close-ready"),
        Some(RunState::Sealed) => ui.t("close-sealed"),
        Some(RunState::Blocked) => ui.t("close-blocked"),
        Some(RunState::Failed) => ui.t("close-failed"),
        Some(RunState::Stopped) => ui.t("close-stopped"),
        Some(RunState::Running) => ui.tn(
            "close-step-of",
            &[("place", place.to_string()), ("steps", steps.len().to_string()), ("title", current)],
        ),
    };
    let alarm = match (unequal, now.isolated.1) {
        (0, 0) => String::new(),
        (red, waiting) => ui.t2("close-alarm", "red", red, "waiting", waiting),
    };
    Ok(Standing {
        ui,
        day: now.day,
        from_kind: kind(now.day.from),
        to_kind: kind(now.day.to),
        headline,
        alarm,
        equal: now.proofs.len() - unequal,
        unequal,
        proofs: now.proofs.iter().map(|proof| proof_line(ui, proof)).collect(),
        steps,
        polls: now.alive,
    })
}

fn step_row(ui: &Ui, index: usize, name: &str, mark: Option<&Mark>, alive: bool) -> StepRow {
    let title = ui.locale.find(&format!("close-step-{name}")).unwrap_or_else(|| name.to_owned());
    let (tone, icon, word) = match mark {
        None => (Tone::Neutral, Icon::Clock, "close-waits"),
        Some(mark) if mark.done => (Tone::Ok, Icon::CircleCheck, "close-done"),
        Some(_) if alive => (Tone::Accent, Icon::Loader2, "close-runs"),
        Some(_) => (Tone::Watch, Icon::PlayerPause, "close-paused"),
    };
    StepRow {
        place: index + 1,
        title,
        handled: mark.map_or_else(|| "—".to_owned(), |mark| handled(ui, mark)),
        permille: mark.map_or(0, permille),
        took: mark.map_or_else(|| "—".to_owned(), |mark| took(mark.started_at, mark.ended_at)),
        state: ui.badge(tone, icon, ui.t(word)),
        now: mark.is_some_and(|mark| !mark.done),
    }
}

fn handled(ui: &Ui, mark: &Mark) -> String {
    if mark.done || mark.expected == 0 {
        return ui.count(mark.considered);
    }
    format!("{} / {}", ui.count(mark.considered), ui.count(mark.expected))
}

fn permille(mark: &Mark) -> u32 {
    if mark.done {
        return 1000;
    }
    let parts = mark.considered.saturating_mul(1000).checked_div(mark.expected).unwrap_or(1);
    u32::try_from(parts.clamp(1, 999)).unwrap_or(1)
}

/// Minutes and seconds: `0:04`.
fn took(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.duration_since(from).as_secs().max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

fn proof_line(ui: &Ui, proof: &ProofRow) -> ProofLine {
    let it = &proof.result;
    let red = it.verdict == Verdict::Red;
    let amount = |value: i64| match it.unit {
        ProofUnit::Fen => ui.yuan(value),
        ProofUnit::Count => ui.count(value),
    };
    let (tone, icon, word) = if red {
        (Tone::Doubt, Icon::AlertCircle, "close-unequal")
    } else {
        (Tone::Ok, Icon::CircleCheck, "close-equal")
    };
    ProofLine {
        verdict: ui.badge(tone, icon, ui.t(word)),
        title: ui.locale.find(&format!("close-proof-{}", proof.name)).unwrap_or_else(|| proof.name.clone()),
        scope: it.scope.clone(),
        left: amount(it.left),
        right: amount(it.right),
        difference: amount(it.difference()),
        red,
        link: it.link.clone(),
    }
}

#[derive(Debug, Deserialize)]
struct StartForm {
    day: Date,
}

/// Starts the close in the background; the page shows how far it is.
async fn start(posted: Posted<StartForm>) -> Result<Response, WebError> {
    let day = posted.form.day;
    if day > civil_day(posted.visit.now) {
        return Err(ActionError::from(CloseError::Future { until: day }).into());
    }
    let mut work = posted.begin(CLOSE_RUN).await?;
    work.authorise(CLOSE_RUN)?;
    work.audit(crate::audit::Entry::new(None, "close.start", format!("close:{day}"))).await?;
    let by = work.actor.recorded_by();
    let answer = posted.done(work, "/close").await?;
    let app: App = posted.visit.app.clone();
    tokio::spawn(async move {
        // What failed stands on the run and on the page; the log gets it too.
        if let Err(error) = run(&app, day, by, &mut |_| {}).await {
            tracing::error!(%error, %day, "the close ended with an error");
        }
    });
    Ok(answer)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn stop(posted: Posted<Nothing>) -> Result<Response, WebError> {
    let mut work = posted.begin(CLOSE_RUN).await?;
    if let Some(open) = store::open_run(&mut work.tx).await? {
        ask_stop(&mut work, open).await?;
    }
    posted.done(work, "/close").await
}

#[derive(Debug, Deserialize)]
struct AnswerForm {
    customer: i64,
    subject: String,
    reason: String,
}

async fn answer(Path(day): Path<Date>, posted: Posted<AnswerForm>) -> Result<Response, WebError> {
    let mut work = posted.begin(CLOSE_ACKNOWLEDGE).await?;
    let form = &posted.form;
    acknowledge(&mut work, day, CustomerId(form.customer), &form.subject, &form.reason).await?;
    posted.done(work, "/close").await
}

#[derive(Debug, Default, Deserialize)]
struct Day {
    day: Option<Date>,
}

/// A closed day as the history shows it.
struct DayLine {
    day: Date,
    lit: bool,
    state: Html,
    began: String,
    sealed: String,
    attempts: i64,
    root: String,
}

#[derive(Template)]
#[template(path = "close/history.html")]
struct History<'a> {
    ui: &'a Ui,
    runs: Vec<DayLine>,
    chosen: Option<Date>,
    steps: Vec<StepRow>,
    proofs: Vec<ProofLine>,
    isolated: Vec<IsolatedRow>,
}

async fn history(visit: Visit, Query(asked): Query<Day>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let runs = store::runs(&mut work.tx, HISTORY).await?.into_iter().map(|run| DayLine {
        day: run.from,
        lit: asked.day == Some(run.from),
        state: run_badge(&ui, run.state),
        began: civil_minute(run.started_at),
        sealed: run.sealed_at.map_or_else(|| "—".to_owned(), civil_minute),
        attempts: run.attempts,
        root: run.audit_root.chars().take(16).collect(),
    });
    let mut body = History {
        ui: &ui,
        runs: runs.collect(),
        chosen: asked.day,
        steps: Vec::new(),
        proofs: Vec::new(),
        isolated: Vec::new(),
    };
    if let Some(day) = asked.day {
        let marks = store::marks(&mut work.tx, day).await?;
        let row = |(index, mark): (usize, &Mark)| step_row(&ui, index, &mark.step, Some(mark), false);
        body.steps = marks.iter().enumerate().map(row).collect();
        body.proofs = store::proofs(&mut work.tx, day).await?.iter().map(|proof| proof_line(&ui, proof)).collect();
        let scope = work.authorise(CLOSE_VIEW).map_err(ActionError::from)?;
        body.isolated = store::isolated(&mut work.tx, day, scope.branch, ISOLATED).await?;
    }
    let back = ui.button(Button::link(Look::Secondary, ui.t("back"), "/close"));
    visit.page(&Page::new(ui.t("close-history"), "close").actions(back), &body)
}

fn run_badge(ui: &Ui, state: RunState) -> Html {
    let (tone, icon) = match state {
        RunState::Sealed => (Tone::Ok, Icon::CircleCheck),
        RunState::Running => (Tone::Accent, Icon::Loader2),
        RunState::Blocked => (Tone::Doubt, Icon::AlertCircle),
        RunState::Failed => (Tone::Doubt, Icon::AlertTriangle),
        RunState::Stopped => (Tone::Watch, Icon::PlayerPause),
    };
    ui.badge(tone, icon, ui.t(format!("close-state-{}", state.as_str())))
}
