//! What the house knew at the end of an earlier day (截至所知), and reading all of it piece by piece.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use platform::args;
use platform::close;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::error::ActionError;
use platform::work::Work;

/// Rows of one piece.
const CHUNK: i64 = 500;

/// The end of a day in both clocks (截至所知): what was recorded in business days until then, and in moments until people were
/// moved to the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The last business day.
    pub on: Date,
    /// The last moment of it.
    pub at: Timestamp,
    /// Whether it is the day on which people are: then everything is known.
    pub today: bool,
}

impl Known {
    /// The end of a day. Of the day on which people are it has not come: all that is recorded is known. Of an earlier day it is
    /// the moment at which the close moved people on.
    ///
    /// # Errors
    /// The store's.
    pub async fn at_end_of(work: &mut Work, on: Date) -> Result<Self, ActionError> {
        let end = platform::clock::civil_moment(on.at(23, 59, 59, 999_000_000)).unwrap_or(work.now);
        if on >= work.business_date {
            return Ok(Self { on, at: end.max(work.now), today: true });
        }
        let moved = close::store::moved_on(&mut work.tx, on).await?;
        // Moments are kept in milliseconds; what was recorded at the very moment is the next day's.
        let last = moved.and_then(|moved| moved.checked_sub(SignedDuration::from_millis(1)).ok());
        Ok(Self { on, at: last.unwrap_or(end), today: false })
    }

    /// The moment for a replay; `None`: all that is known.
    #[must_use]
    pub fn moment(&self) -> Option<Timestamp> {
        (!self.today).then_some(self.at)
    }

    /// Whether what has no end, or one behind the day, stood on it.
    #[must_use]
    pub fn stood(&self, ended_on: Option<Date>) -> bool {
        ended_on.is_none_or(|ended| ended > self.on)
    }
}

/// How a table is read piece by piece (分段读取): `key` is the condition that lies behind the last key, such as `m.id > ?`.
pub(crate) struct Pieces {
    /// What is read, with the key as `id`.
    pub head: &'static str,
    /// The condition on the key.
    pub key: &'static str,
    /// The order by the key.
    pub order: &'static str,
    /// More than so many are not read: whoever asks refuses then.
    pub most: i64,
}

impl Pieces {
    /// Reads the rows, by their keys, until there are no more or too many.
    ///
    /// # Errors
    /// The store's.
    pub async fn read<T: Send>(
        &self,
        tx: &mut Tx,
        filter: impl Fn(&mut Conditions) + Send + Sync,
        decode: impl Fn(&Row) -> Result<T, StoreError> + Send + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let (mut found, mut after) = (Vec::new(), 0_i64);
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        loop {
            let mut w = Conditions::new();
            filter(&mut w);
            w.and_values(self.key, args![after]);
            let rows = tx.fetch_all(w.select(self.head, &format!("{} limit {CHUNK}", self.order)), w.args()).await?;
            for row in &rows {
                after = row.get("id")?;
                found.push(decode(row)?);
            }
            if i64::try_from(rows.len()).unwrap_or(CHUNK) < CHUNK || found.len() > most {
                return Ok(found);
            }
        }
    }
}
