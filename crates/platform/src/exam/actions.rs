//! Use cases of exams: one is entered, a wrong one is corrected by another entry.

use serde_json::json;

use super::model::{Exam, ExamError, ExamId, NewExam, Scoring, check};
use super::{EXAM_RECORD, store};
use crate::audit::Entry;
use crate::error::{ActionError, FieldError, Refused};
use crate::policies::{self, PolicyError};
use crate::work::Work;

/// How the policy scores exams today (rule `exam.score`).
///
/// # Errors
/// No rules in force, or rules that know no exams.
pub async fn scoring(work: &mut Work) -> Result<Scoring, ActionError> {
    let on = work.business_date;
    let in_force = policies::in_force(work, on).await?;
    let number = |name: &str| in_force.edition(on).integer(name).map_err(PolicyError::from);
    Ok(Scoring {
        questions: number("exam_questions")?,
        points_each: number("exam_points_each")?,
        pass_points: number("exam_pass_points")?,
    })
}

/// Enters an exam of somebody else (rule `exam.record`).
///
/// # Errors
/// Denied; one's own; all that is wrong at once.
pub async fn record(work: &mut Work, new: &NewExam) -> Result<ExamId, ActionError> {
    let scoring = scoring(work).await?;
    let id = write(work, new, scoring, None).await?;
    let after = json!({"person": new.user, "points": scoring.points(new.right), "on": new.held_on});
    work.audit(Entry::new(None, "exam.record", format!("staff_exam:{id}")).after(after)).await?;
    Ok(id)
}

async fn write(
    work: &mut Work,
    new: &NewExam,
    scoring: Scoring,
    corrects: Option<ExamId>,
) -> Result<ExamId, ActionError> {
    let scope = work.authorise(EXAM_RECORD)?;
    let mut wrong = check(new, scoring, work.business_date);
    // A wrong result is put right also when the person has left meanwhile.
    if corrects.is_none() && !store::sits(&mut work.tx, new.user, scope).await? {
        wrong.push(FieldError::choice("person", &new.user.to_string()));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("exam.record", None).into());
    }
    if work.actor.user == Some(new.user) {
        return Err(ExamError::Own.into());
    }
    let by = work.actor.recorded_by();
    Ok(store::insert(work, new, scoring, corrects, by).await?)
}

/// An exam that the actor may see under an action.
///
/// # Errors
/// Denied; [`ExamError::NotFound`].
pub async fn seen(work: &mut Work, id: &str, action: &str) -> Result<Exam, ActionError> {
    let scope = work.authorise(action)?;
    let key = id.parse().map(ExamId).map_err(|_| ExamError::NotFound)?;
    Ok(store::find(&mut work.tx, key, scope).await?.ok_or(ExamError::NotFound)?)
}

/// Puts the right number in the place of a wrong one, with a reason (rule `exam.record`): both entries stay, scored as the
/// exam was.
///
/// # Errors
/// Denied; corrected already; no reason; as [`record`].
pub async fn correct(work: &mut Work, id: &str, right: i64, reason: &str) -> Result<ExamId, ActionError> {
    let one = seen(work, id, EXAM_RECORD).await?;
    if one.corrected {
        return Err(ExamError::Corrected.into());
    }
    if reason.trim().is_empty() {
        return Err(Refused::form(vec![FieldError::new("note", "reason-empty")]).under("exam.record", None).into());
    }
    let new = NewExam { right, note: reason.to_owned(), ..one.said.clone() };
    let key = write(work, &new, one.scoring, Some(one.id)).await?;
    let entry = Entry::new(None, "exam.correct", format!("staff_exam:{key}"));
    let entry = entry.before(json!({"points": one.scoring.points(one.said.right)}));
    work.audit(entry.after(json!({"points": one.scoring.points(right)})).reason(reason.trim())).await?;
    Ok(key)
}
