//! Tables `policy_version` and the settings beside it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::stored_as_text;

/// How far a version is (版本状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionState {
    /// Being written.
    Draft,
    /// Waits for the second person.
    Submitted,
    /// In force from its date on.
    Approved,
    /// Refused.
    Rejected,
}

impl VersionState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Draft, Self::Submitted, Self::Approved, Self::Rejected].into_iter().find(|state| state.as_str() == text)
    }
}
stored_as_text!(VersionState, "state of a policy version");

/// A version of the rules (制度版本), without its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its key.
    pub id: i64,
    /// The institution's pack.
    pub pack: String,
    /// The number written in the pack.
    pub version: String,
    /// The digest of all files.
    pub digest: String,
    /// The first day it rules.
    pub effective_from: Date,
    /// The last day, if it was limited.
    pub effective_to: Option<Date>,
    /// How far it is.
    pub state: VersionState,
    /// What changes, in words.
    pub note: String,
    /// Who wrote it; 0 came with the program.
    pub drafted_by: i64,
    /// When.
    pub drafted_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<i64>,
}

const COLUMNS: &str =
    "id, pack, version, digest, effective_from, effective_to, state, note, drafted_by, drafted_at, approved_by";

fn decode(row: &Row) -> Result<Version, StoreError> {
    Ok(Version {
        id: row.get("id")?,
        pack: row.get("pack")?,
        version: row.get("version")?,
        digest: row.get("digest")?,
        effective_from: row.get("effective_from")?,
        effective_to: row.get("effective_to")?,
        state: row.get("state")?,
        note: row.get("note")?,
        drafted_by: row.get("drafted_by")?,
        drafted_at: row.get("drafted_at")?,
        approved_by: row.get("approved_by")?,
    })
}

/// The version that rules on a date: of those approved, the one that took effect last.
pub async fn version_on(tx: &mut Tx, on: Date) -> Result<Option<i64>, StoreError> {
    let row = tx
        .fetch_optional(
            "select id from policy_version where state = 'approved' and effective_from <= $1 \
             and (effective_to is null or effective_to >= $1) order by effective_from desc, id desc limit 1",
            args![on],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

/// From when to when an approved version may rule (适用期间).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its key.
    pub id: i64,
    /// The first day.
    pub from: Date,
    /// The last day, if it was limited.
    pub to: Option<Date>,
}

impl Span {
    /// Whether the day lies within.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| to >= on)
    }
}

/// Every approved version with its days, by the first of them.
pub async fn approved_spans(tx: &mut Tx) -> Result<Vec<Span>, StoreError> {
    let rows = tx
        .fetch_all(
            "select id, effective_from, effective_to from policy_version where state = 'approved' \
             order by effective_from, id limit $1",
            args![2_000_i64],
        )
        .await?;
    rows.iter()
        .map(|row| Ok(Span { id: row.get("id")?, from: row.get("effective_from")?, to: row.get("effective_to")? }))
        .collect()
}

/// One version.
pub async fn version(tx: &mut Tx, id: i64) -> Result<Option<Version>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from policy_version where id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// All versions, the newest first.
pub async fn versions(tx: &mut Tx) -> Result<Vec<Version>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from policy_version order by effective_from desc, id desc limit $1"
    ));
    tx.fetch_all(sql, args![500_i64]).await?.iter().map(decode).collect()
}

/// The texts of a version by path.
pub async fn files(tx: &mut Tx, id: i64) -> Result<BTreeMap<String, String>, StoreError> {
    let row = tx.fetch_one("select files_json from policy_version where id = $1", args![id]).await?;
    let text: String = row.get("files_json")?;
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "files_json".to_owned(),
        expected: "map from path to text",
        found: format!("a text of {} bytes", text.len()),
    })
}

/// The version with this content, if it is kept already.
pub(super) async fn with_digest(tx: &mut Tx, pack: &str, digest: &str, from: Date) -> Result<Option<i64>, StoreError> {
    let row = tx
        .fetch_optional(
            "select id from policy_version where pack = $1 and digest = $2 and effective_from = $3 \
             and state <> 'rejected' order by id limit 1",
            args![pack, digest, from],
        )
        .await?;
    row.map(|row| row.get("id")).transpose()
}

pub(super) async fn insert(tx: &mut Tx, version: &Version, files: &BTreeMap<String, String>) -> Result<(), StoreError> {
    let files = serde_json::json!(files).to_string();
    tx.execute(
        "insert into policy_version (id, pack, version, digest, files_json, effective_from, effective_to, state, note, \
         drafted_by, drafted_at, approved_by, approved_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            version.id,
            version.pack,
            version.version,
            version.digest,
            files,
            version.effective_from,
            version.effective_to,
            version.state,
            version.note,
            version.drafted_by,
            version.drafted_at,
            version.approved_by,
            version.approved_by.map(|_| version.drafted_at)
        ],
    )
    .await
    .map(drop)
}

/// Moves a version on; refused by [`StoreError::Stale`] when it is not in the state expected.
pub(super) async fn set_state(
    tx: &mut Tx,
    id: i64,
    from: VersionState,
    to: VersionState,
    approved: Option<(i64, Timestamp)>,
) -> Result<(), StoreError> {
    tx.execute_one(
        "update policy_version set state = $1, approved_by = $2, approved_at = $3 where id = $4 and state = $5",
        args![to, approved.map(|a| a.0), approved.map(|a| a.1), id, from],
    )
    .await
}

/// A setting of the institution (机构设置).
pub async fn setting(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    let row = tx.fetch_optional("select value from setting where name = $1", args![name]).await?;
    row.map(|row| row.get("value")).transpose()
}
