//! Tables `business_day` and `calendar_day`.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::args;
use crate::db::{StoreError, Tx};

/// The date that people work on now.
pub async fn business_date(tx: &mut Tx) -> Result<Date, StoreError> {
    tx.fetch_one("select current_on from business_day where id = 1", args![]).await?.get("current_on")
}

/// Names the first business date of a new book. Repeating it changes nothing.
pub async fn open_book(tx: &mut Tx, on: Date, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "insert into business_day (id, current_on, sealed_on, moved_at) values (1, $1, null, $2) on conflict (id) do nothing",
        args![on, at],
    )
    .await
    .map(drop)
}

/// Moves people from `from` to `to`; only the day close calls this.
///
/// Errors: [`StoreError::Stale`] when the book is no longer at `from`.
pub async fn move_business_date(tx: &mut Tx, from: Date, to: Date, at: Timestamp) -> Result<(), StoreError> {
    tx.execute_one(
        "update business_day set current_on = $1, moved_at = $2 where id = 1 and current_on = $3",
        args![to, at, from],
    )
    .await
}

/// The listed days in order: date, whether people rest, the holiday's name.
pub async fn load(tx: &mut Tx) -> Result<Vec<(Date, bool, String)>, StoreError> {
    tx.fetch_all("select day_on, rests, name from calendar_day order by day_on limit $1", args![20_000_i64])
        .await?
        .iter()
        .map(|row| Ok((row.get("day_on")?, row.get("rests")?, row.get("name")?)))
        .collect()
}
