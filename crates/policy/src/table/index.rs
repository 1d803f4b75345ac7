//! A table compiled for speed: each input's values fall into slots, and for each slot a bit set says which rows hold.
//!
//! Looking up a case is then one binary search and one AND per input, whatever the cells say. The same slots make
//! the checks exact: a gap is a combination of slots whose bit sets share no row.

use std::collections::HashSet;

use jiff::civil::Date;

use super::cell::{Bound, Operand, Test, Tests};
use crate::problem::ProblemKind;
use crate::value::{FactType, Value};

/// Inclusive intervals of codes, ascending.
type Intervals = Vec<(i64, i64)>;

/// One input column, compiled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    coding: Coding,
    /// The first code of each slot, ascending; the first is the least code of the domain.
    starts: Vec<i64>,
    domain: (i64, i64),
    optional: bool,
    words: usize,
    /// Bit sets of rows, `words` a slot; the slot after the last belongs to the unknown value.
    masks: Vec<u64>,
}

/// How a value becomes a number that keeps its order.
#[derive(Debug, Clone, PartialEq)]
enum Coding {
    Integer,
    Date,
    Boolean,
    Listed(Vec<String>),
    /// The texts that the column names, sorted; any other text has the code after the last.
    Text(Vec<String>),
}

impl Column {
    /// Compiles a column. `resolve` gives the value of a parameter.
    ///
    /// # Errors
    /// The row (index) and what is wrong with its cell.
    pub(crate) fn compile(
        kind: &FactType,
        optional: bool,
        cells: &[&Tests],
        resolve: &dyn Fn(&str) -> Result<Value, ProblemKind>,
    ) -> Result<Self, Vec<(usize, ProblemKind)>> {
        let coding = Coding::new(kind, cells);
        let domain = coding.domain(kind);
        let mut problems = Vec::new();
        let mut rows: Vec<(Intervals, bool)> = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            match intervals(cell, kind, &coding, domain, optional, resolve) {
                Ok(row) => rows.push(row),
                Err(problem) => {
                    problems.push((index, problem));
                    rows.push((Vec::new(), false));
                }
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut starts = vec![domain.0];
        for (low, high) in rows.iter().flat_map(|(intervals, _)| intervals) {
            starts.push(*low);
            starts.extend(high.checked_add(1).filter(|next| *next <= domain.1));
        }
        starts.sort_unstable();
        starts.dedup();
        let words = cells.len().div_ceil(64).max(1);
        let mut masks = vec![0u64; (starts.len() + usize::from(optional)) * words];
        for (row, (intervals, missing)) in rows.iter().enumerate() {
            let (word, bit) = (row / 64, 1u64 << (row % 64));
            for (slot, start) in starts.iter().enumerate() {
                if intervals.iter().any(|(low, high)| low <= start && start <= high) {
                    masks[slot * words + word] |= bit;
                }
            }
            if *missing && optional {
                masks[starts.len() * words + word] |= bit;
            }
        }
        Ok(Self { coding, starts, domain, optional, words, masks })
    }

    /// The slot of a value; `None` when the value is not one of the type, or unknown where it must be known.
    #[inline]
    pub(crate) fn slot(&self, value: Option<&Value>) -> Option<usize> {
        let Some(value) = value else {
            return self.optional.then_some(self.starts.len());
        };
        let code = self.coding.code(value)?;
        if code < self.domain.0 || code > self.domain.1 {
            return None;
        }
        Some(self.starts.partition_point(|start| *start <= code) - 1)
    }

    #[inline]
    pub(crate) fn mask(&self, slot: usize) -> &[u64] {
        &self.masks[slot * self.words..(slot + 1) * self.words]
    }

    pub(crate) fn holds(&self, slot: usize, row: usize) -> bool {
        self.mask(slot)[row / 64] >> (row % 64) & 1 == 1
    }

    /// Whether some known value satisfies the row.
    pub(crate) fn can_hold(&self, row: usize) -> bool {
        (0..self.starts.len()).any(|slot| self.holds(slot, row))
    }

    pub(crate) fn slots(&self) -> usize {
        self.starts.len() + usize::from(self.optional)
    }

    /// The values of some slots in words: `31..60`, `loss`, `unknown`.
    pub(crate) fn describe(&self, slots: &[usize]) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut index = 0;
        while index < slots.len() {
            let first = slots[index];
            if first == self.starts.len() {
                parts.push("unknown".to_owned());
                index += 1;
                continue;
            }
            let mut last = first;
            while index + 1 < slots.len() && slots[index + 1] == last + 1 && slots[index + 1] < self.starts.len() {
                index += 1;
                last = slots[index];
            }
            let high = self.starts.get(last + 1).map_or(self.domain.1, |next| next - 1);
            parts.push(self.coding.describe(self.starts[first], high));
            index += 1;
        }
        parts.join(", ")
    }
}

impl Coding {
    fn new(kind: &FactType, cells: &[&Tests]) -> Self {
        match kind {
            FactType::Integer { .. } => Self::Integer,
            FactType::Date => Self::Date,
            FactType::Boolean => Self::Boolean,
            FactType::OneOf { values, .. } => Self::Listed(values.clone()),
            FactType::Text => {
                let literals = cells.iter().flat_map(|cell| cell.literals());
                let mut texts: Vec<String> = literals.filter_map(|value| value.as_text().map(str::to_owned)).collect();
                texts.sort_unstable();
                texts.dedup();
                Self::Text(texts)
            }
        }
    }

    fn domain(&self, kind: &FactType) -> (i64, i64) {
        let last = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        match (self, kind) {
            (Self::Integer, FactType::Integer { min, max, .. }) => (*min, *max),
            (Self::Date, _) => (day_number(Date::MIN), day_number(Date::MAX)),
            (Self::Boolean, _) => (0, 1),
            (Self::Listed(values), _) => (0, last(values.len()) - 1),
            (Self::Text(texts), _) => (0, last(texts.len())),
            (Self::Integer, _) => (i64::MIN, i64::MAX),
        }
    }

    #[inline]
    fn code(&self, value: &Value) -> Option<i64> {
        match (self, value) {
            (Self::Integer, Value::Integer(number)) => Some(*number),
            (Self::Date, Value::Date(date)) => Some(day_number(*date)),
            (Self::Boolean, Value::Boolean(yes)) => Some(i64::from(*yes)),
            (Self::Listed(values), Value::Text(text)) => {
                values.iter().position(|known| known == text).and_then(|index| i64::try_from(index).ok())
            }
            (Self::Text(texts), Value::Text(text)) => {
                i64::try_from(texts.binary_search(text).unwrap_or(texts.len())).ok()
            }
            _ => None,
        }
    }

    fn describe(&self, low: i64, high: i64) -> String {
        let range = |low: String, high: String| if low == high { low } else { format!("{low}..{high}") };
        match self {
            Self::Integer => {
                let end =
                    |code: i64| if code == i64::MIN || code == i64::MAX { String::new() } else { code.to_string() };
                range(end(low), end(high))
            }
            Self::Date => {
                let end = |code: i64, open: Date| {
                    if code == day_number(open) { String::new() } else { date_of(code).to_string() }
                };
                range(end(low, Date::MIN), end(high, Date::MAX))
            }
            Self::Boolean if low == high => (low == 1).to_string(),
            Self::Boolean => "true, false".to_owned(),
            Self::Listed(names) | Self::Text(names) => {
                let name = |code: i64| usize::try_from(code).ok().and_then(|index| names.get(index)).cloned();
                let names: Vec<String> =
                    (low..=high).map(|code| name(code).unwrap_or_else(|| "any other text".to_owned())).collect();
                names.join(", ")
            }
        }
    }
}

/// The intervals in which a cell holds, and whether it holds for the unknown value.
fn intervals(
    cell: &Tests,
    kind: &FactType,
    coding: &Coding,
    domain: (i64, i64),
    optional: bool,
    resolve: &dyn Fn(&str) -> Result<Value, ProblemKind>,
) -> Result<(Intervals, bool), ProblemKind> {
    let each = |tests: &[Test]| -> Result<Intervals, ProblemKind> {
        let mut found = Intervals::new();
        for test in tests {
            let low = end(&test.low, kind, coding, resolve)?
                .map_or(Some(domain.0), |(code, including)| if including { Some(code) } else { code.checked_add(1) });
            let high = end(&test.high, kind, coding, resolve)?
                .map_or(Some(domain.1), |(code, including)| if including { Some(code) } else { code.checked_sub(1) });
            if let (Some(low), Some(high)) = (low, high) {
                let (low, high) = (low.max(domain.0), high.min(domain.1));
                if low <= high {
                    found.push((low, high));
                }
            }
        }
        found.sort_unstable();
        Ok(found)
    };
    match cell {
        Tests::Any => Ok((vec![domain], true)),
        Tests::Null if optional => Ok((Vec::new(), true)),
        Tests::Null => Err(ProblemKind::WrongType { expected: kind.to_text(), found: "null".to_owned() }),
        Tests::Some(tests) => Ok((each(tests)?, false)),
        Tests::Not(tests) => Ok((complement(&each(tests)?, domain), false)),
    }
}

/// The code of an end and whether it belongs to the range; `None` for an open end.
fn end(
    bound: &Bound,
    kind: &FactType,
    coding: &Coding,
    resolve: &dyn Fn(&str) -> Result<Value, ProblemKind>,
) -> Result<Option<(i64, bool)>, ProblemKind> {
    let (operand, including) = match bound {
        Bound::Open => return Ok(None),
        Bound::Including(operand) => (operand, true),
        Bound::Excluding(operand) => (operand, false),
    };
    let value = match operand {
        Operand::Literal(value) => value.clone(),
        Operand::Parameter(name) => resolve(name)?,
    };
    let wrong = || ProblemKind::WrongType { expected: kind.to_text(), found: value.to_text() };
    coding.code(&value).map(|code| Some((code, including))).ok_or_else(wrong)
}

fn complement(intervals: &[(i64, i64)], domain: (i64, i64)) -> Intervals {
    let mut found = Intervals::new();
    let mut next = Some(domain.0);
    for (low, high) in intervals {
        if let Some(start) = next
            && *low > start
        {
            found.push((start, low - 1));
        }
        next = next.and_then(|start| high.checked_add(1).map(|after| after.max(start)));
    }
    if let Some(start) = next.filter(|start| *start <= domain.1) {
        found.push((start, domain.1));
    }
    found
}

/// Looks for combinations of slots that no row of `rows` holds.
pub(crate) struct Search<'a> {
    columns: &'a [Column],
    /// When set, only slots in which this row holds.
    within: Option<usize>,
    /// The search ends when so many are found.
    limit: usize,
    covered: HashSet<(usize, Vec<u64>)>,
    steps: usize,
    /// The combinations found, each a list of slots a column.
    pub(crate) found: Vec<Vec<Vec<usize>>>,
}

/// How many combinations are worth listing in one message run.
const LISTED: usize = 20;
/// A table that needs more steps than this is refused as too intricate to be proved complete.
const STEPS: usize = 2_000_000;

impl<'a> Search<'a> {
    /// Combinations that no row of the bit set `rows` holds, as many as are worth listing.
    ///
    /// # Errors
    /// `()` when the search is not finished after very many steps.
    pub(crate) fn gaps(columns: &'a [Column], rows: Vec<u64>) -> Result<Vec<Vec<Vec<usize>>>, ()> {
        Self::run(columns, rows, None, LISTED)
    }

    /// Whether the rows of the bit set `rows` together hold wherever the row `within` does.
    ///
    /// # Errors
    /// `()` when the search is not finished after very many steps.
    pub(crate) fn covers(columns: &'a [Column], rows: Vec<u64>, within: usize) -> Result<bool, ()> {
        Self::run(columns, rows, Some(within), 1).map(|found| found.is_empty())
    }

    fn run(
        columns: &'a [Column],
        rows: Vec<u64>,
        within: Option<usize>,
        limit: usize,
    ) -> Result<Vec<Vec<Vec<usize>>>, ()> {
        let mut search = Self { columns, within, limit, covered: HashSet::new(), steps: 0, found: Vec::new() };
        let mut path = Vec::new();
        search.descend(rows, &mut path)?;
        Ok(search.found)
    }

    fn descend(&mut self, rows: Vec<u64>, path: &mut Vec<Vec<usize>>) -> Result<(), ()> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(());
        }
        let depth = path.len();
        if rows.iter().all(|word| *word == 0) {
            let columns = self.columns;
            let rest = columns[depth..].iter().map(|column| self.allowed(column));
            let mut combination = path.clone();
            combination.extend(rest);
            // A box with an empty side holds nothing.
            if combination.iter().all(|slots| !slots.is_empty()) {
                self.found.push(combination);
            }
            return Ok(());
        }
        if depth == self.columns.len()
            || self.found.len() >= self.limit
            || self.covered.contains(&(depth, rows.clone()))
        {
            return Ok(());
        }
        let before = self.found.len();
        let mut groups: Vec<(Vec<u64>, Vec<usize>)> = Vec::new();
        for slot in self.allowed(&self.columns[depth]) {
            let mask = self.columns[depth].mask(slot);
            let left: Vec<u64> = rows.iter().zip(mask).map(|(row, mask)| row & mask).collect();
            match groups.iter_mut().find(|(known, _)| *known == left) {
                Some((_, slots)) => slots.push(slot),
                None => groups.push((left, vec![slot])),
            }
        }
        for (left, slots) in groups {
            path.push(slots);
            let result = self.descend(left, path);
            path.pop();
            result?;
        }
        if self.found.len() == before {
            self.covered.insert((depth, rows));
        }
        Ok(())
    }

    fn allowed(&self, column: &Column) -> Vec<usize> {
        (0..column.slots()).filter(|slot| self.within.is_none_or(|row| column.holds(*slot, row))).collect()
    }
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar, so that neighbouring dates are neighbouring numbers.
pub(crate) fn day_number(date: Date) -> i64 {
    let (year, month, day) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn date_of(number: i64) -> Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    jiff::Span::new().try_days(number).ok().and_then(|days| epoch.checked_add(days).ok()).unwrap_or(epoch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn neighbouring_dates_are_neighbouring_numbers() {
        assert_eq!(day_number(date(1970, 1, 1)), 0);
        assert_eq!(day_number(date(2024, 3, 1)) - day_number(date(2024, 2, 29)), 1);
        assert_eq!(day_number(date(2026, 1, 1)) - day_number(date(2025, 12, 31)), 1);
        assert_eq!(date_of(day_number(date(2023, 7, 1))), date(2023, 7, 1));
        assert_eq!(date_of(day_number(Date::MIN)), Date::MIN);
    }

    #[test]
    fn a_complement_is_what_is_left_of_the_domain() {
        assert_eq!(complement(&[(3, 5), (4, 8)], (0, 10)), [(0, 2), (9, 10)]);
        assert_eq!(complement(&[(i64::MIN, i64::MAX)], (i64::MIN, i64::MAX)), []);
        assert_eq!(complement(&[], (0, 1)), [(0, 1)]);
    }
}
