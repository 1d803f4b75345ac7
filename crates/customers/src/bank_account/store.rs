//! Table `bank_account`.

use std::collections::BTreeMap;

use platform::args;
use platform::db::{AssertSqlSafe, Conditions, Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};
use platform::vault::{BankAccount as Number, Sealed};
use platform::work::Work;

use super::model::{BankAccount, BankAccountId, NewBankAccount, Verified};

/// The most accounts that a page shows.
const LIMIT: i64 = 200;
const SELECT: &str = "select customer_id, id, holder, bank, purpose, account_masked, luhn, recorded_at, recorded_by, \
     verified_at, verified_by, verified_how, ended_at from bank_account";

fn decode(row: &Row) -> Result<BankAccount, StoreError> {
    let verified = match row.get("verified_by")? {
        None => None,
        Some(by) => Some(Verified { by, at: row.get("verified_at")?, how: row.get("verified_how")? }),
    };
    Ok(BankAccount {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        holder: row.get("holder")?,
        bank: row.get("bank")?,
        purpose: row.get("purpose")?,
        masked: row.get("account_masked")?,
        luhn: row.get("luhn")?,
        recorded_at: row.get("recorded_at")?,
        // 0: the system, which brings accounts in with a book.
        recorded_by: UserId(row.get("recorded_by")?),
        verified,
        ended_at: row.get("ended_at")?,
    })
}

/// The accounts of a customer: those in use first, the newest of them on top.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<BankAccount>, StoreError> {
    let order = "order by case when ended_at is null then 0 else 1 end, id desc";
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 {order} limit $2"));
    tx.fetch_all(sql, args![customer, LIMIT]).await?.iter().map(decode).collect()
}

/// Customers of one statement.
const KEYS: usize = 400;

/// From which account each of these customers repays: of those in use for it a verified one, else the newest.
///
/// # Errors
/// The store's.
pub async fn repaying(tx: &mut Tx, customers: &[CustomerId]) -> Result<BTreeMap<CustomerId, BankAccount>, StoreError> {
    let mut found: BTreeMap<CustomerId, BankAccount> = BTreeMap::new();
    for some in customers.chunks(KEYS) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).and_values("ended_at is null and purpose in ('repay', 'both')", args![]);
        let order = "order by customer_id, case when verified_by is null then 1 else 0 end, id desc";
        for row in tx.fetch_all(w.select(SELECT, order), w.args()).await? {
            let account = decode(&row)?;
            found.entry(account.customer).or_insert(account);
        }
    }
    Ok(found)
}

/// One account.
pub async fn load(tx: &mut Tx, customer: CustomerId, id: BankAccountId) -> Result<Option<BankAccount>, StoreError> {
    let sql = AssertSqlSafe(format!("{SELECT} where customer_id = $1 and id = $2"));
    tx.fetch_optional(sql, args![customer, id]).await?.as_ref().map(decode).transpose()
}

/// The number under seal.
pub(super) async fn sealed(tx: &mut Tx, customer: CustomerId, id: BankAccountId) -> Result<Sealed<Number>, StoreError> {
    let sql = "select account_sealed from bank_account where customer_id = $1 and id = $2";
    tx.fetch_one(sql, args![customer, id]).await?.get("account_sealed")
}

/// The accounts of this file in whose number somebody else's file has an account in use, too.
pub(super) async fn shared(tx: &mut Tx, customer: CustomerId) -> Result<Vec<BankAccountId>, StoreError> {
    tx.fetch_all(
        "select a.id from bank_account a where a.customer_id = $1 and a.ended_at is null and exists \
         (select 1 from bank_account o where o.account_index = a.account_index and o.customer_id <> a.customer_id \
         and o.ended_at is null) order by a.id limit $2",
        args![customer, LIMIT],
    )
    .await?
    .iter()
    .map(|row| row.get("id"))
    .collect()
}

/// Whether the file holds this number already, in use.
pub(super) async fn holds(tx: &mut Tx, customer: CustomerId, index: &str) -> Result<bool, StoreError> {
    let sql = "select id from bank_account where customer_id = $1 and account_index = $2 and ended_at is null limit 1";
    Ok(tx.fetch_optional(sql, args![customer, index]).await?.is_some())
}

/// The account in use of a file with this number.
pub(super) async fn of_index(
    tx: &mut Tx,
    customer: CustomerId,
    index: &str,
) -> Result<Option<BankAccount>, StoreError> {
    let tail = "where customer_id = $1 and account_index = $2 and ended_at is null order by id desc limit 1";
    let sql = AssertSqlSafe(format!("{SELECT} {tail}"));
    tx.fetch_optional(sql, args![customer, index]).await?.as_ref().map(decode).transpose()
}

/// An account number ready to be written.
pub(super) struct SealedNumber {
    pub sealed: Sealed<Number>,
    pub index: String,
    pub masked: String,
    pub last: String,
    pub luhn: bool,
}

pub(super) async fn insert(
    work: &mut Work,
    customer: CustomerId,
    id: BankAccountId,
    new: &NewBankAccount,
    number: SealedNumber,
) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into bank_account (customer_id, id, holder, bank, purpose, account_sealed, account_index, \
             account_masked, account_last, luhn, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                customer,
                id,
                new.holder.trim(),
                new.bank.trim(),
                new.purpose,
                number.sealed,
                number.index,
                number.masked,
                number.last,
                number.luhn,
                work.now,
                by
            ],
        )
        .await
        .map(drop)
}

pub(super) async fn verify(work: &mut Work, account: &BankAccount, how: &str) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update bank_account set verified_at = $1, verified_by = $2, verified_how = $3 \
             where customer_id = $4 and id = $5 and verified_by is null and ended_at is null",
            args![now, by, how, account.customer, account.id],
        )
        .await
}

pub(super) async fn end(work: &mut Work, account: &BankAccount) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update bank_account set ended_at = $1, ended_by = $2 \
             where customer_id = $3 and id = $4 and ended_at is null",
            args![now, by, account.customer, account.id],
        )
        .await
}
