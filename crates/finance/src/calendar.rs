//! The holiday calendar (节假日表) and published rates (LPR) that a computation is given; neither is ever looked up.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::day_count::{add_days, add_months};

/// Rest days and make-up workdays (节假日与调休), for the years that were published.
///
/// A year that is not covered has weekends only, and dates moved in it are provisional (暂定).
///
/// ```
/// use finance::Calendar;
/// use jiff::civil::date;
/// let calendar = Calendar::new([date(2026, 10, 1), date(2026, 10, 2)], [date(2026, 10, 10)], [2026]);
/// assert!(calendar.is_rest_day(date(2026, 10, 1)));
/// assert!(!calendar.is_rest_day(date(2026, 10, 10)));   // a Saturday worked
/// assert_eq!(calendar.next_workday(date(2026, 10, 1)), Some(date(2026, 10, 5)));
/// assert!(!calendar.covers(2027));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    rest_days: BTreeSet<Date>,
    workdays: BTreeSet<Date>,
    years: BTreeSet<i16>,
}

impl Calendar {
    /// A calendar of days off on top of weekends, weekend days worked, and the years it covers.
    pub fn new(
        rest_days: impl IntoIterator<Item = Date>,
        workdays: impl IntoIterator<Item = Date>,
        years: impl IntoIterator<Item = i16>,
    ) -> Calendar {
        Calendar {
            rest_days: rest_days.into_iter().collect(),
            workdays: workdays.into_iter().collect(),
            years: years.into_iter().collect(),
        }
    }

    /// Whether nobody works on that day.
    pub fn is_rest_day(&self, date: Date) -> bool {
        if self.workdays.contains(&date) {
            return false;
        }
        matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) || self.rest_days.contains(&date)
    }

    /// Whether the year's calendar is published; if not, its dates are provisional.
    pub fn covers(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    /// The day itself when worked, else the next that is (顺延); `None` past the end of the calendar.
    pub fn next_workday(&self, date: Date) -> Option<Date> {
        let mut day = date;
        while self.is_rest_day(day) {
            day = add_days(day, 1)?;
        }
        Some(day)
    }

    /// The date `count` working days after `date` (the day itself not counted).
    ///
    /// ```
    /// use finance::Calendar;
    /// use jiff::civil::date;
    /// // Friday: working days 1, 2, 3 are Monday, Tuesday, Wednesday
    /// assert_eq!(Calendar::default().add_workdays(date(2026, 6, 5), 3), Some(date(2026, 6, 10)));
    /// ```
    pub fn add_workdays(&self, date: Date, count: u32) -> Option<Date> {
        let mut day = date;
        for _ in 0..count {
            day = self.next_workday(add_days(day, 1)?)?;
        }
        Some(day)
    }
}

/// Which LPR (贷款市场报价利率) applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tenor {
    /// One year (1年期).
    #[serde(rename = "1y")]
    OneYear,
    /// Five years and more (5年期以上).
    #[serde(rename = "5y")]
    FiveYears,
}

/// One publication of the LPR, both tenors in billionths a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lpr {
    /// The day of publication, from which it is in force.
    pub on: Date,
    /// One year, billionths a year (3.00 % = 30,000,000).
    pub one_year_e9: i64,
    /// Five years and more, billionths a year.
    pub five_years_e9: i64,
}

/// Published LPR by date (利率表).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateTable {
    rows: Vec<Lpr>,
    known_until: Option<Date>,
}

impl RateTable {
    /// A table of publications in any order. A date is known up to `known_until`, or, without it,
    /// for a month and ten days after the last publication (the next one comes on the 20th or soon after).
    ///
    /// ```
    /// use finance::{Lpr, RateTable, Tenor};
    /// use jiff::civil::date;
    /// let table = RateTable::new([Lpr { on: date(2025, 5, 20), one_year_e9: 30_000_000, five_years_e9: 35_000_000 }], None);
    /// assert_eq!(table.in_force(Tenor::OneYear, date(2025, 6, 1)), Some(30_000_000));
    /// assert_eq!(table.in_force(Tenor::OneYear, date(2025, 5, 19)), None); // before the first
    /// assert_eq!(table.in_force(Tenor::OneYear, date(2026, 1, 1)), None);  // publications are missing
    /// ```
    pub fn new(rows: impl IntoIterator<Item = Lpr>, known_until: Option<Date>) -> RateTable {
        let mut rows: Vec<Lpr> = rows.into_iter().collect();
        rows.sort_by_key(|row| row.on);
        RateTable { rows, known_until }
    }

    /// The rate in force on a date; `None` before the first publication or where later ones are missing.
    pub fn in_force(&self, tenor: Tenor, on: Date) -> Option<i64> {
        if self.known_until().is_none_or(|until| on > until) {
            return None;
        }
        self.latest(tenor, on)
    }

    /// The last publication on or before a date, even where later ones are missing (for projections).
    pub fn latest(&self, tenor: Tenor, on: Date) -> Option<i64> {
        let row = self.rows.iter().filter(|row| row.on <= on).max_by_key(|row| row.on)?;
        Some(match tenor {
            Tenor::OneYear => row.one_year_e9,
            Tenor::FiveYears => row.five_years_e9,
        })
    }

    /// The last date on which the rate in force is known.
    pub fn known_until(&self) -> Option<Date> {
        let last = self.rows.iter().map(|row| row.on).max()?;
        self.known_until.or_else(|| add_days(add_months(last, 1)?, 10))
    }
}

/// What the world outside the contract says: calendar and published rates.
///
/// ```
/// use finance::{Calendar, Context, RateTable};
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let context = Context { calendar: &calendar, rates: &rates };
/// assert!(!context.calendar.covers(2026));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Rest days and make-up workdays.
    pub calendar: &'a Calendar,
    /// Published LPR.
    pub rates: &'a RateTable,
}
