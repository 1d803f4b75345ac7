//! The equal instalment (等额本息月供) in binary fixed point with 128 fractional bits (38 decimal digits).
//!
//! With v = 1 / (1 + i): A = ((P − Z) · i) / (1 − vⁿ) + Z · i, where Z remains after the last instalment.
//! Everything is below one or a plain amount, so no power overflows and 1 − vⁿ keeps more than 28 digits
//! for every rate above a billionth of a per cent a year.

pub(crate) use crate::money::multiply_high as multiply;
use crate::money::{Exact, Fen, Rounding};

/// The denominator that periodic rates share with exact amounts.
pub(crate) const DEN: u128 = Exact::PER_FEN.unsigned_abs();

/// A periodic rate (期利率): `units` of 1 / [`Exact::PER_FEN`]; at most 100 (10,000 % a period).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PeriodicRate(u64);

impl PeriodicRate {
    /// Rate (billionths a year) for a part of a year; `None` below zero or above 10,000 % a period.
    pub(crate) fn new(yearly_e9: i64, part: i64) -> Option<PeriodicRate> {
        let units = u128::try_from(i128::from(yearly_e9) * i128::from(part)).ok()?;
        (units <= 100 * DEN).then_some(PeriodicRate(u64::try_from(units).ok()?))
    }

    /// So many units of 1 / [`Exact::PER_FEN`]; at most 100 (10,000 % a period).
    pub(crate) fn of_units(units: u64) -> PeriodicRate {
        PeriodicRate(units.min(Self::MOST))
    }

    /// The highest rate in units.
    pub(crate) const MOST: u64 = 100 * DEN as u64;

    /// 1 / (1 + i) with 128 fractional bits, or `None` for no interest (which is exactly one).
    pub(crate) fn discount(self) -> Option<u128> {
        if self.0 == 0 {
            return None;
        }
        let divisor = DEN + u128::from(self.0);
        let high = (DEN << 64) / divisor;
        let low = (((DEN << 64) % divisor) << 64) / divisor;
        Some(high << 64 | low)
    }

    /// `amount · i` as whole and 128 fractional bits.
    fn of(self, amount: u64) -> (u128, u128) {
        let product = u128::from(amount) * u128::from(self.0);
        let rest = product % DEN;
        let high = (rest << 64) / DEN;
        let low = (((rest << 64) % DEN) << 64) / DEN;
        (product / DEN, high << 64 | low)
    }
}

/// The equal instalment for `periods` periods at rate `i`, rounded to a multiple of `unit` fen.
///
/// `residual` remains to be paid after the last one. `None` when something does not fit.
pub(crate) fn equal_instalment(
    principal: Fen,
    residual: Fen,
    i: PeriodicRate,
    periods: u32,
    rounding: Rounding,
    unit: i64,
) -> Option<Fen> {
    let spread = u64::try_from(principal.0.checked_sub(residual.0)?).ok()?;
    let residual = u64::try_from(residual.0).ok()?;
    let Some(v) = i.discount() else {
        return round_quotient(spread, periods, rounding, unit);
    };
    if periods == 0 {
        return None;
    }
    let w = power(v, periods).max(1).wrapping_neg();
    let (whole, fraction) = i.of(spread);
    let (rest_whole, rest_fraction) = i.of(residual);
    let sum = divide(whole, fraction, w)?.checked_add(rest_whole.checked_mul(1 << 64)? + (rest_fraction >> 64))?;
    round_q64(sum, rounding, unit)
}

/// The equal instalment a month (等额本息月供) of a loan at a yearly rate in billionths, rounded to the fen, a half up.
///
/// For questions before there are terms: the ratio of income and repayment (S5.6-07). A loan's own schedule comes
/// from [`crate::schedule()`]. `None` for no months, a negative sum or rate, or what does not fit.
///
/// ```
/// use finance::{Fen, monthly_payment};
/// assert_eq!(monthly_payment(Fen(100_000_000), 49_000_000, 360), Some(Fen(530_727)));
/// assert_eq!(monthly_payment(Fen(12_000_000), 0, 12), Some(Fen(1_000_000)));
/// assert_eq!(monthly_payment(Fen(12_000_000), 0, 0), None);
/// ```
#[must_use]
pub fn monthly_payment(principal: Fen, yearly_e9: i64, months: u32) -> Option<Fen> {
    let month = PeriodicRate::new(yearly_e9, crate::day_count::YearFraction::PER_MONTH)?;
    equal_instalment(principal, Fen::ZERO, month, months, Rounding::HalfUp, 1)
}

/// The equal instalment when every period has its own rate: (P − Z · Πv) / Σ Πv.
pub(crate) fn equal_instalment_by_days(
    principal: Fen,
    residual: Fen,
    rates: impl Iterator<Item = PeriodicRate>,
    rounding: Rounding,
    unit: i64,
) -> Option<Fen> {
    let principal = u64::try_from(principal.0).ok()?;
    let residual = u64::try_from(residual.0).ok()?;
    let (mut product, mut sum, mut count, mut interest) = (u128::MAX, 0_u128, 0_u32, false);
    for rate in rates {
        if let Some(v) = rate.discount() {
            product = multiply(product, v);
            interest = true;
        }
        sum = sum.checked_add(product >> 16)?;
        count += 1;
    }
    if !interest {
        return round_quotient(principal.checked_sub(residual)?, count, rounding, unit);
    }
    // Z · Πv as whole and fraction, then P − that, then both sides by 2^16 because the sum is above one.
    let low = u128::from(residual) * (product & u128::from(u64::MAX));
    let high = u128::from(residual) * (product >> 64) + (low >> 64);
    let (z_whole, z_fraction) = (high >> 64, high << 64 | low & u128::from(u64::MAX));
    let (fraction, borrow) = 0_u128.overflowing_sub(z_fraction);
    let whole = u128::from(principal).checked_sub(z_whole)?.checked_sub(u128::from(borrow))?;
    round_q64(divide(whole >> 16, (whole & 0xffff) << 112 | fraction >> 16, sum)?, rounding, unit)
}

/// `amount / count`, rounded to a multiple of `unit`.
fn round_quotient(amount: u64, count: u32, rounding: Rounding, unit: i64) -> Option<Fen> {
    let unit = unit.max(1);
    rounding.divide(i128::from(amount), i128::from(count).checked_mul(i128::from(unit))?)?.checked_mul(unit)
}

/// vⁿ by repeated squaring.
pub(crate) fn power(v: u128, n: u32) -> u128 {
    let (mut base, mut n, mut result) = (v, n, None);
    loop {
        if n & 1 == 1 {
            result = Some(result.map_or(base, |r| multiply(r, base)));
        }
        n >>= 1;
        if n == 0 {
            return result.unwrap_or(u128::MAX);
        }
        base = multiply(base, base);
    }
}

/// (whole + fraction) / w, where fraction and w have 128 fractional bits, with 64 fractional bits.
///
/// Long division with digits of 64 bits; `None` when the quotient does not fit into 64 whole bits.
pub(crate) fn divide(whole: u128, fraction: u128, w: u128) -> Option<u128> {
    if w == 0 || whole >= w || whole >> 63 != 0 {
        return None;
    }
    // The divisor is shifted until its highest bit is set, as the estimate of a digit needs.
    let shift = w.leading_zeros();
    let divisor = w << shift;
    let (high, low) =
        if shift == 0 { (whole, fraction) } else { (whole << shift | fraction >> (128 - shift), fraction << shift) };
    let (first, rest) = digit(high, low >> 64, divisor);
    let (second, rest) = digit(rest, low & LOW, divisor);
    let (third, _) = digit(rest, 0, divisor);
    (first == 0).then_some(second << 64 | third)
}

const LOW: u128 = u64::MAX as u128;

/// One digit: (rest · 2⁶⁴ + next) / divisor and what remains, for rest < divisor and a divisor with its highest bit set.
fn digit(rest: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (d1, d0) = (divisor >> 64, divisor & LOW);
    let (mut q, mut r) = if rest >> 64 >= d1 { (LOW, rest - LOW * d1) } else { (rest / d1, rest % d1) };
    while r <= LOW && q * d0 > (r << 64 | next) {
        q -= 1;
        r += d1;
    }
    // The true remainder is below 2^128, so wrapping arithmetic gives it exactly.
    let remainder = (rest << 64 | next).wrapping_sub(q.wrapping_mul(divisor));
    (q, remainder)
}

/// Rounds a number with 64 fractional bits to a multiple of `unit` fen.
///
/// The last four bits are below the error of the computation; dropping them lets exact halves be seen as such.
fn round_q64(value: u128, rounding: Rounding, unit: i64) -> Option<Fen> {
    let value = value.checked_add(8)? & !15;
    let unit = unit.max(1);
    let denominator = u128::try_from(unit).ok()?.checked_mul(1 << 64)?;
    let (quotient, rest) = (value / denominator, value % denominator);
    let up = rounding.steps_away(i128::try_from(quotient).ok()?, rest, denominator, false);
    Fen(i64::try_from(quotient).ok()?.checked_add(i64::from(up))?).checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day_count::YearFraction;

    fn monthly(yearly_e9: i64) -> PeriodicRate {
        PeriodicRate::new(yearly_e9, YearFraction::PER_MONTH).unwrap()
    }

    #[test]
    fn published_instalments() {
        let one = |p, rate, n| equal_instalment(Fen(p), Fen(0), monthly(rate), n, Rounding::HalfUp, 1).unwrap();
        assert_eq!(one(10_000_000, 120_000_000, 12), Fen(888_488));
        assert_eq!(one(100_000_000, 49_000_000, 360), Fen(530_727)); // S5.6-T7
        assert_eq!(one(12_000_000, 0, 12), Fen(1_000_000)); // S5.6-T8
    }

    #[test]
    fn one_period_is_exact_and_a_half_is_seen() {
        // 50 fen at 12 % a year for a month is 50.5 fen exactly
        let round = |mode| equal_instalment(Fen(50), Fen(0), monthly(120_000_000), 1, mode, 1).unwrap();
        assert_eq!(round(Rounding::HalfUp), Fen(51));
        assert_eq!(round(Rounding::HalfDown), Fen(50));
        assert_eq!(round(Rounding::HalfEven), Fen(50));
    }

    #[test]
    fn equal_days_give_the_same_sum_as_the_formula() {
        for (n, residual) in [(1, 0), (36, 0), (360, 0), (36, 3_000_000)] {
            let i = monthly(87_654_321);
            let a = equal_instalment(Fen(10_000_000), Fen(residual), i, n, Rounding::HalfUp, 1);
            let rates = (0..n).map(|_| i);
            assert_eq!(a, equal_instalment_by_days(Fen(10_000_000), Fen(residual), rates, Rounding::HalfUp, 1));
        }
    }
}
