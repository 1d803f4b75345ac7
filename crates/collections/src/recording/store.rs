//! Tables `contact_recording` and `contact_recording_piece`.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Recording, RecordingId};
use crate::case::model::CaseKey;

/// The seal of a piece.
pub(crate) const PIECE: &str = "contact_recording_piece.sealed";

const COLUMNS: &str = "select r.customer_id, r.id, r.contact_id, r.made_on, r.media, r.size_bytes, r.digest, r.erased_on, \
     r.book_origin from contact_recording r";

fn decode(row: &Row) -> Result<Recording, StoreError> {
    Ok(Recording {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        contact: row.get("contact_id")?,
        made_on: row.get("made_on")?,
        sound: row.get("media")?,
        bytes: row.get("size_bytes")?,
        digest: row.get("digest")?,
        erased_on: row.get("erased_on")?,
        brought_in: row.get::<Option<String>>("book_origin")?.is_some(),
    })
}

/// Keeps what is known of a recording.
pub(super) async fn insert(work: &mut Work, one: &Recording, case: CaseKey) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into contact_recording (customer_id, id, contact_id, case_id, made_on, media, size_bytes, digest, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                one.customer,
                one.id,
                one.contact,
                case.case,
                one.made_on,
                one.sound,
                one.bytes,
                one.digest.clone(),
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// The recordings of a customer, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Recording>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.customer_id = ?", args![customer]);
    tx.fetch_all(w.select(COLUMNS, "order by r.id desc limit 2000"), w.args()).await?.iter().map(decode).collect()
}

/// The moments since one at which a call to a customer or another of the file was answered.
pub(super) async fn connected(
    tx: &mut Tx,
    customer: CustomerId,
    since: Timestamp,
) -> Result<BTreeSet<Timestamp>, StoreError> {
    let sql = "select asked_at from contact_allowance where customer_id = $1 and asked_at >= $2 \
         and channel = 'phone' and connected = 1 order by asked_at desc limit 2000";
    tx.fetch_all(sql, args![customer, since]).await?.iter().map(|row| row.get("asked_at")).collect()
}

/// Recordings with content, of contacts before a day, of customers behind `after`; where they stay until the debt is settled,
/// only of customers who owe nothing more. Nothing is added to the key, so that SQLite reads the few that are old by their
/// index and not all that are kept by the order of the key.
pub(super) async fn old(
    tx: &mut Tx,
    (before, until_settled): (Date, bool),
    after: CustomerId,
    limit: i64,
) -> Result<Vec<Recording>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("r.erased_on is null and r.made_on < ? and r.customer_id + 0 > ?", args![before, after]);
    if until_settled {
        w.and_values(
            "not exists (select 1 from loan_view v where v.customer_id = r.customer_id and v.state = 'active' \
             and v.status in ('current', 'overdue', 'written-off-tracked'))",
            args![],
        );
    }
    let tail = format!("order by r.customer_id + 0, r.id limit {limit}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Whether every loan of a customer is paid off.
pub(super) async fn is_settled(tx: &mut Tx, customer: CustomerId) -> Result<bool, StoreError> {
    let sql = "select loan_id from loan_view where customer_id = $1 and state = 'active' \
         and status in ('current', 'overdue', 'written-off-tracked') limit 1";
    Ok(tx.fetch_optional(sql, args![customer]).await?.is_none())
}

/// Takes the content of a recording away; what is known of it stays.
pub(super) async fn erase(work: &mut Work, one: &Recording) -> Result<(), StoreError> {
    let key = args![one.customer, one.id];
    work.tx.execute("delete from contact_recording_piece where customer_id = $1 and recording_id = $2", key).await?;
    let on = work.business_date;
    work.tx
        .execute_one(
            "update contact_recording set erased_on = $1 where customer_id = $2 and id = $3 and erased_on is null",
            args![on, one.customer, one.id],
        )
        .await
}

/// Keeps a sealed piece.
pub(super) async fn put_piece(
    tx: &mut Tx,
    (customer, id): (CustomerId, RecordingId),
    no: i64,
    sealed: Vec<u8>,
) -> Result<(), StoreError> {
    let sql = "insert into contact_recording_piece (customer_id, recording_id, no, sealed) values ($1, $2, $3, $4)";
    tx.execute(sql, args![customer, id, no, sealed]).await.map(drop)
}

/// A sealed piece.
pub(super) async fn piece(
    tx: &mut Tx,
    (customer, id): (CustomerId, RecordingId),
    no: i64,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "select sealed from contact_recording_piece where customer_id = $1 and recording_id = $2 and no = $3";
    tx.fetch_optional(sql, args![customer, id, no]).await?.map(|row| row.get("sealed")).transpose()
}
