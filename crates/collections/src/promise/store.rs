//! Table `promise`.

use finance::Fen;
use jiff::Timestamp;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{NewPromise, Promise, PromiseId, PromiseState};
use crate::case::model::CaseKey;
use crate::known::{Known, Pieces};

const COLUMNS: &str = "select customer_id, id, case_id, amount_fen, due_at, promised_by, words, paid_fen, state, recorded_at \
     from promise";

/// Writes a new promise.
pub async fn insert(work: &mut Work, case: CaseKey, owner: i64, new: &NewPromise) -> Result<PromiseId, StoreError> {
    let id = PromiseId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into promise (customer_id, id, case_id, amount_fen, due_at, due_on, promised_by, words, paid_fen, \
             state, owner_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 'open', $9, $10, $11, $12)",
            args![
                case.customer,
                id,
                case.case,
                new.amount,
                new.due_at,
                platform::clock::civil_day(new.due_at),
                new.promised_by.trim(),
                new.words.trim(),
                owner,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// Writes what became of a promise.
pub async fn write(tx: &mut Tx, promise: &Promise, now: Timestamp, reason: Option<&str>) -> Result<(), StoreError> {
    let settled = (promise.state != PromiseState::Open).then_some(now);
    tx.execute_one(
        "update promise set paid_fen = $1, state = $2, settled_at = $3, reason = $4 where customer_id = $5 and id = $6",
        args![promise.paid, promise.state, settled, reason.map(str::to_owned), promise.case.customer, promise.id],
    )
    .await
}

/// The promises of a case, the latest first.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Promise>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("customer_id = ? and case_id = ?", args![case.customer, case.case]);
    tx.fetch_all(w.select(COLUMNS, "order by id desc limit 100"), w.args()).await?.iter().map(decode).collect()
}

/// Open promises whose moment is over, of the customers behind `after`.
pub async fn over(tx: &mut Tx, after: CustomerId, now: Timestamp, limit: i64) -> Result<Vec<Promise>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("state = 'open' and due_at < ? and customer_id > ?", args![now, after]);
    let tail = format!("order by customer_id limit {limit}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// What came in for a promise: repayments entered since it was made, of its days, and not taken back.
pub async fn paid(tx: &mut Tx, promise: &Promise) -> Result<Fen, StoreError> {
    let row = tx
        .fetch_one(
            "select cast(coalesce(sum(t.amount_fen), 0) as bigint) as paid_fen from loan_transaction_view t \
             where t.customer_id = $1 and t.kind = 'repay' and t.reversed_at is null and t.recorded_at >= $2 \
             and t.effective_on >= $3 and t.effective_on <= $4",
            args![
                promise.case.customer,
                promise.made_at,
                platform::clock::civil_day(promise.made_at),
                promise.due_on()
            ],
        )
        .await?;
    row.get("paid_fen")
}

/// The promises of a case that were made until a day, in order, as they stood at its end: what was not settled then is judged
/// by what had come in by then. More than so many are not read.
///
/// # Errors
/// The store's.
pub async fn known(tx: &mut Tx, case: CaseKey, known: Known, most: i64) -> Result<Vec<Promise>, StoreError> {
    let head = "select customer_id, id, case_id, amount_fen, due_at, promised_by, words, paid_fen, state, recorded_at, \
         settled_at from promise";
    let pieces = Pieces { head, key: "id > ?", order: "order by id", most };
    let filter = |w: &mut Conditions| {
        let args = args![case.customer, case.case, known.on];
        w.and_values("customer_id = ? and case_id = ? and effective_on <= ?", args);
    };
    let read = |row: &Row| Ok((decode(row)?, row.get::<Option<Timestamp>>("settled_at")?));
    let mut found = Vec::new();
    for (mut one, settled_at) in pieces.read(tx, filter, read).await? {
        if settled_at.is_none_or(|settled| settled > known.at) {
            // What was taken back later stood on the day.
            one.state = PromiseState::Open;
            one.paid = paid_by(tx, &one, known).await?;
            one.state = one.judge(one.paid, known.at);
        }
        found.push(one);
    }
    Ok(found)
}

/// What had come in for a promise as it was known at the end of a day.
async fn paid_by(tx: &mut Tx, promise: &Promise, known: Known) -> Result<Fen, StoreError> {
    let row = tx
        .fetch_one(
            "select cast(coalesce(sum(t.amount_fen), 0) as bigint) as paid_fen from loan_transaction_view t \
             where t.customer_id = $1 and t.kind = 'repay' and t.recorded_at >= $2 and t.effective_on >= $3 \
             and t.effective_on <= $4 and t.effective_on <= $5 and t.recorded_at <= $6 \
             and (t.reversed_at is null or t.reversed_at > $6)",
            args![
                promise.case.customer,
                promise.made_at,
                platform::clock::civil_day(promise.made_at),
                promise.due_on(),
                known.on,
                known.at
            ],
        )
        .await?;
    row.get("paid_fen")
}

fn decode(row: &Row) -> Result<Promise, StoreError> {
    Ok(Promise {
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        amount: row.get("amount_fen")?,
        due_at: row.get("due_at")?,
        promised_by: row.get("promised_by")?,
        words: row.get("words")?,
        paid: row.get("paid_fen")?,
        state: row.get("state")?,
        made_at: row.get("recorded_at")?,
    })
}
