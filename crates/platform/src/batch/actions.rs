//! Running a verb over a selection: look, try, do.

use super::model::{Line, Outcome, Thing, Verb};
use crate::error::ActionError;
use crate::web::{Visit, WebError};
use crate::work::{Claim, Work};

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
pub(super) async fn rehearse(visit: &Visit, verb: &dyn Verb, keys: &[String]) -> Result<Vec<Line>, WebError> {
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        let mut work = visit.begin().await?;
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
    visit: &Visit,
    verb: &dyn Verb,
    (once, action): (&str, &'static str),
    keys: &[String],
) -> Result<Vec<Line>, WebError> {
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        let mut work = visit.begin().await?;
        let claim = work.claim(&format!("{once}/{key}"), action).await?;
        let mut line = found(&mut work, verb, key).await?;
        match claim {
            // Done before a crash; it may have left this person's sight by that.
            Claim::AlreadyDone { .. } => line.outcome = Outcome::Done,
            Claim::First if line.outcome == Outcome::Picked => {
                line.outcome = judged(verb.act(&mut work, key).await, Outcome::Done)?;
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

async fn found(work: &mut Work, verb: &dyn Verb, key: &str) -> Result<Line, WebError> {
    match verb.find(work, key).await {
        Ok(thing) => Ok(Line { thing, outcome: Outcome::Picked }),
        Err(ActionError::Refused(refused)) => {
            Ok(Line { thing: Thing::unknown(key), outcome: Outcome::refused(&refused) })
        }
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error.into()),
    }
}

fn judged(result: Result<(), ActionError>, good: Outcome) -> Result<Outcome, WebError> {
    match result {
        Ok(()) => Ok(good),
        Err(ActionError::Refused(refused)) => Ok(Outcome::refused(&refused)),
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error.into()),
    }
}
