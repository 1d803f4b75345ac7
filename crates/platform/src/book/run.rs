//! Exports and imports that run beside the pages (后台导出与导入): their record, how far they are, the file in sealed pieces.
//!
//! How far a run is lives in the memory of the process that does it: an import is one transaction, so nobody could read
//! it from the database. Another process of the same house sees that it runs, not how far it is.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::files::{self, Passing};
use super::finding::{Finding, Findings};
use super::out::Wanted;
use super::{Progress, bring, digest_of, write};
use crate::access::Actor;
use crate::app::App;
use crate::args;
use crate::db::{Row, StoreError, Tx, Value};
use crate::error::ActionError;
use crate::hex::hex;
use crate::list_export::ExportRules;
use crate::vault::Place;
use crate::work::Work;

/// How often the server looks whether a file is past its time.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// Bytes of a piece.
const PIECE: usize = 512 * 1024;
/// The part of the seal of a piece.
pub(crate) const COLUMN: &str = "book_piece.sealed";

/// A record of an export or import (整本导出、导入记录).
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub id: i64,
    pub out: bool,
    /// Whether it carries the kept files that travel beside the book.
    pub files: bool,
    pub state: RunState,
    pub dry_run: bool,
    pub clear: bool,
    pub reason: String,
    pub business_date: Option<Date>,
    pub rows: i64,
    pub bytes: i64,
    pub findings: Vec<Finding>,
    pub refused: i64,
    pub started_at: Timestamp,
    pub started_by: i64,
    pub keep_until: Option<Timestamp>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RunState {
    Running,
    Done,
    Refused,
    Failed,
    Removed,
}

impl RunState {
    pub(super) const ALL: [Self; 5] = [Self::Running, Self::Done, Self::Refused, Self::Failed, Self::Removed];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Removed => "removed",
        }
    }
}

/// How far a run of this process is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HowFar {
    pub phase: &'static str,
    pub sheet: String,
    pub done: u64,
    pub expected: u64,
}

static RUNNING: Mutex<BTreeMap<i64, HowFar>> = Mutex::new(BTreeMap::new());

fn running<T>(look: impl FnOnce(&mut BTreeMap<i64, HowFar>) -> T) -> T {
    look(&mut RUNNING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// How far it is, where this process does it.
pub(super) fn how_far(run: i64) -> Option<HowFar> {
    running(|all| all.get(&run).cloned())
}

pub(super) fn tell(run: i64) -> impl Fn(&Progress<'_>) + Send + Sync {
    move |progress| {
        let far = HowFar {
            phase: progress.phase,
            sheet: progress.sheet.to_owned(),
            done: progress.done,
            expected: progress.expected,
        };
        running(|all| all.insert(run, far));
    }
}

/// Takes the run off the list of those under way, however it ends.
struct UnderWay(i64);

impl Drop for UnderWay {
    fn drop(&mut self) {
        running(|all| all.remove(&self.0));
    }
}

/// For how many hours a file is kept, by the rules in force (rule `book.kept`).
pub(super) async fn keep_hours(work: &mut Work) -> Result<i64, ActionError> {
    Ok(ExportRules::load(work).await?.book_keep_hours)
}

/// Notes that an export or import begins.
pub(super) async fn begin(
    work: &mut Work,
    (out, files): (bool, bool),
    dry_run: bool,
    wanted: &Wanted,
) -> Result<i64, StoreError> {
    let (id, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    let (direction, carries) = (if out { "out" } else { "in" }, if files { "files" } else { "book" });
    work.tx
        .execute(
            "insert into book_run (id, direction, state, dry_run, clear, reason, digest, rows_in_all, size_bytes, \
             findings_json, refused, started_at, started_by, carries) \
             values ($1, $2, 'running', $3, $4, $5, '', 0, 0, '[]', 0, $6, $7, $8)",
            args![id, direction, dry_run, wanted.clear, wanted.reason, now, by, carries],
        )
        .await?;
    // From its first moment, so that nobody takes it for broken off before its work begins.
    tell(id)(&Progress { phase: if out { "out" } else { "checking" }, sheet: "", done: 0, expected: 0 });
    Ok(id)
}

/// A file that was made and is kept.
pub(super) struct Made {
    pub(super) business_date: Date,
    pub(super) digest: String,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    pub(super) findings: Vec<Finding>,
}

/// What a run came to.
#[derive(Default)]
struct Ended {
    state: &'static str,
    digest: String,
    business_date: Option<Date>,
    rows: u64,
    bytes: u64,
    findings: String,
    refused: usize,
    keep_until: Option<Timestamp>,
}

async fn end(tx: &mut Tx, id: i64, now: Timestamp, ended: Ended) -> Result<(), StoreError> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    tx.execute_one(
        "update book_run set state = $1, digest = $2, business_date = $3, rows_in_all = $4, size_bytes = $5, \
         findings_json = $6, refused = $7, ended_at = $8, keep_until = $9 where id = $10 and state = 'running'",
        args![
            ended.state,
            ended.digest,
            ended.business_date,
            number(ended.rows),
            number(ended.bytes),
            if ended.findings.is_empty() { "[]".to_owned() } else { ended.findings },
            ended.refused,
            now,
            ended.keep_until,
            id
        ],
    )
    .await
}

/// Writes the book, or the archive of its files, into sealed pieces; its record says how it ends.
pub(super) async fn out(app: &App, actor: Actor, id: i64, files: bool, wanted: &Wanted) -> Result<(), ActionError> {
    let _under_way = UnderWay(id);
    tell(id)(&Progress { phase: "out", sheet: "", done: 0, expected: 0 });
    let kept_for = keep_hours(&mut Work::read(app, actor.clone()).await?).await?;
    let made = if files { super::files::out(app, actor, id).await } else { pieces(app, actor, id, wanted).await };
    let mut tx = app.db.write().await?;
    let now = app.clock.now();
    let ended = match &made {
        Ok(made) => Ended {
            state: "done",
            digest: made.digest.clone(),
            business_date: Some(made.business_date),
            rows: made.rows,
            bytes: made.bytes,
            findings: text_of(&made.findings)?,
            keep_until: now.checked_add(SignedDuration::from_hours(kept_for)).ok(),
            ..Ended::default()
        },
        Err(_) => {
            tx.execute("delete from book_piece where run_id = $1", args![id]).await?;
            Ended { state: "failed", ..Ended::default() }
        }
    };
    end(&mut tx, id, now, ended).await?;
    tx.commit().await?;
    made.map(drop)
}

/// The keeping of pieces, for as long as any come: digest and bytes of them all.
pub(super) type Keeping = JoinHandle<Result<(String, u64), ActionError>>;

/// Keeps the pieces that come, sealed; digest and bytes of them all.
pub(super) fn keeping(app: &App, id: i64) -> (mpsc::Sender<Vec<u8>>, Keeping) {
    let (send, mut take) = mpsc::channel::<Vec<u8>>(4);
    let app = app.clone();
    let kept = tokio::spawn(async move {
        let (mut no, mut digest, mut bytes) = (0_i64, Sha256::new(), 0_u64);
        while let Some(piece) = take.recv().await {
            digest.update(&piece);
            bytes += piece.len() as u64;
            let row = format!("{id}:{no}");
            let sealed = app.vault()?.seal_bytes(Place { column: COLUMN, row: &row }, &piece);
            let mut tx = app.db.write().await?;
            let sql = "insert into book_piece (run_id, no, sealed) values ($1, $2, $3)";
            tx.execute(sql, vec![Value::Int(id), Value::Int(no), Value::Bytes(sealed)]).await?;
            tx.commit().await?;
            no += 1;
        }
        Ok((hex(&digest.finalize()), bytes))
    });
    (send, kept)
}

async fn pieces(app: &App, actor: Actor, id: i64, wanted: &Wanted) -> Result<Made, ActionError> {
    let (send, keeping) = keeping(app, id);
    let mut work = Work::read(app, actor).await?;
    let made = write(&mut work, wanted, Pieces::new(send), &tell(id)).await;
    let kept = keeping.await.map_err(|error| ActionError::Internal(error.to_string()))?;
    // Pieces that could not be kept are why the writing stopped.
    let (digest, bytes) = kept?;
    let manifest = made?;
    let (business_date, rows) = (manifest.business_date, manifest.rows_in_all());
    Ok(Made { business_date, digest, rows, bytes, findings: Vec::new() })
}

/// What is written goes on in pieces of one size.
pub(super) struct Pieces {
    send: mpsc::Sender<Vec<u8>>,
    open: Vec<u8>,
}

impl Pieces {
    pub(super) fn new(send: mpsc::Sender<Vec<u8>>) -> Self {
        Self { send, open: Vec::with_capacity(PIECE) }
    }

    fn go_on(&mut self) -> std::io::Result<()> {
        let piece = std::mem::replace(&mut self.open, Vec::with_capacity(PIECE));
        self.send.blocking_send(piece).map_err(std::io::Error::other)
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.open.len());
        self.open.extend_from_slice(&bytes[..taken]);
        if self.open.len() == PIECE {
            self.go_on()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        if !self.open.is_empty() {
            // Nobody takes it any more only when the keeping failed, and that is told there.
            let _ = self.go_on();
        }
    }
}

/// Brings an uploaded file in, or tries it out; the file is removed afterwards.
pub(super) async fn into(
    app: &App,
    actor: Actor,
    (id, files): (i64, bool),
    lies: Passing,
    dry_run: bool,
) -> Result<(), ActionError> {
    let _under_way = UnderWay(id);
    tell(id)(&Progress { phase: "checking", sheet: "", done: 0, expected: 0 });
    let brought = try_in(app, actor, (id, files), lies.path(), dry_run).await;
    drop(lies);
    match brought {
        Ok(()) => Ok(()),
        Err(error) => {
            let mut tx = app.db.write().await?;
            end(&mut tx, id, app.clock.now(), Ended { state: "failed", ..Ended::default() }).await?;
            tx.commit().await?;
            Err(error)
        }
    }
}

async fn try_in(
    app: &App,
    actor: Actor,
    (id, files): (i64, bool),
    path: &std::path::Path,
    dry_run: bool,
) -> Result<(), ActionError> {
    let mut work = Work::begin(app, actor).await?;
    let now = work.now;
    let (ended, bars) = if files {
        let (findings, rows, digest) = super::files::bring(&mut work, id, path).await?;
        (said(&findings, rows, Some(work.business_date), digest)?, findings.bar())
    } else {
        let digest = digest_of(path).await.map_err(|error| ActionError::Internal(error.to_string()))?;
        let brought = bring(&mut work, path, &digest, &tell(id)).await?;
        let on = brought.manifest.as_ref().map(|manifest| manifest.business_date);
        (said(&brought.findings, brought.rows, on, digest)?, brought.findings.bar())
    };
    if dry_run || bars {
        work.tx.rollback().await?;
        let mut tx = app.db.write().await?;
        end(&mut tx, id, now, ended).await?;
        return Ok(tx.commit().await?);
    }
    // The record ends in the transaction of the book: both are true, or neither is.
    end(&mut work.tx, id, now, ended).await?;
    Ok(work.commit().await?)
}

fn said(found: &Findings, rows: u64, business_date: Option<Date>, digest: String) -> Result<Ended, ActionError> {
    let state = if found.bar() { "refused" } else { "done" };
    let (findings, refused) = (text_of(&found.kept)?, found.refused);
    Ok(Ended { state, digest, business_date, rows, findings, refused, ..Ended::default() })
}

fn text_of(findings: &[Finding]) -> Result<String, ActionError> {
    serde_json::to_string(findings).map_err(|error| ActionError::Internal(error.to_string()))
}

/// Removes files past their time, for as long as the server runs.
pub async fn keep(app: App) {
    loop {
        if let Err(error) = remove_old(&app).await {
            tracing::error!(%error, "files of the whole book past their time");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Removes files past their time; ends the records of runs that were broken off.
///
/// # Errors
/// The store's.
pub async fn remove_old(app: &App) -> Result<u64, StoreError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let old = "select id from book_run where state = 'done' and keep_until is not null and keep_until < $1";
    let mut removed = 0;
    for row in tx.fetch_all(old, args![now]).await? {
        let id: i64 = row.get("id")?;
        tx.execute("delete from book_piece where run_id = $1", args![id]).await?;
        removed += tx.execute("update book_run set state = 'removed' where id = $1", args![id]).await?;
    }
    for row in tx.fetch_all("select id from book_run where state = 'running' order by id limit 1000", args![]).await? {
        let id: i64 = row.get("id")?;
        if is_broken_off(app, &mut tx, id).await? {
            files::clear(id);
            tx.execute("delete from book_piece where run_id = $1", args![id]).await?;
            let sql = "update book_run set state = 'failed', ended_at = $1 where id = $2 and state = 'running'";
            tx.execute(sql, args![now, id]).await?;
        }
    }
    tx.commit().await?;
    Ok(removed)
}

/// Whether nobody does a run any more: its process is gone, or is this one, which could not write how it ended.
async fn is_broken_off(app: &App, tx: &mut Tx, run: i64) -> Result<bool, StoreError> {
    if app.node().is_some_and(|node| node.gave_out(run)) {
        return Ok(how_far(run).is_none());
    }
    crate::server::is_gone(tx, run).await
}

const COLUMNS: &str = "id, direction, state, dry_run, clear, reason, business_date, rows_in_all, size_bytes, \
     findings_json, refused, started_at, started_by, keep_until, carries";

/// The latest runs.
pub(super) async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Run>, StoreError> {
    let sql = format!("select {COLUMNS} from book_run order by started_at desc, id desc limit $1");
    tx.fetch_all(crate::db::AssertSqlSafe(sql), args![limit]).await?.iter().map(decode).collect()
}

/// One run.
pub(super) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Run>, StoreError> {
    let sql = format!("select {COLUMNS} from book_run where id = $1");
    tx.fetch_optional(crate::db::AssertSqlSafe(sql), args![id]).await?.as_ref().map(decode).transpose()
}

fn decode(row: &Row) -> Result<Run, StoreError> {
    let state: String = row.get("state")?;
    let corrupt =
        || StoreError::Corrupt { column: "state".to_owned(), expected: "state of a run", found: state.clone() };
    let findings: String = row.get("findings_json")?;
    Ok(Run {
        id: row.get("id")?,
        out: row.get::<String>("direction")? == "out",
        files: row.get::<String>("carries")? == "files",
        state: RunState::ALL.into_iter().find(|one| one.as_str() == state).ok_or_else(corrupt)?,
        dry_run: row.get("dry_run")?,
        clear: row.get("clear")?,
        reason: row.get("reason")?,
        business_date: row.get("business_date")?,
        rows: row.get("rows_in_all")?,
        bytes: row.get("size_bytes")?,
        findings: serde_json::from_str(&findings).unwrap_or_default(),
        refused: row.get("refused")?,
        started_at: row.get("started_at")?,
        started_by: row.get("started_by")?,
        keep_until: row.get("keep_until")?,
    })
}
