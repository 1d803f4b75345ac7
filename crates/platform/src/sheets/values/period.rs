//! Terms of a loan in months or days.

use super::decimal::Decimal;
use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// A length of time (期限).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Whole months (months, or instalments of a month).
    Months(u32),
    /// Days.
    Days(u32),
}

/// Reads `12`, `12期`, `12个月`, `1年`, `1年6个月`, `一年`, `半年`, `90天`; `None` for anything else.
pub fn parse_period(cell: &Cell) -> Option<Period> {
    let text = match &cell.value {
        Value::Number(number) => {
            let months = Decimal::of_double(*number)?.whole()?;
            return u32::try_from(months).ok().filter(|m| *m > 0).map(Period::Months);
        }
        Value::Text(text) => squeeze(text),
        Value::Empty | Value::Date(_) | Value::Bool(_) | Value::Error(_) => return None,
    };
    if let Some(days) = text.strip_suffix('天').or_else(|| text.strip_suffix('日')) {
        return days.parse().ok().filter(|d| *d > 0).map(Period::Days);
    }
    let mut months: u32 = 0;
    let mut rest = text.as_str();
    if let Some(after) = rest.strip_prefix("半年") {
        (months, rest) = (6, after);
    } else if let Some((years, after)) = rest.split_once('年') {
        let (years, half) = (count(years)?, after.starts_with('半'));
        months = years.checked_mul(12)?.checked_add(if half { 6 } else { 0 })?;
        rest = after.trim_start_matches('半').trim_start_matches(['零', '又']);
    }
    let rest = ["个月", "月", "期"].iter().find_map(|unit| rest.strip_suffix(unit)).unwrap_or(rest);
    if !rest.is_empty() {
        months = months.checked_add(count(rest)?)?;
    }
    (months > 0).then_some(Period::Months(months))
}

fn count(text: &str) -> Option<u32> {
    let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    let text = if text == "两" { "二" } else { text };
    match digits.iter().position(|digit| *digit == text) {
        Some(at) => u32::try_from(at + 1).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_in_every_local_spelling() {
        for (written, expected) in [
            ("12", Some(Period::Months(12))),
            ("12期", Some(Period::Months(12))),
            ("12 个月", Some(Period::Months(12))),
            ("１２个月", Some(Period::Months(12))),
            ("1年", Some(Period::Months(12))),
            ("一年", Some(Period::Months(12))),
            ("两年", Some(Period::Months(24))),
            ("半年", Some(Period::Months(6))),
            ("一年半", Some(Period::Months(18))),
            ("1年6个月", Some(Period::Months(18))),
            ("90天", Some(Period::Days(90))),
            ("0", None),
            ("长期", None),
            ("-3", None),
            ("99999999999", None),
        ] {
            let cell = Cell { column: 1, value: Value::Text(written.into()), formula: None, percent: false };
            assert_eq!(parse_period(&cell), expected, "{written}");
        }
    }
}
