//! Running a verb over a selection: look, try, do.

use super::job;
use super::model::{Line, Outcome, Thing, Verb};
use crate::access::Actor;
use crate::app::App;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::id::UserId;
use crate::policies;
use crate::web::{Visit, WebError};
use crate::work::{Claim, Work};

/// What holds while no rules say it: before the set-up, in tests, and under rules that are older.
const BACKGROUND_THINGS: i64 = 50;
/// The same of the batches that a person may have under way.
const AT_ONCE: i64 = 3;

/// How many things a batch may hold that is done while its person waits (parameter `batch_background_things`).
pub(super) async fn while_waiting(work: &mut Work) -> Result<i64, ActionError> {
    Ok(parameter(work, "batch_background_things").await?.unwrap_or(BACKGROUND_THINGS))
}

/// Refuses one more batch to whoever has as many under way as the parameter `batch_at_once` allows.
/// Rule `batch.at-once`.
pub(super) async fn has_room(work: &mut Work, user: UserId) -> Result<(), ActionError> {
    let most = parameter(work, "batch_at_once").await?.unwrap_or(AT_ONCE);
    let running = job::running(&mut work.tx, user).await?;
    if running < most {
        return Ok(());
    }
    Err(Refused::new(RefusalKind::Conflict, "batch-busy").with("running", running).with("most", most).into())
}

/// A whole number of the rules in force; none where there are no rules, or older ones.
async fn parameter(work: &mut Work, name: &str) -> Result<Option<i64>, ActionError> {
    let on = work.business_date;
    match policies::in_force(work, on).await {
        Ok(rules) => Ok(policies::known(rules.edition(on).integer(name))?),
        Err(ActionError::Refused(refused)) if refused.code == "policy-none" => Ok(None),
        Err(other) => Err(other),
    }
}

/// What was picked, each as far as the person may see it.
pub(super) async fn look(visit: &Visit, verb: &dyn Verb, keys: &[String]) -> Result<Vec<Line>, WebError> {
    let mut work = visit.read().await?;
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        lines.push(found(&mut work, verb, key).await?);
    }
    Ok(lines)
}

/// What would come of the verb: each thing is done and taken back.
pub(super) async fn rehearse(
    app: &App,
    actor: &Actor,
    verb: &dyn Verb,
    keys: &[String],
) -> Result<Vec<Line>, ActionError> {
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        let mut work = Work::begin(app, actor.clone()).await?;
        let mut line = found(&mut work, verb, key).await?;
        if line.outcome == Outcome::Picked {
            line.outcome = judged(verb.act(&mut work, key).await, Outcome::Would)?;
        }
        work.tx.rollback().await?;
        lines.push(line);
    }
    Ok(lines)
}

/// Does it. A thing that this very batch did before, under the same key, is not done again.
pub(super) async fn perform(
    app: &App,
    actor: &Actor,
    verb: &dyn Verb,
    (once, action): (&str, &'static str),
    keys: &[String],
) -> Result<Vec<Line>, ActionError> {
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        let ahead = verb.ahead(app, actor, key).await;
        let mut work = Work::begin(app, actor.clone()).await?;
        let claim = work.claim(&format!("{once}/{key}"), action).await?;
        let mut line = found(&mut work, verb, key).await?;
        match claim {
            // Done before a crash; it may have left this person's sight by that.
            Claim::AlreadyDone { .. } => line.outcome = Outcome::Done,
            Claim::First if line.outcome == Outcome::Picked => {
                let done = match ahead {
                    Ok(()) => verb.act(&mut work, key).await,
                    Err(error) => Err(error),
                };
                line.outcome = judged(done, Outcome::Done)?;
            }
            Claim::First => {}
        }
        if line.outcome == Outcome::Done {
            work.commit().await?;
        } else {
            work.tx.rollback().await?;
        }
        lines.push(line);
    }
    Ok(lines)
}

/// What is left of a cancelled batch, under the names by which its person knows it.
pub(super) async fn left(
    app: &App,
    actor: &Actor,
    verb: &dyn Verb,
    keys: &[String],
    why: &Refused,
) -> Result<Vec<Line>, ActionError> {
    let mut work = Work::read(app, actor.clone()).await?;
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        let thing = found(&mut work, verb, key).await?.thing;
        lines.push(Line { thing, outcome: Outcome::refused(why) });
    }
    work.tx.rollback().await?;
    Ok(lines)
}

async fn found(work: &mut Work, verb: &dyn Verb, key: &str) -> Result<Line, ActionError> {
    match verb.find(work, key).await {
        Ok(thing) => Ok(Line { thing, outcome: Outcome::Picked }),
        Err(ActionError::Refused(refused)) => {
            Ok(Line { thing: Thing::unknown(key), outcome: Outcome::refused(&refused) })
        }
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error),
    }
}

fn judged(result: Result<(), ActionError>, good: Outcome) -> Result<Outcome, ActionError> {
    match result {
        Ok(()) => Ok(good),
        Err(ActionError::Refused(refused)) => Ok(Outcome::refused(&refused)),
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error),
    }
}
