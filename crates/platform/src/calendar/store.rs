//! Tables `business_day`, `calendar_day`, `calendar_year`, `lpr_rate`.

use finance::Lpr;
use jiff::Timestamp;
use jiff::civil::Date;

use super::parse::{Day, Publication};
use crate::args;
use crate::db::{StoreError, Tx};

/// The date that people work on now.
pub async fn business_date(tx: &mut Tx) -> Result<Date, StoreError> {
    tx.fetch_one("select current_on from business_day where id = 1", args![]).await?.get("current_on")
}

/// The same where a book may still have to be opened.
pub async fn business_date_if_any(tx: &mut Tx) -> Result<Option<Date>, StoreError> {
    let row = tx.fetch_optional("select current_on from business_day where id = 1", args![]).await?;
    row.map(|row| row.get("current_on")).transpose()
}

/// The date that people work on, held until this transaction ends: the cut-over waits for it, so that
/// nothing dated D is written after D was sealed. (SQLite has one writer, which is the same.)
pub async fn business_date_held(tx: &mut Tx) -> Result<Date, StoreError> {
    if !tx.is_postgres() {
        return business_date(tx).await;
    }
    tx.fetch_one("select current_on from business_day where id = 1 for share", args![]).await?.get("current_on")
}

/// The last date whose positions are sealed.
pub async fn sealed_on(tx: &mut Tx) -> Result<Option<Date>, StoreError> {
    tx.fetch_one("select sealed_on from business_day where id = 1", args![]).await?.get("sealed_on")
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
pub async fn load(tx: &mut Tx) -> Result<Vec<Day>, StoreError> {
    tx.fetch_all("select day_on, rests, name from calendar_day order by day_on limit $1", args![20_000_i64])
        .await?
        .iter()
        .map(|row| Ok((row.get("day_on")?, row.get("rests")?, row.get("name")?)))
        .collect()
}

/// A year whose list was imported (已导入年份).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Year {
    /// The year.
    pub year: i16,
    /// Where its list comes from.
    pub source: String,
    /// When it was imported.
    pub imported_at: Timestamp,
}

/// The years with a list, in order.
pub async fn years(tx: &mut Tx) -> Result<Vec<Year>, StoreError> {
    let rows = tx
        .fetch_all("select year, source, imported_at from calendar_year order by year limit $1", args![500_i64])
        .await?;
    rows.iter()
        .map(|row| {
            let year = row.get::<i32>("year").map(|year| i16::try_from(year).unwrap_or(i16::MAX))?;
            Ok(Year { year, source: row.get("source")?, imported_at: row.get("imported_at")? })
        })
        .collect()
}

/// All publications of the LPR, oldest first.
pub async fn lpr(tx: &mut Tx) -> Result<Vec<Lpr>, StoreError> {
    let rows = tx
        .fetch_all(
            "select published_on, one_year_e9, five_years_e9 from lpr_rate order by published_on limit $1",
            args![5_000_i64],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Lpr {
                on: row.get("published_on")?,
                one_year_e9: row.get("one_year_e9")?,
                five_years_e9: row.get("five_years_e9")?,
            })
        })
        .collect()
}

/// The stamp of the present days and rates; 0 before anything was imported.
pub(super) async fn stamp(tx: &mut Tx) -> Result<i64, StoreError> {
    match tx.fetch_optional("select stamp from calendar_stamp where id = 1", args![]).await? {
        Some(row) => row.get("stamp"),
        None => Ok(0),
    }
}

/// When days or rates were changed last; nothing when they never were.
pub async fn changed_at(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let stamp = stamp(tx).await?;
    Ok(if stamp == 0 { None } else { crate::id::moment_of(stamp) })
}

pub(super) async fn set_stamp(tx: &mut Tx, stamp: i64) -> Result<(), StoreError> {
    tx.execute(
        "insert into calendar_stamp (id, stamp) values (1, $1) on conflict (id) do update set stamp = excluded.stamp",
        args![stamp],
    )
    .await
    .map(drop)
}

/// Replaces the whole list of a year.
pub(super) async fn replace_year(
    tx: &mut Tx,
    year: i16,
    days: Vec<Day>,
    source: &str,
    at: Timestamp,
    by: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "delete from calendar_day where day_on >= $1 and day_on <= $2",
        args![format!("{year:04}-01-01"), format!("{year:04}-12-31")],
    )
    .await?;
    let rows = days.into_iter().map(|(on, rests, name)| args![on, rests, name]).collect();
    tx.write_rows("insert into calendar_day (day_on, rests, name)", "", rows).await?;
    tx.execute(
        "insert into calendar_year (year, source, imported_at, imported_by) values ($1, $2, $3, $4) \
         on conflict (year) do update set source = excluded.source, imported_at = excluded.imported_at, \
         imported_by = excluded.imported_by",
        args![i32::from(year), source, at, by],
    )
    .await
    .map(drop)
}

/// Writes one day; `None` takes it from the list, so that it is as its weekday says.
pub(super) async fn write_day(tx: &mut Tx, on: Date, rests: Option<bool>, name: &str) -> Result<(), StoreError> {
    tx.execute("delete from calendar_day where day_on = $1", args![on]).await?;
    if let Some(rests) = rests {
        tx.execute("insert into calendar_day (day_on, rests, name) values ($1, $2, $3)", args![on, rests, name])
            .await?;
    }
    Ok(())
}

pub(super) async fn write_lpr(tx: &mut Tx, rows: Vec<Publication>) -> Result<(), StoreError> {
    let rows = rows.into_iter().map(|(on, one, five)| args![on, one, five]).collect();
    tx.write_rows(
        "insert into lpr_rate (published_on, one_year_e9, five_years_e9)",
        "on conflict (published_on) do update set one_year_e9 = excluded.one_year_e9, five_years_e9 = excluded.five_years_e9",
        rows,
    )
    .await
    .map(drop)
}
