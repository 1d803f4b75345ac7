//! When an update is overdue, and when it is reported. Pure.

use jiff::civil::Date;

use super::model::Overdue;
use crate::evaluation::rules::months_later;

/// Rule `information.overdue`: an update is overdue when the working days of the policy after its day are over.
pub const RULE_OVERDUE: &str = "information.overdue";
/// Rule `information.report`: reported at the beginning of a month, so many months after the report before.
pub const RULE_REPORT: &str = "information.report";

/// How far back the last day is looked for whose working days are over: further than any holiday lasts.
const LOOK_BACK: i64 = 400;

/// The last day on which data may have been due to be overdue on a day (rule `information.overdue`): `end` says when the
/// working days after a day are over.
#[must_use]
pub fn overdue_since(on: Date, end: impl Fn(Date) -> Option<Date>) -> Option<Date> {
    let back = |days: i64| on.checked_sub(jiff::Span::new().try_days(days).ok()?).ok();
    (1..=LOOK_BACK).filter_map(back).find(|day| end(*day).is_some_and(|last| last < on))
}

/// Whether the close that begins this day reports (rule `information.report`): on the first of a month, and so many months
/// after the last report.
#[must_use]
pub fn reports_on((from, to): (Date, Date), last: Option<Date>, months: i64) -> bool {
    let begins = (from.year(), from.month()) != (to.year(), to.month());
    begins && last.is_none_or(|last| months_later(last.first_of_month(), months) <= to)
}

/// How many days data are overdue on a day.
#[must_use]
pub fn days_over(verify_by: Date, on: Date) -> i64 {
    i64::from((on - verify_by).get_days()).max(0)
}

/// What is overdue, branch by branch, each with its oldest day; lines come in the order of branches.
#[must_use]
pub fn by_branch(all: &[Overdue]) -> Vec<&[Overdue]> {
    all.chunk_by(|one, next| one.branch == next.branch).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use platform::id::{BranchId, CustomerId, UserId};

    use super::*;

    fn later(on: Date, days: i64) -> Option<Date> {
        on.checked_add(jiff::Span::new().days(days)).ok()
    }

    // S3-05. Rule information.overdue
    #[test]
    fn an_update_is_overdue_the_day_after_its_working_days() {
        let on = date(2026, 11, 20);
        assert_eq!(overdue_since(on, |day| later(day, 10)), Some(date(2026, 11, 9)), "the tenth day is still in time");
        assert_eq!(overdue_since(on, |day| later(day, 0)), Some(date(2026, 11, 19)));
        assert_eq!(overdue_since(on, |_| None), None, "no calendar, nobody is late");
        assert_eq!(days_over(date(2026, 11, 9), on), 11);
        assert_eq!(days_over(date(2026, 11, 21), on), 0);
    }

    // S3-05. Rule information.report
    #[test]
    fn a_report_is_made_at_the_beginning_of_a_month_once_in_so_many() {
        let first = (date(2026, 11, 30), date(2026, 12, 1));
        assert!(reports_on(first, None, 1) && reports_on(first, Some(date(2026, 11, 1)), 1));
        assert!(!reports_on(first, Some(date(2026, 11, 1)), 3), "a quarter is not over");
        assert!(reports_on(first, Some(date(2026, 9, 1)), 3));
        assert!(!reports_on((date(2026, 11, 29), date(2026, 11, 30)), None, 1), "within a month");
    }

    #[test]
    fn what_is_overdue_is_reported_branch_by_branch() {
        let one = |branch: i64, customer: i64| Overdue {
            customer: CustomerId(customer),
            branch: BranchId(branch),
            manager: UserId(1),
            verify_by: date(2026, 1, 1),
        };
        let all = [one(1, 7), one(1, 8), one(2, 9)];
        assert_eq!(by_branch(&all).iter().map(|some| some.len()).collect::<Vec<_>>(), [2, 1]);
    }
}
