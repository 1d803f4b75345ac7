//! Table `scorecard_fit`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx};
use platform::id_type;
use platform::work::Work;
use scoring::{Fitted, Refused};
use serde::de::DeserializeOwned;

use crate::customer::model::CustomerKind;

id_type!(FitId, "The key of a fit (评分卡拟合).");

/// A fit (评分卡拟合) as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Its key.
    pub id: FitId,
    /// What people call the card.
    pub title: String,
    /// Of whom.
    pub kind: CustomerKind,
    /// The name of the file.
    pub file: String,
    /// Its digest.
    pub digest: String,
    /// How many rows.
    pub rows: i64,
    /// The card, or why there is none.
    pub outcome: Result<Fitted, Refused>,
    /// Columns that are no facts.
    pub ignored: Vec<String>,
    /// The draft that it became.
    pub draft: Option<i64>,
    /// On which business date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: i64,
}

fn decode(row: &Row) -> Result<Fit, StoreError> {
    let (report, refusal): (Option<String>, Option<String>) = (row.get("report_json")?, row.get("refusal_json")?);
    let outcome = match (report, refusal) {
        (Some(text), _) => Ok(json("report_json", &text)?),
        (None, text) => Err(json("refusal_json", &text.unwrap_or_default())?),
    };
    let ignored: String = row.get("ignored")?;
    Ok(Fit {
        id: row.get("id")?,
        title: row.get("title")?,
        kind: row.get("subject_kind")?,
        file: row.get("file_name")?,
        digest: row.get("file_digest")?,
        rows: row.get("row_count")?,
        outcome,
        ignored: ignored.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        draft: row.get("draft_id")?,
        on: row.get("effective_on")?,
        at: row.get("recorded_at")?,
        by: row.get("recorded_by")?,
    })
}

fn json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        column: column.to_owned(),
        expected: "outcome of a fit",
        found: error.to_string(),
    })
}

const SELECT: &str = "select id, title, subject_kind, file_name, file_digest, row_count, report_json, refusal_json, \
                      ignored, draft_id, effective_on, recorded_at, recorded_by from scorecard_fit";

/// Keeps a fit.
pub(super) async fn insert(work: &mut Work, one: &Fit) -> Result<(), StoreError> {
    let text = |value: serde_json::Result<String>| {
        value.map_err(|error| StoreError::Corrupt {
            column: "report_json".to_owned(),
            expected: "outcome of a fit",
            found: error.to_string(),
        })
    };
    let report = one.outcome.as_ref().ok().map(|fitted| text(serde_json::to_string(fitted))).transpose()?;
    let refusal = one.outcome.as_ref().err().map(|refused| text(serde_json::to_string(refused))).transpose()?;
    work.tx
        .execute(
            "insert into scorecard_fit (id, title, subject_kind, file_name, file_digest, row_count, report_json, \
             refusal_json, ignored, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                one.id,
                one.title,
                one.kind,
                one.file,
                one.digest,
                one.rows,
                report,
                refusal,
                one.ignored.join("|"),
                one.on,
                one.at,
                one.by
            ],
        )
        .await
        .map(drop)
}

/// One fit.
pub async fn find(tx: &mut Tx, id: FitId) -> Result<Option<Fit>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// The latest fits.
pub async fn latest(tx: &mut Tx) -> Result<Vec<Fit>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} order by id desc limit 100"));
    tx.fetch_all(sql, args![]).await?.iter().map(decode).collect()
}

/// Notes which draft a fit became; once.
pub(super) async fn became(tx: &mut Tx, id: FitId, draft: i64) -> Result<(), StoreError> {
    let sql = "update scorecard_fit set draft_id = $1 where id = $2 and draft_id is null";
    tx.execute_one(sql, args![draft, id]).await
}
