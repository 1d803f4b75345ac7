//! Tables `customer`, `customer_alias`, `customer_fact`, `identity_lookup`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::DataScope;
use platform::args;
use platform::contact_gate::PersonId;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx, Value};
use platform::id::{CustomerId, UserId};
use platform::vault::{Identity, Phone, Sealed};
use platform::work::Work;

use super::model::{Attribute, Customer, CustomerState, NewCustomer};
use crate::contact_point::model::{ContactKind, ContactPointId, SourceRoute};
use crate::identity::IdentityKind;
use crate::name::Reading;

/// Keys asked for at a time.
const KEYS: usize = 500;
/// A customer as [`decode`] reads it.
pub(crate) const SELECT: &str = "select c.customer_id, c.person_id, c.number, c.kind, c.name, c.identity_kind, \
     c.identity_masked, c.nationality, c.born_on, c.phone_last, c.branch_id, c.team_id, c.manager_id, c.state, \
     c.opened_on, c.address, c.note, c.version from customer c";

/// A new file with all that is written (待写入的客户).
pub(super) struct Prepared<'a> {
    pub id: CustomerId,
    pub person: PersonId,
    pub number: String,
    pub new: &'a NewCustomer,
    pub reading: Reading,
    pub identity: Option<SealedIdentity>,
    pub phone: Option<SealedPhone>,
}

/// An identity number ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct SealedIdentity {
    pub sealed: Sealed<Identity>,
    pub index: String,
    pub masked: String,
}

/// A phone number ready to be written.
#[derive(Debug, Clone)]
pub(super) struct SealedPhone {
    pub id: ContactPointId,
    pub sealed: Sealed<Phone>,
    pub index: String,
    pub masked: String,
    pub last: String,
    pub route: SourceRoute,
    pub consented: bool,
}

pub(crate) fn decode(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.get("customer_id")?,
        person: row.get("person_id")?,
        number: row.get("number")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        identity_kind: row.get("identity_kind")?,
        identity_masked: row.get("identity_masked")?,
        nationality: row.get("nationality")?,
        born_on: row.get("born_on")?,
        phone_last: row.get("phone_last")?,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        manager: row.get("manager_id")?,
        state: row.get("state")?,
        opened_on: row.get("opened_on")?,
        address: row.get("address")?,
        note: row.get("note")?,
        version: row.get("version")?,
    })
}

/// The rows of a data scope, as conditions on `customer c`; only what is shown.
pub(crate) fn within(scope: DataScope) -> Conditions {
    let mut conditions = Conditions::new();
    conditions.and("c.state = ?", [&CustomerState::Active]);
    for (fragment, owner) in
        [("c.branch_id = ?", scope.branch), ("c.team_id = ?", scope.team), ("c.manager_id = ?", scope.manager)]
    {
        if owner != 0 {
            conditions.and(fragment, [&owner]);
        }
    }
    conditions
}

/// The customer of this key, shown or hidden.
pub async fn load(tx: &mut Tx, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where c.customer_id = $1"));
    tx.fetch_optional(sql, args![id]).await?.as_ref().map(decode).transpose()
}

/// Locks a file up to the end of the transaction: what is read of it from here on nobody changes meanwhile.
pub(crate) async fn hold(tx: &mut Tx, id: CustomerId) -> Result<(), StoreError> {
    tx.execute("update customer set version = version where customer_id = $1", args![id]).await.map(drop)
}

/// Customers by key, shown or hidden.
pub(crate) async fn load_many(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, Customer>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("c.customer_id", some);
        for row in tx.fetch_all(conditions.select(SELECT, ""), conditions.args()).await? {
            let customer = decode(&row)?;
            found.insert(customer.id, customer);
        }
    }
    Ok(found)
}

/// The customer who has this number (客户号).
pub async fn find_by_number(tx: &mut Tx, number: &str) -> Result<Option<Customer>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where c.number = $1 and c.state = 'active'"));
    tx.fetch_optional(sql, args![number]).await?.as_ref().map(decode).transpose()
}

/// The customer whose file has this identity number, by its blind index.
pub async fn find_by_identity(tx: &mut Tx, index: &str) -> Result<Option<CustomerId>, StoreError> {
    tx.fetch_optional("select customer_id from identity_lookup where identity_index = $1", args![index])
        .await?
        .map(|row| row.get("customer_id"))
        .transpose()
}

/// The customers whose files have these identity numbers, by blind index.
pub async fn find_by_identities(tx: &mut Tx, indexes: &[&str]) -> Result<BTreeMap<String, CustomerId>, StoreError> {
    let mut found = BTreeMap::new();
    for some in indexes.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("identity_index", some);
        let sql = conditions.select("select identity_index, customer_id from identity_lookup", "");
        for row in tx.fetch_all(sql, conditions.args()).await? {
            found.insert(row.get("identity_index")?, row.get("customer_id")?);
        }
    }
    Ok(found)
}

/// Names and numbers of customers by key, whatever the scope: for showing what stands beside them.
pub async fn names(tx: &mut Tx, ids: &[CustomerId]) -> Result<BTreeMap<CustomerId, (String, String)>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("customer_id", some);
        let sql = conditions.select("select customer_id, number, name from customer_view", "");
        for row in tx.fetch_all(sql, conditions.args()).await? {
            found.insert(row.get("customer_id")?, (row.get("number")?, row.get("name")?));
        }
    }
    Ok(found)
}

/// The identity number under seal.
pub async fn sealed_identity(tx: &mut Tx, id: CustomerId) -> Result<Option<Sealed<Identity>>, StoreError> {
    match tx.fetch_optional("select identity_sealed from customer where customer_id = $1", args![id]).await? {
        Some(row) => row.get("identity_sealed"),
        None => Ok(None),
    }
}

/// The other spellings of a customer's name.
pub async fn aliases(tx: &mut Tx, id: CustomerId) -> Result<Vec<String>, StoreError> {
    tx.fetch_all("select name from customer_alias where customer_id = $1 order by name limit 50", args![id])
        .await?
        .iter()
        .map(|row| row.get("name"))
        .collect()
}

/// Takes identity numbers for their files; how many were free.
pub(super) async fn take_identities(tx: &mut Tx, files: &[Prepared<'_>]) -> Result<(u64, u64), StoreError> {
    let rows: Vec<Vec<Value>> =
        files.iter().filter_map(|one| Some(args![one.identity.as_ref()?.index, one.id])).collect();
    let wanted = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let head = "insert into identity_lookup (identity_index, customer_id)";
    Ok((wanted, tx.write_rows(head, "on conflict (identity_index) do nothing", rows).await?))
}

/// Writes new files with their aliases and phones.
pub(super) async fn insert(work: &mut Work, files: &[Prepared<'_>]) -> Result<(), StoreError> {
    let rows = files.iter().map(|one| customer_row(work, one)).collect();
    work.tx
        .write_rows(
            "insert into customer (customer_id, person_id, number, kind, name, pinyin, initials, identity_kind, \
             identity_sealed, identity_index, identity_masked, nationality, born_on, phone_last, branch_id, team_id, \
             manager_id, state, opened_on, address, note, recorded_at, recorded_by, source, source_detail)",
            "",
            rows,
        )
        .await?;
    let (now, by) = (work.now, work.actor.recorded_by());
    let aliases = files.iter().flat_map(|one| {
        let other = one
            .new
            .aliases
            .iter()
            .map(|name| name.trim())
            .filter(|name| !name.is_empty() && *name != one.new.name.trim());
        other.map(|name| args![one.id, name, now, by])
    });
    let aliases = aliases.collect();
    let head = "insert into customer_alias (customer_id, name, recorded_at, recorded_by)";
    work.tx.write_rows(head, "on conflict (customer_id, name) do nothing", aliases).await?;
    let phones = files.iter().filter_map(|one| {
        let phone = one.phone.as_ref()?;
        Some(args![
            one.id,
            phone.id,
            ContactKind::Phone,
            phone.sealed,
            phone.index,
            phone.masked,
            phone.last,
            phone.route,
            phone.consented,
            true,
            now,
            by
        ])
    });
    let phones = phones.collect();
    work.tx
        .write_rows(
            "insert into contact_point (customer_id, id, kind, value_sealed, value_index, value_masked, value_last, \
             source_route, consented, main, recorded_at, recorded_by)",
            "",
            phones,
        )
        .await
        .map(drop)
}

fn customer_row(work: &Work, one: &Prepared<'_>) -> Vec<Value> {
    let new = one.new;
    let identity = one.identity.as_ref();
    let number = new.identity.as_ref();
    args![
        one.id,
        one.person,
        one.number,
        new.kind,
        new.name.trim(),
        one.reading.pinyin,
        one.reading.initials,
        number.map_or(IdentityKind::None, crate::identity::IdentityNo::kind),
        identity.map(|identity| identity.sealed.clone()),
        identity.map(|identity| identity.index.clone()),
        identity.map_or("", |identity| identity.masked.as_str()),
        new.nationality.as_deref().unwrap_or(""),
        number.and_then(crate::identity::IdentityNo::born_on),
        one.phone.as_ref().map(|phone| phone.last.clone()),
        new.branch,
        new.team,
        new.manager,
        CustomerState::Active,
        work.business_date,
        filled(new.address.as_deref()),
        filled(new.note.as_deref()),
        work.now,
        work.actor.recorded_by(),
        work.actor.origin.as_str(),
        work.actor.origin.detail()
    ]
}

/// A text without its margins; nothing when nothing is left.
pub(crate) fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// One changed value of a file.
pub(super) struct Fact {
    pub attribute: Attribute,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Writes changes as facts; their keys.
pub(super) async fn insert_facts(
    work: &mut Work,
    id: CustomerId,
    facts: &[Fact],
    reason: &str,
) -> Result<Vec<i64>, StoreError> {
    let keys: Vec<i64> = facts.iter().map(|_| work.next_id()).collect();
    let rows = facts.iter().zip(&keys).map(|(fact, key)| {
        args![
            id,
            *key,
            fact.attribute,
            fact.before,
            fact.after,
            work.business_date,
            work.now,
            work.actor.recorded_by(),
            work.actor.origin.as_str(),
            work.actor.origin.detail(),
            reason
        ]
    });
    let rows = rows.collect();
    work.tx
        .write_rows(
            "insert into customer_fact (customer_id, id, attribute, value_before, value, effective_on, recorded_at, \
             recorded_by, source, source_detail, reason)",
            "",
            rows,
        )
        .await?;
    Ok(keys)
}

/// Writes what stands now; the version that was seen must still be there.
pub(super) async fn update(tx: &mut Tx, seen: i64, now: &Customer) -> Result<(), StoreError> {
    tx.execute_one(
        "update customer set address = $1, note = $2, nationality = $3, manager_id = $4, branch_id = $5, team_id = $6, \
         version = version + 1 where customer_id = $7 and version = $8",
        args![now.address, now.note, now.nationality, now.manager, now.branch, now.team, now.id, seen],
    )
    .await
}

/// The last digits of the main phone, for search and lists.
pub(crate) async fn set_phone_last(tx: &mut Tx, id: CustomerId, last: Option<&str>) -> Result<(), StoreError> {
    tx.execute_one("update customer set phone_last = $1, version = version + 1 where customer_id = $2", args![last, id])
        .await
}

/// Hides a file whose import was undone and frees its identity number; its number.
pub(super) async fn hide(tx: &mut Tx, id: CustomerId) -> Result<String, StoreError> {
    tx.execute("delete from identity_lookup where customer_id = $1", args![id]).await?;
    tx.fetch_one(
        "update customer set state = 'hidden', version = version + 1 where customer_id = $1 returning number",
        args![id],
    )
    .await?
    .get("number")
}

/// Dates on which the manager changed, the latest first: since when the present one manages the file.
pub async fn managed_since(tx: &mut Tx, id: CustomerId) -> Result<Option<Date>, StoreError> {
    tx.fetch_optional(
        "select effective_on from customer_fact where customer_id = $1 and attribute = 'manager' \
         order by id desc limit 1",
        args![id],
    )
    .await?
    .map(|row| row.get("effective_on"))
    .transpose()
}

/// Names of users by key.
pub async fn user_names(tx: &mut Tx, ids: &[UserId]) -> Result<BTreeMap<UserId, String>, StoreError> {
    let mut found = BTreeMap::new();
    for some in ids.chunks(KEYS) {
        let mut conditions = Conditions::new();
        conditions.one_of("id", some);
        let sql = conditions.select("select id, name from user_view", "");
        for row in tx.fetch_all(sql, conditions.args()).await? {
            found.insert(row.get("id")?, row.get("name")?);
        }
    }
    Ok(found)
}

/// The files of one person or company, shown ones.
pub async fn files_of(tx: &mut Tx, person: PersonId) -> Result<Vec<CustomerId>, StoreError> {
    tx.fetch_all(
        "select customer_id from customer where person_id = $1 and state = 'active' order by customer_id limit 100",
        args![person],
    )
    .await?
    .iter()
    .map(|row| row.get("customer_id"))
    .collect()
}
