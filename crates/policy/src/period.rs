//! From when to when something is in force.

use jiff::civil::Date;

use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Entry;

/// The time in which a row is in force (有效期), both days included; an open side is for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Period {
    /// Whether the date lies inside.
    pub fn contains(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }

    /// Whether a day belongs to both.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_in_time = |from: Option<Date>, to: Option<Date>| match (from, to) {
            (Some(from), Some(to)) => from <= to,
            (None, _) | (_, None) => true,
        };
        begins_in_time(self.from, other.to) && begins_in_time(other.from, self.to)
    }

    /// The days on which something changes: the first day, and the day after the last.
    pub(crate) fn edges(&self) -> impl Iterator<Item = Date> {
        self.from.into_iter().chain(self.to.and_then(|to| to.tomorrow().ok()))
    }

    /// Reads the columns `effective_from` and `effective_to`.
    pub(crate) fn read(entry: &Entry, problems: &mut Vec<Problem>) -> Self {
        let period = Self { from: entry.date("effective_from", problems), to: entry.date("effective_to", problems) };
        if let (Some(from), Some(to)) = (period.from, period.to)
            && to < from
        {
            let kind = ProblemKind::BadPeriod { name: String::new(), period: period.to_string() };
            problems.push(Problem::new(entry.place("effective_to"), kind));
        }
        period
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        write!(f, "{}..{}", end(self.from), end(self.to))
    }
}

/// Refuses two rows of one key whose periods share a day.
pub(crate) fn refuse_overlaps<'a>(
    rows: impl Iterator<Item = (String, Period, Place)> + 'a,
    problems: &mut Vec<Problem>,
) {
    let mut seen: std::collections::BTreeMap<String, Vec<Period>> = std::collections::BTreeMap::new();
    for (name, period, place) in rows {
        let known = seen.entry(name.clone()).or_default();
        if known.iter().any(|other| other.overlaps(&period)) {
            problems.push(Problem::new(place, ProblemKind::BadPeriod { name, period: period.to_string() }));
        }
        known.push(period);
    }
}
