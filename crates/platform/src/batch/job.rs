//! Tables `batch_job` and `batch_piece`: batches on their way in the background.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{BatchKind, Line};
use super::store::lines_of;
use crate::app::App;
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};
use crate::error::ActionError;
use crate::id::UserId;
use crate::vault::Place;

/// The place of what was asked.
pub(crate) const ASKED: &str = "batch_job.asked";

const COLUMNS: &str = "user_id, id, path, verb, back, trial, once, asked, language, things, things_done, business_date, \
     asked_at, lease, cancelled_at, ended_at";

/// A batch in the background (后台批量办理).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) user: UserId,
    pub(super) id: i64,
    /// Where its form is sent.
    pub(super) path: String,
    pub(super) verb: String,
    pub(super) back: String,
    /// Whether each thing is done and taken back.
    pub(super) trial: bool,
    /// The key of the form.
    pub(super) once: String,
    pub(super) sealed: Vec<u8>,
    pub(super) language: String,
    pub(super) things: i64,
    pub(super) done: i64,
    pub(super) on: Date,
    pub(super) asked_at: Timestamp,
    pub(super) lease: i64,
    /// Whether its person wants no more of it.
    pub(super) cancelled: bool,
    pub(super) ended: bool,
}

/// What was asked, as it is kept (所请事项).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The keys picked, in the order of the list.
    pub(super) keys: Vec<String>,
    /// The verb's own fields.
    pub(super) fields: Vec<(String, String)>,
}

/// The verb whose form is sent there, if it can go on without its visitor.
pub(super) fn kind_of(app: &App, path: &str) -> Option<BatchKind> {
    app.capabilities.iter().flat_map(|capability| capability.batches()).find(|kind| kind.path == path)
}

fn row_of(user: UserId, id: i64) -> String {
    format!("{user}:{id}")
}

pub(super) fn seal(app: &App, user: UserId, id: i64, kept: &Kept) -> Result<Vec<u8>, ActionError> {
    let text = serde_json::to_vec(kept).map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(app.vault()?.seal_bytes(Place { column: ASKED, row: &row_of(user, id) }, &text))
}

pub(super) fn unseal(app: &App, job: &Job) -> Result<Kept, ActionError> {
    let text = app.vault()?.open_bytes(Place { column: ASKED, row: &row_of(job.user, job.id) }, &job.sealed)?;
    serde_json::from_slice(&text).map_err(|error| ActionError::Internal(error.to_string()))
}

fn decode(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        user: row.get("user_id")?,
        id: row.get("id")?,
        path: row.get("path")?,
        verb: row.get("verb")?,
        back: row.get("back")?,
        trial: row.get::<i64>("trial")? != 0,
        once: row.get("once")?,
        sealed: row.get("asked")?,
        language: row.get("language")?,
        things: row.get("things")?,
        done: row.get("things_done")?,
        on: row.get("business_date")?,
        asked_at: row.get("asked_at")?,
        lease: row.get("lease")?,
        cancelled: row.get::<Option<Timestamp>>("cancelled_at")?.is_some(),
        ended: row.get::<Option<Timestamp>>("ended_at")?.is_some(),
    })
}

pub(super) async fn insert(tx: &mut Tx, job: &Job) -> Result<(), StoreError> {
    tx.execute(
        "insert into batch_job (user_id, id, path, verb, back, trial, once, asked, language, things, things_done, \
         business_date, asked_at, lease) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, 0)",
        args![
            job.user,
            job.id,
            job.path,
            job.verb,
            job.back,
            i64::from(job.trial),
            job.once,
            job.sealed,
            job.language,
            job.things,
            job.on,
            job.asked_at
        ],
    )
    .await
    .map(drop)
}

/// Removes the trials of a person that are over: the next batch begins.
pub(super) async fn remove_trials(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    let sql = "delete from batch_piece where user_id = $1 and job_id in \
               (select id from batch_job where user_id = $2 and ended_at is not null)";
    tx.execute(sql, args![user, user]).await?;
    // One that ends between the two statements keeps its pieces and stays until the next time.
    let sql = "delete from batch_job where user_id = $1 and ended_at is not null and not exists \
               (select 1 from batch_piece p where p.user_id = batch_job.user_id and p.job_id = batch_job.id)";
    tx.execute(sql, args![user]).await.map(drop)
}

pub(super) async fn load(tx: &mut Tx, user: UserId, id: i64) -> Result<Option<Job>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from batch_job where user_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![user, id]).await?.as_ref().map(decode).transpose()
}

/// How many a person has under way, tried or done.
pub(super) async fn running(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let sql = "select count(*) as n from batch_job where user_id = $1 and ended_at is null";
    tx.fetch_one(sql, args![user]).await?.get("n")
}

/// Notes that its person wants no more of it; false, when it is over or was cancelled before.
pub(super) async fn cancel(tx: &mut Tx, user: UserId, id: i64, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "update batch_job set cancelled_at = $1 \
               where user_id = $2 and id = $3 and ended_at is null and cancelled_at is null";
    Ok(tx.execute(sql, args![now, user, id]).await? == 1)
}

/// Whether its person cancelled it meanwhile.
pub(super) async fn is_cancelled(tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
    let sql = "select 1 as cancelled from batch_job where user_id = $1 and id = $2 and cancelled_at is not null";
    Ok(tx.fetch_optional(sql, args![job.user, job.id]).await?.is_some())
}

/// The next job that nobody works on.
pub(super) async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<Option<Job>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from batch_job where ended_at is null and (leased_until is null or leased_until < $1) \
         order by id limit 1"
    ));
    tx.fetch_optional(sql, args![now]).await?.as_ref().map(decode).transpose()
}

/// Takes a job; none, when another process was faster. What was done of it stays.
pub(super) async fn take(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<Option<Job>, StoreError> {
    let lease = job.lease + 1;
    let sql = "update batch_job set lease = $1, leased_until = $2 \
               where user_id = $3 and id = $4 and lease = $5 and ended_at is null";
    let taken = tx.execute(sql, args![lease, until, job.user, job.id, job.lease]).await?;
    Ok((taken == 1).then(|| Job { lease, ..job.clone() }))
}

/// The lines so far, in order, and in how many pieces they lie.
pub(super) async fn lines(tx: &mut Tx, job: &Job) -> Result<(usize, Vec<Line>), StoreError> {
    let sql = "select lines_json from batch_piece where user_id = $1 and job_id = $2 order by no";
    let rows = tx.fetch_all(sql, args![job.user, job.id]).await?;
    let mut all = Vec::new();
    for row in &rows {
        all.extend(lines_of(row)?);
    }
    Ok((rows.len(), all))
}

/// Keeps the next lines and notes how far it is; false, when another process took it over.
pub(super) async fn piece(
    tx: &mut Tx,
    job: &Job,
    (no, text): (i64, String),
    done: i64,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "update batch_job set things_done = $1, leased_until = $2 \
               where user_id = $3 and id = $4 and lease = $5 and ended_at is null";
    if tx.execute(sql, args![done, until, job.user, job.id, job.lease]).await? != 1 {
        return Ok(false);
    }
    let sql = "insert into batch_piece (user_id, job_id, no, lines_json) values ($1, $2, $3, $4)";
    tx.execute(sql, args![job.user, job.id, no, text]).await?;
    Ok(true)
}

/// Keeps these lines instead of all pieces so far; false, when another process took it over.
pub(super) async fn retell(tx: &mut Tx, job: &Job, text: String, until: Timestamp) -> Result<bool, StoreError> {
    tx.execute("delete from batch_piece where user_id = $1 and job_id = $2", args![job.user, job.id]).await?;
    piece(tx, job, (0, text), job.things, until).await
}

/// Ends a trial: its lines stay to be looked at; false, when another process took it over.
pub(super) async fn tried(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "update batch_job set ended_at = $1, leased_until = null \
               where user_id = $2 and id = $3 and lease = $4 and ended_at is null";
    Ok(tx.execute(sql, args![now, job.user, job.id, job.lease]).await? == 1)
}

/// Removes a run whose report is written; false, when another process took it over.
pub(super) async fn remove(tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
    tx.execute("delete from batch_piece where user_id = $1 and job_id = $2", args![job.user, job.id]).await?;
    let sql = "delete from batch_job where user_id = $1 and id = $2 and lease = $3 and ended_at is null";
    Ok(tx.execute(sql, args![job.user, job.id, job.lease]).await? == 1)
}
