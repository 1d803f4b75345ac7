//! Table `first_run`: one row, until the institution is set up.

use jiff::Timestamp;

use super::Answers;
use crate::args;
use crate::db::{StoreError, Tx};

/// Puts a new code in the place of the former one; the browser of before is out, the answers stay.
pub(super) async fn invite(tx: &mut Tx, code_hash: &str, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "insert into first_run (id, code_hash, code_until, answers_json) values (1, $1, $2, '{}') \
         on conflict (id) do update set code_hash = excluded.code_hash, code_until = excluded.code_until, \
         visitor_hash = null, version = first_run.version + 1",
        args![code_hash, until],
    )
    .await
    .map(drop)
}

/// Spends the code; false when it is wrong, over or spent.
pub(super) async fn enter(tx: &mut Tx, code_hash: &str, visitor: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "update first_run set code_hash = null, visitor_hash = $1, version = version + 1 \
               where id = 1 and code_hash = $2 and code_until > $3";
    Ok(tx.execute(sql, args![visitor, code_hash, now]).await? == 1)
}

/// The answers and their version, for the browser that entered the code.
pub(super) async fn load(tx: &mut Tx, visitor: &str) -> Result<Option<(Answers, i64)>, StoreError> {
    let sql = "select answers_json, version from first_run where id = 1 and visitor_hash = $1";
    let Some(row) = tx.fetch_optional(sql, args![visitor]).await? else { return Ok(None) };
    let text: String = row.get("answers_json")?;
    Ok(Some((serde_json::from_str(&text).unwrap_or_default(), row.get("version")?)))
}

/// Keeps answers; stale when they were changed since `seen`, or another browser has the pages.
pub(super) async fn keep(tx: &mut Tx, visitor: &str, seen: i64, answers: &Answers) -> Result<(), StoreError> {
    let text = serde_json::to_string(answers).unwrap_or_default();
    let sql = "update first_run set answers_json = $1, version = version + 1 \
               where id = 1 and visitor_hash = $2 and version = $3";
    tx.execute_one(sql, args![text, visitor, seen]).await
}

/// Takes the row away: whoever does so sets the institution up.
pub(super) async fn spend(tx: &mut Tx, visitor: &str, seen: i64) -> Result<(), StoreError> {
    let sql = "delete from first_run where id = 1 and visitor_hash = $1 and version = $2";
    tx.execute_one(sql, args![visitor, seen]).await
}
