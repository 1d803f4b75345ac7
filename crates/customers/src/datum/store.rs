//! Tables `customer_datum`, `datum_verification`.

use std::collections::BTreeMap;

use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::item;
use super::model::{Datum, DatumId, Finding, Verification, Way};
use super::rules::Provenance;

/// The most data that one file holds over all times.
const LIMIT: i64 = 5_000;

/// Everything that was recorded of a customer, the oldest first, each with its latest verification.
///
/// An item that this program does not know, of a book from a newer one, is passed over.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Datum>, StoreError> {
    let mut verified: BTreeMap<DatumId, Verification> = BTreeMap::new();
    let rows = tx
        .fetch_all(
            "select datum_id, way, finding, verified_on, note, recorded_by from datum_verification \
             where customer_id = $1 order by id limit $2",
            args![customer, LIMIT],
        )
        .await?;
    for row in &rows {
        let one = verification(row)?;
        verified.insert(one.datum, one);
    }
    let rows = tx
        .fetch_all(
            "select id, item, value, effective_on, valid_until, route, source_note, basis, consented_on, corrects_id, \
             recorded_at, recorded_by from customer_datum where customer_id = $1 order by id limit $2",
            args![customer, LIMIT],
        )
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.extend(datum(row, &mut verified)?);
    }
    Ok(found)
}

fn verification(row: &Row) -> Result<Verification, StoreError> {
    Ok(Verification {
        datum: row.get("datum_id")?,
        way: row.get("way")?,
        finding: row.get("finding")?,
        on: row.get("verified_on")?,
        note: row.get("note")?,
        by: row.get("recorded_by")?,
    })
}

fn datum(row: &Row, verified: &mut BTreeMap<DatumId, Verification>) -> Result<Option<Datum>, StoreError> {
    let name: String = row.get("item")?;
    let Some(item) = item::find(&name) else { return Ok(None) };
    let id = row.get("id")?;
    Ok(Some(Datum {
        id,
        item,
        value: row.get("value")?,
        effective_on: row.get("effective_on")?,
        valid_until: row.get("valid_until")?,
        route: row.get("route")?,
        source_note: row.get("source_note")?,
        basis: row.get("basis")?,
        consented_on: row.get("consented_on")?,
        corrects: row.get("corrects_id")?,
        recorded_at: row.get("recorded_at")?,
        recorded_by: row.get("recorded_by")?,
        verified: verified.remove(&id),
    }))
}

/// A datum ready to be written.
pub(super) struct NewDatum {
    pub id: DatumId,
    pub item: &'static str,
    pub value: Option<String>,
    pub valid_until: Option<jiff::civil::Date>,
    pub corrects: Option<DatumId>,
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    from: &Provenance,
    data: Vec<NewDatum>,
) -> Result<(), StoreError> {
    let rows = data.into_iter().map(|one| {
        args![
            customer,
            one.id,
            one.item,
            one.value,
            from.effective_on,
            one.valid_until,
            from.route,
            from.source_note.trim(),
            from.basis,
            from.consented_on,
            one.corrects,
            work.now,
            work.actor.recorded_by(),
            work.actor.origin.as_str(),
            work.actor.origin.detail()
        ]
    });
    let rows = rows.collect();
    work.tx
        .write_rows(
            "insert into customer_datum (customer_id, id, item, value, effective_on, valid_until, route, source_note, \
             basis, consented_on, corrects_id, recorded_at, recorded_by, source, source_detail)",
            "",
            rows,
        )
        .await
        .map(drop)
}

pub(super) async fn verify(
    work: &mut Work,
    customer: CustomerId,
    datum: DatumId,
    (way, finding): (Way, Finding),
    (on, note): (jiff::civil::Date, &str),
) -> Result<(), StoreError> {
    let id = work.next_id();
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into datum_verification (customer_id, id, datum_id, way, finding, verified_on, note, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, datum, way, finding, on, note, now, by],
        )
        .await
        .map(drop)
}
