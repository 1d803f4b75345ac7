//! Money (金额) as whole fen, named rounding modes, and the one place where money meets a rate.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::day_count::YearFraction;

/// An amount of money (金额) in fen (分): 1 元 = 100 fen.
///
/// Arithmetic is checked: there is no `+`, and an overflow is a `None` that the caller must answer.
///
/// ```
/// use finance::Fen;
/// let amount: Fen = "8,884.88".parse().unwrap();
/// assert_eq!(amount, Fen(888_488));
/// assert_eq!(amount.to_string(), "8884.88");
/// assert_eq!(amount.checked_add(Fen(12)), Some(Fen(888_500)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// A text that is not an amount in 元 with at most two decimals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an amount in yuan with at most two decimals")]
pub struct ParseFenError {
    /// The text as given.
    pub text: String,
}

impl Fen {
    /// Nothing (零).
    pub const ZERO: Fen = Fen(0);

    /// The sum, or `None` when it does not fit.
    pub const fn checked_add(self, other: Fen) -> Option<Fen> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Fen(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    pub const fn checked_sub(self, other: Fen) -> Option<Fen> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Fen(difference)),
            None => None,
        }
    }

    /// The product with a count, or `None` when it does not fit.
    pub const fn checked_mul(self, count: i64) -> Option<Fen> {
        match self.0.checked_mul(count) {
            Some(product) => Some(Fen(product)),
            None => None,
        }
    }

    /// The sum of many amounts, or `None` when it does not fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
        amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
    }

    /// The amount without its sign; the one value without a positive twin stays at the largest.
    pub const fn magnitude(self) -> Fen {
        Fen(self.0.saturating_abs())
    }

    /// Whether nothing is owed.
    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }

    /// Whether the amount is above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// A share of the amount in parts per million, rounded to the fen.
    ///
    /// ```
    /// use finance::{Fen, Rounding};
    /// assert_eq!(Fen(1_000_050).share_ppm(10_000, Rounding::HalfUp), Some(Fen(10_001))); // 1 % of 10,000.50
    /// ```
    pub fn share_ppm(self, ppm: i64, rounding: Rounding) -> Option<Fen> {
        let numerator = i128::from(self.0).checked_mul(i128::from(ppm))?;
        rounding.divide(numerator, 1_000_000)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

impl FromStr for Fen {
    type Err = ParseFenError;

    fn from_str(text: &str) -> Result<Fen, ParseFenError> {
        parse_yuan(text).ok_or_else(|| ParseFenError { text: text.to_owned() })
    }
}

/// Reads `-1,234.5` as −123,450 fen; commas are accepted only between digits.
fn parse_yuan(text: &str) -> Option<Fen> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (yuan, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    if yuan.is_empty() || !yuan.starts_with(|c: char| c.is_ascii_digit()) || decimals.len() > 2 {
        return None;
    }
    if digits.contains('.') && decimals.is_empty() || yuan.ends_with(',') {
        return None;
    }
    let mut fen: i64 = 0;
    for c in yuan.chars().filter(|c| *c != ',') {
        let digit = i64::from(c.to_digit(10)?);
        fen = fen.checked_mul(10)?.checked_add(digit)?;
    }
    let mut places = 0;
    for c in decimals.chars() {
        let digit = i64::from(c.to_digit(10)?);
        fen = fen.checked_mul(10)?.checked_add(digit)?;
        places += 1;
    }
    for _ in places..2 {
        fen = fen.checked_mul(10)?;
    }
    Some(Fen(if negative { -fen } else { fen }))
}

/// How a fraction of a fen becomes whole (舍入方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, a half away from zero (四舍五入).
    #[default]
    HalfUp,
    /// To the nearest, a half to the even neighbour (银行家舍入, 四舍六入五成双).
    HalfEven,
    /// To the nearest, a half towards zero (五舍六入).
    HalfDown,
    /// Away from zero (进一法).
    Up,
    /// Towards zero (去尾法).
    Down,
    /// Towards the larger number (向上取整).
    Ceiling,
    /// Towards the smaller number (向下取整).
    Floor,
}

impl Rounding {
    /// `numerator / denominator` rounded to a whole fen; `None` for a denominator below one or a result that does not fit.
    ///
    /// ```
    /// use finance::{Fen, Rounding};
    /// assert_eq!(Rounding::HalfUp.divide(5, 2), Some(Fen(3)));
    /// assert_eq!(Rounding::HalfEven.divide(5, 2), Some(Fen(2)));
    /// assert_eq!(Rounding::Floor.divide(-5, 2), Some(Fen(-3)));
    /// ```
    pub fn divide(self, numerator: i128, denominator: i128) -> Option<Fen> {
        if denominator < 1 {
            return None;
        }
        let (quotient, remainder) = match (i64::try_from(numerator), i64::try_from(denominator)) {
            (Ok(n), Ok(d)) => (i128::from(n / d), i128::from(n % d)),
            _ => (numerator / denominator, numerator % denominator),
        };
        let up = self.steps_away(quotient, remainder.unsigned_abs(), denominator.unsigned_abs(), numerator < 0);
        let step = if numerator < 0 { -1 } else { 1 };
        i64::try_from(if up { quotient + step } else { quotient }).ok().map(Fen)
    }

    /// Rounds an amount to a multiple of `unit` fen; `None` when it does not fit.
    ///
    /// ```
    /// use finance::{Fen, Rounding};
    /// assert_eq!(Rounding::Up.to_unit(Fen(888_488), 100), Some(Fen(888_500)));
    /// ```
    pub fn to_unit(self, amount: Fen, unit: i64) -> Option<Fen> {
        if unit <= 1 {
            return Some(amount);
        }
        self.divide(i128::from(amount.0), i128::from(unit))?.checked_mul(unit)
    }

    /// The stable name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Rounding::HalfUp => "half_up",
            Rounding::HalfEven => "half_even",
            Rounding::HalfDown => "half_down",
            Rounding::Up => "up",
            Rounding::Down => "down",
            Rounding::Ceiling => "ceiling",
            Rounding::Floor => "floor",
        }
    }

    /// Whether the truncated quotient moves one step away from zero.
    pub(crate) fn steps_away(self, quotient: i128, remainder: u128, denominator: u128, negative: bool) -> bool {
        if remainder == 0 {
            return false;
        }
        // Compare with the rest up to the next whole number: doubling could overflow.
        let half = remainder.cmp(&(denominator - remainder));
        match self {
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfEven => half.is_gt() || half.is_eq() && quotient % 2 != 0,
            Rounding::HalfDown => half.is_gt(),
            Rounding::Up => true,
            Rounding::Down => false,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
        }
    }
}

/// An exact amount (未舍入金额): a whole number of 1 / [`Exact::PER_FEN`] fen.
///
/// Every day count of [`crate::DayCount`] and every rate in billionths a year gives a whole number of these units,
/// so sums of interest over any number of days, balances and rates are exact until they are rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Exact(pub i128);

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact(0);
    /// Units in a fen: 10⁹ (rates) × 145,880,280 (years, see [`YearFraction`]).
    pub const PER_FEN: i128 = 1_000_000_000 * YearFraction::PER_YEAR as i128;

    /// The one place where money is multiplied by a rate: balance × yearly rate (billionths) × part of a year.
    ///
    /// `None` when the product does not fit into 127 bits.
    ///
    /// ```
    /// use finance::{DayCount, Exact, Fen, Rounding};
    /// // 100,000.00 at 12 % from 2025-03-20 to 2025-06-20, ACT/360: 92 days (regulation 银发〔2005〕129号)
    /// let part = DayCount::Act360.between("2025-03-20".parse().unwrap(), "2025-06-20".parse().unwrap());
    /// let interest = Exact::interest(Fen(10_000_000), 120_000_000, part).unwrap();
    /// assert_eq!(interest.round(Rounding::HalfUp), Some(Fen(306_667)));
    /// ```
    pub fn interest(balance: Fen, yearly_e9: i64, part: YearFraction) -> Option<Exact> {
        let a = i128::from(balance.0) * i128::from(yearly_e9);
        // A product of two words always fits: nearly every loan is small enough for it.
        if let Ok(small) = i64::try_from(a) {
            return Some(Exact(i128::from(small) * i128::from(part.0)));
        }
        a.checked_mul(i128::from(part.0)).map(Exact)
    }

    /// A whole amount as exact units.
    pub const fn from_fen(fen: Fen) -> Exact {
        // |i64| × 1.46e17 < 2^121, so this cannot overflow.
        Exact(fen.0 as i128 * Exact::PER_FEN)
    }

    /// The sum, or `None` when it does not fit.
    pub fn checked_add(self, other: Exact) -> Option<Exact> {
        self.0.checked_add(other.0).map(Exact)
    }

    /// The difference, or `None` when it does not fit.
    pub fn checked_sub(self, other: Exact) -> Option<Exact> {
        self.0.checked_sub(other.0).map(Exact)
    }

    /// Rounded to the fen; `None` when it does not fit.
    #[inline]
    pub fn round(self, rounding: Rounding) -> Option<Fen> {
        if self.0 == 0 {
            return Some(Fen::ZERO);
        }
        let units = self.0.unsigned_abs();
        // Division by a constant of 58 bits as multiplication by its reciprocal: the estimate is at most one too small.
        let mut quotient = multiply_high(units, Exact::RECIPROCAL);
        let mut rest = units - quotient * Exact::UNITS;
        if rest >= Exact::UNITS {
            quotient += 1;
            rest -= Exact::UNITS;
        }
        let negative = self.0 < 0;
        let quotient = i128::try_from(quotient).ok()?;
        let up = rounding.steps_away(quotient, rest, Exact::UNITS, negative);
        let fen = i64::try_from(quotient + i128::from(up)).ok()?;
        Some(Fen(if negative { -fen } else { fen }))
    }

    const UNITS: u128 = Exact::PER_FEN.unsigned_abs();
    const RECIPROCAL: u128 = u128::MAX / Exact::UNITS;

    /// The amount in 元 as an exact decimal text, cut (not rounded) after 12 decimals with `…` when more follow.
    pub fn to_yuan_text(self) -> String {
        let units = self.0.unsigned_abs();
        let per_yuan = Exact::PER_FEN.unsigned_abs() * 100;
        let mut rest = units % per_yuan;
        let mut text = format!("{}{}.", if self.0 < 0 { "-" } else { "" }, units / per_yuan);
        for place in 0..12 {
            if rest == 0 && place >= 2 {
                break;
            }
            rest *= 10;
            text.push(char::from(b'0' + u8::try_from(rest / per_yuan).unwrap_or(9)));
            rest %= per_yuan;
        }
        if rest != 0 {
            text.push('…');
        }
        text
    }
}

/// The upper 128 bits of a product.
#[inline]
pub(crate) const fn multiply_high(a: u128, b: u128) -> u128 {
    const LOW: u128 = u64::MAX as u128;
    let (a1, a0, b1, b0) = (a >> 64, a & LOW, b >> 64, b & LOW);
    let middle = a1 * b0 + ((a0 * b0) >> 64);
    let other = a0 * b1 + (middle & LOW);
    a1 * b1 + (middle >> 64) + (other >> 64)
}

impl Serialize for Exact {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Exact).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rounding_mode_on_both_sides_of_zero() {
        let cases = [
            // mode, 2.5, 3.5, 2.4, 2.6, -2.5, -2.4
            (Rounding::HalfUp, [3, 4, 2, 3, -3, -2]),
            (Rounding::HalfEven, [2, 4, 2, 3, -2, -2]),
            (Rounding::HalfDown, [2, 3, 2, 3, -2, -2]),
            (Rounding::Up, [3, 4, 3, 3, -3, -3]),
            (Rounding::Down, [2, 3, 2, 2, -2, -2]),
            (Rounding::Ceiling, [3, 4, 3, 3, -2, -2]),
            (Rounding::Floor, [2, 3, 2, 2, -3, -3]),
        ];
        for (mode, wanted) in cases {
            for (tenths, want) in [25, 35, 24, 26, -25, -24].into_iter().zip(wanted) {
                assert_eq!(mode.divide(tenths, 10), Some(Fen(want)), "{mode:?} of {tenths}/10");
            }
        }
    }

    #[test]
    fn texts_that_are_not_amounts_are_refused() {
        for text in ["", "-", "1.234", "1.", ".5", "1e5", "12a", ",1", "1,", "99999999999999999999", "１２"] {
            assert!(text.parse::<Fen>().is_err(), "{text:?} must be refused");
        }
        assert_eq!("-0.05".parse(), Ok(Fen(-5)));
        assert_eq!("1,234,567.8".parse(), Ok(Fen(123_456_780)));
    }

    #[test]
    fn extremes_neither_panic_nor_wrap() {
        assert_eq!(Fen(i64::MAX).checked_add(Fen(1)), None);
        assert_eq!(Fen(i64::MIN).magnitude(), Fen(i64::MAX));
        assert_eq!(Fen(i64::MIN).to_string(), "-92233720368547758.08");
        assert_eq!(Rounding::HalfUp.divide(i128::MIN, 1), None);
        assert_eq!(Rounding::HalfUp.divide(1, 0), None);
        assert_eq!(Rounding::Up.to_unit(Fen(i64::MAX), 100), None);
        assert_eq!(Exact::interest(Fen(i64::MAX), i64::MAX, YearFraction(i64::MAX)), None);
    }

    #[test]
    fn rounding_by_reciprocal_equals_division() {
        let one = Exact::PER_FEN;
        for whole in [0, 1, 2, 999_999_999_999_999, i128::from(i64::MAX) - 1] {
            for part in [0, 1, one / 2 - 1, one / 2, one / 2 + 1, one - 1] {
                for sign in [1, -1] {
                    for mode in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down, Rounding::Floor] {
                        let units = sign * (whole * one + part);
                        assert_eq!(Exact(units).round(mode), mode.divide(units, one), "{mode:?} {units}");
                    }
                }
            }
        }
        assert_eq!(Exact(i128::MAX).round(Rounding::HalfUp), Rounding::HalfUp.divide(i128::MAX, one));
        assert_eq!(Exact(i128::MIN).round(Rounding::HalfUp), Rounding::HalfUp.divide(i128::MIN, one));
    }

    #[test]
    fn an_exact_amount_is_shown_in_yuan() {
        assert_eq!(Exact::from_fen(Fen(-12_345)).to_yuan_text(), "-123.45");
        let third = Exact(Exact::PER_FEN / 3);
        assert!(third.to_yuan_text().starts_with("0.003333333333"));
    }
}
