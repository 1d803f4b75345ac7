//! Tables `customer_merge` and `customer_merge_step`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Merge, MergeId, MergeStep};
use crate::customer::store::within;

/// Keys of one query.
const KEYS: usize = 500;
/// The most files that are one customer, and the most merges of a file.
const LIMIT: i64 = 200;

const COLUMNS: &str = "select m.customer_id, m.id, m.into_id, m.reason, m.state, m.approval_id, m.merged_on, \
     m.undo_reason, m.undo_approval_id, m.ended_on, m.effective_on, m.recorded_by, m.version from customer_merge m";

fn decode(row: &Row) -> Result<Merge, StoreError> {
    Ok(Merge {
        gone: row.get("customer_id")?,
        id: row.get("id")?,
        into: row.get("into_id")?,
        reason: row.get("reason")?,
        state: row.get("state")?,
        approval: row.get("approval_id")?,
        merged_on: row.get("merged_on")?,
        undo_reason: row.get("undo_reason")?,
        undo_approval: row.get("undo_approval_id")?,
        ended_on: row.get("ended_on")?,
        asked_on: row.get("effective_on")?,
        asked_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// The file that a file was merged into.
pub(super) async fn into(tx: &mut Tx, id: CustomerId) -> Result<Option<CustomerId>, StoreError> {
    tx.fetch_optional("select into_id from customer_merge_view where customer_id = $1", args![id])
        .await?
        .map(|row| row.get("into_id"))
        .transpose()
}

/// The files that some files were merged into.
pub(super) async fn into_of(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, CustomerId>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.one_of("customer_id", some);
        let sql = filter.select("select customer_id, into_id from customer_merge_view", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            found.insert(row.get("customer_id")?, row.get("into_id")?);
        }
    }
    Ok(found)
}

/// The files merged into this one, in order of their keys.
pub(super) async fn held(tx: &mut Tx, id: CustomerId) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select customer_id from customer_merge_view where into_id = $1 order by customer_id limit $2",
        args![id, LIMIT],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}

/// The files merged into some files, each with the surviving one.
pub(crate) async fn held_by(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, CustomerId>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut filter = Conditions::new();
        filter.one_of("into_id", some);
        let sql = filter.select("select customer_id, into_id from customer_merge_view", "");
        for row in tx.fetch_all(sql, filter.args()).await? {
            found.insert(row.get("customer_id")?, row.get("into_id")?);
        }
    }
    Ok(found)
}

/// The numbers of the files merged into some files, as far as a scope reaches.
pub(super) async fn held_numbers(
    tx: &mut Tx,
    scope: DataScope,
    ids: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Vec<String>>, StoreError> {
    let mut found: BTreeMap<CustomerId, Vec<String>> = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut filter = within(scope);
        filter.one_of("m.into_id", some);
        let head = "select m.into_id, c.number from customer_merge_view m \
                    join customer c on c.customer_id = m.customer_id";
        for row in tx.fetch_all(filter.select(head, "order by m.into_id, c.number"), filter.args()).await? {
            found.entry(row.get("into_id")?).or_default().push(row.get("number")?);
        }
    }
    Ok(found)
}

/// All merges of a file, whether it went or stayed, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_file(tx: &mut Tx, id: CustomerId) -> Result<Vec<Merge>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("(m.customer_id = ? or m.into_id = ?)", args![id, id]);
    let tail = format!("order by m.id desc limit {LIMIT}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Merges of these files that wait or stand.
pub(super) async fn open_of(tx: &mut Tx, ids: [CustomerId; 2]) -> Result<Vec<Merge>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "(m.customer_id in (?, ?) or m.into_id in (?, ?)) and m.state in ('requested', 'merged')",
        args![ids[0], ids[1], ids[0], ids[1]],
    );
    let tail = format!("order by m.id limit {LIMIT}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// One merge.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, gone: CustomerId, id: MergeId) -> Result<Option<Merge>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.customer_id = ? and m.id = ?", args![gone, id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The merge by which a file is another one now.
///
/// # Errors
/// The store's.
pub async fn standing(tx: &mut Tx, gone: CustomerId) -> Result<Option<Merge>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("m.customer_id = ? and m.state = 'merged'", args![gone]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// Takes the rows of two files, the smaller key first: whoever decides about one of them next waits for this work.
pub(super) async fn take(tx: &mut Tx, ids: [CustomerId; 2]) -> Result<(), StoreError> {
    let mut ids = ids;
    ids.sort();
    for id in ids {
        tx.execute_one("update customer set version = version + 1 where customer_id = $1", args![id]).await?;
    }
    Ok(())
}

/// Writes a merge that is asked for.
pub(super) async fn insert(work: &mut Work, one: &Merge) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into customer_merge (customer_id, id, into_id, reason, state, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![one.gone, one.id, one.into, one.reason, one.state, one.asked_on, now, by],
        )
        .await
        .map(drop)
}

/// Writes where a merge stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &Merge) -> Result<(), StoreError> {
    tx.execute_one(
        "update customer_merge set state = $1, approval_id = $2, merged_on = $3, undo_reason = $4, \
         undo_approval_id = $5, ended_on = $6, version = version + 1 \
         where customer_id = $7 and id = $8 and version = $9",
        args![
            one.state,
            one.approval,
            one.merged_on,
            one.undo_reason,
            one.undo_approval,
            one.ended_on,
            one.gone,
            one.id,
            one.version
        ],
    )
    .await
}

/// Appends a step.
pub(super) async fn note(work: &mut Work, one: &Merge, step: MergeStep, note: &str) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into customer_merge_step (customer_id, id, merge_id, step, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![one.gone, id, one.id, step, note.trim(), on, now, by],
        )
        .await
        .map(drop)
}

/// A step of a merge as it is shown (合并经过).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedStep {
    /// Of which merge.
    pub merge: MergeId,
    /// What happened.
    pub step: MergeStep,
    /// In words.
    pub note: String,
    /// On which business date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// By whom; empty is the system.
    pub by: String,
}

/// The steps of the merges in which a file went, in order.
///
/// # Errors
/// The store's.
pub async fn steps(tx: &mut Tx, gone: CustomerId) -> Result<Vec<RecordedStep>, StoreError> {
    let rows = tx
        .fetch_all(
            "select s.merge_id, s.step, s.note, s.effective_on, s.recorded_at, coalesce(u.name, '') as by_name \
             from customer_merge_step s left join user_view u on u.id = s.recorded_by \
             where s.customer_id = $1 order by s.id limit $2",
            args![gone, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RecordedStep {
                merge: row.get("merge_id")?,
                step: row.get("step")?,
                note: row.get("note")?,
                on: row.get("effective_on")?,
                at: row.get("recorded_at")?,
                by: row.get("by_name")?,
            })
        })
        .collect()
}
