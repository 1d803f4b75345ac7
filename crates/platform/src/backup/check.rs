//! Reading a backup through (核对备份): without a database, before it is needed.

use std::path::Path;

use super::stream::{self, Piece, Record};
use super::{BackupError, BackupKey, Manifest, Totals};

/// What a whole backup says of itself (核对结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What the file says of itself.
    pub manifest: Manifest,
    /// What stood in each table.
    pub totals: Totals,
}

/// Reads a file to its end: every frame is authentic, none is missing, the rows are as many as it says.
///
/// # Errors
/// A wrong key, a cut or changed file.
pub async fn check(file: &Path, key: &BackupKey) -> Result<Checked, BackupError> {
    let (mut queue, thread) = stream::read_from(file.to_owned(), key.clone());
    let (mut manifest, mut totals, mut table) = (None, Totals::new(), String::new());
    let mut counted: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    while let Some(piece) = queue.recv().await {
        match piece {
            Piece::Record(Record::Manifest(found)) => manifest = Some(*found),
            Piece::Record(Record::Table { name, .. }) => table = name,
            Piece::Record(Record::Totals(found)) => totals = found,
            Piece::Rows(rows) => {
                *counted.entry(table.clone()).or_default() += u64::try_from(rows.len()).unwrap_or(u64::MAX);
            }
        }
    }
    stream::ended(thread).await?;
    for (table, total) in &totals {
        let found = counted.get(table).copied().unwrap_or(0);
        if found != total.rows {
            return Err(BackupError::Differs { table: table.clone(), what: format!("{found} rows of {}", total.rows) });
        }
    }
    Ok(Checked { manifest: manifest.ok_or(BackupError::Tampered)?, totals })
}
