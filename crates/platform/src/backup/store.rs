//! Table `backup_copy`, and the plan among the settings.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Made;
use super::rules::Plan;
use crate::args;
use crate::db::{Row, StoreError, Tx};

const PLAN: &str = "backup.plan";
const COLUMNS: &str =
    "id, planned_on, state, file, bytes, row_count, business_date, problem, started_at, ended_at, asked_by";

/// Where a copy stands (备份状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// Being written.
    Running,
    /// There.
    Done,
    /// Not made.
    Failed,
    /// Its file was removed after its time.
    Removed,
}

impl CopyState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed, Self::Removed].into_iter().find(|state| state.as_str() == text)
    }
}

crate::stored_as_text!(CopyState, "state of a copy");

/// A copy that the server took (备份记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// Its key.
    pub id: i64,
    /// The civil day that it was due; none when a person asked for it.
    pub planned_on: Option<Date>,
    /// Where it stands.
    pub state: CopyState,
    /// The file's name in the folder.
    pub file: String,
    /// Its size.
    pub bytes: Option<i64>,
    /// Rows of all tables in it.
    pub rows: Option<i64>,
    /// The business date in it.
    pub business_date: Option<Date>,
    /// Why it was not made: [`super::BackupError::name`].
    pub problem: Option<String>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who asked for it; 0 is the system.
    pub asked_by: i64,
}

/// The plan; the usual one when nobody set another.
pub(super) async fn plan(tx: &mut Tx) -> Result<Plan, StoreError> {
    let row = tx.fetch_optional("select value from setting where name = $1", args![PLAN]).await?;
    let text: Option<String> = row.map(|row| row.get("value")).transpose()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

pub(super) async fn set_plan(tx: &mut Tx, plan: &Plan) -> Result<(), StoreError> {
    let text = serde_json::json!(plan).to_string();
    tx.execute(
        "insert into setting (name, value) values ($1, $2) \
         on conflict (name) do update set value = excluded.value, version = setting.version + 1",
        args![PLAN, text],
    )
    .await
    .map(drop)
}

/// What is to be begun.
pub(super) struct Begin<'a> {
    pub id: i64,
    pub planned_on: Option<Date>,
    pub file: &'a str,
    pub now: Timestamp,
    pub by: i64,
    /// A failed copy of the day is tried again when it ended before this.
    pub retry_before: Timestamp,
    /// A running copy of the day counts as broken off when it began before this.
    pub stale_before: Timestamp,
}

/// Takes the copy for this process; none when another has it or it is done.
pub(super) async fn begin(tx: &mut Tx, new: &Begin<'_>) -> Result<Option<i64>, StoreError> {
    let written = tx
        .execute(
            "insert into backup_copy (id, planned_on, state, file, attempts, started_at, asked_by) \
             values ($1, $2, 'running', $3, 1, $4, $5) on conflict do nothing",
            args![new.id, new.planned_on, new.file, new.now, new.by],
        )
        .await?;
    if written == 1 {
        return Ok(Some(new.id));
    }
    let row = tx
        .fetch_optional(
            "update backup_copy set state = 'running', file = $1, started_at = $2, ended_at = null, problem = null, \
             attempts = attempts + 1 where planned_on = $3 and ((state = 'failed' and ended_at < $4) \
             or (state = 'running' and started_at < $5)) returning id",
            args![new.file, new.now, new.planned_on, new.retry_before, new.stale_before],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

pub(super) async fn done(tx: &mut Tx, id: i64, made: &Made, at: Timestamp) -> Result<(), StoreError> {
    let rows: u64 = made.totals.values().map(|table| table.rows).sum();
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.execute_one(
        "update backup_copy set state = 'done', bytes = $1, row_count = $2, business_date = $3, ended_at = $4 \
         where id = $5 and state = 'running'",
        args![number(made.bytes), number(rows), made.manifest.business_date, at, id],
    )
    .await
}

pub(super) async fn failed(tx: &mut Tx, id: i64, problem: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(
        "update backup_copy set state = 'failed', problem = $1, ended_at = $2 where id = $3 and state = 'running'",
        args![problem, at, id],
    )
    .await
}

pub(super) async fn removed(tx: &mut Tx, id: i64) -> Result<(), StoreError> {
    tx.execute_one("update backup_copy set state = 'removed' where id = $1 and state = 'done'", args![id]).await
}

/// The scheduled copies whose files are there.
pub(super) async fn kept(tx: &mut Tx) -> Result<Vec<Copy>, StoreError> {
    let sql = "select id, planned_on, state, file, bytes, row_count, business_date, problem, started_at, ended_at, \
               asked_by from backup_copy where state = 'done' and planned_on is not null order by planned_on limit $1";
    tx.fetch_all(sql, args![10_000_i64]).await?.iter().map(decode).collect()
}

/// The latest copies.
pub(super) async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Copy>, StoreError> {
    // The list of columns is a text of ours.
    let sql = crate::db::AssertSqlSafe(format!("select {COLUMNS} from backup_copy order by started_at desc limit $1"));
    tx.fetch_all(sql, args![limit]).await?.iter().map(decode).collect()
}

/// When the last copy that succeeded ended.
pub(crate) async fn last_done(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let row =
        tx.fetch_one("select max(ended_at) as at from backup_copy where state in ('done', 'removed')", args![]).await?;
    row.get("at")
}

fn decode(row: &Row) -> Result<Copy, StoreError> {
    Ok(Copy {
        id: row.get("id")?,
        planned_on: row.get("planned_on")?,
        state: row.get("state")?,
        file: row.get("file")?,
        bytes: row.get("bytes")?,
        rows: row.get("row_count")?,
        business_date: row.get("business_date")?,
        problem: row.get("problem")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        asked_by: row.get("asked_by")?,
    })
}
