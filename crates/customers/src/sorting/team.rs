//! What the working group does besides: trainings (S3-12) and surveys of satisfaction (S3-11, S3-13).

use jiff::civil::Date;
use platform::args;
use platform::audit::Entry;
use platform::db::{StoreError, Tx};
use platform::error::{ActionError, FieldError, Refused};
use platform::work::Work;
use serde_json::json;

use super::actions::{seen, wrong_state};
use super::model::{Project, ProjectId, ProjectState};
use super::{PLAN, rules};

/// The longest training, hours.
const MOST_HOURS: i64 = 200;
/// A full score, hundredths of a point.
const FULL_CENTI: i64 = 10_000;

/// A training of the working group (培训记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// About what.
    pub topic: String,
    /// When.
    pub on: Date,
    /// How many hours.
    pub hours: i64,
    /// Who was there.
    pub attended: String,
}

/// A survey of satisfaction (满意度调查).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survey {
    /// When.
    pub on: Date,
    /// How many answered.
    pub answers: i64,
    /// The mean score, hundredths of a point.
    pub score_centi: i64,
}

async fn living(work: &mut Work, id: &str) -> Result<super::model::Project, ActionError> {
    let one = seen(work, id, PLAN).await?;
    match one.state {
        ProjectState::Refused | ProjectState::Stopped | ProjectState::Submitted => Err(wrong_state(&one)),
        ProjectState::Approved | ProjectState::Running | ProjectState::Reporting | ProjectState::Closed => Ok(one),
    }
}

/// Records a training (S3-12 (2)).
///
/// # Errors
/// Denied; the plan is not agreed to; all that is wrong at once.
pub async fn train(work: &mut Work, id: &str, new: &Training) -> Result<ProjectId, ActionError> {
    let one = living(work, id).await?;
    let mut wrong: Vec<FieldError> = Vec::new();
    wrong.extend(rules::needed("topic", &new.topic));
    wrong.extend(rules::needed("attended", &new.attended));
    if new.on > work.business_date {
        wrong.push(FieldError::new("on", "date-in-future"));
    }
    if !(1..=MOST_HOURS).contains(&new.hours) {
        wrong.push(FieldError::new("hours", "sorting-hours").with("most", MOST_HOURS));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let (key, today, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_training (id, project_id, topic, held_on, hours, attended, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![key, one.id, new.topic.trim(), new.on, new.hours, new.attended.trim(), today, now, by],
        )
        .await?;
    let after = json!({"number": one.number, "title": new.topic.trim(), "hours": new.hours});
    work.audit(Entry::new(None, "sorting.train", one.subject()).after(after)).await?;
    Ok(one.id)
}

/// Records a survey of satisfaction.
///
/// # Errors
/// Denied; the plan is not agreed to; all that is wrong at once.
pub async fn survey(work: &mut Work, id: &str, new: &Survey) -> Result<ProjectId, ActionError> {
    let one = living(work, id).await?;
    let mut wrong: Vec<FieldError> = Vec::new();
    if new.on > work.business_date {
        wrong.push(FieldError::new("on", "date-in-future"));
    }
    if new.answers < 1 {
        wrong.push(FieldError::new("answers", "sorting-answers"));
    }
    if !(0..=FULL_CENTI).contains(&new.score_centi) {
        wrong.push(FieldError::new("score", "sorting-score"));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let (key, today, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into sorting_survey (id, project_id, surveyed_on, answers, score_centi, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![key, one.id, new.on, new.answers, new.score_centi, today, now, by],
        )
        .await?;
    let after = json!({"number": one.number, "value": new.score_centi, "count": new.answers});
    work.audit(Entry::new(None, "sorting.survey", one.subject()).after(after)).await?;
    Ok(one.id)
}

/// The trainings of a project, the oldest first.
pub async fn trainings(tx: &mut Tx, project: ProjectId) -> Result<Vec<Training>, StoreError> {
    let sql = "select topic, held_on, hours, attended from sorting_training where project_id = $1 \
               order by held_on, id limit 200";
    tx.fetch_all(sql, args![project])
        .await?
        .iter()
        .map(|row| {
            Ok(Training {
                topic: row.get("topic")?,
                on: row.get("held_on")?,
                hours: row.get("hours")?,
                attended: row.get("attended")?,
            })
        })
        .collect()
}

/// The surveys of a project, the oldest first.
pub async fn surveys(tx: &mut Tx, project: ProjectId) -> Result<Vec<Survey>, StoreError> {
    let sql = "select surveyed_on, answers, score_centi from sorting_survey where project_id = $1 \
               order by surveyed_on, id limit 200";
    let survey = |row: &platform::db::Row| -> Result<Survey, StoreError> {
        let (on, answers, score_centi) = (row.get("surveyed_on")?, row.get("answers")?, row.get("score_centi")?);
        Ok(Survey { on, answers, score_centi })
    };
    tx.fetch_all(sql, args![project]).await?.iter().map(survey).collect()
}

/// The score before, and the latest of a project: the one before may be of an earlier project over the same branch.
pub(super) async fn satisfaction(tx: &mut Tx, project: &Project) -> Result<(Option<i64>, Option<i64>), StoreError> {
    let sql = "select id, surveyed_on, score_centi from sorting_survey where project_id = $1 \
               order by surveyed_on desc, id desc limit 1";
    let Some(latest) = tx.fetch_optional(sql, args![project.id]).await? else { return Ok((None, None)) };
    let (id, on): (i64, Date) = (latest.get("id")?, latest.get("surveyed_on")?);
    let sql = "select s.score_centi from sorting_survey s join sorting_project p on p.id = s.project_id \
               where (s.surveyed_on < $1 or (s.surveyed_on = $1 and s.id < $2)) and coalesce(p.branch_id, 0) = $3 \
               order by s.surveyed_on desc, s.id desc limit 1";
    let branch = project.plan.scope.branch.map_or(0, |branch| branch.0);
    let before = tx.fetch_optional(sql, args![on, id, branch]).await?;
    Ok((before.map(|row| row.get("score_centi")).transpose()?, Some(latest.get("score_centi")?)))
}
