//! Tables `export_job` and `export_piece`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{Job, JobState};
use crate::access::DataScope;
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};
use crate::id::UserId;

const COLUMNS: &str = "user_id, id, list, asked, picked, language, state, problem, rows_in_all, rows_done, size_bytes, \
     scope_branch, scope_team, scope_manager, business_date, asked_at, lease, keep_until";

fn decode(row: &Row) -> Result<Job, StoreError> {
    let state: String = row.get("state")?;
    let corrupt =
        || StoreError::Corrupt { column: "state".to_owned(), expected: "state of an export", found: state.clone() };
    Ok(Job {
        user: row.get("user_id")?,
        id: row.get("id")?,
        list: row.get("list")?,
        sealed: row.get("asked")?,
        picked: row.get("picked")?,
        language: row.get("language")?,
        state: JobState::parse(&state).ok_or_else(corrupt)?,
        problem: row.get("problem")?,
        rows: row.get("rows_in_all")?,
        done: row.get("rows_done")?,
        bytes: row.get("size_bytes")?,
        scope: DataScope {
            branch: row.get("scope_branch")?,
            team: row.get("scope_team")?,
            manager: row.get("scope_manager")?,
        },
        business_date: row.get("business_date")?,
        asked_at: row.get("asked_at")?,
        lease: row.get("lease")?,
        keep_until: row.get("keep_until")?,
    })
}

pub(super) async fn insert(tx: &mut Tx, job: &Job) -> Result<(), StoreError> {
    tx.execute(
        "insert into export_job (user_id, id, list, asked, picked, language, state, rows_in_all, rows_done, size_bytes, \
         scope_branch, scope_team, scope_manager, asked_at, lease) \
         values ($1, $2, $3, $4, $5, $6, 'running', $7, 0, 0, $8, $9, $10, $11, 0)",
        args![
            job.user,
            job.id,
            job.list,
            job.sealed,
            job.picked,
            job.language,
            job.rows,
            job.scope.branch,
            job.scope.team,
            job.scope.manager,
            job.asked_at
        ],
    )
    .await
    .map(drop)
}

pub(super) async fn job(tx: &mut Tx, user: UserId, id: i64) -> Result<Option<Job>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from export_job where user_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![user, id]).await?.as_ref().map(decode).transpose()
}

/// A person's exports, the latest first.
pub(super) async fn jobs(tx: &mut Tx, user: UserId, page: (i64, i64)) -> Result<Vec<Job>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from export_job where user_id = $1 order by id desc limit $2 offset $3"
    ));
    tx.fetch_all(sql, args![user, page.0, page.1]).await?.iter().map(decode).collect()
}

/// How many a person has, and how many of them are under way.
pub(super) async fn count(tx: &mut Tx, user: UserId) -> Result<(i64, i64), StoreError> {
    let sql = "select count(*) as n, cast(coalesce(sum(case when state = 'running' then 1 else 0 end), 0) as bigint) \
               as running from export_job where user_id = $1";
    let row = tx.fetch_one(sql, args![user]).await?;
    Ok((row.get("n")?, row.get("running")?))
}

/// The next job that nobody works on.
pub(super) async fn waiting(tx: &mut Tx, now: Timestamp) -> Result<Option<Job>, StoreError> {
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from export_job where state = 'running' and (leased_until is null or leased_until < $1) \
         order by id limit 1"
    ));
    tx.fetch_optional(sql, args![now]).await?.as_ref().map(decode).transpose()
}

/// Takes a job, with what an earlier beginning left of it removed; none, when another process was faster.
pub(super) async fn take(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<Option<Job>, StoreError> {
    let lease = job.lease + 1;
    let taken = tx
        .execute(
            "update export_job set lease = $1, leased_until = $2, rows_done = 0 \
             where user_id = $3 and id = $4 and lease = $5 and state = 'running'",
            args![lease, until, job.user, job.id, job.lease],
        )
        .await?;
    if taken == 0 {
        return Ok(None);
    }
    remove_pieces(tx, job.user, job.id).await?;
    Ok(Some(Job { lease, done: 0, ..job.clone() }))
}

/// Notes how far it is; false, when another process took it over.
pub(super) async fn progress(tx: &mut Tx, job: &Job, done: i64, until: Timestamp) -> Result<bool, StoreError> {
    let sql = "update export_job set rows_done = $1, leased_until = $2 \
               where user_id = $3 and id = $4 and lease = $5 and state = 'running'";
    Ok(tx.execute(sql, args![done, until, job.user, job.id, job.lease]).await? == 1)
}

pub(super) async fn piece(tx: &mut Tx, job: &Job, no: i64, sealed: Vec<u8>) -> Result<(), StoreError> {
    let sql = "insert into export_piece (user_id, job_id, no, sealed) values ($1, $2, $3, $4)";
    tx.execute(sql, args![job.user, job.id, no, sealed]).await.map(drop)
}

pub(super) async fn sealed_piece(tx: &mut Tx, job: &Job, no: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "select sealed from export_piece where user_id = $1 and job_id = $2 and no = $3";
    tx.fetch_optional(sql, args![job.user, job.id, no]).await?.map(|row| row.get("sealed")).transpose()
}

async fn remove_pieces(tx: &mut Tx, user: UserId, id: i64) -> Result<(), StoreError> {
    tx.execute("delete from export_piece where user_id = $1 and job_id = $2", args![user, id]).await.map(drop)
}

/// What a finished job came to.
pub(super) struct Made {
    pub(super) rows: i64,
    pub(super) bytes: i64,
    pub(super) scope: DataScope,
    pub(super) on: Date,
    pub(super) keep_until: Timestamp,
}

/// Ends a job whose file is there; false, when another process took it over.
pub(super) async fn done(tx: &mut Tx, job: &Job, made: &Made, now: Timestamp) -> Result<bool, StoreError> {
    let changed = tx
        .execute(
            "update export_job set state = 'done', rows_in_all = $1, rows_done = $2, size_bytes = $3, scope_branch = $4, \
             scope_team = $5, scope_manager = $6, business_date = $7, ended_at = $8, keep_until = $9, \
             leased_until = null where user_id = $10 and id = $11 and lease = $12 and state = 'running'",
            args![
                made.rows,
                made.rows,
                made.bytes,
                made.scope.branch,
                made.scope.team,
                made.scope.manager,
                made.on,
                now,
                made.keep_until,
                job.user,
                job.id,
                job.lease
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Ends a job that was not made.
pub(super) async fn failed(tx: &mut Tx, job: &Job, problem: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "update export_job set state = 'failed', problem = $1, ended_at = $2, leased_until = null \
               where user_id = $3 and id = $4 and lease = $5 and state = 'running'";
    let changed = tx.execute(sql, args![problem, now, job.user, job.id, job.lease]).await?;
    if changed == 1 {
        remove_pieces(tx, job.user, job.id).await?;
    }
    Ok(changed == 1)
}

/// Removes the files whose time is over; how many.
pub(super) async fn remove_old(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    let old = "select user_id, id from export_job where state = 'done' and keep_until < $1 order by id limit 100";
    let mut removed = 0;
    for row in tx.fetch_all(old, args![now]).await? {
        let (user, id): (UserId, i64) = (row.get("user_id")?, row.get("id")?);
        remove_pieces(tx, user, id).await?;
        let sql = "update export_job set state = 'removed' where user_id = $1 and id = $2";
        removed += tx.execute(sql, args![user, id]).await?;
    }
    Ok(removed)
}
