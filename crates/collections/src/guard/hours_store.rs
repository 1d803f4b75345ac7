//! Tables `contact_hours` and `contact_hours_confirmation`.

use std::collections::BTreeMap;

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::id_type;
use platform::work::Work;

use super::hours::{HoursNow, Stated};

id_type!(HoursId, "The key of a record of agreed hours (约定记录).");

/// The most records of a file that are read: the newest.
const RECORDS: i64 = 200;

const SELECT: &str = "select h.customer_id, h.id, h.time_zone, h.from_minute, h.until_minute, h.evidence, h.recorded_by, \
     case when exists (select 1 from contact_hours_confirmation c where c.customer_id = h.customer_id \
     and c.hours_id = h.id) then 1 else 0 end as confirmed from contact_hours h";

/// A record with who wrote it (约定记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HoursRow {
    pub id: HoursId,
    pub stated: Stated,
    pub evidence: String,
    pub recorded_by: i64,
}

fn decode(row: &Row) -> Result<HoursRow, StoreError> {
    let (from, until): (Option<i64>, Option<i64>) = (row.get("from_minute")?, row.get("until_minute")?);
    let confirmed: i64 = row.get("confirmed")?;
    Ok(HoursRow {
        id: row.get("id")?,
        stated: Stated { zone: row.get("time_zone")?, agreed: from.zip(until), confirmed: confirmed == 1 },
        evidence: row.get("evidence")?,
        recorded_by: row.get("recorded_by")?,
    })
}

/// The records of a file, the newest first.
pub(crate) async fn records(tx: &mut Tx, customer: CustomerId) -> Result<Vec<HoursRow>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("h.customer_id = ?", args![customer]);
    let tail = format!("order by h.id desc limit {RECORDS}");
    tx.fetch_all(w.select(SELECT, &tail), w.args()).await?.iter().map(decode).collect()
}

/// How hours and time zone of a person stand, over all the files that are one customer; none where nothing was recorded.
pub(super) async fn hours(tx: &mut Tx, same: &[CustomerId]) -> Result<Option<HoursNow>, StoreError> {
    let mut w = Conditions::new();
    w.one_of("h.customer_id", same);
    let rows = tx.fetch_all(w.select(SELECT, "order by h.id"), w.args()).await?;
    let stated = rows.iter().map(|row| Ok(decode(row)?.stated)).collect::<Result<Vec<_>, StoreError>>()?;
    Ok((!stated.is_empty()).then(|| HoursNow::after(&stated)))
}

/// How they stand in each of many files.
pub(crate) async fn hours_of(
    tx: &mut Tx,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, HoursNow>, StoreError> {
    let mut found: BTreeMap<CustomerId, Vec<Stated>> = BTreeMap::new();
    for some in customers.chunks(500) {
        let mut w = Conditions::new();
        w.one_of("h.customer_id", some);
        for row in tx.fetch_all(w.select(SELECT, "order by h.id"), w.args()).await? {
            found.entry(row.get("customer_id")?).or_default().push(decode(&row)?.stated);
        }
    }
    Ok(found.into_iter().map(|(customer, stated)| (customer, HoursNow::after(&stated))).collect())
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    new: &Stated,
    evidence: &str,
) -> Result<HoursId, StoreError> {
    let id = HoursId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let (from, until) = new.agreed.unzip();
    work.tx
        .execute(
            "insert into contact_hours (customer_id, id, time_zone, from_minute, until_minute, evidence, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            args![customer, id, new.zone, from, until, evidence, on, now, by],
        )
        .await?;
    Ok(id)
}

/// Confirms a record; whether nobody did before.
pub(super) async fn confirm(
    work: &mut Work,
    customer: CustomerId,
    id: HoursId,
    note: &str,
) -> Result<bool, StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    let written = work
        .tx
        .execute(
            "insert into contact_hours_confirmation (customer_id, hours_id, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6) on conflict (customer_id, hours_id) do nothing",
            args![customer, id, note, on, now, by],
        )
        .await?;
    Ok(written == 1)
}
