//! Table `staff_exam`.

use super::model::{Exam, ExamId, NewExam, Scoring};
use crate::access::DataScope;
use crate::args;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::id::UserId;
use crate::work::Work;

const COLUMNS: &str = "select e.id, e.user_id, e.title, e.held_on, e.questions, e.points_each, e.pass_points, \
     e.right_answers, e.note, case when exists (select 1 from staff_exam n where n.corrects_id = e.id) then 1 else 0 end \
     as corrected from staff_exam e join app_user u on u.id = e.user_id";

/// What of the exams a scope reaches, with the people in `u`.
pub(crate) fn within(scope: DataScope, w: &mut Conditions) {
    w.and_values("(? = 0 or u.branch_id = ?)", args![scope.branch, scope.branch]);
    w.and_values("(? = 0 or u.team_id = ?)", args![scope.team, scope.team]);
    w.and_values("(? = 0 or u.id = ?)", args![scope.manager, scope.manager]);
}

fn decode(row: &Row) -> Result<Exam, StoreError> {
    let corrected: i64 = row.get("corrected")?;
    let said = NewExam {
        user: row.get("user_id")?,
        title: row.get("title")?,
        held_on: row.get("held_on")?,
        right: row.get("right_answers")?,
        note: row.get("note")?,
    };
    let scoring = Scoring {
        questions: row.get("questions")?,
        points_each: row.get("points_each")?,
        pass_points: row.get("pass_points")?,
    };
    Ok(Exam { id: row.get("id")?, said, scoring, corrected: corrected == 1 })
}

/// One exam within a scope.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: ExamId, scope: DataScope) -> Result<Option<Exam>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("e.id = ?", args![id]);
    within(scope, &mut w);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// Whether the exams of a person may be entered within a scope.
///
/// # Errors
/// The store's.
pub async fn sits(tx: &mut Tx, user: UserId, scope: DataScope) -> Result<bool, StoreError> {
    let mut w = Conditions::new();
    w.and_values("u.id = ? and u.state = 'active' and u.kind = 'person'", args![user]);
    within(scope, &mut w);
    Ok(tx.fetch_optional(w.select("select u.id from app_user u", ""), w.args()).await?.is_some())
}

/// The people whose exams may be entered within a scope: key and name.
///
/// # Errors
/// The store's.
pub async fn people(tx: &mut Tx, scope: DataScope) -> Result<Vec<(UserId, String)>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("u.state = 'active' and u.kind = 'person'", args![]);
    within(scope, &mut w);
    let head = "select u.id, u.name, u.login from app_user u";
    let rows = tx.fetch_all(w.select(head, "order by u.name, u.id limit 5000"), w.args()).await?;
    let named = |row: &Row| -> Result<(UserId, String), StoreError> {
        let (name, login): (String, String) = (row.get("name")?, row.get("login")?);
        Ok((row.get("id")?, format!("{name} {login}")))
    };
    rows.iter().map(named).collect()
}

/// Writes an exam, or the one that stands in the place of another; 0 enters what the system scored.
pub(super) async fn insert(
    work: &mut Work,
    new: &NewExam,
    scoring: Scoring,
    corrects: Option<ExamId>,
    by: i64,
) -> Result<ExamId, StoreError> {
    let (id, on, now) = (ExamId(work.next_id()), work.business_date, work.now);
    work.tx
        .execute(
            "insert into staff_exam (id, user_id, title, held_on, questions, points_each, pass_points, right_answers, \
             note, corrects_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            args![
                id,
                new.user,
                new.title.trim(),
                new.held_on,
                scoring.questions,
                scoring.points_each,
                scoring.pass_points,
                new.right,
                new.note.trim(),
                corrects,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}
