//! Restoring a backup (恢复): into an empty database, all of it or nothing, compared with what the file says.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;
use tokio::sync::mpsc;

use super::manifest::AuditHeads;
use super::stream::{self, Piece, Record};
use super::tables::{self, Table};
use super::{BackupError, BackupKey, Manifest, Totals};
use crate::args;
use crate::audit::{self, Verified};
use crate::db::{AssertSqlSafe, Db, Migration, Tx, migrate};

/// A restored book (恢复结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What the file says of itself.
    pub manifest: Manifest,
    /// What stands in each table: equal to the file's.
    pub totals: Totals,
    /// The audit chains, read anew. A chain that was broken when the backup was made is broken here too.
    pub audit: Verified,
    /// Steps of the schema that this program is ahead of the file, applied after the rows.
    pub moved_forward: u32,
}

/// Restores a file into an empty database; `steps` are the migrations of all capabilities.
///
/// The schema is first brought to the file's own version, then the rows come in one transaction and are read again
/// and compared table by table; only then are they kept, and the schema moved forward.
///
/// # Errors
/// A database with rows, a newer file, a wrong key, a cut or changed file: nothing is kept.
pub async fn restore(
    db: &Db,
    steps: &[(&'static str, &'static [Migration])],
    file: &Path,
    key: &BackupKey,
) -> Result<Restored, BackupError> {
    refuse_rows(db).await?;
    let (mut queue, thread) = stream::read_from(file.to_owned(), key.clone());
    let loaded = load(db, steps, &mut queue).await;
    drop(queue);
    // A file that does not hold is why the loading stopped.
    let read = stream::ended(thread).await;
    let (tx, manifest, totals) = match (read, loaded) {
        (Ok(()), Ok(loaded)) => loaded,
        (Err(error), _) | (Ok(()), Err(error)) => return Err(error),
    };
    tx.commit().await?;
    let moved_forward = migrate(db, steps).await?;
    let audit = audit::verify(db).await?;
    Ok(Restored { manifest, totals, audit, moved_forward })
}

async fn refuse_rows(db: &Db) -> Result<(), BackupError> {
    let mut tx = db.read().await?;
    for table in tables::all(&mut tx).await? {
        if table.has_rows(&mut tx).await? {
            return Err(BackupError::NotEmpty { table: table.name });
        }
    }
    Ok(tx.rollback().await?)
}

async fn load(
    db: &Db,
    steps: &[(&'static str, &'static [Migration])],
    queue: &mut mpsc::Receiver<Piece>,
) -> Result<(Tx, Manifest, Totals), BackupError> {
    let Some(Piece::Record(Record::Manifest(manifest))) = queue.recv().await else {
        return Err(BackupError::Tampered);
    };
    migrate(db, &manifest.steps_of(steps)?).await?;
    let mut tx = db.write().await?;
    let loose = Loose::begin(&mut tx).await?;
    let totals = rows(&mut tx, queue).await?;
    loose.end(&mut tx).await?;
    compare(&mut tx, &manifest, &totals).await?;
    Ok((tx, *manifest, totals))
}

async fn rows(tx: &mut Tx, queue: &mut mpsc::Receiver<Piece>) -> Result<Totals, BackupError> {
    let mut known: BTreeMap<String, Table> =
        tables::all(tx).await?.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut current: Option<Table> = None;
    while let Some(piece) = queue.recv().await {
        match piece {
            Piece::Record(Record::Manifest(_)) => return Err(BackupError::Tampered),
            Piece::Record(Record::Totals(totals)) => return Ok(totals),
            Piece::Record(Record::Table { name, columns }) => {
                let table = known.remove(&name).ok_or_else(|| BackupError::OtherColumns { table: name.clone() })?;
                current = Some(in_order(table, &columns)?);
            }
            Piece::Rows(lines) => {
                let table = current.as_ref().ok_or(BackupError::Tampered)?;
                let rows = lines.into_iter().map(|cells: Vec<Json>| table.row(cells)).collect::<Result<_, _>>()?;
                table.write(tx, rows).await?;
            }
        }
    }
    Err(BackupError::Cut)
}

/// The columns must be the same, in the same order: both come from the same migrations.
fn in_order(table: Table, columns: &[String]) -> Result<Table, BackupError> {
    let same = table.columns.iter().map(|(name, _)| name).eq(columns);
    if same { Ok(table) } else { Err(BackupError::OtherColumns { table: table.name }) }
}

/// Every table read again must be what the file says of it, and the audit chains must stand where they stood.
async fn compare(tx: &mut Tx, manifest: &Manifest, totals: &Totals) -> Result<(), BackupError> {
    for table in tables::all(tx).await? {
        let found = tables::total(tx, &table).await?;
        let said = totals.get(&table.name).cloned().unwrap_or_default();
        let what = if found.rows != said.rows {
            Some(format!("{} rows instead of {}", found.rows, said.rows))
        } else if found.rows > 0 && found.fen != said.fen {
            Some("sums of money".to_owned())
        } else if found.rows > 0 && found.digest != said.digest {
            Some("content".to_owned())
        } else {
            None
        };
        if let Some(what) = what {
            return Err(BackupError::Differs { table: table.name, what });
        }
    }
    if AuditHeads::of(tx).await? != manifest.audit {
        return Err(BackupError::Differs { table: "audit_head".to_owned(), what: "the audit heads".to_owned() });
    }
    Ok(())
}

/// References between tables are checked at the end, because rows come table by table.
struct Loose {
    constraints: Vec<(String, String)>,
}

impl Loose {
    async fn begin(tx: &mut Tx) -> Result<Self, BackupError> {
        if !tx.is_postgres() {
            tx.execute("pragma defer_foreign_keys = on", args![]).await?;
            return Ok(Self { constraints: Vec::new() });
        }
        let rows = tx
            .fetch_all(
                "select cast(k.conname as text) as name, cast(c.relname as text) as held_by from pg_constraint k \
                 join pg_class c on c.oid = k.conrelid \
                 where k.contype = 'f' and k.connamespace = cast(current_schema() as regnamespace)",
                args![],
            )
            .await?;
        let mut constraints = Vec::new();
        for row in &rows {
            constraints.push((row.get("held_by")?, row.get("name")?));
        }
        let loose = Self { constraints };
        loose.alter(tx, "deferrable initially deferred").await?;
        Ok(loose)
    }

    async fn end(&self, tx: &mut Tx) -> Result<(), BackupError> {
        if tx.is_postgres() {
            tx.execute("set constraints all immediate", args![]).await?;
            self.alter(tx, "not deferrable").await?;
        }
        Ok(())
    }

    async fn alter(&self, tx: &mut Tx, how: &str) -> Result<(), BackupError> {
        for (table, name) in &self.constraints {
            // Both names come from the database's own catalogue.
            let sql = format!("alter table \"{table}\" alter constraint \"{name}\" {how}");
            tx.execute(AssertSqlSafe(sql), args![]).await?;
        }
        Ok(())
    }
}
