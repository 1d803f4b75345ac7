//! Table `webhook`.

use jiff::Timestamp;

use super::model::{Webhook, kept, read};
use crate::args;
use crate::db::{AssertSqlSafe, Row, StoreError, Tx};
use crate::vault::Place;

const COLUMNS: &str = "id, name, url, kinds, active, created_at, version";
/// The most subscriptions.
pub(super) const MOST: i64 = 100;
/// Where the seal of a secret lies.
pub(crate) const COLUMN: &str = "webhook.secret";

fn decode(row: &Row) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.get("id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        kinds: read(&row.get::<String>("kinds")?),
        active: row.get("active")?,
        created_at: row.get("created_at")?,
        version: row.get("version")?,
    })
}

/// The place of a secret, which is part of its seal.
pub(super) fn place(row: &str) -> Place<'_> {
    Place { column: COLUMN, row }
}

pub(super) async fn insert(tx: &mut Tx, new: &Webhook, sealed: Vec<u8>, by: i64) -> Result<(), StoreError> {
    let kinds = kept(&new.kinds);
    tx.execute(
        "insert into webhook (id, name, url, kinds, secret, active, created_at, created_by, changed_at, version) \
         values ($1, $2, $3, $4, $5, 1, $6, $7, $8, 1)",
        args![new.id, new.name, new.url, kinds, sealed, new.created_at, by, new.created_at],
    )
    .await
    .map(drop)
}

pub(super) async fn change(tx: &mut Tx, new: &Webhook, now: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(
        "update webhook set name = $1, url = $2, kinds = $3, active = $4, changed_at = $5, version = version + 1 \
         where id = $6 and version = $7",
        args![new.name, new.url, kept(&new.kinds), new.active, now, new.id, new.version],
    )
    .await
}

pub(super) async fn set_secret(tx: &mut Tx, id: i64, sealed: Vec<u8>, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update webhook set secret = $1, changed_at = $2, version = version + 1 where id = $3";
    tx.execute_one(sql, args![sealed, now, id]).await
}

pub(super) async fn webhook(tx: &mut Tx, id: i64) -> Result<Option<Webhook>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from webhook where id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

pub(super) async fn secret(tx: &mut Tx, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.fetch_optional("select secret from webhook where id = $1", args![id]).await?;
    row.map(|row| row.get("secret")).transpose()
}

/// All subscriptions, the latest first.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Webhook>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from webhook order by id desc limit $1"));
    tx.fetch_all(sql, args![MOST]).await?.iter().map(decode).collect()
}

/// Those that are told now.
pub(super) async fn active(tx: &mut Tx) -> Result<Vec<Webhook>, StoreError> {
    let sql = AssertSqlSafe(format!("select {COLUMNS} from webhook where active = 1 order by id limit $1"));
    tx.fetch_all(sql, args![MOST]).await?.iter().map(decode).collect()
}
