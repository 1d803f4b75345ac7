//! Table `contact_point`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use platform::args;
use platform::contact_gate::PersonId;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, ToValue as _, Tx, Value};
use platform::id::CustomerId;
use platform::vault::{Personal, Sealed};
use platform::work::Work;

use super::model::{ContactKind, ContactPoint, ContactPointId, NewContactPoint};
use crate::relation::model::RelationId;

/// The most contact points that a page shows.
const LIMIT: i64 = 500;
const SELECT: &str = "select customer_id, id, relation_id, kind, value_masked, source_route, consented, main, \
     recorded_at, ended_at from contact_point";

fn decode(row: &Row) -> Result<ContactPoint, StoreError> {
    Ok(ContactPoint {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        relation: row.get("relation_id")?,
        kind: row.get("kind")?,
        masked: row.get("value_masked")?,
        route: row.get("source_route")?,
        consented: row.get("consented")?,
        main: row.get("main")?,
        recorded_at: row.get("recorded_at")?,
        ended_at: row.get("ended_at")?,
    })
}

/// The contact points of a customer and of the related parties: those in use first, the main ones before the others.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<ContactPoint>, StoreError> {
    let order = "order by case when ended_at is null then 0 else 1 end, coalesce(relation_id, 0), main desc, id";
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 {order} limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// Customers of one statement.
const KEYS: usize = 400;

/// When each of these customers last gave another number than the first; whoever has the first one still is not named.
///
/// # Errors
/// The store's.
pub async fn phones_changed(
    tx: &mut Tx,
    customers: &[CustomerId],
) -> Result<BTreeMap<CustomerId, Timestamp>, StoreError> {
    let mut found = BTreeMap::new();
    for some in customers.chunks(KEYS) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).and_values("relation_id is null and kind = 'phone'", args![]);
        let head = "select customer_id, max(recorded_at) as changed_at from contact_point";
        let tail = "group by customer_id having count(*) > 1";
        for row in tx.fetch_all(w.select(head, tail), w.args()).await? {
            found.insert(row.get("customer_id")?, row.get("changed_at")?);
        }
    }
    Ok(found)
}

/// One contact point.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: ContactPointId) -> Result<Option<ContactPoint>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![customer, id]).await?.as_ref().map(decode).transpose()
}

/// The value under seal.
pub(super) async fn sealed<T: Personal>(
    tx: &mut Tx,
    customer: CustomerId,
    id: ContactPointId,
) -> Result<Sealed<T>, StoreError> {
    let sql = "select value_sealed from contact_point where customer_id = $1 and id = $2";
    tx.fetch_one(sql, args![customer, id]).await?.get("value_sealed")
}

/// The files that hold a value in use, by its blind index.
pub async fn files_with(tx: &mut Tx, value_index: &str) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select distinct customer_id from contact_point where value_index = $1 and ended_at is null \
         order by customer_id limit $2",
        args![value_index, LIMIT],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}

/// The phones in use of a file with their blind indexes, the customer's first, the main ones before the others.
pub(super) async fn phones_of(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(ContactPoint, String)>, StoreError> {
    let sql = "select customer_id, id, relation_id, kind, value_masked, source_route, consented, main, recorded_at, \
         ended_at, value_index from contact_point where customer_id = $1 and kind = 'phone' and ended_at is null \
         order by coalesce(relation_id, 0), main desc, id limit $2";
    let rows = tx.fetch_all(sql, args![customer, LIMIT]).await?;
    rows.iter().map(|row| Ok((decode(row)?, row.get("value_index")?))).collect()
}

/// The customers whose own number this is.
pub(super) async fn holders(tx: &mut Tx, value_index: &str) -> Result<Vec<(CustomerId, PersonId)>, StoreError> {
    let sql = "select distinct p.customer_id, c.person_id from contact_point p \
         join customer c on c.customer_id = p.customer_id where p.value_index = $1 and p.relation_id is null \
         and p.ended_at is null and c.state = 'active' order by p.customer_id limit $2";
    let rows = tx.fetch_all(sql, args![value_index, LIMIT]).await?;
    rows.iter().map(|row| Ok((row.get("customer_id")?, row.get("person_id")?))).collect()
}

/// A value ready to be written.
pub(super) struct SealedValue {
    pub sealed: Value,
    pub index: String,
    pub masked: String,
    pub last: String,
}

impl SealedValue {
    /// Seals a value for its row.
    pub(super) fn of<T: Personal>(vault: &platform::vault::Vault, row: &str, clear: &T) -> Self {
        Self {
            sealed: vault.seal(crate::personal::place(crate::personal::CONTACT_VALUE, row), clear).to_value(),
            index: vault.blind_index(clear),
            masked: clear.masked(),
            // Only phones are looked for by their end; of anything else the end says too much.
            last: if T::GATED { clear.last_digits() } else { String::new() },
        }
    }
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    id: ContactPointId,
    new: &NewContactPoint,
    value: SealedValue,
) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    let mut row = args![customer, id, new.relation, new.kind];
    row.push(value.sealed);
    row.extend(args![value.index, value.masked, value.last, new.route, new.consented, new.main, work.now, by]);
    work.tx
        .write_rows(
            "insert into contact_point (customer_id, id, relation_id, kind, value_sealed, value_index, value_masked, \
             value_last, source_route, consented, main, recorded_at, recorded_by)",
            "",
            vec![row],
        )
        .await
        .map(drop)
}

/// No other of this kind is the main one any more.
pub(super) async fn drop_main(
    tx: &mut Tx,
    customer: CustomerId,
    relation: Option<RelationId>,
    kind: ContactKind,
) -> Result<(), StoreError> {
    tx.execute(
        "update contact_point set main = 0 where customer_id = $1 and coalesce(relation_id, 0) = $2 and kind = $3",
        args![customer, relation.map_or(0, |relation| relation.0), kind],
    )
    .await
    .map(drop)
}

pub(super) async fn end(work: &mut Work, point: &ContactPoint) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update contact_point set ended_at = $1, ended_by = $2, main = 0 \
             where customer_id = $3 and id = $4 and ended_at is null",
            args![now, by, point.customer, point.id],
        )
        .await
}

/// The last digits of the main phone in use, for search and lists.
pub(super) async fn main_phone_last(tx: &mut Tx, customer: CustomerId) -> Result<Option<String>, StoreError> {
    tx.fetch_optional(
        "select value_last from contact_point where customer_id = $1 and relation_id is null and kind = 'phone' \
         and ended_at is null order by main desc, id desc limit 1",
        args![customer],
    )
    .await?
    .map(|row| row.get("value_last"))
    .transpose()
}
