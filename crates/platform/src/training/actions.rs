//! Use cases of training: one is entered, a wrong one is taken back; who lacks what.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::json;

use super::model::{Form, NewTraining, Training, TrainingError, TrainingId, check};
use super::rules::{self, Need};
use super::store::{self, Holder};
use super::{TRAINING_RECORD, step};
use crate::access::DataScope;
use crate::audit::Entry;
use crate::duty::{self, Evidence};
use crate::error::{ActionError, FieldError, Refused};
use crate::exam::store as people;
use crate::id::{CustomerId, UserId};
use crate::policies::{self, PolicyError};
use crate::work::Work;

/// What the policy asks of the posts today (rule `training.topics`).
///
/// # Errors
/// No rules in force.
pub async fn needs(work: &mut Work) -> Result<Vec<Need>, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    Ok(rules::needs(in_force.edition(on)).map_err(PolicyError::from)?)
}

/// Enters what somebody else was taught or judged to be able to do (rule `training.record`).
///
/// # Errors
/// Denied; one's own; all that is wrong at once.
pub async fn record(work: &mut Work, new: &NewTraining) -> Result<TrainingId, ActionError> {
    let scope = work.authorise(TRAINING_RECORD)?;
    let on = work.business_date;
    let needs = needs(work).await?;
    let mut wrong = check(new, &rules::topics(&needs), on);
    if !people::sits(&mut work.tx, new.user, scope).await? {
        wrong.push(FieldError::choice("person", &new.user.to_string()));
    }
    let in_force = policies::in_force(work, on).await?;
    let months = in_force.edition(on).integer("training_valid_months").map_err(PolicyError::from)?;
    let valid_until = rules::valid_until(new.held_on, months);
    if valid_until.is_none() {
        wrong.push(FieldError::new("held_on", "date-invalid"));
    }
    let Some(valid_until) = valid_until.filter(|_| wrong.is_empty()) else {
        return Err(Refused::form(wrong).under("training.record", None).into());
    };
    if work.actor.is_or_stands_for(new.user.0) {
        return Err(TrainingError::Own.into());
    }
    let by = work.actor.recorded_by();
    let id = store::insert(work, new, valid_until, None, by).await?;
    told(work, id, new, valid_until).await?;
    made_good(work, &needs, new.user, id).await?;
    Ok(id)
}

async fn told(work: &mut Work, id: TrainingId, new: &NewTraining, valid_until: Date) -> Result<(), ActionError> {
    let said = json!({"person": new.user, "form": new.form.as_str(), "topic": new.topic, "on": new.held_on,
        "passed": new.passed, "valid_until": valid_until});
    Ok(work.audit(Entry::new(None, "training.record", format!("staff_training:{id}")).after(said)).await?)
}

/// Ends the duty about somebody who lacks nothing any more.
async fn made_good(work: &mut Work, needs: &[Need], user: UserId, id: TrainingId) -> Result<(), ActionError> {
    let still = lacks(work, needs, DataScope::everything()).await?.into_iter().any(|(holder, _)| holder.user == user);
    if !still {
        let evidence = Evidence { kind: "staff_training", fact: format!("staff_training_record:{id}"), settles: true };
        duty::close_by(work, CustomerId(0), &step::subject(user), &evidence).await?;
    }
    Ok(())
}

/// Enters what an exam drawn and scored by the system proves: a judgement of what somebody knows, for which nobody but the
/// system answers. Rule `exam.proves`.
///
/// # Errors
/// No rules in force.
pub(crate) async fn proven(work: &mut Work, user: UserId, topic: &str, title: &str) -> Result<(), ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let months = in_force.edition(on).integer("training_valid_months").map_err(PolicyError::from)?;
    let Some(valid_until) = rules::valid_until(on, months) else { return Ok(()) };
    let new = NewTraining {
        user,
        form: Form::Judgement,
        topic: topic.to_owned(),
        title: title.to_owned(),
        held_on: on,
        hours: 0,
        passed: true,
        note: String::new(),
    };
    let id = store::insert(work, &new, valid_until, None, 0).await?;
    told(work, id, &new, valid_until).await?;
    let needs = needs(work).await?;
    made_good(work, &needs, user, id).await
}

/// A training that the actor may see under an action.
///
/// # Errors
/// Denied; [`TrainingError::NotFound`].
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Training, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(TrainingId).map_err(|_| TrainingError::NotFound)?;
    Ok(store::find(&mut work.tx, key, scope).await?.ok_or(TrainingError::NotFound)?)
}

/// Takes a wrong entry back with a reason (rule `training.record`): both rows stay, and what it proved is lacking again.
///
/// # Errors
/// Denied; taken back already; one's own; no reason.
pub async fn take_back(work: &mut Work, id: &str, reason: &str) -> Result<TrainingId, ActionError> {
    let one = seen(work, id, TRAINING_RECORD).await?;
    if one.taken_back {
        return Err(TrainingError::TakenBack.into());
    }
    if work.actor.is_or_stands_for(one.said.user.0) {
        return Err(TrainingError::Own.into());
    }
    let reason = reason.trim();
    if reason.is_empty() {
        let wrong = vec![FieldError::new("note", "reason-empty")];
        return Err(Refused::form(wrong).under("training.record", None).into());
    }
    let found = reason.chars().count();
    if found > super::model::MAX_TEXT {
        let long = FieldError::new("note", "text-too-long").with("most", super::model::MAX_TEXT).with("found", found);
        return Err(Refused::form(vec![long]).under("training.record", None).into());
    }
    let new = NewTraining { note: reason.to_owned(), ..one.said.clone() };
    let by = work.actor.recorded_by();
    let key = store::insert(work, &new, one.valid_until, Some(one.id), by).await?;
    let entry = Entry::new(None, "training.take_back", format!("staff_training:{}", one.id));
    work.audit(entry.after(json!({"row": key})).reason(reason)).await?;
    Ok(key)
}

/// Who within a scope lacks what of the needs today (rule `training.lacking`), by name.
///
/// # Errors
/// The store's.
pub async fn lacks(work: &mut Work, needs: &[Need], scope: DataScope) -> Result<Vec<(Holder, Vec<Need>)>, ActionError> {
    let roles: BTreeSet<String> = needs.iter().map(|need| need.role.clone()).collect();
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut held = store::held(&mut work.tx, work.business_date).await?;
    let mut found = Vec::new();
    for holder in store::holders(&mut work.tx, &roles, scope).await? {
        let known = held.remove(&holder.user).unwrap_or_default();
        let lacking: Vec<Need> = rules::lacking(needs, &holder.roles, &known).into_iter().cloned().collect();
        if !lacking.is_empty() {
            found.push((holder, lacking));
        }
    }
    Ok(found)
}
