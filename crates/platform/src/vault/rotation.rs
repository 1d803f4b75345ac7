//! Changing the key (密钥轮换): every sealed value is sealed anew with a new key, while people go on.
//!
//! The new key is kept in the key file before anything is sealed with it, and the former one stays there: whatever was
//! sealed with either opens at any moment, and so does a backup of any day. The key of the blind index stays too.
//! Values go over in batches; each says by its own head which key sealed it, so that a run that was killed goes on by
//! itself, and what is written meanwhile is found by the next pass. Servers take the new key over before the first
//! batch: a value that one of them could not open would be worse than waiting.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::keys::Key;
use super::{Place, SealedColumn, Vault, VaultError, cipher, key_file};
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::args;
use crate::audit::Entry;
use crate::db::{AssertSqlSafe, Db, FromValue as _, Row, StoreError, Value};
use crate::server;
use crate::work::Work;

/// Values sealed anew in one transaction, and large ones.
const BATCH: i64 = 500;
const LARGE: i64 = 4;
/// How often a pass over all columns is made again for what was written meanwhile.
const PASSES: usize = 10;
/// How long servers are waited for.
const WAIT: Duration = Duration::from_secs(30);

/// How the key is changed (轮换方式).
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Values of one transaction.
    pub batch: i64,
    /// How long servers are waited for until they have the new key.
    pub wait: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { batch: BATCH, wait: WAIT }
    }
}

/// What came of it (轮换结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The id of the former key.
    pub from: String,
    /// The id of the key that seals now.
    pub to: String,
    /// Values that this run sealed anew.
    pub resealed: u64,
    /// A change that was interrupted before was gone on with.
    pub continued: bool,
    /// The key file as it was, where this run changed it.
    pub former_file: Option<PathBuf>,
}

/// Told after every batch: the column, and how many values of it are done in this pass.
pub type Tell<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

/// Changes the key, or goes on with a change that was interrupted (rule `key.rotate`).
///
/// # Errors
/// [`VaultError::NoKey`]; [`VaultError::KeyFileReadOnly`] before anything is begun; [`VaultError::RotationElsewhere`],
/// [`VaultError::ServersBehind`], [`VaultError::StillOld`]; a value that does not open; the store's.
pub async fn rotate(app: &App, pace: Pace, tell: Tell<'_>) -> Result<Rotated, VaultError> {
    let vault = app.vault()?;
    let path = vault.0.path.clone().ok_or(VaultError::NoKey)?;
    vault.reload()?;
    let begun = begin(app, vault, &path).await?;
    wait_for_servers(&app.db, &begun.to, pace.wait).await?;
    let columns: Vec<SealedColumn> = app.capabilities.iter().flat_map(|c| c.sealed_columns()).collect();
    let mut resealed = 0;
    for _ in 0..PASSES {
        let mut changed = 0;
        for column in &columns {
            changed += Pass { app, vault, column, batch: pace.batch }.run(tell).await?;
        }
        resealed += changed;
        if changed == 0 {
            break;
        }
    }
    end(app, vault, &columns, &begun, resealed).await?;
    Ok(Rotated { resealed, ..begun })
}

/// Makes and keeps the new key, unless a change is under way.
async fn begin(app: &App, vault: &Vault, path: &Path) -> Result<Rotated, VaultError> {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    // Held, so that of two who begin at once the second finds the first one's key.
    work.tx.execute("update setting set version = version + 1 where name = 'vault.key'", args![]).await?;
    let noted: String =
        work.tx.fetch_one("select value from setting where name = 'vault.key'", args![]).await?.get("value")?;
    let from = noted.split(' ').next().unwrap_or("").to_owned();
    let under_way = "select to_key from key_rotation where ended_at is null order by begun_at desc limit 1";
    if let Some(row) = work.tx.fetch_optional(under_way, args![]).await? {
        let to: String = row.get("to_key")?;
        if to != vault.key_id() {
            return Err(VaultError::RotationElsewhere { to });
        }
        return Ok(Rotated { from, to, resealed: 0, continued: true, former_file: None });
    }
    // A key file that was changed already without a trace here: the run was killed in between, or the book is a backup
    // from before the change.
    let continued = from != vault.key_id();
    let mut former_file = None;
    if !continued {
        key_file::may_write(path).map_err(|cause| read_only(path, cause))?;
        let keys = key_file::read(path)?.changed_to(Key::random());
        former_file = Some(key_file::replace(path, &keys)?);
        vault.reload()?;
    }
    let (to, now) = (vault.key_id(), work.now);
    let sql = "insert into key_rotation (from_key, to_key, begun_at) values ($1, $2, $3) on conflict (from_key) \
               do update set to_key = excluded.to_key, begun_at = excluded.begun_at, ended_at = null";
    work.tx.execute(sql, args![from, to, now]).await?;
    let entry = Entry::new(None, "key.begin", "key");
    work.audit(entry.before(json!({"key": from})).after(json!({"key": to}))).await?;
    work.commit().await?;
    Ok(Rotated { from, to, resealed: 0, continued, former_file })
}

fn read_only(path: &Path, cause: String) -> VaultError {
    VaultError::KeyFileReadOnly { path: path.display().to_string(), cause }
}

/// Waits until every running server seals with the new key.
async fn wait_for_servers(db: &Db, to: &str, wait: Duration) -> Result<(), VaultError> {
    let pause = Duration::from_millis(200);
    let mut left = wait;
    loop {
        let behind = server::without_key(db, to).await?;
        if behind.is_empty() {
            return Ok(());
        }
        if left.is_zero() {
            return Err(VaultError::ServersBehind { machines: behind.join(", ") });
        }
        tokio::time::sleep(pause.min(left)).await;
        left = left.saturating_sub(pause);
    }
}

/// Nothing is left under the former key: the database notes the new one.
async fn end(
    app: &App,
    vault: &Vault,
    columns: &[SealedColumn],
    begun: &Rotated,
    resealed: u64,
) -> Result<(), VaultError> {
    let mut work = Work::begin(app, Actor::system(Origin::Console)).await?;
    let current = vault.keys().current.clone();
    let mut rows = 0;
    for column in columns {
        let sql = format!(
            "select count(*) as n from {} where {} is not null and substr({}, 3, 4) <> $1",
            column.table, column.column, column.column
        );
        let row = work.tx.fetch_one(AssertSqlSafe(sql), vec![Value::Bytes(current.id.to_vec())]).await?;
        rows += row.get::<i64>("n")?.unsigned_abs();
    }
    if rows > 0 {
        return Err(VaultError::StillOld { rows });
    }
    let noted = "update setting set value = $1 where name = 'vault.key'";
    work.tx.execute_one(noted, args![current.noted()]).await?;
    let (now, count) = (work.now, i64::try_from(resealed).unwrap_or(i64::MAX));
    let sql = "update key_rotation set ended_at = $1, resealed = resealed + $2 where from_key = $3";
    work.tx.execute_one(sql, args![now, count, begun.from]).await?;
    let entry = Entry::new(None, "key.change", "key").before(json!({"key": begun.from}));
    work.audit(entry.after(json!({"key": begun.to, "resealed": resealed}))).await?;
    Ok(work.commit().await?)
}

/// One pass over one column.
struct Pass<'a> {
    app: &'a App,
    vault: &'a Vault,
    column: &'a SealedColumn,
    batch: i64,
}

impl Pass<'_> {
    async fn run(&self, tell: Tell<'_>) -> Result<u64, VaultError> {
        let (mut after, mut changed) = (None, 0);
        loop {
            let rows = self.next(after.as_deref()).await?;
            let Some(last) = rows.last() else { return Ok(changed) };
            after = Some(self.key_of(last));
            changed += self.reseal(&rows).await?;
            tell(&self.column.name(), changed);
            // A whole book takes long: others go first, and whoever wants it to stop is heard.
            tokio::task::yield_now().await;
        }
    }

    /// Rows behind a key whose value another key sealed.
    async fn next(&self, after: Option<&[Value]>) -> Result<Vec<Row>, StoreError> {
        let SealedColumn { table, key, column, large, .. } = *self.column;
        let order = key.join(", ");
        let mut values = vec![Value::Bytes(self.vault.keys().current.id.to_vec())];
        let mut beyond = String::new();
        if let Some(after) = after {
            let places: Vec<String> = (2..after.len() + 2).map(|n| format!("${n}")).collect();
            beyond = format!(" and ({order}) > ({})", places.join(", "));
            values.extend(after.iter().cloned());
        }
        values.push(Value::Int(if large { self.batch.min(LARGE) } else { self.batch }));
        let sql = format!(
            "select {order}, {column} from {table} where {column} is not null and substr({column}, 3, 4) <> $1{beyond} \
             order by {order} limit ${}",
            values.len()
        );
        self.app.db.read().await?.fetch_all(AssertSqlSafe(sql), values).await
    }

    fn key_of(&self, row: &Row) -> Vec<Value> {
        row.values().iter().take(self.column.key.len()).cloned().collect()
    }

    /// One transaction; a row that was changed meanwhile is left for the next pass.
    async fn reseal(&self, rows: &[Row]) -> Result<u64, VaultError> {
        let SealedColumn { table, key, column, place, .. } = *self.column;
        let conditions: Vec<String> = key.iter().zip(2..).map(|(name, n)| format!("{name} = ${n}")).collect();
        let sql = format!(
            "update {table} set {column} = $1 where {} and {column} = ${}",
            conditions.join(" and "),
            key.len() + 2
        );
        let mut tx = self.app.db.write().await?;
        let mut changed = 0;
        for row in rows {
            let keys = self.key_of(row);
            let names: Vec<String> = keys.iter().map(plain).collect();
            let place = Place { column: place, row: &names.join(":") };
            let sealed = row.values().get(key.len()).and_then(Vec::<u8>::from_value).unwrap_or_default();
            let clear = zeroize::Zeroizing::new(self.vault.open_bytes(place, &sealed)?);
            let mut values = vec![Value::Bytes(self.vault.seal_bytes(place, &clear))];
            values.extend(keys);
            values.push(Value::Bytes(sealed));
            changed += tx.execute(AssertSqlSafe(sql.clone()), values).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }
}

/// A part of a key as it stands in the seal.
fn plain(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Null(_) | Value::Bytes(_) => String::new(),
    }
}

/// Every change of the key (former, new, whether it ended), the latest last.
///
/// # Errors
/// The store's.
pub async fn history(db: &Db) -> Result<Vec<(String, String, bool)>, StoreError> {
    let mut tx = db.read().await?;
    let sql = "select from_key, to_key, ended_at from key_rotation order by begun_at limit 1000";
    let read =
        |row: &Row| Ok((row.get("from_key")?, row.get("to_key")?, row.get::<Option<String>>("ended_at")?.is_some()));
    tx.fetch_all(sql, args![]).await?.iter().map(read).collect()
}

/// The key that sealed a value, for tests and checks; nothing for what is no envelope.
#[must_use]
pub fn sealed_by(envelope: &[u8]) -> Option<String> {
    cipher::key_of(envelope).map(|id| crate::hex::hex(&id))
}
