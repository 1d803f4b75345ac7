//! Table `case_bundle`.

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Bundle, BundleId};
use crate::case::model::CaseKey;

const COLUMNS: &str = "select b.customer_id, b.id, b.case_id, b.number, b.purpose, b.as_of, b.volume, b.volumes, \
     b.files, b.attachment_id, b.digest, b.pages, b.enclosed, b.documents, b.listed, b.trail_entries, b.trail_hash, b.effective_on, b.recorded_at, \
     coalesce(u.name, '') as by_name from case_bundle b \
     left join user_view u on u.id = b.recorded_by";

fn decode(row: &Row) -> Result<Bundle, StoreError> {
    Ok(Bundle {
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        number: row.get("number")?,
        purpose: row.get("purpose")?,
        as_of: row.get("as_of")?,
        file: row.get("attachment_id")?,
        volume: row.get("volume")?,
        volumes: row.get("volumes")?,
        files: row.get("files")?,
        digest: row.get("digest")?,
        pages: row.get("pages")?,
        enclosed: row.get("enclosed")?,
        documents: row.get("documents")?,
        listed: row.get("listed")?,
        trail_entries: row.get("trail_entries")?,
        trail_hash: row.get("trail_hash")?,
        made_on: row.get("effective_on")?,
        made_at: row.get("recorded_at")?,
        by: row.get("by_name")?,
    })
}

/// Writes a new bundle.
pub(super) async fn insert(work: &mut Work, new: &Bundle) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into case_bundle (customer_id, id, case_id, number, purpose, as_of, volume, volumes, files, \
             attachment_id, digest, pages, enclosed, documents, listed, trail_entries, trail_hash, effective_on, \
             recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
            args![
                new.case.customer,
                new.id,
                new.case.case,
                new.number,
                new.purpose,
                new.as_of,
                new.volume,
                new.volumes,
                new.files,
                new.file,
                new.digest,
                new.pages,
                new.enclosed,
                new.documents,
                new.listed,
                new.trail_entries,
                new.trail_hash,
                new.made_on,
                work.now,
                by
            ],
        )
        .await
        .map(drop)
}

/// The volumes of the bundles of a case, the latest first.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Bundle>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("b.customer_id = ? and b.case_id = ?", args![case.customer, case.case]);
    tx.fetch_all(w.select(COLUMNS, "order by b.id desc limit 500"), w.args()).await?.iter().map(decode).collect()
}

/// How many bundles a case has.
pub(super) async fn count(tx: &mut Tx, case: CaseKey) -> Result<i64, StoreError> {
    let sql = "select count(distinct number) as n from case_bundle where customer_id = $1 and case_id = $2";
    tx.fetch_one(sql, args![case.customer, case.case]).await?.get("n")
}

/// One bundle of a case.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, case: CaseKey, id: BundleId) -> Result<Option<Bundle>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("b.customer_id = ? and b.case_id = ? and b.id = ?", args![case.customer, case.case, id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}
