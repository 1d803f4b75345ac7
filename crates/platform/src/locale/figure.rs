//! How figures (数字) are written: money, dates, rates. No floats; every rounding is named.

use jiff::civil::Date;

use super::Lang;

/// The unit in which a list shows money (金额单位); one switch for the whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MoneyUnit {
    /// 元, two decimals, exact.
    #[default]
    Yuan,
    /// 万元, two decimals, rounded half away from zero (四舍五入) for the eye only.
    WanYuan,
}

impl MoneyUnit {
    /// The word in the address: `yuan`, `wan`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            MoneyUnit::Yuan => "yuan",
            MoneyUnit::WanYuan => "wan",
        }
    }

    /// The unit of that word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "yuan" => Some(MoneyUnit::Yuan),
            "wan" => Some(MoneyUnit::WanYuan),
            _ => None,
        }
    }
}

/// A sum of money (金额) that a page can write, in fen.
pub trait AsFen {
    /// The sum in fen.
    fn as_fen(&self) -> i64;
}

impl AsFen for i64 {
    fn as_fen(&self) -> i64 {
        *self
    }
}

impl AsFen for finance::Fen {
    fn as_fen(&self) -> i64 {
        self.0
    }
}

impl<T: AsFen + ?Sized> AsFen for &T {
    fn as_fen(&self) -> i64 {
        (**self).as_fen()
    }
}

/// A sum in 元: `146,121.50`, `−0.01`, `0.00`.
#[must_use]
pub fn money(amount: impl AsFen) -> String {
    hundredths(amount.as_fen().into())
}

/// A sum in the unit of the list; 万元 is rounded half away from zero to two decimals.
#[must_use]
pub fn money_in(unit: MoneyUnit, amount: impl AsFen) -> String {
    match unit {
        MoneyUnit::Yuan => money(amount),
        MoneyUnit::WanYuan => hundredths(half_away(amount.as_fen().into(), 10_000)),
    }
}

/// A sum on a tile: 万元 in Chinese, millions in English, both rounded half away from zero.
pub(super) fn money_tile(lang: Lang, amount: impl AsFen) -> String {
    let fen = i128::from(amount.as_fen());
    match lang {
        Lang::ZhCn => format!("{} 万元", hundredths(half_away(fen, 10_000))),
        Lang::En => format!("CNY {} m", hundredths(half_away(fen, 1_000_000))),
    }
}

/// A yearly rate in billionths as percent: two decimals at least, more only when the rate has them.
///
/// 120 000 000 (12 %) is `12.00`, 38 500 000 is `3.85`, 43 512 500 is `4.35125`.
#[must_use]
pub fn rate_percent(billionths: i64) -> String {
    let sign = if billionths < 0 { "−" } else { "" };
    let size = billionths.unsigned_abs();
    let whole = size / 10_000_000;
    let mut decimals = format!("{:07}", size % 10_000_000);
    while decimals.len() > 2 && decimals.ends_with('0') {
        decimals.pop();
    }
    format!("{sign}{}.{decimals}", thousands(whole.into()))
}

/// A date: `2026-11-20`.
#[must_use]
pub fn date(on: Date) -> String {
    on.to_string()
}

/// A date in a short list inside the year of `business_date`: `11-20`, else the whole date.
#[must_use]
pub fn short_date(on: Date, business_date: Date) -> String {
    if on.year() == business_date.year() { format!("{:02}-{:02}", on.month(), on.day()) } else { date(on) }
}

/// A count with thousands: `1,286`.
#[must_use]
pub fn count(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", thousands(number.unsigned_abs().into()))
}

fn hundredths(value: i128) -> String {
    let sign = if value < 0 { "−" } else { "" };
    let size = value.unsigned_abs();
    format!("{sign}{}.{:02}", thousands(size / 100), size % 100)
}

fn half_away(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value < 0 { (value - half) / by } else { (value + half) / by }
}

fn thousands(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_is_exact_with_thousands_and_a_true_minus() {
        let rows = [
            (0, "0.00"),
            (-1, "−0.01"),
            (14_612_150, "146,121.50"),
            (100_000, "1,000.00"),
            (i64::MIN, "−92,233,720,368,547,758.08"),
        ];
        for (fen, shown) in rows {
            assert_eq!(money(fen), shown);
        }
    }

    #[test]
    fn ten_thousand_yuan_rounds_half_away_from_zero() {
        let rows = [(14_612_150, "14.61"), (5_000, "0.01"), (4_999, "0.00"), (-5_000, "−0.01"), (4_377_086, "4.38")];
        for (fen, shown) in rows {
            assert_eq!(money_in(MoneyUnit::WanYuan, fen), shown);
        }
    }

    #[test]
    fn rates_keep_every_digit_they_have() {
        let rows =
            [(120_000_000, "12.00"), (43_512_500, "4.35125"), (0, "0.00"), (-5_000_000, "−0.50"), (1, "0.0000001")];
        for (billionths, shown) in rows {
            assert_eq!(rate_percent(billionths), shown);
        }
    }

    #[test]
    fn a_date_of_another_year_is_written_whole() {
        let business = jiff::civil::date(2026, 11, 20);
        assert_eq!(short_date(jiff::civil::date(2026, 1, 5), business), "01-05");
        assert_eq!(short_date(jiff::civil::date(2027, 1, 5), business), "2027-01-05");
    }
}
