//! Use cases of the bank: a question is written, approved by another, retired.

use std::collections::BTreeSet;

use serde_json::json;

use super::model::{BankError, MAX_CHOICE, NewQuestion, Question, QuestionId, QuestionState, check};
use super::{QUESTION_APPROVE, QUESTION_VIEW, QUESTION_WRITE, store};
use crate::audit::Entry;
use crate::error::{ActionError, FieldError, Refused};
use crate::exam::sitting::{rules, store as sittings};
use crate::policies::{self, PolicyError};
use crate::work::Work;

/// The topics that the papers of the policy draw from, each once.
///
/// # Errors
/// No rules in force.
pub async fn topics(work: &mut Work) -> Result<Vec<String>, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let papers = rules::papers(in_force.edition(on)).map_err(PolicyError::from)?;
    let each: BTreeSet<String> = papers.iter().flat_map(|paper| &paper.parts).map(|part| part.0.clone()).collect();
    Ok(each.into_iter().collect())
}

/// The bank is closed to whoever sits an exam just now, whatever the roles grant (rule `exam.sitting`).
///
/// # Errors
/// [`BankError::Sitting`].
pub(super) async fn closed_to_sitters(work: &mut Work) -> Result<(), ActionError> {
    let Some(me) = work.actor.user else { return Ok(()) };
    match sittings::open_of(&mut work.tx, me).await? {
        Some(_) => Err(BankError::Sitting.into()),
        None => Ok(()),
    }
}

/// Writes a question (rule `exam.question`).
///
/// # Errors
/// Denied; all that is wrong at once.
pub async fn write(work: &mut Work, new: &NewQuestion) -> Result<QuestionId, ActionError> {
    work.authorise(QUESTION_WRITE)?;
    closed_to_sitters(work).await?;
    let wrong = check(new, &topics(work).await?);
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("exam.question", None).into());
    }
    let id = store::insert(work, new).await?;
    let said = json!({"topic": new.topic, "points": new.points});
    work.audit(Entry::new(None, "question.write", format!("exam_question:{id}")).after(said)).await?;
    Ok(id)
}

/// A question as the bank shows it.
///
/// # Errors
/// Denied; [`BankError::NotFound`]; an exam that the person is sitting.
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Question, ActionError> {
    work.authorise(action)?;
    closed_to_sitters(work).await?;
    let key = id.parse().map(QuestionId).map_err(|_| BankError::NotFound)?;
    Ok(store::find(&mut work.tx, key).await?.ok_or(BankError::NotFound)?)
}

/// The questions that are in use or wait for approval.
///
/// # Errors
/// Denied; an exam that the person is sitting.
pub async fn all(work: &mut Work) -> Result<Vec<Question>, ActionError> {
    work.authorise(QUESTION_VIEW)?;
    closed_to_sitters(work).await?;
    Ok(store::all(&mut work.tx).await?)
}

/// Approves a question that somebody else wrote (rule `exam.question`).
///
/// # Errors
/// Denied; one's own; no draft.
pub async fn approve(work: &mut Work, id: &str) -> Result<QuestionId, ActionError> {
    let one = seen(work, id, QUESTION_APPROVE).await?;
    work.actor.decides()?;
    if work.actor.is_or_stands_for(one.written_by) {
        return Err(BankError::Own.into());
    }
    if one.state != QuestionState::Draft || !store::step(work, one.id, QuestionState::Approved, "").await? {
        return Err(BankError::NoDraft.into());
    }
    work.audit(Entry::new(None, "question.approve", format!("exam_question:{}", one.id))).await?;
    Ok(one.id)
}

/// Retires a question with a reason: papers that were drawn keep it, no other gets it (rule `exam.question`).
///
/// # Errors
/// Denied; retired already; no reason.
pub async fn retire(work: &mut Work, id: &str, reason: &str) -> Result<QuestionId, ActionError> {
    let one = seen(work, id, QUESTION_WRITE).await?;
    let reason = reason.trim();
    let found = reason.chars().count();
    let wrong = match found {
        0 => Some(FieldError::new("note", "reason-empty")),
        _ if found > MAX_CHOICE => {
            Some(FieldError::new("note", "text-too-long").with("most", MAX_CHOICE).with("found", found))
        }
        _ => None,
    };
    if let Some(wrong) = wrong {
        return Err(Refused::form(vec![wrong]).under("exam.question", None).into());
    }
    if one.state == QuestionState::Retired || !store::step(work, one.id, QuestionState::Retired, reason).await? {
        return Err(BankError::Retired.into());
    }
    let entry = Entry::new(None, "question.retire", format!("exam_question:{}", one.id));
    work.audit(entry.reason(reason)).await?;
    Ok(one.id)
}
