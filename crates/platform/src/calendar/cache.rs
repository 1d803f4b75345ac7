//! The calendar and rates in memory (日历缓存), renewed when their stamp changes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use finance::{Calendar, Lpr, RateTable};
use jiff::civil::Date;
use policy::CalendarError;

use super::store;
use crate::db::StoreError;
use crate::work::Work;

/// Working days and published rates as of one stamp (已公布的日历与利率).
#[derive(Debug, Clone, Default)]
pub struct Published {
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The LPR.
    pub rates: Arc<RateTable>,
    /// The years whose list was imported.
    pub years: BTreeSet<i16>,
}

impl Published {
    /// Whether people work on that day.
    #[must_use]
    pub fn is_working_day(&self, on: Date) -> bool {
        !self.calendar.is_rest_day(on)
    }

    /// The date `days` working days after `from` (before it when negative); `from` itself is never counted.
    ///
    /// # Errors
    /// [`CalendarError`] when there is no such day.
    pub fn add_working_days(&self, from: Date, days: i64) -> Result<Date, CalendarError> {
        policy::add_working_days(from, days, &|on: Date| self.is_working_day(on))
    }

    /// Whether a date between these two rests on a year without a list (暂定).
    #[must_use]
    pub fn is_provisional(&self, from: Date, to: Date) -> bool {
        (from.min(to).year()..=from.max(to).year()).any(|year| !self.years.contains(&year))
    }

    /// The first year without a list that this date should already know: its own, and from the last
    /// quarter on the next.
    #[must_use]
    pub fn missing_year(&self, on: Date) -> Option<i16> {
        let next = (on.month() >= 10).then(|| on.year().saturating_add(1));
        [Some(on.year()), next].into_iter().flatten().find(|year| !self.years.contains(year))
    }
}

/// What is in memory: the stamp and what it stands for.
#[derive(Debug, Default)]
pub struct Cache(Mutex<Option<(i64, Published)>>);

/// Working days and rates in force for this work.
///
/// One small query tells whether the copy in memory is still good, so that every process sees an
/// import at once; stamps are keys that are never used twice, so a change rolled back leaves no trace.
///
/// # Errors
/// The store's.
pub async fn published(work: &mut Work) -> Result<Published, StoreError> {
    let stamp = store::stamp(&mut work.tx).await?;
    {
        let kept = work.app.published.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, published)) = kept.as_ref()
            && *known == stamp
        {
            return Ok(published.clone());
        }
    }
    let fresh = read(work).await?;
    *work.app.published.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((stamp, fresh.clone()));
    Ok(fresh)
}

async fn read(work: &mut Work) -> Result<Published, StoreError> {
    let years: BTreeSet<i16> = store::years(&mut work.tx).await?.into_iter().map(|year| year.year).collect();
    let days = store::load(&mut work.tx).await?;
    let rests = days.iter().filter(|day| day.1).map(|day| day.0);
    let works = days.iter().filter(|day| !day.1).map(|day| day.0);
    let calendar = Calendar::new(rests, works, years.iter().copied());
    let rows: Vec<Lpr> = store::lpr(&mut work.tx).await?;
    Ok(Published { calendar: Arc::new(calendar), rates: Arc::new(RateTable::new(rows, None)), years })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn of(years: &[i16]) -> Published {
        let calendar = Calendar::new([date(2026, 10, 1)], [date(2026, 10, 10)], years.iter().copied());
        Published { calendar: Arc::new(calendar), rates: Arc::default(), years: years.iter().copied().collect() }
    }

    #[test]
    fn the_next_year_is_missed_from_october_on() {
        let published = of(&[2026]);
        assert_eq!(published.missing_year(date(2026, 9, 30)), None);
        assert_eq!(published.missing_year(date(2026, 10, 1)), Some(2027));
        assert_eq!(published.missing_year(date(2027, 1, 1)), Some(2027));
    }

    #[test]
    fn dates_that_touch_a_year_without_a_list_are_provisional() {
        let published = of(&[2026]);
        assert!(!published.is_provisional(date(2026, 1, 1), date(2026, 12, 31)));
        assert!(published.is_provisional(date(2026, 12, 30), date(2027, 1, 4)));
    }

    #[test]
    fn overdue_on_friday_the_third_working_day_is_wednesday() {
        // S4-09
        assert_eq!(of(&[2026]).add_working_days(date(2026, 11, 20), 3), Ok(date(2026, 11, 25)));
    }
}
