//! Deadlines in working days, over a calendar that the caller brings.

use jiff::civil::Date;
use thiserror::Error;

/// Tells working days from rest days (工作日历): weekends, statutory holidays and made-up working days.
pub trait WorkingDays {
    /// Whether people work on that date.
    fn is_working_day(&self, date: Date) -> bool;
}

impl<F: Fn(Date) -> bool> WorkingDays for F {
    fn is_working_day(&self, date: Date) -> bool {
        self(date)
    }
}

/// Why a deadline has no date (期限无法计算).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// More than a year without a working day: the calendar is broken.
    #[error("the calendar has no working day for a year around {around}")]
    NoWorkingDay {
        /// Where the search gave up.
        around: Date,
    },
    /// The date lies outside the calendar that computers know.
    #[error("the date {days} days from {from} is out of range")]
    OutOfRange {
        /// The anchor.
        from: Date,
        /// The distance.
        days: i64,
    },
}

impl CalendarError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoWorkingDay { .. } => "no_working_day",
            Self::OutOfRange { .. } => "date_out_of_range",
        }
    }
}

/// The date `days` calendar days after `from`, before it when negative.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn add_days(from: Date, days: i64) -> Result<Date, CalendarError> {
    let out_of_range = || CalendarError::OutOfRange { from, days };
    let span = jiff::Span::new().try_days(days).map_err(|_| out_of_range())?;
    from.checked_add(span).map_err(|_| out_of_range())
}

/// The date of the `days`-th working day after `from`, before it when negative; `from` itself is never counted.
/// With `days` = 0 it is `from`, whatever day that is.
///
/// Rule `duty.working_days`: the day of the event is not counted.
///
/// Overdue since a Friday, the third working day is the Wednesday (DT-S4: the first overdue day is not counted).
///
/// # Errors
/// [`CalendarError::NoWorkingDay`] when a whole year has none, [`CalendarError::OutOfRange`].
pub fn add_working_days(from: Date, days: i64, calendar: &dyn WorkingDays) -> Result<Date, CalendarError> {
    let step = days.signum();
    let mut date = from;
    let mut left = days.unsigned_abs();
    let mut rest_days = 0;
    while left > 0 {
        date = add_days(date, step).map_err(|_| CalendarError::OutOfRange { from, days })?;
        if calendar.is_working_day(date) {
            left -= 1;
            rest_days = 0;
        } else {
            rest_days += 1;
            if rest_days > 366 {
                return Err(CalendarError::NoWorkingDay { around: date });
            }
        }
    }
    Ok(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};

    fn weekdays(date: Date) -> bool {
        !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    // S4-09, DT-S4, rule `duty.working_days`: overdue on Friday, working days 1 to 3 are Monday to Wednesday.
    #[test]
    fn overdue_on_friday_the_third_working_day_is_wednesday() {
        let friday = date(2026, 3, 13);
        assert_eq!(add_working_days(friday, 1, &weekdays), Ok(date(2026, 3, 16)));
        assert_eq!(add_working_days(friday, 3, &weekdays), Ok(date(2026, 3, 18)));
        assert_eq!(add_working_days(friday, -1, &weekdays), Ok(date(2026, 3, 12)));
        assert_eq!(add_working_days(date(2026, 3, 14), 0, &weekdays), Ok(date(2026, 3, 14)));
    }

    #[test]
    fn holidays_and_made_up_working_days_count_as_the_calendar_says() {
        // National Day 2026: rest from 1 to 7 October, Saturday 10 October is worked.
        let calendar = |day: Date| {
            let holiday = day >= date(2026, 10, 1) && day <= date(2026, 10, 7);
            !holiday && (weekdays(day) || day == date(2026, 10, 10))
        };
        assert_eq!(add_working_days(date(2026, 9, 30), 3, &calendar), Ok(date(2026, 10, 10)));
    }

    #[test]
    fn a_calendar_without_working_days_is_an_error() {
        let never = |_: Date| false;
        let found = add_working_days(date(2026, 1, 1), 1, &never);
        assert_eq!(found.map_err(|error| error.code()), Err("no_working_day"));
        assert_eq!(add_days(Date::MAX, 1).map_err(|error| error.code()), Err("date_out_of_range"));
        assert_eq!(add_days(date(2026, 1, 1), i64::MAX).map_err(|error| error.code()), Err("date_out_of_range"));
    }
}
