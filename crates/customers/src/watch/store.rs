//! Tables `watch_entry`, `watch_step`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Entry, EntryId, NewEntry, Step, StepKind};
use crate::merge;

/// The most entries of one file.
const LIMIT: i64 = 1_000;
/// Keys of one query.
const KEYS: usize = 500;

/// All entries of a customer, the oldest first; ended ones too.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Entry>, StoreError> {
    let mut steps: BTreeMap<EntryId, Vec<Step>> = BTreeMap::new();
    let sql = "select entry_id, kind, note, effective_on, recorded_by from watch_step where customer_id = $1 \
               order by id limit $2";
    for row in tx.fetch_all(sql, args![customer, LIMIT * 10]).await? {
        let step = Step {
            kind: row.get("kind")?,
            note: row.get("note")?,
            on: row.get("effective_on")?,
            by: row.get("recorded_by")?,
        };
        steps.entry(row.get("entry_id")?).or_default().push(step);
    }
    let sql = "select id, list, reason, from_on, until_on, recorded_by from watch_entry where customer_id = $1 \
               order by id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    let entry = |row: &Row| -> Result<Entry, StoreError> {
        let id = row.get("id")?;
        let content = NewEntry {
            list: row.get("list")?,
            reason: row.get("reason")?,
            from: row.get("from_on")?,
            until: row.get("until_on")?,
        };
        Ok(Entry { id, content, by: row.get("recorded_by")?, steps: steps.remove(&id).unwrap_or_default() })
    };
    rows.iter().map(entry).collect()
}

/// On which lists these customers stand on a day.
///
/// # Errors
/// The store's.
pub async fn standing(
    tx: &mut Tx,
    customers: &[CustomerId],
    on: Date,
) -> Result<BTreeMap<CustomerId, Vec<String>>, StoreError> {
    let mut found: BTreeMap<CustomerId, Vec<String>> = BTreeMap::new();
    for some in customers.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("customer_id", some);
        conditions.and("from_on <= ?", [&on]).and("(until_on is null or until_on >= ?)", [&on]);
        let sql = conditions.select("select customer_id, list from customer_watch_view", "order by customer_id, id");
        for row in tx.fetch_all(sql, conditions.args()).await? {
            found.entry(row.get("customer_id")?).or_default().push(row.get("list")?);
        }
    }
    Ok(found)
}

/// The same over everything that was merged into these customers: an entry on a file that is gone stands for the one that
/// is left.
///
/// # Errors
/// The store's.
pub async fn standing_united(
    tx: &mut Tx,
    customers: &[CustomerId],
    on: Date,
) -> Result<BTreeMap<CustomerId, Vec<String>>, StoreError> {
    let mut found = standing(tx, customers, on).await?;
    let merged = merge::store::held_by(tx, customers).await?;
    let gone: Vec<CustomerId> = merged.keys().copied().collect();
    for (file, lists) in standing(tx, &gone, on).await? {
        if let Some(into) = merged.get(&file) {
            let all = found.entry(*into).or_default();
            all.extend(lists);
            all.sort_unstable();
            all.dedup();
        }
    }
    Ok(found)
}

pub(super) async fn insert(work: &mut Work, customer: CustomerId, new: &NewEntry) -> Result<EntryId, StoreError> {
    let id = EntryId(work.next_id());
    let values = args![
        customer,
        id,
        new.list,
        new.reason.trim(),
        new.from,
        new.until,
        work.business_date,
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ];
    work.tx
        .execute(
            "insert into watch_entry (customer_id, id, list, reason, from_on, until_on, effective_on, recorded_at, \
             recorded_by, source, source_detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            values,
        )
        .await?;
    Ok(id)
}

pub(super) async fn step(
    work: &mut Work,
    customer: CustomerId,
    entry: EntryId,
    kind: StepKind,
    note: &str,
) -> Result<(), StoreError> {
    let (id, by) = (work.next_id(), work.actor.recorded_by());
    work.tx
        .execute(
            "insert into watch_step (customer_id, id, entry_id, kind, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![customer, id, entry, kind, note, work.business_date, work.now, by],
        )
        .await
        .map(drop)
}
