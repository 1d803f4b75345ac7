//! Making a backup (备份): one consistent picture, while people work.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::mpsc;

use super::stream::{self, Record};
use super::tables::{self, Table, Tally};
use super::{BackupError, BackupKey, Manifest, Totals};
use crate::db::{Db, Tx};

/// A finished backup (备份结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What the file says of itself.
    pub manifest: Manifest,
    /// What stood in each table.
    pub totals: Totals,
    /// The size of the file in bytes.
    pub bytes: u64,
}

/// Writes the whole book as it stands now into a new file.
///
/// The file appears under its name only when it is complete; on the way it is called `NAME.part`.
///
/// # Errors
/// [`BackupError::FileExists`], a disk that is full, a database that does not answer. Nothing is left behind.
pub async fn make(db: &Db, now: Timestamp, key: &BackupKey, to: &Path) -> Result<Made, BackupError> {
    if to.exists() {
        return Err(BackupError::FileExists { path: to.display().to_string() });
    }
    let part = to.with_added_extension("part");
    // What an interrupted run left of the same name is worth nothing.
    let _ = std::fs::remove_file(&part);
    let made = write(db, now, key, &part).await;
    let made = made.and_then(|made| {
        std::fs::rename(&part, to).map_err(|error| BackupError::file(to, error))?;
        Ok(made)
    });
    if made.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    made
}

async fn write(db: &Db, now: Timestamp, key: &BackupKey, part: &Path) -> Result<Made, BackupError> {
    let mut tx = db.read().await?;
    let manifest = Manifest::of(&mut tx, now).await?;
    let (send, thread) = stream::write_to(part.to_owned(), key.clone());
    let sent = send_all(&mut tx, &manifest, &send).await;
    drop(send);
    let written = stream::ended(thread).await;
    // A file that could not be written is why the sending stopped.
    let (bytes, totals) = (written?, sent?.ok_or(BackupError::Cut)?);
    tx.rollback().await?;
    Ok(Made { manifest, totals, bytes })
}

/// Sends all records; nothing when the file's thread stopped taking them.
async fn send_all(tx: &mut Tx, manifest: &Manifest, to: &mpsc::Sender<Vec<u8>>) -> Result<Option<Totals>, BackupError> {
    if to.send(text(&Record::Manifest(Box::new(manifest.clone())))).await.is_err() {
        return Ok(None);
    }
    let mut totals = Totals::new();
    for table in tables::all(tx).await? {
        let columns = table.columns.iter().map(|(name, _)| name.clone()).collect();
        if to.send(text(&Record::Table { name: table.name.clone(), columns })).await.is_err() {
            return Ok(None);
        }
        let mut tally = Tally::of(&table);
        let mut after = None;
        loop {
            let rows = table.read_after(tx, after.as_deref()).await?;
            let mut lines = String::new();
            for row in &rows {
                let line = Table::line(row);
                tally.add(row, &line);
                lines.push_str(&line);
                lines.push('\n');
            }
            if to.send(lines.into_bytes()).await.is_err() {
                return Ok(None);
            }
            after = rows.last().map(|row| table.key_of(row));
            if !table.is_full(rows.len()) {
                break;
            }
        }
        totals.insert(table.name.clone(), tally.end());
    }
    if to.send(text(&Record::Totals(totals.clone()))).await.is_err() {
        return Ok(None);
    }
    Ok(Some(totals))
}

fn text(record: &Record) -> Vec<u8> {
    format!("{}\n", json!(record)).into_bytes()
}
