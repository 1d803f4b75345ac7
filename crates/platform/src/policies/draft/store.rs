//! Table `policy_draft`.

use std::collections::BTreeMap;

use super::model::Draft;
use crate::args;
use crate::db::{Row, StoreError, Tx};

const COLUMNS: &str = "id, base_version_id, title, note, effective_from, files_json, state, version_id, revision, \
                       created_by, changed_by, changed_at";

fn decode(row: &Row) -> Result<Draft, StoreError> {
    let text: String = row.get("files_json")?;
    let files: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column: "files_json".to_owned(),
        expected: "map from path to text",
        found: format!("a text of {} bytes", text.len()),
    })?;
    Ok(Draft {
        id: row.get("id")?,
        base: row.get("base_version_id")?,
        title: row.get("title")?,
        note: row.get("note")?,
        effective_from: row.get("effective_from")?,
        files,
        state: row.get("state")?,
        version: row.get("version_id")?,
        revision: row.get("revision")?,
        created_by: row.get("created_by")?,
        changed_by: row.get("changed_by")?,
        changed_at: row.get("changed_at")?,
    })
}

/// One draft.
pub async fn load(tx: &mut Tx, id: i64) -> Result<Option<Draft>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!("select {COLUMNS} from policy_draft where id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// The drafts that are not closed, the latest change first.
pub async fn open(tx: &mut Tx) -> Result<Vec<Draft>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from policy_draft where state <> 'closed' order by changed_at desc, id desc limit $1"
    ));
    tx.fetch_all(sql, args![100_i64]).await?.iter().map(decode).collect()
}

/// The draft that became a version.
pub async fn of_version(tx: &mut Tx, version: i64) -> Result<Option<Draft>, StoreError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "select {COLUMNS} from policy_draft where version_id = $1 order by id desc limit 1"
    ));
    tx.fetch_optional(sql, args![version]).await?.as_ref().map(decode).transpose()
}

pub(super) async fn insert(tx: &mut Tx, draft: &Draft) -> Result<(), StoreError> {
    tx.execute(
        "insert into policy_draft (id, base_version_id, title, note, effective_from, files_json, state, version_id, \
         revision, created_by, created_at, changed_by, changed_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            draft.id,
            draft.base,
            draft.title,
            draft.note,
            draft.effective_from,
            serde_json::json!(draft.files).to_string(),
            draft.state,
            draft.version,
            draft.revision,
            draft.created_by,
            draft.changed_at,
            draft.changed_by,
            draft.changed_at
        ],
    )
    .await
    .map(drop)
}

/// Writes a changed draft over the revision that was seen; [`StoreError::Stale`] when it moved on.
pub(super) async fn update(tx: &mut Tx, draft: &Draft, seen: i64) -> Result<(), StoreError> {
    tx.execute_one(
        "update policy_draft set title = $1, note = $2, effective_from = $3, files_json = $4, state = $5, \
         version_id = $6, revision = $7, changed_by = $8, changed_at = $9 where id = $10 and revision = $11",
        args![
            draft.title,
            draft.note,
            draft.effective_from,
            serde_json::json!(draft.files).to_string(),
            draft.state,
            draft.version,
            draft.revision,
            draft.changed_by,
            draft.changed_at,
            draft.id,
            seen
        ],
    )
    .await
}
