//! What is computed from the sums (指标): shares, changes, and the days that a page looks at. Pure.

use finance::Fen;
use jiff::civil::Date;

use super::model::{Book, Part};

/// The rule of the share of non-performing loans (不良率).
pub const NPL_RATIO: &str = "dashboard.npl-ratio";
/// The rule of the share of overdue loans (逾期率).
pub const OVERDUE_RATE: &str = "dashboard.overdue-rate";
/// The rule of the book (贷款余额).
pub const BOOK: &str = "dashboard.book";
/// The rule of money received (回收).
pub const COLLECTED: &str = "dashboard.collected";
/// The rule of new overdue (新增逾期).
pub const BECAME_OVERDUE: &str = "dashboard.became-overdue";

/// How many past month-ends are shown beside the date itself.
const MONTHS: usize = 12;
/// How many days of new overdue are shown.
const DAYS: i64 = 30;
/// How many months of maturities are shown.
const MONTHS_AHEAD: usize = 6;

/// A share in billionths, half away from zero; `None` of nothing.
#[must_use]
pub fn share(part: Fen, whole: Fen) -> Option<i64> {
    let (part, whole) = (i128::from(part.0), i128::from(whole.0));
    if whole <= 0 || part < 0 {
        return None;
    }
    i64::try_from((part * 2_000_000_000 + whole) / (2 * whole)).ok()
}

/// The non-performing part (rule `dashboard.npl-ratio`, S5.4-05): the classes come from the policy in force.
#[must_use]
pub fn non_performing(book: &Book, classes: &[String]) -> Part {
    book.part(|slice| classes.contains(&slice.class))
}

/// The last twelve month-ends before a date, the oldest first.
#[must_use]
pub fn month_ends(as_of: Date) -> Vec<Date> {
    let mut ends = Vec::with_capacity(MONTHS);
    let mut day = as_of;
    while ends.len() < MONTHS {
        let Ok(end) = day.first_of_month().yesterday() else { break };
        ends.push(end);
        day = end;
    }
    ends.reverse();
    ends
}

/// The first days of the months up to and with the one of the date: as many as there are month-ends.
#[must_use]
pub fn months_until(as_of: Date) -> Vec<Date> {
    let before = month_ends(as_of).into_iter().skip(1).map(Date::first_of_month);
    before.chain([as_of.first_of_month()]).collect()
}

/// The first days of the month of the date and of those that follow.
#[must_use]
pub fn months_ahead(as_of: Date) -> Vec<Date> {
    std::iter::successors(Some(as_of.first_of_month()), |month| month.last_of_month().tomorrow().ok())
        .take(MONTHS_AHEAD)
        .collect()
}

/// The days up to and with a date.
#[must_use]
pub fn days_until(as_of: Date) -> Vec<Date> {
    let first = finance::add_days(as_of, 1 - DAYS).unwrap_or(as_of);
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= as_of).collect()
}

/// Monday and Sunday of the week of a date.
#[must_use]
pub fn week(on: Date) -> (Date, Date) {
    let since_monday = i64::from(on.weekday().to_monday_zero_offset());
    let monday = finance::add_days(on, -since_monday).unwrap_or(on);
    (monday, finance::add_days(monday, 6).unwrap_or(on))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_share_rounds_half_away_from_zero_and_of_nothing_is_none() {
        // S5.4-05
        assert_eq!(share(Fen(90_560), Fen(3_261_840)), Some(27_763_471));
        assert_eq!(share(Fen(1), Fen(3)), Some(333_333_333));
        assert_eq!(share(Fen(2), Fen(3)), Some(666_666_667));
        assert_eq!(share(Fen(5), Fen(0)), None);
        assert_eq!(share(Fen(i64::MAX), Fen(i64::MAX)), Some(1_000_000_000));
    }

    #[test]
    fn month_ends_end_before_the_date_and_know_leap_years() {
        let ends = month_ends(date(2028, 3, 31));
        assert_eq!(ends.len(), 12);
        assert_eq!((ends[0], ends[11]), (date(2027, 3, 31), date(2028, 2, 29)));
        let months = months_until(date(2028, 3, 31));
        assert_eq!((months.len(), months[0], months[11]), (12, date(2027, 4, 1), date(2028, 3, 1)));
        assert_eq!(months_ahead(date(2026, 11, 20))[5], date(2027, 4, 1));
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        assert_eq!(week(date(2026, 11, 20)), (date(2026, 11, 16), date(2026, 11, 22)));
        assert_eq!(week(date(2026, 11, 16)).0, date(2026, 11, 16));
        assert_eq!(week(date(2026, 11, 22)).0, date(2026, 11, 16));
        assert_eq!(days_until(date(2026, 11, 20)).len(), 30);
    }
}
