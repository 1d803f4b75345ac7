//! The records inside a backup (备份记录): lines of JSON, deflated and sealed; written and read beside the database.
//!
//! The blocking half (compression, encryption, the disk) runs on a thread of its own and meets the database's half
//! through a short queue, so that neither waits for more than the other.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::seal::{SealReader, SealWriter, broken};
use super::{BackupError, BackupKey, Manifest, Totals};

/// Rows handed over at a time when reading.
const ROWS: usize = 1_000;
/// Pieces that may wait.
const QUEUE: usize = 4;

/// A line that is no row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// The first line.
    Manifest(Box<Manifest>),
    /// The rows that follow are of this table.
    Table {
        /// Its name.
        name: String,
        /// Its columns in order.
        columns: Vec<String>,
    },
    /// The last line.
    Totals(Totals),
}

/// What comes out of a file, in order.
#[derive(Debug)]
pub(super) enum Piece {
    /// A line that is no row.
    Record(Record),
    /// Rows of the table named last.
    Rows(Vec<Vec<Json>>),
}

/// Starts a thread that writes what it is sent; it ends with the file's size once the sender is dropped.
pub(super) fn write_to(path: PathBuf, key: BackupKey) -> (mpsc::Sender<Vec<u8>>, JoinHandle<Result<u64, BackupError>>) {
    let (send, mut queue) = mpsc::channel::<Vec<u8>>(QUEUE);
    let writing = tokio::task::spawn_blocking(move || {
        let fault = |error: std::io::Error| BackupError::file(&path, error);
        let file = create(&path)?;
        let sealed = SealWriter::begin(BufWriter::new(file), &key)?;
        let mut packed = DeflateEncoder::new(sealed, Compression::new(5));
        while let Some(piece) = queue.blocking_recv() {
            packed.write_all(&piece).map_err(fault)?;
        }
        let file = packed.finish().and_then(SealWriter::finish).map_err(fault)?;
        let file = file.into_inner().map_err(|error| fault(error.into_error()))?;
        file.sync_all().map_err(fault)?;
        Ok(file.metadata().map_err(fault)?.len())
    });
    (send, writing)
}

/// A new file, readable by its owner only.
fn create(path: &Path) -> Result<File, BackupError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => BackupError::FileExists { path: path.display().to_string() },
        _ => BackupError::file(path, error),
    })
}

/// Starts a thread that reads a file and sends what it holds; it ends when the file does, or when nobody listens.
pub(super) fn read_from(path: PathBuf, key: BackupKey) -> (mpsc::Receiver<Piece>, JoinHandle<Result<(), BackupError>>) {
    let (send, queue) = mpsc::channel::<Piece>(QUEUE);
    let reading = tokio::task::spawn_blocking(move || {
        let file = File::open(&path).map_err(|error| BackupError::file(&path, error))?;
        let sealed = SealReader::begin(BufReader::new(file), &key, &path.display().to_string())?;
        let mut rows = Vec::new();
        let mut lines = BufReader::new(DeflateDecoder::new(sealed));
        let (mut line, mut whole) = (String::new(), false);
        loop {
            line.clear();
            if lines.read_line(&mut line).map_err(|error| broken(&error))? == 0 {
                break;
            }
            if line.starts_with('[') {
                rows.push(serde_json::from_str::<Vec<Json>>(&line).map_err(|_| BackupError::Tampered)?);
                if rows.len() < ROWS {
                    continue;
                }
            }
            if !rows.is_empty() && send.blocking_send(Piece::Rows(std::mem::take(&mut rows))).is_err() {
                return Ok(());
            }
            if !line.starts_with('[') {
                let record: Record = serde_json::from_str(&line).map_err(|_| BackupError::Tampered)?;
                whole = matches!(record, Record::Totals(_));
                if send.blocking_send(Piece::Record(record)).is_err() {
                    return Ok(());
                }
            }
        }
        // The deflated stream may end before the last frame: read on to its end.
        std::io::copy(lines.get_mut().get_mut(), &mut std::io::sink()).map_err(|error| broken(&error))?;
        if whole { Ok(()) } else { Err(BackupError::Cut) }
    });
    (queue, reading)
}

/// What a thread ended with; one that broke down tore the file.
pub(super) async fn ended<T>(thread: JoinHandle<Result<T, BackupError>>) -> Result<T, BackupError> {
    thread.await.unwrap_or(Err(BackupError::Tampered))
}
