//! Reading the lists of rest days and of LPR publications, line by line, strictly.

use jiff::civil::Date;

use crate::error::{Refusal, RefusalKind, Refused};

/// A line that cannot be read (读不懂的行).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFileError {
    /// The head is not the one that the file must have.
    #[error("the first line must be {expected}")]
    Head {
        /// What it must be.
        expected: &'static str,
    },
    /// A line holds something else than it should.
    #[error("line {line}: {found:?} is not {expected}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: &'static str,
    },
    /// The same day stands there twice.
    #[error("line {line}: {on} stands in the file twice")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// The day.
        on: Date,
    },
    /// Nothing but the head.
    #[error("the file holds no day")]
    Empty,
}

impl Refusal for CalendarFileError {
    fn refused(&self) -> Refused {
        let new = |code| Refused::new(RefusalKind::Invalid, code);
        match self {
            Self::Head { expected } => new("calendar-head").with("expected", expected),
            Self::Line { line, found, expected } => {
                new("calendar-line").with("line", line).with("found", found).with("expected", expected)
            }
            Self::Twice { line, on } => new("calendar-twice").with("line", line).with("date", on),
            Self::Empty => new("calendar-empty"),
        }
    }
}

/// The text of an uploaded list: UTF-8, or GBK as spreadsheets in China write it.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GBK.decode(bytes).0.into_owned(),
    }
}

/// A listed day: the date, whether people rest, its name.
pub type Day = (Date, bool, String);
/// A publication of the LPR: the date, both tenors in billionths a year.
pub type Publication = (Date, i64, i64);

/// Reads `date,kind,name` with kinds `holiday` and `workday`.
///
/// # Errors
/// [`CalendarFileError`] with the first bad line.
pub fn days(text: &str) -> Result<Vec<Day>, CalendarFileError> {
    lines(text, "date,kind,name", |line, cells| {
        let rests = match cells.get(1).copied() {
            Some("holiday") => true,
            Some("workday") => false,
            other => return Err(wrong(line, other, "holiday / workday")),
        };
        Ok((date(line, cells.first().copied())?, rests, cells.get(2).copied().unwrap_or_default().to_owned()))
    })
}

/// Reads `date,lpr1y,lpr5y` in percent a year.
///
/// # Errors
/// [`CalendarFileError`] with the first bad line.
pub fn lpr(text: &str) -> Result<Vec<Publication>, CalendarFileError> {
    lines(text, "date,lpr1y,lpr5y", |line, cells| {
        let rate = |cell: Option<&str>| percent(cell).ok_or_else(|| wrong(line, cell, "3.00"));
        Ok((date(line, cells.first().copied())?, rate(cells.get(1).copied())?, rate(cells.get(2).copied())?))
    })
}

fn lines<T: Dated>(
    text: &str,
    head: &'static str,
    read: impl Fn(usize, &[&str]) -> Result<T, CalendarFileError>,
) -> Result<Vec<T>, CalendarFileError> {
    let mut rows: Vec<T> = Vec::new();
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    if lines.next().map(|(_, first)| first.trim()) != Some(head) {
        return Err(CalendarFileError::Head { expected: head });
    }
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let row = read(index + 1, &cells)?;
        if rows.iter().any(|known| known.on() == row.on()) {
            return Err(CalendarFileError::Twice { line: index + 1, on: row.on() });
        }
        rows.push(row);
    }
    if rows.is_empty() { Err(CalendarFileError::Empty) } else { Ok(rows) }
}

trait Dated {
    fn on(&self) -> Date;
}
impl Dated for Day {
    fn on(&self) -> Date {
        self.0
    }
}
impl Dated for Publication {
    fn on(&self) -> Date {
        self.0
    }
}

fn wrong(line: usize, found: Option<&str>, expected: &'static str) -> CalendarFileError {
    CalendarFileError::Line { line, found: found.unwrap_or_default().to_owned(), expected }
}

fn date(line: usize, cell: Option<&str>) -> Result<Date, CalendarFileError> {
    cell.and_then(|cell| cell.parse().ok()).ok_or_else(|| wrong(line, cell, "2026-10-01"))
}

/// `3.45` as billionths a year: 34,500,000.
fn percent(cell: Option<&str>) -> Option<i64> {
    let rate: finance::Rate = format!("{}%/year", cell?).parse().ok()?;
    (rate.e9 > 0).then_some(rate.e9)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_shipped_lists_are_read() {
        let days = days(include_str!("../../../../packs/calendar/holidays.csv")).unwrap();
        assert!(days.iter().any(|day| *day == (date(2026, 10, 10), false, "国庆节".to_owned())), "{days:?}");
        let rates = lpr(include_str!("../../../../packs/calendar/lpr.csv")).unwrap();
        assert_eq!(rates.first(), Some(&(date(2019, 8, 20), 42_500_000, 48_500_000)));
    }

    #[test]
    fn a_bad_line_is_named() {
        let rows = [
            ("day,kind,name\n", "calendar-head"),
            ("date,kind,name\n", "calendar-empty"),
            ("date,kind,name\n2026-02-30,holiday,x\n", "calendar-line"),
            ("date,kind,name\n2026-02-03,half,x\n", "calendar-line"),
            ("date,kind,name\n2026-02-03,holiday,x\n2026-02-03,workday,x\n", "calendar-twice"),
        ];
        for (text, code) in rows {
            assert_eq!(days(text).unwrap_err().refused().code, code, "{text}");
        }
        for text in [
            "date,lpr1y,lpr5y\n2026-01-20,0,3\n",
            "date,lpr1y,lpr5y\n2026-01-20,-3,3\n",
            "date,lpr1y,lpr5y\n2026-01-20,3%,3\n",
        ] {
            assert_eq!(lpr(text).unwrap_err().refused().code, "calendar-line", "{text}");
        }
    }
}
