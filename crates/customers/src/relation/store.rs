//! Table `relation`.

use jiff::Timestamp;
use jiff::civil::Date;
use platform::args;
use platform::contact_gate::PersonId;
use platform::db::{AssertSqlSafe, Row, StoreError, Tx, Value};
use platform::id::CustomerId;
use platform::vault::{Identity, Sealed};
use platform::work::Work;

use super::model::{NewRelation, Relation, RelationId, Willingness};
use crate::customer::store::{SealedIdentity, filled};
use crate::identity::{IdentityKind, IdentityNo};

/// The most related parties that a page shows; a file with more is not one.
const LIMIT: i64 = 500;
const SELECT: &str = "select customer_id, id, person_id, kind, name, identity_kind, identity_masked, \
     other_customer_id, share_ppm, consented_on, objected_on, note, effective_on, ended_on, version from relation";

fn decode(row: &Row) -> Result<Relation, StoreError> {
    let willingness = match (row.get("objected_on")?, row.get("consented_on")?) {
        (Some(on), _) => Willingness::Objected(on),
        (None, Some(on)) => Willingness::Consented(on),
        (None, None) => Willingness::Unknown,
    };
    Ok(Relation {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        person: row.get("person_id")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        identity_kind: row.get("identity_kind")?,
        identity_masked: row.get("identity_masked")?,
        other: row.get("other_customer_id")?,
        share_ppm: row.get("share_ppm")?,
        willingness,
        note: row.get("note")?,
        since: row.get("effective_on")?,
        ended_on: row.get("ended_on")?,
        version: row.get("version")?,
    })
}

/// The related parties of a customer: those that stand first, then the ended ones.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Relation>, StoreError> {
    let order = "order by case when ended_on is null then 0 else 1 end, id";
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 {order} limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// All related parties of a customer that had been entered by a moment, in the order of their keys.
///
/// # Errors
/// The store's.
pub async fn known(tx: &mut Tx, customer: CustomerId, at: Timestamp) -> Result<Vec<Relation>, StoreError> {
    let (mut found, mut after): (Vec<Relation>, _) = (Vec::new(), RelationId(0));
    loop {
        let sql = AssertSqlSafe(format!(
            "{SELECT} where customer_id = $1 and id > $2 and recorded_at <= $3 order by id limit $4"
        ));
        let rows = tx.fetch_all(sql, args![customer, after, at, LIMIT]).await?;
        let full = i64::try_from(rows.len()).unwrap_or(LIMIT) >= LIMIT;
        found.extend(rows.iter().map(decode).collect::<Result<Vec<_>, _>>()?);
        match found.last() {
            Some(last) if full => after = last.id,
            Some(_) | None => return Ok(found),
        }
    }
}

/// One related party.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: RelationId) -> Result<Option<Relation>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![customer, id]).await?.as_ref().map(decode).transpose()
}

/// The identity number under seal.
pub async fn sealed_identity(
    tx: &mut Tx,
    customer: CustomerId,
    id: RelationId,
) -> Result<Option<Sealed<Identity>>, StoreError> {
    let sql = "select identity_sealed from relation where customer_id = $1 and id = $2";
    match tx.fetch_optional(sql, args![customer, id]).await? {
        Some(row) => row.get("identity_sealed"),
        None => Ok(None),
    }
}

/// The files in which a person is an open related party.
pub async fn files_with(tx: &mut Tx, person: PersonId) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select distinct customer_id from relation where person_id = $1 and ended_on is null \
         order by customer_id limit $2",
        args![person, LIMIT],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}

/// A related party ready to be written.
pub(super) struct Prepared<'a> {
    pub customer: CustomerId,
    pub id: RelationId,
    pub person: PersonId,
    pub other: Option<CustomerId>,
    pub new: &'a NewRelation,
    pub identity: Option<SealedIdentity>,
}

pub(super) async fn insert(work: &mut Work, rows: &[Prepared<'_>]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = rows.iter().map(|one| values(work, one)).collect();
    work.tx
        .write_rows(
            "insert into relation (customer_id, id, person_id, kind, name, identity_kind, identity_sealed, \
             identity_index, identity_masked, other_customer_id, share_ppm, consented_on, note, effective_on, \
             recorded_at, recorded_by)",
            "",
            rows,
        )
        .await
        .map(drop)
}

fn values(work: &Work, one: &Prepared<'_>) -> Vec<Value> {
    let (new, identity) = (one.new, one.identity.as_ref());
    args![
        one.customer,
        one.id,
        one.person,
        new.kind,
        new.name.trim(),
        new.identity.as_ref().map_or(IdentityKind::None, IdentityNo::kind),
        identity.map(|identity| identity.sealed.clone()),
        identity.map(|identity| identity.index.clone()),
        identity.map_or("", |identity| identity.masked.as_str()),
        one.other,
        new.share_ppm,
        new.consented_on,
        filled(new.note.as_deref()),
        new.since,
        work.now,
        work.actor.recorded_by()
    ]
}

/// Writes what stands now; the version that was seen must still be there.
pub(super) async fn update(tx: &mut Tx, seen: i64, now: &Relation, reason: Option<&str>) -> Result<(), StoreError> {
    let (consented, objected) = match now.willingness {
        Willingness::Unknown => (None, None),
        Willingness::Consented(on) => (Some(on), None),
        Willingness::Objected(on) => (None, Some(on)),
    };
    tx.execute_one(
        "update relation set consented_on = coalesce($1, consented_on), objected_on = $2, ended_on = $3, \
         ended_reason = $4, version = version + 1 where customer_id = $5 and id = $6 and version = $7",
        args![consented, objected, now.ended_on, reason, now.customer, now.id, seen],
    )
    .await
}

/// Ends an open related party.
pub(super) async fn end(
    tx: &mut Tx,
    customer: CustomerId,
    id: RelationId,
    on: Date,
    reason: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "update relation set ended_on = $1, ended_reason = $2, version = version + 1 \
         where customer_id = $3 and id = $4 and ended_on is null",
        args![on, reason, customer, id],
    )
    .await
    .map(drop)
}

/// How many open related parties a customer has.
pub async fn count(tx: &mut Tx, customer: CustomerId) -> Result<i64, StoreError> {
    let sql = "select count(*) as n from relation where customer_id = $1 and ended_on is null";
    tx.fetch_one(sql, args![customer]).await?.get("n")
}
