//! Runs batches in the background (后台批量办理), for as long as the server runs; one at a time in a process.
//!
//! Rule `batch.background`: in the name of who asked, authorised anew for every piece; a thing that was done before a
//! crash is not done again, because each carries the key of its form.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::task::JoinSet;

use super::job::{self, Job, Kept};
use super::model::{Line, Outcome, Sums, Thing, Verb};
use super::{actions, store};
use crate::access::{Actor, Origin, actor_of};
use crate::app::App;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::locale::Lang;
use crate::notice::{self, News, Notice};
use crate::web::Fields;
use crate::work::Work;

/// How often the server looks whether a batch waits.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Things done between two notes of the progress.
const PIECE: usize = 20;
/// How long a batch counts as alive without a word of its process.
const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// Runs what waits, for as long as the server runs.
pub async fn keep(app: App) {
    loop {
        let own = app.clone();
        // On a task of its own, which ends with this one: a verb that breaks off ends its round, not all that come.
        let mut round = JoinSet::new();
        round.spawn(async move { run_waiting(&own).await });
        match round.join_next().await {
            Some(Ok(Err(error))) => tracing::error!(%error, "a batch in the background"),
            Some(Err(_)) => tracing::error!("a batch broke off"),
            Some(Ok(Ok(_))) | None => {}
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Runs the batches that wait, one after the other; how many. One that cannot go on ends with what it came to.
///
/// # Errors
/// The store's, when it is away or full: what is left of the batch is begun again when its lease is over.
pub async fn run_waiting(app: &App) -> Result<usize, ActionError> {
    let mut run = 0;
    while let Some(job) = take(app).await? {
        if let Err(error) = go(app, &job).await {
            if holds_up(&error) || app.vault().is_err() {
                return Err(error);
            }
            tracing::error!(%error, batch = job.id, "a batch in the background ends");
            give_up(app, &job).await?;
        }
        run += 1;
    }
    Ok(run)
}

/// Whether nothing goes on at present, whatever the batch: the database is away or full.
fn holds_up(error: &ActionError) -> bool {
    matches!(error, ActionError::Store(error) if error.is_unavailable() || error.is_full())
}

fn until(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

async fn take(app: &App) -> Result<Option<Job>, StoreError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let found = job::waiting(&mut tx, now).await?;
    tx.rollback().await?;
    let Some(found) = found else { return Ok(None) };
    let mut tx = app.db.write().await?;
    let taken = job::take(&mut tx, &found, until(now)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Goes on where the pieces end that are kept.
async fn go(app: &App, job: &Job) -> Result<(), ActionError> {
    let kept = job::unseal(app, job)?;
    let mut tx = app.db.read().await?;
    let (pieces, mut lines) = job::lines(&mut tx, job).await?;
    tx.rollback().await?;
    for (no, keys) in (0_i64..).zip(kept.keys.chunks(PIECE)).skip(pieces) {
        if cancelled(app, job).await? {
            return stop(app, job, &kept, lines).await;
        }
        let more = piece(app, job, &kept, keys).await?;
        let text = store::text_of(&more)?;
        lines.extend(more);
        let done = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let mut tx = app.db.write().await?;
        if !job::piece(&mut tx, job, (no, text), done, until(app.clock.now())).await? {
            return Err(taken_over());
        }
        tx.commit().await?;
    }
    end(app, job, &lines).await
}

/// Ends a batch that cannot go on: what was done of it stands in its report, the rest is refused.
async fn give_up(app: &App, job: &Job) -> Result<(), ActionError> {
    let mut tx = app.db.read().await?;
    let kept = job::lines(&mut tx, job).await;
    tx.rollback().await?;
    let mut lines = match kept {
        Ok((_, lines)) => lines,
        // What was done cannot be read any more: nothing can be said of it.
        Err(StoreError::Corrupt { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let keys = job::unseal(app, job).map(|kept| kept.keys).unwrap_or_default();
    let things = usize::try_from(job.things).unwrap_or(0);
    let left: Vec<String> = (lines.len()..things).map(|no| keys.get(no).cloned().unwrap_or_default()).collect();
    lines.extend(refused(&left, &broken()));
    retell(app, job, &lines).await?;
    end(app, job, &lines).await
}

/// Keeps what is told of a trial that did not come to its end; a run tells it in its report.
async fn retell(app: &App, job: &Job, lines: &[Line]) -> Result<(), ActionError> {
    if !job.trial {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    if !job::retell(&mut tx, job, store::text_of(lines)?, until(app.clock.now())).await? {
        return Err(taken_over());
    }
    Ok(tx.commit().await?)
}

async fn cancelled(app: &App, job: &Job) -> Result<bool, StoreError> {
    let mut tx = app.db.read().await?;
    let cancelled = job::is_cancelled(&mut tx, job).await?;
    tx.rollback().await?;
    Ok(cancelled)
}

/// Ends a batch that its person cancelled: what is done stays done, the rest is told as not done.
/// Rule `batch.cancel`.
async fn stop(app: &App, job: &Job, kept: &Kept, mut lines: Vec<Line>) -> Result<(), ActionError> {
    let why = Refused::new(RefusalKind::Conflict, "batch-cancelled");
    let keys = kept.keys.get(lines.len()..).unwrap_or_default();
    let actor = actor_of(app, job.user).await?;
    // Who lost the permission meanwhile reads no names by it.
    let named = match (built(app, job, kept), actor) {
        (Some((action, verb)), Some(actor)) if actor.scope_of(action).is_ok() => {
            match actions::left(app, &actor, verb.as_ref(), keys, &why).await {
                Err(error) if holds_up(&error) => return Err(error),
                named => named.ok(),
            }
        }
        _ => None,
    };
    lines.extend(named.unwrap_or_else(|| refused(keys, &why)));
    retell(app, job, &lines).await?;
    end(app, job, &lines).await
}

/// The verb as its form asked for it, with the action under which it runs.
fn built(app: &App, job: &Job, kept: &Kept) -> Option<(&'static str, Arc<dyn Verb>)> {
    let fields = Fields::new(kept.fields.clone());
    let lang = Lang::parse(&job.language).unwrap_or_default();
    let kind = job::kind_of(app, &job.path)?;
    Some((kind.action, (kind.revive)(&fields, lang)?))
}

fn broken() -> Refused {
    Refused::new(RefusalKind::Conflict, "batch-broken")
}

fn taken_over() -> ActionError {
    ActionError::Internal("another process took the batch over".to_owned())
}

/// The next things, each by itself, in the name of who asked as that person stands now.
async fn piece(app: &App, job: &Job, kept: &Kept, keys: &[String]) -> Result<Vec<Line>, ActionError> {
    let Some((action, verb)) = built(app, job, kept) else {
        return Ok(refused(keys, &Refused::new(RefusalKind::Conflict, "batch-no-verb")));
    };
    let Some(actor) = actor_of(app, job.user).await? else {
        return Ok(refused(keys, &Refused::new(RefusalKind::Forbidden, "batch-nobody")));
    };
    if let Err(denied) = actor.scope_of(action) {
        let denied = ActionError::from(denied);
        return Ok(denied.refusal().map(|denied| refused(keys, denied)).unwrap_or_default());
    }
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys.chunks(1) {
        lines.push(one(app, job, &actor, (action, verb.as_ref()), key).await?);
    }
    Ok(lines)
}

/// One thing, by its key alone. What breaks over it is said beside it and holds up no other; a store that is out of reach holds up all.
async fn one(
    app: &App,
    job: &Job,
    actor: &Actor,
    (action, verb): (&'static str, &dyn Verb),
    key: &[String],
) -> Result<Line, ActionError> {
    let went = if job.trial {
        actions::rehearse(app, actor, verb, key).await
    } else {
        actions::perform(app, actor, verb, (&job.once, action), key).await
    };
    match went {
        Ok(mut lines) => lines.pop().ok_or_else(taken_over),
        Err(error) if holds_up(&error) => Err(error),
        Err(error) => {
            tracing::error!(%error, batch = job.id, "a thing of a batch");
            refused(key, &broken()).pop().ok_or_else(taken_over)
        }
    }
}

/// All of these refused for one reason.
fn refused(keys: &[String], why: &Refused) -> Vec<Line> {
    keys.iter().map(|key| Line { thing: Thing::unknown(key), outcome: Outcome::refused(why) }).collect()
}

/// Keeps the report, in the name of who asked, and tells that person.
async fn end(app: &App, job: &Job, lines: &[Line]) -> Result<(), ActionError> {
    let system = || Actor::system(Origin::Console);
    let actor = actor_of(app, job.user).await?.unwrap_or_else(system);
    let mut work = Work::begin(app, actor).await?;
    let now = work.now;
    if job.trial {
        if job::tried(&mut work.tx, job, now).await? {
            work.commit().await?;
        }
        return Ok(());
    }
    store::insert(&mut work, (job.user, job.id), (&job.verb, &job.back), lines).await?;
    if !job::remove(&mut work.tx, job).await? {
        return Err(taken_over());
    }
    let sums = Sums::of(lines);
    let after = json!({"verb": job.verb, "done": sums.count, "refused": sums.refused});
    let thing = format!("batch:{}", job.id);
    work.audit(Entry::new(None, "batch.run", thing.clone()).after(after)).await?;
    // Nobody is told of what is done in the own name; this came about while the person was elsewhere.
    work.actor = system();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let news = News::BatchDone { verb: job.verb.clone(), done: count(sums.count), refused: count(sums.refused) };
    let told = Notice { news, occasion: thing.clone(), thing, href: format!("/batches/{}", job.id) };
    notice::tell(&mut work, &[job.user], &told).await?;
    Ok(work.commit().await?)
}
