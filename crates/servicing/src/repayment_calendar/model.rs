//! Days, weeks and months of the calendar. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// What falls due on one day (当日应还): principal and interest of the instalments, penalty and fees apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DaySum {
    /// 应还笔数.
    pub instalments: i64,
    /// 未还清笔数.
    pub open: i64,
    /// 应还.
    pub due: Fen,
    /// 已还.
    pub paid: Fen,
    /// 未还.
    pub unpaid: Fen,
}

impl DaySum {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        let add = |a: Fen, b: Fen| a.checked_add(b).unwrap_or(a);
        Self {
            instalments: self.instalments.saturating_add(other.instalments),
            open: self.open.saturating_add(other.open),
            due: add(self.due, other.due),
            paid: add(self.paid, other.paid),
            unpaid: add(self.unpaid, other.unpaid),
        }
    }

    /// This without a part of it.
    pub fn less(self, part: Self) -> Self {
        let sub = |a: Fen, b: Fen| a.checked_sub(b).unwrap_or(a);
        Self {
            instalments: self.instalments.saturating_sub(part.instalments),
            open: self.open.saturating_sub(part.open),
            due: sub(self.due, part.due),
            paid: sub(self.paid, part.paid),
            unpaid: sub(self.unpaid, part.unpaid),
        }
    }
}

/// What the calendar shows at once (视图).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 月.
    Month,
    /// 周.
    Week,
}

impl Span {
    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
        }
    }

    /// The first and last day of the month or week of a date; weeks begin on Monday.
    pub fn around(self, on: Date) -> (Date, Date) {
        match self {
            Self::Month => (on.first_of_month(), on.last_of_month()),
            Self::Week => {
                let first = monday(on);
                (first, first.checked_add(6.days()).unwrap_or(first))
            }
        }
    }

    /// A date in the month or week before, and in the one after.
    pub fn neighbours(self, on: Date) -> (Option<Date>, Option<Date>) {
        let (first, last) = self.around(on);
        (first.yesterday().ok(), last.tomorrow().ok())
    }
}

/// The Monday on or before a date.
fn monday(on: Date) -> Date {
    let since = i64::from(on.weekday().since(Weekday::Monday));
    on.checked_sub(since.days()).unwrap_or(on)
}

/// The weeks of a span, each of seven days from Monday; days outside the span are there to fill the week.
pub fn weeks(first: Date, last: Date) -> Vec<[Date; 7]> {
    let mut weeks = Vec::new();
    let mut day = monday(first);
    while day <= last && weeks.len() < 6 {
        let mut week = [day; 7];
        for place in &mut week {
            *place = day;
            day = day.tomorrow().unwrap_or(day);
        }
        weeks.push(week);
    }
    weeks
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks_from_monday() {
        let (first, last) = Span::Month.around(date(2026, 11, 20));
        assert_eq!((first, last), (date(2026, 11, 1), date(2026, 11, 30)));
        let weeks = weeks(first, last);
        // 2026-11-01 is a Sunday, 2026-11-30 a Monday: six weeks.
        assert_eq!(weeks.len(), 6);
        assert_eq!((weeks[0][0], weeks[0][6]), (date(2026, 10, 26), date(2026, 11, 1)));
        assert_eq!((weeks[5][0], weeks[5][6]), (date(2026, 11, 30), date(2026, 12, 6)));
        assert_eq!(super::weeks(date(2027, 2, 1), date(2027, 2, 28)).len(), 4, "four whole weeks");
    }

    #[test]
    fn a_week_begins_on_monday_and_has_neighbours() {
        assert_eq!(Span::Week.around(date(2026, 11, 22)), (date(2026, 11, 16), date(2026, 11, 22)));
        let (before, after) = Span::Week.neighbours(date(2026, 11, 16));
        assert_eq!((before, after), (Some(date(2026, 11, 15)), Some(date(2026, 11, 23))));
        let (before, after) = Span::Month.neighbours(date(2026, 1, 31));
        assert_eq!((before, after), (Some(date(2025, 12, 31)), Some(date(2026, 2, 1))));
    }
}
