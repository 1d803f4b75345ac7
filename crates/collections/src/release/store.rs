//! Tables `collateral_return` and `loan_closing`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::args;
use platform::db::{Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;
use servicing::loan::model::LoanKey;

use super::model::{Receipt, Returned};

/// Appends a receipt.
pub(super) async fn insert(work: &mut Work, loan: LoanKey, receipt: &Receipt) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into collateral_return (customer_id, id, loan_id, collateral_id, received_by, received_on, place, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                loan.customer,
                id,
                loan.loan,
                receipt.collateral,
                receipt.by.trim(),
                receipt.on,
                receipt.place.trim(),
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// What was given back of a loan, thing by thing.
///
/// # Errors
/// The store's.
pub async fn returned(tx: &mut Tx, loan: LoanKey) -> Result<BTreeMap<i64, Returned>, StoreError> {
    let sql = "select r.collateral_id, r.received_by, r.received_on, r.place, coalesce(u.name, '') as by_name \
         from collateral_return r left join user_view u on u.id = r.recorded_by \
         where r.customer_id = $1 and r.loan_id = $2 order by r.id limit 500";
    let decode = |row: &Row| {
        let collateral: i64 = row.get("collateral_id")?;
        let receipt =
            Receipt { collateral, by: row.get("received_by")?, on: row.get("received_on")?, place: row.get("place")? };
        Ok((collateral, Returned { receipt, recorded_by: row.get("by_name")? }))
    };
    tx.fetch_all(sql, args![loan.customer, loan.loan]).await?.iter().map(decode).collect()
}

/// Closes the file of a loan.
pub(super) async fn close(work: &mut Work, loan: LoanKey, words: &str) -> Result<(), StoreError> {
    let (id, on, now, by) = (work.next_id(), work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into loan_closing (customer_id, id, loan_id, words, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            args![loan.customer, id, loan.loan, words.trim(), on, now, by],
        )
        .await
        .map(drop)
}

/// On which day the file of a loan was closed.
///
/// # Errors
/// The store's.
pub async fn closed_on(tx: &mut Tx, loan: LoanKey) -> Result<Option<Date>, StoreError> {
    let sql = "select effective_on from loan_closing where customer_id = $1 and loan_id = $2";
    let row = tx.fetch_optional(sql, args![loan.customer, loan.loan]).await?;
    row.map(|row| row.get("effective_on")).transpose()
}

/// Loans that were paid off on one of these days and are secured, of customers behind `after`.
pub(super) async fn paid_off(
    tx: &mut Tx,
    (from, to): (Date, Date),
    after: CustomerId,
    limit: i64,
) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select customer_id, loan_id from loan_view where as_of in ($1, $2) and customer_id > $3 \
         and state = 'active' and status = 'settled' order by customer_id, loan_id limit $4";
    let decode = |row: &Row| Ok(LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? });
    tx.fetch_all(sql, args![from, to, after, limit]).await?.iter().map(decode).collect()
}

/// The loans of a customer that are not paid off.
pub(super) async fn owed(tx: &mut Tx, customer: CustomerId) -> Result<Vec<LoanKey>, StoreError> {
    let sql = "select loan_id from loan_view where customer_id = $1 and state = 'active' and status <> 'settled' \
         order by loan_id limit 200";
    let decode = |row: &Row| Ok(LoanKey { customer, loan: row.get("loan_id")? });
    tx.fetch_all(sql, args![customer]).await?.iter().map(decode).collect()
}

/// Since when the position of a loan stands as it does.
pub(super) async fn stands_since(tx: &mut Tx, loan: LoanKey) -> Result<Option<Date>, StoreError> {
    let sql = "select max(h.from_on) as since_on from loan_position_history_view h where h.customer_id = $1 \
         and h.loan_id = $2 and h.superseded_at is null";
    tx.fetch_one(sql, args![loan.customer, loan.loan]).await?.get("since_on")
}
