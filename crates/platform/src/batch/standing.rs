//! A batch in the background as its person sees it (后台批量办理页): how far it is, and what a trial found.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;

use super::job::{self, Job, Kept};
use super::model::Sums;
use super::pages::table;
use super::{BatchPage, actions, list, store};
use crate::audit::Entry;
use crate::clock::civil_minute;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::page::{Button, CSRF_FIELD, Html, Icon, Look, ONCE_FIELD, Page, Tone, Ui};
use crate::web::{Posted, Visit, WebError};

/// What of a form is no field of its verb.
const OF_THE_FORM: [&str; 4] = [CSRF_FIELD, ONCE_FIELD, "key", "step"];

/// Hands a batch over to the background; sent twice it is begun once.
pub(super) async fn begin<T>(posted: &Posted<T>, page: &BatchPage, keys: Vec<String>) -> Result<Response, WebError> {
    let mut work = posted.begin(page.action).await?;
    work.authorise(page.action)?;
    let (user, id) = (posted.visit.user()?, work.next_id());
    let things = i64::try_from(keys.len()).unwrap_or(i64::MAX);
    let trial = posted.fields.first("step") == Some("try");
    let fields = posted.fields.pairs().iter().filter(|(name, _)| !OF_THE_FORM.contains(&name.as_str())).cloned();
    let kept = Kept { keys, fields: fields.collect() };
    let job = Job {
        user,
        id,
        path: page.path.to_owned(),
        verb: page.name.to_owned(),
        back: page.back.to_owned(),
        trial,
        once: posted.key.clone(),
        sealed: job::seal(&work.app, user, id, &kept)?,
        language: posted.visit.lang.tag().to_owned(),
        things,
        done: 0,
        on: work.business_date,
        asked_at: work.now,
        lease: 0,
        cancelled: false,
        ended: false,
    };
    actions::has_room(&mut work, user).await?;
    job::remove_trials(&mut work.tx, user).await?;
    job::insert(&mut work.tx, &job).await?;
    let after = json!({"verb": page.name, "things": things, "trial": trial});
    work.audit(Entry::new(None, "batch.ask", format!("batch:{id}")).after(after)).await?;
    posted.done(work, format!("/batches/{id}")).await
}

/// A batch of one's own that is under way, or a trial that is over.
pub(super) async fn find(visit: &Visit, id: &str) -> Result<Option<Job>, WebError> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let me = visit.user()?;
    let mut work = visit.read().await?;
    Ok(job::load(&mut work.tx, me, id).await?)
}

pub(super) async fn page(visit: &Visit, job: &Job) -> Result<Response, WebError> {
    let ui = visit.ui();
    let body = if job.ended { tried(visit, &ui, job).await? } else { standing(visit, &ui, job)? };
    let count = ui.t1("batch-picked", "count", job.things);
    let asked = format!("{count} · {} · {}", job.on, civil_minute(job.asked_at));
    let back = Button::link(Look::Secondary, ui.t("back"), &job.back).icon(Icon::ArrowLeft);
    let head =
        Page::new(ui.t(format!("batch-{}", job.verb)), "").subtitle(asked).actions(ui.buttons([list::way(&ui), back]));
    visit.page_of(&head, &body)
}

#[derive(Template)]
#[template(path = "batch/standing.html")]
struct Standing<'a> {
    ui: &'a Ui,
    id: i64,
    back: &'a str,
    words: String,
    bar: Html,
    /// The form that cancels it; empty once it is cancelled.
    cancel: Html,
}

/// How far it is.
fn standing(visit: &Visit, ui: &Ui, job: &Job) -> Result<Html, WebError> {
    let permille = u32::try_from(job.done.saturating_mul(1_000) / job.things.max(1)).unwrap_or(1_000).min(1_000);
    let message = match (job.cancelled, job.trial) {
        (true, _) => "batch-cancelling",
        (false, true) => "batch-trying",
        (false, false) => "batch-running",
    };
    let words = ui.t2(message, "done", ui.count(job.done), "all", ui.count(job.things));
    // The list keeps its ticks while something is only tried.
    let back = if job.trial { "" } else { job.back.as_str() };
    let bar = ui.progress(permille, None, &words);
    let mut cancel = Html::new();
    if !job.cancelled {
        cancel.raw("<form class=\"buttons\" method=\"post\" data-once");
        cancel.attr("action", format!("/batches/{}/cancel", job.id)).raw(">").push(&ui.guard(visit.guard()));
        let word = ui.t(if job.trial { "batch-cancel-trial" } else { "batch-cancel" });
        cancel.push(&ui.button(Button::submit(Look::Secondary, word).icon(Icon::PlayerStop))).raw("</form>");
    }
    Ok(Html::of_template(&Standing { ui, id: job.id, back, words, bar, cancel })?)
}

/// What a trial found, with the button that does what it found possible.
async fn tried(visit: &Visit, ui: &Ui, job: &Job) -> Result<Html, WebError> {
    let mut work = visit.read().await?;
    let (_, lines) = job::lines(&mut work.tx, job).await?;
    // What cannot be read any more can be looked at and not be done.
    let kept = job::unseal(&visit.app, job).unwrap_or_default();
    let sums = Sums::of(&lines);
    let mut body = Html::new();
    if job.cancelled {
        body.push(&ui.note(Tone::Neutral, Icon::PlayerStop, Html::of_text(ui.t("batch-trial-cancelled"))));
    } else if sums.refused > 0 {
        let words = ui.t2("batch-refused", "count", sums.refused, "of", lines.len());
        body.push(&ui.note(Tone::Watch, Icon::AlertTriangle, Html::of_text(words)));
    }
    body.raw("<section class=\"panel\"><form class=\"panel-body stack\" method=\"post\" data-once");
    body.attr("action", &job.path).raw(">").push(&ui.guard(visit.guard()));
    let keys = kept.keys.iter().map(|key| ("key", key.as_str()));
    let fields = kept.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in keys.chain(fields) {
        body.raw("<input type=\"hidden\"").attr("name", name).attr("value", value).raw(">");
    }
    body.raw("<div class=\"buttons\">");
    // What was not tried is not done by a click: who cancelled the trial begins anew at the list.
    if sums.count > 0 && !kept.keys.is_empty() && !job.cancelled {
        let verb = ui.t(format!("batch-{}", job.verb));
        let word = ui.tn("batch-do", &[("verb", verb), ("count", sums.count.to_string())]);
        body.push(&ui.button(Button::submit(Look::Primary, word).submits("step", "do")));
    }
    body.push(&ui.button(Button::link(Look::Plain, ui.t("cancel"), &job.back)));
    body.raw("</div></form></section><section class=\"panel\"><header class=\"panel-head\"><h2>");
    body.text(ui.t("batch-lines")).raw("</h2></header>").push(&table(ui, &lines)).raw("</section>");
    Ok(body)
}

/// `/batches/{id}/progress`: the part that is asked for again while it runs.
pub(super) async fn progress(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let ui = visit.ui();
    let running = find(&visit, &id).await?.filter(|job| !job.ended);
    let Some(job) = running else {
        // Ended meanwhile, or none of theirs: the whole page says which.
        if !visit.request.fragment() {
            let unknown = Refused::new(RefusalKind::NotFound, "batch-unknown");
            return Err(ActionError::from(unknown).into());
        }
        let mut answer = axum::response::Html(String::new()).into_response();
        answer.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
        return Ok(answer);
    };
    if !visit.request.fragment() {
        return page(&visit, &job).await;
    }
    Ok(axum::response::Html(standing(&visit, &ui, &job)?.into_string()).into_response())
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// `/batches/{id}/cancel`: whoever asked for it wants no more of it. What is done stays done; the process that works on
/// it, or the next that takes it up, tells the rest as not done.
pub(super) async fn cancel(Path(id): Path<String>, posted: Posted<Nothing>) -> Result<Response, WebError> {
    let unknown = || ActionError::from(Refused::new(RefusalKind::NotFound, "batch-unknown"));
    let (user, id) = (posted.visit.user()?, id.parse::<i64>().map_err(|_| unknown())?);
    let mut work = posted.begin("batch.cancel").await?;
    let now = work.now;
    if job::cancel(&mut work.tx, user, id, now).await? {
        work.audit(Entry::new(None, "batch.cancel", format!("batch:{id}"))).await?;
        return posted.done(work, format!("/batches/{id}")).await;
    }
    match job::load(&mut work.tx, user, id).await? {
        // Cancelled before, in another window.
        Some(job) if job.cancelled && !job.ended => posted.done(work, format!("/batches/{id}")).await,
        None if store::load(&mut work.tx, user, id).await?.is_none() => Err(unknown().into()),
        Some(_) | None => Err(ActionError::from(Refused::new(RefusalKind::Conflict, "batch-over")).into()),
    }
}
