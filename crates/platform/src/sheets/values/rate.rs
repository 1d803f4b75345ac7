//! Rates in every local spelling, into billionths a year.

use super::decimal::Decimal;
use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// The period of a rate (利率期间).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatePer {
    /// 年.
    Year,
    /// 月.
    Month,
    /// 日.
    Day,
}

/// What a column's heading says about its rates (利率列的单位); what it leaves open is told by the cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct RateUnit {
    /// The period, when the heading names one.
    pub per: Option<RatePer>,
    /// Powers of ten below one of the number: 2 for %, 3 for ‰, 4 for ‱, 0 for a plain fraction.
    pub places: Option<u8>,
}

/// A rate a year as read (年利率).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearlyRate {
    /// Billionths a year: 120,000,000 is 12 %.
    pub e9: i64,
    /// Whether the period or the sign was not written anywhere and had to be taken from the size.
    pub assumed: bool,
}

/// Why a cell is not a rate (利率无法读取).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateError {
    /// Nothing there.
    Missing,
    /// A formula whose result is not in the file.
    FormulaWithoutValue,
    /// Something else than a rate.
    Unreadable,
}

impl RateUnit {
    /// What a heading says: `月利率‰`, `年利率%`, `年化`, `月息（分）`, `利率`.
    pub fn named_in(heading: &str) -> RateUnit {
        let text = squeeze(heading);
        let per = if text.contains('日') || text.contains('天') {
            Some(RatePer::Day)
        } else if text.contains('月') {
            Some(RatePer::Month)
        } else if text.contains('年') {
            Some(RatePer::Year)
        } else {
            None
        };
        let places = if text.contains("(分)") || text.ends_with('分') {
            Some(2)
        } else if text.contains('厘') {
            Some(3)
        } else {
            sign_places(&text)
        };
        RateUnit { per, places }
    }
}

fn sign_places(text: &str) -> Option<u8> {
    let signs = [("‱", 4), ("‰", 3), ("%", 2), ("万分", 4), ("千分", 3), ("百分", 2)];
    signs.into_iter().find(|(sign, _)| text.contains(sign)).map(|(_, places)| places)
}

/// Reads a rate from a cell; signs in the cell outrank the heading. `days` is how many days make a year for a daily rate.
pub fn parse_rate(cell: Option<&Cell>, unit: RateUnit, days: u16) -> Result<YearlyRate, RateError> {
    let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Err(RateError::Missing) };
    match &cell.value {
        Value::Number(number) => {
            let decimal = Decimal::of_double(*number).ok_or(RateError::Unreadable)?;
            let unit = if cell.percent { RateUnit { places: Some(0), ..unit } } else { unit };
            yearly(decimal, unit, days)
        }
        Value::Text(text) => parse_rate_text(text, unit, days),
        Value::Empty => Err(RateError::FormulaWithoutValue),
        Value::Date(_) | Value::Bool(_) | Value::Error(_) => Err(RateError::Unreadable),
    }
}

/// Reads a rate from a text: `9.6%`, `８．４％`, `10‰`, `1分2厘`, `月息1.5分`, `万分之五`, `年化 12`, `0.12`.
pub fn parse_rate_text(text: &str, unit: RateUnit, days: u16) -> Result<YearlyRate, RateError> {
    let text = squeeze(text);
    if text.is_empty() {
        return Err(RateError::Missing);
    }
    let mut unit = unit;
    let mut rest = text.as_str();
    for (word, per) in [
        ("年利率", RatePer::Year),
        ("年化利率", RatePer::Year),
        ("年化", RatePer::Year),
        ("年息", RatePer::Year),
        ("年", RatePer::Year),
        ("月利率", RatePer::Month),
        ("月息", RatePer::Month),
        ("月", RatePer::Month),
        ("日利率", RatePer::Day),
        ("日息", RatePer::Day),
        ("日", RatePer::Day),
    ] {
        if let Some(after) = rest.strip_prefix(word) {
            unit.per = Some(per);
            rest = after;
            break;
        }
    }
    for (word, per) in [("/年", RatePer::Year), ("/月", RatePer::Month), ("/日", RatePer::Day), ("/天", RatePer::Day)]
    {
        if let Some(before) = rest.strip_suffix(word) {
            unit.per = Some(per);
            rest = before;
        }
    }
    let rest = rest.trim_start_matches(':');
    if let Some(number) = fen_and_li(rest) {
        // 分 is a hundredth a month, 厘 a thousandth, unless the year is named: 年息8厘 is 8 % (a tenth of 1 成).
        let per = unit.per.unwrap_or(RatePer::Month);
        let places = if per == RatePer::Year { 1 } else { 2 };
        return yearly(number, RateUnit { per: Some(per), places: Some(places) }, days);
    }
    for (word, places) in [("百分之", 2), ("千分之", 3), ("万分之", 4)] {
        if let Some(after) = rest.strip_prefix(word) {
            let number = spelled(after).ok_or(RateError::Unreadable)?;
            let per = unit.per.or((places == 4).then_some(RatePer::Day)).or((places == 3).then_some(RatePer::Month));
            return yearly(number, RateUnit { per, places: Some(places) }, days);
        }
    }
    let (number, places) = match rest.chars().last() {
        Some('%') => (rest.trim_end_matches('%'), Some(2)),
        Some('‰') => (rest.trim_end_matches('‰'), Some(3)),
        Some('‱') => (rest.trim_end_matches('‱'), Some(4)),
        _ => (rest, None),
    };
    let number = Decimal::parse(number).ok_or(RateError::Unreadable)?;
    if let Some(places) = places {
        // Without a period, ‰ is a monthly rate and ‱ a daily one by custom.
        let custom = match places {
            3 => Some(RatePer::Month),
            4 => Some(RatePer::Day),
            _ => None,
        };
        return yearly(number, RateUnit { per: unit.per.or(custom), places: Some(places) }, days);
    }
    yearly(number, unit, days)
}

/// `1分2厘` as 1.2 (hundredths); `None` when the text is not of that kind.
fn fen_and_li(text: &str) -> Option<Decimal> {
    if let Some((fen, li)) = text.split_once('分') {
        let fen = spelled(fen)?;
        let li = li.trim_end_matches('利').trim_end_matches('息');
        if li.is_empty() {
            return Some(fen);
        }
        let li = spelled(li.strip_suffix('厘').unwrap_or(li))?;
        return fen.plus(li.shifted(-1)?);
    }
    spelled(text.strip_suffix('厘')?)?.shifted(-1)
}

/// A number in digits, or one Chinese digit.
fn spelled(text: &str) -> Option<Decimal> {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    let text = if text == "两" { "二" } else { text };
    if let Some(at) = digits.iter().position(|digit| *digit == text) {
        return Some(Decimal { digits: i128::try_from(at).ok()?, scale: 0 });
    }
    Decimal::parse(text)
}

fn yearly(number: Decimal, unit: RateUnit, days: u16) -> Result<YearlyRate, RateError> {
    let (places, assumed_places) = match unit.places {
        // A monthly rate of 0.5 % or less written in a % column may be a fraction, but signs are believed.
        Some(places) => (places, false),
        None if number.is_below_one() => (0, true),
        None => (if unit.per == Some(RatePer::Month) { 3 } else { 2 }, true),
    };
    let per = unit.per.unwrap_or(RatePer::Year);
    let times = match per {
        RatePer::Year => 1,
        RatePer::Month => 12,
        RatePer::Day => i128::from(days),
    };
    let fraction = number.shifted(-i32::from(places)).and_then(|n| n.times(times)).ok_or(RateError::Unreadable)?;
    let (e9, _) = fraction.rounded(9).ok_or(RateError::Unreadable)?;
    let e9 = i64::try_from(e9).map_err(|_| RateError::Unreadable)?;
    // Ten times the principal a year is a slip of the pen, whatever the column says.
    if !(0..=10_000_000_000).contains(&e9) {
        return Err(RateError::Unreadable);
    }
    let fraction_without_sign = unit.places.is_none() && number.is_below_one();
    Ok(YearlyRate { e9, assumed: unit.per.is_none() && !fraction_without_sign && assumed_places })
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR_PERCENT: RateUnit = RateUnit { per: Some(RatePer::Year), places: Some(2) };
    const MONTH_MILLE: RateUnit = RateUnit { per: Some(RatePer::Month), places: Some(3) };
    const OPEN: RateUnit = RateUnit { per: None, places: None };

    #[test]
    fn rates_are_read_in_every_local_spelling() {
        // text | heading | percent a year, in millionths of a percent. Worked by hand.
        let golden = [
            ("13.2", "年利率%", Some(132_000_000)),
            ("9", "月利率‰", Some(108_000_000)),
            ("6.5", "月利率‰", Some(78_000_000)),
            ("12‰", "月利率‰", Some(144_000_000)),
            ("12‰", "利率", Some(144_000_000)),
            ("9.6%", "利率", Some(96_000_000)),
            ("８．４％", "年化", Some(84_000_000)),
            ("0.072", "年化", Some(72_000_000)),
            ("0.108", "利率", Some(108_000_000)),
            ("12", "利率", Some(120_000_000)),
            ("1%", "月利率", Some(120_000_000)),
            ("0.01", "月利率", Some(120_000_000)),
            ("1.2", "月利率%", Some(144_000_000)),
            ("1", "月息（分）", Some(120_000_000)),
            ("1分", "利率", Some(120_000_000)),
            ("1分2厘", "利率", Some(144_000_000)),
            ("1.5分", "月息", Some(180_000_000)),
            ("月息1分", "利率", Some(120_000_000)),
            ("一分二", "利率", Some(144_000_000)),
            ("8厘", "利率", Some(96_000_000)),
            ("万分之五", "日利率", Some(180_000_000)),
            ("万分之5", "利率", Some(180_000_000)),
            ("千分之八", "利率", Some(96_000_000)),
            ("年化12%", "利率", Some(120_000_000)),
            ("12%/年", "利率", Some(120_000_000)),
            ("0", "年利率%", Some(0)),
            ("3.45", "年利率%", Some(34_500_000)),
            ("-1", "年利率%", None),
            ("面议", "年利率%", None),
            ("12%%%x", "年利率%", None),
            ("5000", "年利率%", None),
        ];
        for (text, heading, e9) in golden {
            let read = parse_rate_text(text, RateUnit::named_in(heading), 360).ok().map(|r| r.e9);
            assert_eq!(read, e9, "{text} under {heading}");
        }
    }

    #[test]
    fn a_percent_cell_is_a_fraction_and_an_empty_one_is_missing() {
        let cell =
            |number: f64, percent: bool| Cell { column: 1, value: Value::Number(number), formula: None, percent };
        assert_eq!(parse_rate(Some(&cell(0.132, true)), YEAR_PERCENT, 360).unwrap().e9, 132_000_000);
        assert_eq!(parse_rate(Some(&cell(13.2, false)), YEAR_PERCENT, 360).unwrap().e9, 132_000_000);
        assert_eq!(parse_rate(Some(&cell(5.0, false)), MONTH_MILLE, 360).unwrap().e9, 60_000_000);
        assert_eq!(parse_rate(None, YEAR_PERCENT, 360), Err(RateError::Missing));
        assert!(parse_rate(Some(&cell(12.0, false)), OPEN, 360).unwrap().assumed);
    }
}
