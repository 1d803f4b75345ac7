//! Table `batch_report`, and one's own batches of all kinds.

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::Line;
use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::error::ActionError;
use crate::id::UserId;
use crate::work::Work;

/// What came of a batch (批量办理结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) verb: String,
    pub(super) back: String,
    pub(super) lines: Vec<Line>,
    pub(super) on: Date,
    pub(super) at: Timestamp,
}

/// Lines as they are kept.
pub(super) fn text_of(lines: &[Line]) -> Result<String, ActionError> {
    serde_json::to_string(lines).map_err(|error| ActionError::Internal(error.to_string()))
}

/// The lines of a row.
pub(super) fn lines_of(row: &Row) -> Result<Vec<Line>, StoreError> {
    let text: String = row.get("lines_json")?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "lines_json".to_owned(),
        expected: "lines of a batch",
        found: format!("{} bytes", text.len()),
    })
}

/// Keeps the report for whoever ran the batch.
pub(super) async fn insert(
    work: &mut Work,
    (user, id): (UserId, i64),
    (verb, back): (&str, &str),
    lines: &[Line],
) -> Result<(), ActionError> {
    let (on, now, text) = (work.business_date, work.now, text_of(lines)?);
    work.tx
        .execute(
            "insert into batch_report (user_id, id, verb, back, lines_json, business_date, recorded_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![user, id, verb, back, text, on, now],
        )
        .await?;
    Ok(())
}

pub(super) async fn load(tx: &mut Tx, user: UserId, id: i64) -> Result<Option<Report>, StoreError> {
    let row = tx
        .fetch_optional(
            "select verb, back, lines_json, business_date, recorded_at from batch_report \
             where user_id = $1 and id = $2",
            args![user, id],
        )
        .await?;
    row.map(|row| {
        Ok(Report {
            verb: row.get("verb")?,
            back: row.get("back")?,
            lines: lines_of(&row)?,
            on: row.get("business_date")?,
            at: row.get("recorded_at")?,
        })
    })
    .transpose()
}

/// A batch in its person's list (我的批量办理): on its way, tried, or done with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) id: i64,
    pub(super) verb: String,
    pub(super) at: Timestamp,
    /// `running`, `trying`, `cancelling`, `tried` or `done`.
    pub(super) state: String,
    /// How many things are through; the report tells it of what is done.
    pub(super) through: Option<i64>,
    pub(super) things: Option<i64>,
}

/// How many batches a person has in the list.
pub(super) async fn count(tx: &mut Tx, user: UserId) -> Result<i64, StoreError> {
    let sql = "select (select count(*) from batch_job where user_id = $1) \
               + (select count(*) from batch_report where user_id = $2) as n";
    tx.fetch_one(sql, args![user, user]).await?.get("n")
}

/// A person's batches, the latest first.
pub(super) async fn all(tx: &mut Tx, user: UserId, page: (i64, i64)) -> Result<Vec<Standing>, StoreError> {
    let sql = "select id, verb, asked_at as at, things, things_done, case when ended_at is not null then 'tried' \
               when cancelled_at is not null then 'cancelling' when trial = 1 then 'trying' else 'running' end as state \
               from batch_job where user_id = $1 \
               union all select id, verb, recorded_at as at, cast(0 as bigint) as things, \
               cast(0 as bigint) as things_done, 'done' as state from batch_report where user_id = $2 \
               order by id desc limit $3 offset $4";
    let rows = tx.fetch_all(sql, args![user, user, page.0, page.1]).await?;
    let standing = |row: &Row| {
        let state: String = row.get("state")?;
        let counted = |count: i64| (state != "done").then_some(count);
        let (through, things) = (counted(row.get("things_done")?), counted(row.get("things")?));
        Ok(Standing { id: row.get("id")?, verb: row.get("verb")?, at: row.get("at")?, state, through, things })
    };
    rows.iter().map(standing).collect()
}
