//! Amounts of money in every local spelling, into whole fen.

use finance::Fen;

use super::decimal::Decimal;
use super::text::squeeze;
use crate::sheets::grid::{Cell, Value};

/// The unit of a column or sheet (金额单位), used where the cell names none itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountUnit {
    /// 元.
    #[default]
    Yuan,
    /// 千元.
    ThousandYuan,
    /// 万元.
    TenThousandYuan,
    /// 百万元.
    MillionYuan,
    /// 亿元.
    HundredMillionYuan,
    /// 分.
    Fen,
}

impl AmountUnit {
    /// Powers of ten from one unit to one fen.
    fn places(self) -> i32 {
        match self {
            AmountUnit::Fen => 0,
            AmountUnit::Yuan => 2,
            AmountUnit::ThousandYuan => 5,
            AmountUnit::TenThousandYuan => 6,
            AmountUnit::MillionYuan => 8,
            AmountUnit::HundredMillionYuan => 10,
        }
    }

    /// The unit that a heading or note names, e.g. `贷款金额(万元)` or `单位：元`.
    pub fn named_in(text: &str) -> Option<AmountUnit> {
        let text = squeeze(text);
        let all = [
            ("亿元", AmountUnit::HundredMillionYuan),
            ("百万元", AmountUnit::MillionYuan),
            ("万元", AmountUnit::TenThousandYuan),
            ("千元", AmountUnit::ThousandYuan),
            ("元", AmountUnit::Yuan),
            ("万", AmountUnit::TenThousandYuan),
            ("单位:分", AmountUnit::Fen),
            ("(分)", AmountUnit::Fen),
        ];
        all.into_iter().find(|(name, _)| text.contains(name)).map(|(_, unit)| unit)
    }
}

/// An amount as read (金额), with what had to be done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The amount.
    pub fen: Fen,
    /// Whether digits below the fen were rounded off, a half upwards.
    pub rounded: bool,
}

/// Why a cell is not an amount (金额无法读取).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountError {
    /// Nothing there.
    Missing,
    /// A formula whose result is not in the file.
    FormulaWithoutValue,
    /// Something else than an amount.
    Unreadable,
    /// More than fits.
    TooLarge,
}

/// Reads an amount from a cell; a unit named in the cell outranks `unit`.
pub fn parse_amount(cell: Option<&Cell>, unit: AmountUnit) -> Result<Amount, AmountError> {
    let Some(cell) = cell.filter(|cell| !cell.is_blank()) else { return Err(AmountError::Missing) };
    match &cell.value {
        Value::Number(number) => {
            let decimal = Decimal::of_double(*number).ok_or(AmountError::Unreadable)?;
            to_fen(decimal, unit)
        }
        Value::Text(text) => parse_amount_text(text, unit),
        Value::Empty => Err(AmountError::FormulaWithoutValue),
        Value::Date(_) | Value::Bool(_) | Value::Error(_) => Err(AmountError::Unreadable),
    }
}

/// Reads an amount from a text: `１２，０００．５０`, `¥1,200元`, `8.8万`, `3万5千元`, `(500.00)`.
pub fn parse_amount_text(text: &str, unit: AmountUnit) -> Result<Amount, AmountError> {
    let text = squeeze(text);
    if text.is_empty() {
        return Err(AmountError::Missing);
    }
    let text = strip_currency(&text);
    let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => match text.strip_prefix('-') {
            Some(rest) => (true, strip_currency(rest)),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        },
    };
    let mut fen = Decimal { digits: 0, scale: 0 };
    let mut rest = text;
    let mut last_places = i32::MAX;
    while !rest.is_empty() {
        let end =
            rest.find(|c: char| !matches!(c, '0'..='9' | ',' | '.' | 'e' | 'E' | '+' | '-')).unwrap_or(rest.len());
        let number = number_with_commas(&rest[..end]).ok_or(AmountError::Unreadable)?;
        let (places, after) = suffix(&rest[end..], unit).ok_or(AmountError::Unreadable)?;
        // 3万5千: units must fall, else the text is something else than one amount.
        if places >= last_places {
            return Err(AmountError::Unreadable);
        }
        last_places = places;
        let part = number.shifted(places).ok_or(AmountError::TooLarge)?;
        fen = fen.plus(part).ok_or(AmountError::TooLarge)?;
        rest = after;
    }
    if last_places == i32::MAX {
        return Err(AmountError::Unreadable);
    }
    let signed = if negative { fen.times(-1).ok_or(AmountError::TooLarge)? } else { fen };
    finish(signed)
}

fn strip_currency(text: &str) -> &str {
    let text = ["人民币", "RMB", "CNY", "¥"].iter().fold(text, |t, sign| t.strip_prefix(sign).unwrap_or(t));
    ["整", "正"].iter().fold(text, |t, end| t.strip_suffix(end).unwrap_or(t))
}

/// The unit that follows a number, as powers of ten to the fen, and what comes after it.
fn suffix(text: &str, unit: AmountUnit) -> Option<(i32, &str)> {
    let known = [
        ("亿元", 10),
        ("亿", 10),
        ("百万元", 8),
        ("万元", 6),
        ("万", 6),
        ("千元", 5),
        ("千", 5),
        ("元", 2),
        ("块", 2),
        ("角", 1),
        ("毛", 1),
        ("分", 0),
    ];
    if text.is_empty() {
        return Some((unit.places(), text));
    }
    known.into_iter().find_map(|(name, places)| text.strip_prefix(name).map(|after| (places, after)))
}

/// A number whose commas, if any, part groups of three (or of four, as some write 万).
fn number_with_commas(text: &str) -> Option<Decimal> {
    if !text.contains(',') {
        return Decimal::parse(text);
    }
    let whole = text.split('.').next().unwrap_or(text).trim_start_matches(['-', '+']);
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let grouped = |size: usize| (1..=size).contains(&first.len()) && rest.iter().all(|g| g.len() == size);
    if !grouped(3) && !grouped(4) {
        return None;
    }
    Decimal::parse(&text.replace(',', ""))
}

fn to_fen(number: Decimal, unit: AmountUnit) -> Result<Amount, AmountError> {
    finish(number.shifted(unit.places()).ok_or(AmountError::TooLarge)?)
}

fn finish(fen: Decimal) -> Result<Amount, AmountError> {
    let (fen, rounded) = fen.rounded(0).ok_or(AmountError::TooLarge)?;
    let fen = i64::try_from(fen).map_err(|_| AmountError::TooLarge)?;
    Ok(Amount { fen: Fen(fen), rounded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_every_local_spelling() {
        use AmountUnit::{TenThousandYuan as Wan, Yuan};
        // text | unit of the column | fen. Worked by hand.
        let golden = [
            ("50,000.00", Yuan, 5_000_000),
            ("20,000.00元", Yuan, 2_000_000),
            (" 20,000.00 ", Yuan, 2_000_000),
            ("３０，０００．００", Yuan, 3_000_000),
            ("￥1,200.5", Yuan, 120_050),
            ("¥100,000.00", Yuan, 10_000_000),
            ("人民币壹", Yuan, i64::MIN),
            ("RMB 88", Yuan, 8_800),
            ("8.8万元", Yuan, 8_800_000),
            ("10万", Yuan, 10_000_000),
            ("10万", Wan, 10_000_000),
            ("12.5", Wan, 12_500_000),
            ("12.345", Wan, 12_345_000),
            ("50000元", Wan, 5_000_000),
            ("1.2亿", Yuan, 12_000_000_000),
            ("3万5千元", Yuan, 3_500_000),
            ("3元5角2分", Yuan, 352),
            ("(500.00)", Yuan, -50_000),
            ("-500", Yuan, -50_000),
            ("-¥500", Yuan, -50_000),
            ("500元整", Yuan, 50_000),
            ("1,2345.00", Yuan, 1_234_500),
            ("1.5E+4", Yuan, 1_500_000),
            ("0", Yuan, 0),
            ("待定", Yuan, i64::MIN),
            ("已还", Yuan, i64::MIN),
            ("-", Yuan, i64::MIN),
            ("1,2,3", Yuan, i64::MIN),
            ("约5万", Yuan, i64::MIN),
            ("5千3万", Yuan, i64::MIN),
            ("12.3.4", Yuan, i64::MIN),
            ("1000/2", Yuan, i64::MIN),
            ("99999999999999999999", Yuan, i64::MIN),
        ];
        for (text, unit, fen) in golden {
            let expected = (fen != i64::MIN).then_some(Fen(fen));
            assert_eq!(parse_amount_text(text, unit).ok().map(|a| a.fen), expected, "{text}");
        }
    }

    #[test]
    fn a_double_in_ten_thousands_is_exact_to_the_fen() {
        let cell = |n: f64| Cell { column: 1, value: Value::Number(n), formula: None, percent: false };
        for (number, fen) in
            [(12.345, 12_345_000), (6.5, 6_500_000), (0.123_456, 123_456), (33.333_333_333_333_336, 33_333_333)]
        {
            assert_eq!(parse_amount(Some(&cell(number)), AmountUnit::TenThousandYuan).unwrap().fen, Fen(fen));
        }
        assert!(parse_amount(Some(&cell(1.005)), AmountUnit::Yuan).unwrap().rounded);
        assert_eq!(parse_amount(Some(&cell(f64::INFINITY)), AmountUnit::Yuan), Err(AmountError::Unreadable));
        assert_eq!(parse_amount(None, AmountUnit::Yuan), Err(AmountError::Missing));
    }

    #[test]
    fn units_are_found_in_headings_and_notes() {
        for (text, unit) in [
            ("贷款金额(万元)", Some(AmountUnit::TenThousandYuan)),
            ("剩余本金（元）", Some(AmountUnit::Yuan)),
            ("单位：万元", Some(AmountUnit::TenThousandYuan)),
            ("贷款金额", None),
        ] {
            assert_eq!(AmountUnit::named_in(text), unit, "{text}");
        }
    }
}
