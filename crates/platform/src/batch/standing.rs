//! A batch in the background as its person sees it (后台批量办理页): how far it is, and what a trial found.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::BatchPage;
use super::job::{self, Job, Kept};
use super::model::Sums;
use super::pages::table;
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
        ended: false,
    };
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
    let body = if job.ended { tried(visit, &ui, job).await? } else { standing(&ui, job)? };
    let count = ui.t1("batch-picked", "count", job.things);
    let asked = format!("{count} · {} · {}", job.on, civil_minute(job.asked_at));
    let back = Button::link(Look::Secondary, ui.t("back"), &job.back).icon(Icon::ArrowLeft);
    let head = Page::new(ui.t(format!("batch-{}", job.verb)), "").subtitle(asked).actions(ui.button(back));
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
}

/// How far it is.
fn standing(ui: &Ui, job: &Job) -> Result<Html, WebError> {
    let permille = u32::try_from(job.done.saturating_mul(1_000) / job.things.max(1)).unwrap_or(1_000).min(1_000);
    let message = if job.trial { "batch-trying" } else { "batch-running" };
    let words = ui.t2(message, "done", ui.count(job.done), "all", ui.count(job.things));
    // The list keeps its ticks while something is only tried.
    let back = if job.trial { "" } else { job.back.as_str() };
    Ok(Html::of_template(&Standing { ui, id: job.id, back, bar: ui.progress(permille, None, &words), words })?)
}

/// What a trial found, with the button that does what it found possible.
async fn tried(visit: &Visit, ui: &Ui, job: &Job) -> Result<Html, WebError> {
    let mut work = visit.read().await?;
    let (_, lines) = job::lines(&mut work.tx, job).await?;
    // What cannot be read any more can be looked at and not be done.
    let kept = job::unseal(&visit.app, job).unwrap_or_default();
    let sums = Sums::of(&lines);
    let mut body = Html::new();
    if sums.refused > 0 {
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
    if sums.count > 0 && !kept.keys.is_empty() {
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
    Ok(axum::response::Html(standing(&ui, &job)?.into_string()).into_response())
}
