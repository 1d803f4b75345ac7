//! When a copy is due and which are kept (备份周期与保留); pure.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, offset};
use serde::{Deserialize, Serialize};

/// When copies are taken and how long they are kept (备份安排).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The hour in China from which the day's copy is taken.
    pub hour: i8,
    /// How many days keep their copy.
    pub daily: u32,
    /// How many weeks keep their last copy.
    pub weekly: u32,
}

impl Default for Plan {
    /// After midnight, when nobody works; two weeks of days and two months of weeks.
    fn default() -> Self {
        Self { hour: 2, daily: 14, weekly: 8 }
    }
}

impl Plan {
    /// The civil day whose copy is due at this moment; none before its hour.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Option<Date> {
        let civil = now.to_zoned(TimeZone::fixed(offset(8))).datetime();
        (civil.hour() >= self.hour).then(|| civil.date())
    }

    /// The days whose copies are no longer kept.
    ///
    /// Kept are the newest `daily` days, and of each of the newest `weekly` weeks (Monday to Sunday) its last copy.
    /// Days without a copy count for nothing: after a pause the old copies stay.
    #[must_use]
    pub fn to_remove(&self, copies: &BTreeSet<Date>) -> Vec<Date> {
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        let mut kept: BTreeSet<Date> = copies.iter().rev().take(count(self.daily)).copied().collect();
        let mut weeks = BTreeSet::new();
        for on in copies.iter().rev() {
            let week = on.iso_week_date();
            if weeks.len() < count(self.weekly) && weeks.insert((week.year(), week.week())) {
                kept.insert(*on);
            }
        }
        copies.difference(&kept).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_copy_is_due_from_its_hour_in_china_on() {
        let plan = Plan { hour: 2, ..Plan::default() };
        let at = |text: &str| plan.due(text.parse().unwrap());
        assert_eq!(at("2026-11-19T17:59:59Z"), None, "01:59 of the 20th");
        assert_eq!(at("2026-11-19T18:00:00Z"), Some(date(2026, 11, 20)));
        assert_eq!(at("2026-11-20T15:59:59Z"), Some(date(2026, 11, 20)));
    }

    #[test]
    fn days_and_the_ends_of_weeks_are_kept() {
        // 2026-11-20 is a Friday. Copies of forty days.
        let copies: BTreeSet<Date> = (0..40).map(|n| date(2026, 11, 20) - jiff::Span::new().days(n)).collect();
        let plan = Plan { hour: 0, daily: 3, weekly: 4 };
        let removed = plan.to_remove(&copies);
        let kept: Vec<String> = copies.iter().filter(|on| !removed.contains(on)).map(ToString::to_string).collect();
        assert_eq!(kept, ["2026-11-01", "2026-11-08", "2026-11-15", "2026-11-18", "2026-11-19", "2026-11-20"]);
    }

    #[test]
    fn after_a_pause_nothing_old_is_lost() {
        let copies = BTreeSet::from([date(2026, 1, 2), date(2026, 1, 3), date(2026, 11, 20)]);
        assert_eq!(Plan { hour: 0, daily: 3, weekly: 1 }.to_remove(&copies), []);
        assert_eq!(Plan { hour: 0, daily: 1, weekly: 1 }.to_remove(&copies).len(), 2);
        assert_eq!(Plan::default().to_remove(&BTreeSet::new()), []);
    }
}
