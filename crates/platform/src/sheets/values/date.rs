//! Dates in every local spelling, and month headings of wide tables.

use jiff::civil::{Date, DateTime, Time};

use super::decimal::Decimal;
use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// Why a cell is not a date (日期无法读取).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    /// Nothing there.
    Missing,
    /// A formula whose result is not in the file.
    FormulaWithoutValue,
    /// Written as a date that no calendar has, such as 30 February.
    Impossible {
        /// The year as read.
        year: i16,
        /// The month as written.
        month: u32,
        /// The day as written.
        day: u32,
    },
    /// A month and day without a year, and none is known from the surroundings.
    NoYear,
    /// Something else than a date.
    Unreadable,
}

/// A heading that names a month (月份列): `2023年2月`, `2025-01`, `26年6月`, `6月`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthHeading {
    /// The year, or `None` when the heading names the month alone.
    pub year: Option<i16>,
    /// The month, 1–12.
    pub month: i8,
}

/// The moment behind an Excel serial number; `None` outside 1900–9999.
///
/// Excel counts a 29 February 1900 that never was: serials from 61 on are one day ahead, below that they are not.
pub fn date_time_of_serial(serial: f64, date1904: bool) -> Option<DateTime> {
    if !serial.is_finite() || !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let decimal = Decimal::of_double(serial)?;
    let (micro_days, _) = decimal.rounded(8)?;
    let (days, part) = (micro_days.div_euclid(100_000_000), micro_days.rem_euclid(100_000_000));
    let seconds = i32::try_from((part * 86_400 + 50_000_000) / 100_000_000).ok()?;
    let (epoch, days) = match (date1904, i32::try_from(days).ok()?) {
        (true, days) => (jiff::civil::date(1904, 1, 1), days),
        (false, days) if days >= 60 => (jiff::civil::date(1899, 12, 30), days),
        (false, days) => (jiff::civil::date(1899, 12, 31), days),
    };
    let day = epoch.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    let clock = Time::midnight();
    let at = DateTime::from_parts(day, clock);
    at.checked_add(jiff::Span::new().try_seconds(seconds.min(86_399)).ok()?).ok()
}

/// Reads a date from a cell. `year` is the year known from the surroundings, for `3月5日`.
pub fn parse_date(cell: Option<&Cell>, date1904: bool, year: Option<i16>) -> Result<Date, DateError> {
    let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Err(DateError::Missing) };
    match &cell.value {
        Value::Date(at) => Ok(at.date()),
        Value::Number(number) => date_of_number(*number, date1904),
        Value::Text(text) => parse_date_text(text, date1904, year),
        Value::Empty => Err(DateError::FormulaWithoutValue),
        Value::Bool(_) | Value::Error(_) => Err(DateError::Unreadable),
    }
}

/// A bare number: eight digits are year, month, day; else a serial of a plausible year.
fn date_of_number(number: f64, date1904: bool) -> Result<Date, DateError> {
    let whole = Decimal::of_double(number).and_then(Decimal::whole);
    if let Some(whole) = whole
        && (19_000_101..=21_991_231).contains(&whole)
    {
        let part = |n: i64| u32::try_from(n).unwrap_or(0);
        return assemble(i64::from(part(whole / 10_000)), part(whole / 100 % 100), part(whole % 100));
    }
    let at = date_time_of_serial(number, date1904).ok_or(DateError::Unreadable)?;
    // Serials of 1955 to 2119: a smaller number in a date column is a day, a month or an amount.
    if !(1955..2120).contains(&at.year()) {
        return Err(DateError::Unreadable);
    }
    Ok(at.date())
}

/// Reads a date from a text: `2024-3-5`, `2024/3/5`, `2024.03.05`, `20240305`, `2024年3月5日`, `24.3.5`, `3月5日`.
pub fn parse_date_text(text: &str, date1904: bool, year: Option<i16>) -> Result<Date, DateError> {
    let text = without_time(text);
    if text.is_empty() {
        return Err(DateError::Missing);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let number: u32 = text.parse().map_err(|_| DateError::Unreadable)?;
        return match text.len() {
            5 | 8 => date_of_number(f64::from(number), date1904),
            6 => assemble(full_year(i64::from(number / 10_000)), number / 100 % 100, number % 100),
            _ => Err(DateError::Unreadable),
        };
    }
    let parts = numbers_between(&text).ok_or(DateError::Unreadable)?;
    match (parts.as_slice(), year) {
        ([(y, digits), (m, _), (d, _)], _) => {
            let y = match digits {
                4 => i64::from(*y),
                2 => full_year(i64::from(*y)),
                _ => return Err(DateError::Unreadable),
            };
            assemble(y, *m, *d)
        }
        ([(m, _), (d, _)], year) if text.contains('月') || !text.contains('年') => match year {
            _ if *m > 31 => Err(DateError::Unreadable),
            Some(year) => assemble(i64::from(year), *m, *d),
            None => Err(DateError::NoYear),
        },
        _ => Err(DateError::Unreadable),
    }
}

/// Drops the time of day and the weekday behind a date.
fn without_time(text: &str) -> String {
    let half = super::text::half_width(text);
    let half = half.trim();
    let day = match half.find([':', 'T']) {
        Some(_) => half.split([' ', 'T']).next().unwrap_or(half),
        None => half,
    };
    let squeezed = squeeze(day);
    let cut = squeezed.find("星期").or_else(|| squeezed.find('周')).unwrap_or(squeezed.len());
    squeezed[..cut].trim_end_matches(['(', ',']).to_owned()
}

/// The numbers with their digit counts, parted by one separator or unit sign each; `None` for anything else.
fn numbers_between(text: &str) -> Option<Vec<(u32, usize)>> {
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let mut after_sign = false;
    for c in text.chars().chain(['日']) {
        if c.is_ascii_digit() {
            digits.push(c);
            after_sign = false;
        } else if matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | '号') {
            if digits.is_empty() {
                // 2024年3月5日 ends in its own sign, and the one appended above follows it.
                if after_sign && matches!(c, '日') {
                    continue;
                }
                return None;
            }
            numbers.push((digits.parse().ok()?, digits.len()));
            digits.clear();
            after_sign = true;
        } else {
            return None;
        }
    }
    Some(numbers)
}

/// Two digits mean the years 1970 to 2069.
fn full_year(short: i64) -> i64 {
    if short < 70 { 2000 + short } else { 1900 + short }
}

fn assemble(year: i64, month: u32, day: u32) -> Result<Date, DateError> {
    let Ok(year) = i16::try_from(year) else { return Err(DateError::Unreadable) };
    if !(1900..2200).contains(&year) || month == 0 || day == 0 || month > 99 || day > 99 {
        return Err(DateError::Unreadable);
    }
    let impossible = DateError::Impossible { year, month, day };
    let (Ok(m), Ok(d)) = (i8::try_from(month), i8::try_from(day)) else { return Err(impossible) };
    Date::new(year, m, d).map_err(|_| impossible)
}

/// Reads a heading that names a month.
pub fn parse_month_heading(cell: &Cell, date1904: bool) -> Option<MonthHeading> {
    let _ = date1904;
    let text = match &cell.value {
        Value::Date(at) => return Some(MonthHeading { year: Some(at.year()), month: at.month() }),
        Value::Number(number) => {
            let whole = Decimal::of_double(*number).and_then(Decimal::whole)?;
            return (190_001..=219_912).contains(&whole).then(|| heading(whole / 100, whole % 100))?;
        }
        Value::Text(text) => squeeze(text),
        Value::Empty | Value::Bool(_) | Value::Error(_) => return None,
    };
    let text = ["还款", "回款", "收款", "实收", "还款额", "份"].iter().fold(text, |t, word| t.replace(word, ""));
    if let Some(month) = text.strip_suffix('月') {
        if let Some((year, month)) = month.split_once('年') {
            return heading(year_of(year)?, month.parse().ok()?);
        }
        if let Some((year, month)) = month.split_once(['-', '/', '.']) {
            return heading(year_of(year)?, month.parse().ok()?);
        }
        let month = chinese_month(month).or_else(|| month.parse().ok())?;
        return (1..=12).contains(&month).then_some(MonthHeading { year: None, month });
    }
    if let Some((year, month)) = text.split_once(['-', '/', '.', '年']) {
        return heading(year_of(year).filter(|_| matches!(year.len(), 4))?, month.parse().ok()?);
    }
    let whole: i64 = if text.len() == 6 { text.parse().ok()? } else { return None };
    heading(whole / 100, whole % 100)
}

fn year_of(text: &str) -> Option<i64> {
    let year: i64 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 => Some(full_year(year)),
        _ => None,
    }
}

fn chinese_month(text: &str) -> Option<i8> {
    let names = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    names.iter().position(|name| *name == text).and_then(|at| i8::try_from(at + 1).ok())
}

fn heading(year: i64, month: i64) -> Option<MonthHeading> {
    let plausible = (1900..2200).contains(&year) && (1..=12).contains(&month);
    plausible.then(|| Some(MonthHeading { year: Some(i16::try_from(year).ok()?), month: i8::try_from(month).ok()? }))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Cell {
        Cell { column: 1, value: Value::Text(value.into()), formula: None, percent: false }
    }

    fn number(value: f64) -> Cell {
        Cell { column: 1, value: Value::Number(value), formula: None, percent: false }
    }

    #[test]
    fn dates_are_read_in_every_local_spelling() {
        // text | year known from the surroundings | ISO date, or the reason.
        let golden = [
            ("2024-3-5", None, "2024-03-05"),
            ("2024-03-05", None, "2024-03-05"),
            ("2024/3/5", None, "2024-03-05"),
            ("2024.03.05", None, "2024-03-05"),
            ("2024.3.5", None, "2024-03-05"),
            ("20240305", None, "2024-03-05"),
            ("240305", None, "2024-03-05"),
            ("2024年3月5日", None, "2024-03-05"),
            ("2024年3月5号", None, "2024-03-05"),
            ("２０２６年１月１７日", None, "2026-01-17"),
            (" 2024 年 3 月 5 日 ", None, "2024-03-05"),
            ("24.3.5", None, "2024-03-05"),
            ("24年3月5日", None, "2024-03-05"),
            ("99.12.31", None, "1999-12-31"),
            ("2024-03-05 00:00:00", None, "2024-03-05"),
            ("2024-03-05T09:30:00", None, "2024-03-05"),
            ("2024年3月5日 星期二", None, "2024-03-05"),
            ("3月5日", Some(2025), "2025-03-05"),
            ("3月5日", None, "no year"),
            ("45739", None, "2025-03-23"),
            ("2024-02-29", None, "2024-02-29"),
            ("2024-02-30", None, "impossible"),
            ("2025年2月31日", None, "impossible"),
            ("2024.2.30", None, "impossible"),
            ("2023-02-29", None, "impossible"),
            ("2024-13-01", None, "impossible"),
            ("20240230", None, "impossible"),
            ("待定", None, "unreadable"),
            ("2024年", None, "unreadable"),
            ("2024-3", None, "unreadable"),
            ("2024--3-5", None, "unreadable"),
            ("123", None, "unreadable"),
            ("2024-0-5", None, "unreadable"),
        ];
        for (written, year, expected) in golden {
            let read = match parse_date(Some(&text(written)), false, year) {
                Ok(date) => date.to_string(),
                Err(DateError::Impossible { .. }) => "impossible".to_owned(),
                Err(DateError::NoYear) => "no year".to_owned(),
                Err(_) => "unreadable".to_owned(),
            };
            assert_eq!(read, expected, "{written}");
        }
    }

    #[test]
    fn serial_numbers_follow_both_epochs_and_the_missing_leap_day() {
        // Published: Microsoft, "Date systems in Excel": 5 July 2011 is 40729 (1900) and 39267 (1904).
        let at = |serial, epoch| date_time_of_serial(serial, epoch).map(|at| at.date().to_string());
        assert_eq!(at(40_729.0, false).as_deref(), Some("2011-07-05"));
        assert_eq!(at(39_267.0, true).as_deref(), Some("2011-07-05"));
        assert_eq!(at(1.0, false).as_deref(), Some("1900-01-01"));
        assert_eq!(at(61.0, false).as_deref(), Some("1900-03-01"));
        assert_eq!(at(2_958_466.0, false), None);
        assert_eq!(at(-1.0, false), None);
        assert_eq!(date_time_of_serial(45_943.5, false).unwrap().to_string(), "2025-10-13T12:00:00");
        assert_eq!(parse_date(Some(&number(20_240_104.0)), false, None).unwrap().to_string(), "2024-01-04");
        assert_eq!(parse_date(Some(&number(12.0)), false, None), Err(DateError::Unreadable));
        assert!(matches!(parse_date(Some(&number(20_240_230.0)), false, None), Err(DateError::Impossible { .. })));
    }

    #[test]
    fn month_headings_are_told_from_dates_and_words() {
        for (written, expected) in [
            ("2023年2月", Some((Some(2023), 2))),
            ("2025-01", Some((Some(2025), 1))),
            ("2025/1", Some((Some(2025), 1))),
            ("26年6月", Some((Some(2026), 6))),
            ("202406", Some((Some(2024), 6))),
            ("6月", Some((None, 6))),
            ("十二月", Some((None, 12))),
            ("2024年6月还款", Some((Some(2024), 6))),
            ("13月", None),
            ("合计", None),
            ("序号", None),
            ("2024-13", None),
        ] {
            let read = parse_month_heading(&text(written), false).map(|h| (h.year, h.month));
            assert_eq!(read, expected, "{written}");
        }
    }
}
