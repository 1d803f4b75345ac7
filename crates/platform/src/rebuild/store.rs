//! Table `rebuild_mark`.

use jiff::Timestamp;

use crate::args;
use crate::db::{StoreError, Tx};

/// How far a rebuilder is in a run that writes (重建进度).
#[derive(Debug, Clone)]
pub(super) struct Mark {
    /// The run; all rebuilders of one run share it.
    pub run: i64,
    /// The rebuilder.
    pub name: &'static str,
    /// Where the next batch begins.
    pub after: i64,
    /// Things compared.
    pub considered: i64,
    /// Differences mended.
    pub differing: i64,
    /// Whether it is through.
    pub done: bool,
    /// When it began.
    pub started_at: Timestamp,
}

/// The run that was begun and did not end, if there is one.
pub(super) async fn unfinished(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let row =
        tx.fetch_optional("select run_id from rebuild_mark where done = 0 order by run_id limit 1", args![]).await?;
    row.map(|row| row.get("run_id")).transpose()
}

/// The mark of a rebuilder in this run.
pub(super) async fn mark(tx: &mut Tx, run: i64, name: &'static str) -> Result<Option<Mark>, StoreError> {
    let row = tx
        .fetch_optional(
            "select after_place, considered, differing, done, started_at from rebuild_mark where name = $1 and run_id = $2",
            args![name, run],
        )
        .await?;
    row.map(|row| {
        Ok(Mark {
            run,
            name,
            after: row.get("after_place")?,
            considered: row.get("considered")?,
            differing: row.get("differing")?,
            done: row.get("done")?,
            started_at: row.get("started_at")?,
        })
    })
    .transpose()
}

pub(super) async fn write_mark(tx: &mut Tx, mark: &Mark, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "insert into rebuild_mark (name, run_id, after_place, considered, differing, done, started_at, ended_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (name) do update set run_id = excluded.run_id, \
         after_place = excluded.after_place, considered = excluded.considered, differing = excluded.differing, \
         done = excluded.done, started_at = excluded.started_at, ended_at = excluded.ended_at",
        args![mark.name, mark.run, mark.after, mark.considered, mark.differing, mark.done, mark.started_at, at],
    )
    .await
    .map(drop)
}
