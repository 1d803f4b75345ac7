//! Which duties a case opens, with their dates, from the rules of the policy. Pure.

use jiff::civil::Date;
use policy::{CalendarError, DutyDates, DutyRule, Edition, EvalError, Facts};

use crate::calendar::Published;

/// A duty that must be opened: its rule and dates.
#[derive(Debug, Clone)]
pub struct Due<'a> {
    /// The rule.
    pub rule: &'a DutyRule,
    /// Its dates.
    pub dates: DutyDates,
    /// Whether a date rests on a year without a holiday list.
    pub provisional: bool,
}

/// Why a rule gives no date.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DueError {
    /// A condition cannot be computed.
    #[error(transparent)]
    Condition(#[from] EvalError),
    /// A deadline has no date.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// The duties that `trigger` on `anchor` opens on the business date `on` (rule `duty.opens`).
///
/// A lead time of several days gives several duties; one whose last day is over before anybody could
/// know of it (a book taken over, a late entry) is not opened late but left out.
///
/// # Errors
/// [`DueError`].
pub fn due<'a>(
    edition: &'a Edition,
    trigger: &'a str,
    facts: &Facts,
    anchor: Date,
    on: Date,
    calendar: &Published,
) -> Result<Vec<Due<'a>>, DueError> {
    let mut found = Vec::new();
    for rule in edition.duties_for(trigger) {
        if !rule.applies(facts)? {
            continue;
        }
        for dates in rule.dates(anchor, &|day: Date| calendar.is_working_day(day))? {
            if dates.due_on >= on {
                let provisional = in_working_days(rule) && calendar.is_provisional(anchor, dates.due_on);
                found.push(Due { rule, dates, provisional });
            }
        }
    }
    Ok(found)
}

/// Whether the holiday list matters to the rule at all.
fn in_working_days(rule: &DutyRule) -> bool {
    rule.due.working_days || rule.opens.working_days
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::{Weekday, date};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// S4-09: between the anchor and the end of the third working day lie exactly three working days.
        #[test]
        fn a_deadline_counts_exactly_its_working_days(offset in 0_i32..2_000, days in 0_i64..30) {
            let from = date(2023, 1, 1).checked_add(offset.days()).unwrap();
            let published = Published::default();
            let due = published.add_working_days(from, days).unwrap();
            let mut counted = 0;
            let mut day = from;
            while day < due {
                day = day.tomorrow().unwrap();
                counted += i64::from(published.is_working_day(day));
            }
            prop_assert_eq!(counted, days);
            prop_assert!(days == 0 || published.is_working_day(due));
        }

        /// Two deadlines keep the order of their anchors.
        #[test]
        fn a_later_anchor_never_has_an_earlier_deadline(offset in 0_i32..2_000, more in 0_i32..20, days in 0_i64..30) {
            let published = Published::default();
            let first = date(2023, 1, 1).checked_add(offset.days()).unwrap();
            let second = first.checked_add(more.days()).unwrap();
            prop_assert!(published.add_working_days(first, days).unwrap() <= published.add_working_days(second, days).unwrap());
        }

        /// Without a list a deadline is never on a weekend.
        #[test]
        fn without_a_list_weekends_still_rest(offset in 0_i32..4_000, days in 1_i64..30) {
            let from = date(2023, 1, 1).checked_add(offset.days()).unwrap();
            let due = Published::default().add_working_days(from, days).unwrap();
            prop_assert!(!matches!(due.weekday(), Weekday::Saturday | Weekday::Sunday));
        }
    }
}
