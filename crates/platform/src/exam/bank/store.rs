//! Tables `exam_question` and `exam_question_step`.

use super::model::{NewQuestion, Question, QuestionId, QuestionState, letters};
use crate::args;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::id::UserId;
use crate::work::Work;

/// The most questions of a topic from which a paper is drawn, and the most that go out as a workbook.
pub(crate) const QUESTIONS: i64 = 5_000;

/// A question with where it stands, by what became of it.
pub(super) const SELECT: &str = "select q.id, q.topic, q.asked, q.choices_json, q.right_letters, q.points, q.source, q.recorded_by, \
     case when exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'retired') \
     then 'retired' when exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'approved') \
     then 'approved' else 'draft' end as state from exam_question q";

pub(super) fn decode(row: &Row) -> Result<Question, StoreError> {
    let choices: String = row.get("choices_json")?;
    let said = NewQuestion {
        topic: row.get("topic")?,
        asked: row.get("asked")?,
        choices: choices_of(&choices),
        right: row.get("right_letters")?,
        points: row.get("points")?,
        source: row.get("source")?,
    };
    Ok(Question { id: row.get("id")?, said, state: row.get("state")?, written_by: row.get("recorded_by")? })
}

/// The choices as they are kept.
pub(in crate::exam) fn choices_of(kept: &str) -> Vec<String> {
    serde_json::from_str(kept).unwrap_or_default()
}

/// One question.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: QuestionId) -> Result<Option<Question>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("q.id = ?", args![id]);
    tx.fetch_optional(w.select(SELECT, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The questions that are not retired, the newest first.
///
/// # Errors
/// The store's.
pub async fn all(tx: &mut Tx) -> Result<Vec<Question>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "not exists (select 1 from exam_question_step s where s.question_id = q.id and s.step = 'retired')",
        args![],
    );
    let tail = format!("order by q.id desc limit {QUESTIONS}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// The questions of a topic that may be put to somebody: approved, worth so much, with one right answer where the paper
/// is single choice, and neither written nor approved by that person.
pub(in crate::exam) async fn usable(
    tx: &mut Tx,
    (topic, points, single): (&str, i64, bool),
    user: UserId,
) -> Result<Vec<QuestionId>, StoreError> {
    let sql = "select q.id from exam_question q join exam_question_step a on a.question_id = q.id and a.step = 'approved' \
               where q.topic = $1 and q.points = $2 and ($3 = 0 or length(q.right_letters) = 1) \
               and q.recorded_by <> $4 and a.recorded_by <> $4 and not exists \
               (select 1 from exam_question_step r where r.question_id = q.id and r.step = 'retired') \
               order by q.id desc limit $5";
    let rows = tx.fetch_all(sql, args![topic, points, i64::from(single), user, QUESTIONS]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

pub(super) async fn insert(work: &mut Work, new: &NewQuestion) -> Result<QuestionId, StoreError> {
    let (id, on, now, by) = (QuestionId(work.next_id()), work.business_date, work.now, work.actor.recorded_by());
    let choices: Vec<&str> = new.choices.iter().map(|choice| choice.trim()).collect();
    let choices = serde_json::to_string(&choices).unwrap_or_default();
    work.tx
        .execute(
            "insert into exam_question (id, topic, asked, choices_json, right_letters, points, source, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                id,
                new.topic.as_str(),
                new.asked.trim(),
                choices,
                letters(&new.right),
                new.points,
                new.source.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// Writes what became of a question; whether it was the first to say so.
pub(super) async fn step(
    work: &mut Work,
    id: QuestionId,
    step: QuestionState,
    reason: &str,
) -> Result<bool, StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let written = work
        .tx
        .execute(
            "insert into exam_question_step (question_id, step, reason, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6) on conflict (question_id, step) do nothing",
            args![id, step, reason, on, now, by],
        )
        .await?;
    Ok(written == 1)
}
