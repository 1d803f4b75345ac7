//! Tables `exam_sitting`, `exam_sitting_question`, `exam_answer`, `exam_hand_in`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{Asked, Sitting, SittingId, Way};
use crate::access::DataScope;
use crate::args;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::exam::bank::model::QuestionId;
use crate::exam::bank::store::choices_of;
use crate::exam::model::{ExamId, Scoring};
use crate::exam::store::within;
use crate::id::UserId;
use crate::work::Work;

/// The most sittings that one's own page shows.
const SHOWN: i64 = 100;

/// The most sittings that one close ends.
const RUN_OUT: i64 = 5_000;

/// A sitting, with the number of right answers as the system counted them and whether somebody corrected that.
const SELECT: &str = "select s.id, s.user_id, u.name, s.paper, s.title, s.questions, s.points_each, s.pass_points, s.proves, \
     s.begun_at, s.ends_at, h.way, h.exam_id, e.right_answers, case when exists \
     (select 1 from staff_exam n where n.corrects_id = e.id) then 1 else 0 end as corrected from exam_sitting s join app_user u on u.id = s.user_id left join exam_hand_in h on h.sitting_id = s.id \
     left join staff_exam e on e.id = h.exam_id";

fn decode(row: &Row) -> Result<Sitting, StoreError> {
    let (way, exam): (Option<Way>, Option<ExamId>) = (row.get("way")?, row.get("exam_id")?);
    let corrected: i64 = row.get("corrected")?;
    Ok(Sitting {
        id: row.get("id")?,
        user: row.get("user_id")?,
        person: row.get("name")?,
        paper: row.get("paper")?,
        title: row.get("title")?,
        scoring: Scoring {
            questions: row.get("questions")?,
            points_each: row.get("points_each")?,
            pass_points: row.get("pass_points")?,
        },
        proves: row.get("proves")?,
        begun_at: row.get("begun_at")?,
        ends_at: row.get("ends_at")?,
        ended: way.zip(exam),
        right: row.get("right_answers")?,
        corrected: corrected == 1,
    })
}

/// One sitting within a scope.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: SittingId, scope: DataScope) -> Result<Option<Sitting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.id = ?", args![id]);
    within(scope, &mut w);
    tx.fetch_optional(w.select(SELECT, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The sittings of a person, the latest first.
///
/// # Errors
/// The store's.
pub async fn of(tx: &mut Tx, user: UserId) -> Result<Vec<Sitting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.user_id = ?", args![user]);
    let tail = format!("order by s.turn desc limit {SHOWN}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// The sitting of a person that has not ended.
///
/// # Errors
/// The store's.
pub async fn open_of(tx: &mut Tx, user: UserId) -> Result<Option<Sitting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.user_id = ? and h.sitting_id is null", args![user]);
    let found = tx.fetch_optional(w.select(SELECT, "order by s.turn desc limit 1"), w.args()).await?;
    found.as_ref().map(decode).transpose()
}

/// The sittings begun since a day whose time was up before a moment and that nobody handed in.
pub(super) async fn run_out(tx: &mut Tx, since: Date, now: Timestamp) -> Result<Vec<Sitting>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.effective_on >= ? and h.sitting_id is null and s.ends_at <= ?", args![since, now]);
    let tail = format!("order by s.id limit {RUN_OUT}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// The days on which a person began a paper since a day, and how many sittings the person began at all.
pub(super) async fn begun(
    tx: &mut Tx,
    (user, paper): (UserId, &str),
    since: Date,
) -> Result<(Vec<Date>, i64), StoreError> {
    let sql = "select s.effective_on from exam_sitting s where s.user_id = $1 and s.paper = $2 \
               and s.effective_on >= $3 order by s.effective_on desc, s.id desc limit 1000";
    let rows = tx.fetch_all(sql, args![user, paper, since]).await?;
    let days = rows.iter().map(|row| row.get("effective_on")).collect::<Result<Vec<Date>, _>>()?;
    let sql = "select coalesce(max(s.turn), 0) as n from exam_sitting s where s.user_id = $1";
    Ok((days, tx.fetch_one(sql, args![user]).await?.get("n")?))
}

/// What is written of a sitting (待开始考试).
pub(super) struct NewSitting<'a> {
    pub id: SittingId,
    pub user: UserId,
    pub turn: i64,
    pub paper: &'a str,
    pub title: &'a str,
    pub scoring: Scoring,
    pub proves: Option<&'a str>,
    pub ends_at: Timestamp,
    pub questions: &'a [QuestionId],
}

/// Writes a sitting with its paper.
pub(super) async fn insert(work: &mut Work, new: &NewSitting<'_>) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let proves = new.proves.map(str::to_owned);
    work.tx
        .execute(
            "insert into exam_sitting (id, user_id, turn, paper, title, questions, points_each, pass_points, proves, \
             begun_at, ends_at, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                new.id,
                new.user,
                new.turn,
                new.paper,
                new.title,
                new.scoring.questions,
                new.scoring.points_each,
                new.scoring.pass_points,
                proves,
                now,
                new.ends_at,
                on,
                now,
                by
            ],
        )
        .await?;
    let rows = (1_i64..).zip(new.questions).map(|(place, question)| args![new.id, place, question]).collect();
    work.tx.write_rows("insert into exam_sitting_question (sitting_id, place, question_id)", "", rows).await?;
    Ok(())
}

/// The paper as it was put, with what was chosen last.
///
/// # Errors
/// The store's.
pub async fn asked(tx: &mut Tx, id: SittingId) -> Result<Vec<Asked>, StoreError> {
    let sql = "select p.place, p.question_id, q.asked, q.choices_json, q.right_letters, q.source, a.letters \
               from exam_sitting_question p join exam_question q on q.id = p.question_id \
               left join exam_answer a on a.sitting_id = p.sitting_id and a.place = p.place and a.id = \
               (select max(l.id) from exam_answer l where l.sitting_id = p.sitting_id and l.place = p.place) \
               where p.sitting_id = $1 order by p.place";
    let rows = tx.fetch_all(sql, args![id]).await?;
    let decode = |row: &Row| -> Result<Asked, StoreError> {
        let choices: String = row.get("choices_json")?;
        Ok(Asked {
            place: row.get("place")?,
            question: row.get("question_id")?,
            words: row.get("asked")?,
            choices: choices_of(&choices),
            right: row.get("right_letters")?,
            source: row.get("source")?,
            chosen: row.get::<Option<String>>("letters")?.unwrap_or_default(),
        })
    };
    rows.iter().map(decode).collect()
}

/// Keeps what was chosen: one row for every answer that changed.
pub(super) async fn keep(work: &mut Work, id: SittingId, changed: &[(i64, String)]) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let rows = changed
        .iter()
        .map(|(place, letters)| args![id, place, work.next_id(), letters, on, now, by])
        .collect::<Vec<_>>();
    let head = "insert into exam_answer (sitting_id, place, id, letters, effective_on, recorded_at, recorded_by)";
    work.tx.write_rows(head, "", rows).await?;
    Ok(())
}

/// Writes the end of a sitting; whether it was the first to end it.
pub(super) async fn end(work: &mut Work, id: SittingId, way: Way, exam: ExamId) -> Result<bool, StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let written = work
        .tx
        .execute(
            "insert into exam_hand_in (sitting_id, way, exam_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6) on conflict (sitting_id) do nothing",
            args![id, way, exam, on, now, by],
        )
        .await?;
    Ok(written == 1)
}
