//! What the proofs of a close look at (核对范围): every loan that the day touched, and a share of the others, so that
//! they go round the whole book in the days of the policy. At the end of a month, and with the first close, it is all.

use jiff::civil::Date;
use platform::args;
use platform::close::CloseDay;
use platform::db::{StoreError, Tx};
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::work::Work;

/// Before the first customer.
const START: i64 = -1;

/// The customers whose loans a close proves although nothing touched them (当日核对份额).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Loans that changed on this day or later were touched.
    pub touched_since: Date,
    /// Behind this customer.
    pub after: i64,
    /// Up to and including this one.
    pub upto: i64,
    /// Whether it is the whole book.
    pub whole: bool,
    round_on: Date,
}

/// The share of a close: chosen once, then the same whenever its proofs run again. Rule `proof.share`.
///
/// # Errors
/// No policy in force; the store's.
pub async fn of(work: &mut Work, day: CloseDay) -> Result<Share, ActionError> {
    let last = last(&mut work.tx, day.from).await?;
    if let Some((on, share)) = last
        && on == day.from
    {
        return Ok(share);
    }
    let policy = policies::in_force(work, day.to).await?;
    let number = |name| policy.edition(day.to).integer(name).map_err(PolicyError::from);
    let (days, least) = (number("proof_round_days")?, number("proof_least_loans")?);
    let share = match last {
        Some((_, last)) if day.from.month() == day.to.month() => {
            let begins_anew = last.upto == i64::MAX;
            let (round_on, after) = if begins_anew { (day.from, START) } else { (last.round_on, last.upto) };
            // The last day of a round takes what is left, however much the book has grown meanwhile.
            let is_last = finance::days_between(round_on, day.from) + 1 >= days;
            let loans = (loans(&mut work.tx, day.from).await? / days.max(1) + 1).max(least);
            let upto = if is_last { i64::MAX } else { behind(&mut work.tx, after, loans).await? };
            Share { touched_since: day.from, after, upto, whole: false, round_on }
        }
        Some(_) | None => {
            Share { touched_since: day.from, after: START, upto: i64::MAX, whole: true, round_on: day.from }
        }
    };
    keep(&mut work.tx, day.from, &share).await?;
    Ok(share)
}

async fn last(tx: &mut Tx, upto: Date) -> Result<Option<(Date, Share)>, StoreError> {
    let row = tx
        .fetch_optional(
            "select from_on, round_on, after_customer, upto_customer, whole from proof_share where from_on <= $1 \
             order by from_on desc limit 1",
            args![upto],
        )
        .await?;
    row.map(|row| {
        let on: Date = row.get("from_on")?;
        let share = Share {
            touched_since: on,
            after: row.get("after_customer")?,
            upto: row.get("upto_customer")?,
            whole: row.get("whole")?,
            round_on: row.get("round_on")?,
        };
        Ok((on, share))
    })
    .transpose()
}

async fn keep(tx: &mut Tx, on: Date, share: &Share) -> Result<(), StoreError> {
    tx.execute(
        "insert into proof_share (from_on, round_on, after_customer, upto_customer, whole) values ($1, $2, $3, $4, $5)",
        args![on, share.round_on, share.after, share.upto, share.whole],
    )
    .await
    .map(drop)
}

/// How many loans the totals of a day count.
async fn loans(tx: &mut Tx, on: Date) -> Result<i64, StoreError> {
    let sql = "select cast(coalesce(sum(loans), 0) as bigint) as loans from loan_total where business_date = $1";
    tx.fetch_one(sql, args![on]).await?.get("loans")
}

/// The customer behind whom so many loans more are passed; the end when there are fewer.
async fn behind(tx: &mut Tx, after: i64, loans: i64) -> Result<i64, StoreError> {
    let sql =
        "select customer_id from loan_position where customer_id > $1 order by customer_id, loan_id limit 1 offset $2";
    let row = tx.fetch_optional(sql, args![after, loans]).await?;
    row.map_or(Ok(i64::MAX), |row| row.get("customer_id"))
}
