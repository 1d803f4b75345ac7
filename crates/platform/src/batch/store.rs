//! Table `batch_report`.

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
