//! Table `batch_report`.

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::Line;
use crate::args;
use crate::db::{StoreError, Tx};
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

pub(super) async fn insert(work: &mut Work, verb: &str, back: &str, lines: &[Line]) -> Result<i64, ActionError> {
    let (id, by, on, now) = (work.next_id(), work.actor.recorded_by(), work.business_date, work.now);
    let text = serde_json::to_string(lines).map_err(|error| ActionError::Internal(error.to_string()))?;
    work.tx
        .execute(
            "insert into batch_report (user_id, id, verb, back, lines_json, business_date, recorded_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![by, id, verb, back, text, on, now],
        )
        .await?;
    Ok(id)
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
        let text: String = row.get("lines_json")?;
        let lines = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
            column: "lines_json".to_owned(),
            expected: "lines of a batch",
            found: format!("{} bytes", text.len()),
        })?;
        Ok(Report {
            verb: row.get("verb")?,
            back: row.get("back")?,
            lines,
            on: row.get("business_date")?,
            at: row.get("recorded_at")?,
        })
    })
    .transpose()
}
