//! A decimal number with all its digits.

/// A decimal number (十进制数): `digits` × 10^−`scale`, exact.
///
/// ```
/// use platform::sheets::values::Decimal;
/// assert_eq!(Decimal::parse("12.345").unwrap().scaled(7), Some(123_450_000));
/// assert_eq!(Decimal::of_double(0.1 + 0.2).unwrap(), Decimal::parse("0.3").unwrap());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits as one whole number.
    pub digits: i128,
    /// How many of them stand after the point.
    pub scale: u32,
}

/// More digits than this do not occur in a loan book.
const MAX_DIGITS: usize = 30;

impl Decimal {
    /// Reads `-1234.50` or `1.5E+3`; commas must already be gone.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let count = whole.len() + part.len();
        let only_digits = whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit());
        if count == 0 || count > MAX_DIGITS || !only_digits || exponent.abs() > 30 {
            return None;
        }
        let mut digits: i128 = 0;
        for byte in whole.bytes().chain(part.bytes()) {
            digits = digits.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        }
        if negative {
            digits = -digits;
        }
        let scale = i32::try_from(part.len()).ok()? - exponent;
        match u32::try_from(scale) {
            Ok(scale) => Some(Decimal { digits, scale }.shortest()),
            Err(_) => {
                Some(Decimal { digits: digits.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?, scale: 0 })
            }
        }
    }

    /// The decimal that Excel shows for a stored double: 15 significant digits.
    pub fn of_double(number: f64) -> Option<Decimal> {
        if !number.is_finite() {
            return None;
        }
        Decimal::parse(&format!("{number:.14e}"))
    }

    /// The whole number `self × 10^places`, or `None` when digits would be lost or it does not fit.
    pub fn scaled(self, places: u32) -> Option<i128> {
        if self.scale <= places {
            return self.digits.checked_mul(10i128.checked_pow(places - self.scale)?);
        }
        let divisor = 10i128.checked_pow(self.scale - places)?;
        (self.digits % divisor == 0).then_some(self.digits / divisor)
    }

    /// Like [`Decimal::scaled`], a half rounded away from zero; the flag says whether digits were dropped.
    pub fn rounded(self, places: u32) -> Option<(i128, bool)> {
        if let Some(exact) = self.scaled(places) {
            return Some((exact, false));
        }
        let divisor = 10i128.checked_pow(self.scale.checked_sub(places)?)?;
        let (quotient, rest) = (self.digits / divisor, self.digits % divisor);
        let away = if rest.unsigned_abs() * 2 >= divisor.unsigned_abs() { self.digits.signum() } else { 0 };
        Some((quotient + away, true))
    }

    /// The product with a power of ten, exact.
    pub fn shifted(self, places: i32) -> Option<Decimal> {
        let scale = i32::try_from(self.scale).ok()?.checked_sub(places)?;
        match u32::try_from(scale) {
            Ok(scale) => Some(Decimal { digits: self.digits, scale }.shortest()),
            Err(_) => {
                Some(Decimal { digits: self.digits.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?, scale: 0 })
            }
        }
    }

    /// The sum, exact.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        Some(Decimal { digits: self.scaled(scale)?.checked_add(other.scaled(scale)?)?, scale }.shortest())
    }

    /// The product with a whole number, exact.
    pub fn times(self, count: i128) -> Option<Decimal> {
        Some(Decimal { digits: self.digits.checked_mul(count)?, scale: self.scale }.shortest())
    }

    /// The whole number, when there is nothing behind the point.
    pub fn whole(self) -> Option<i64> {
        self.scaled(0).and_then(|n| i64::try_from(n).ok())
    }

    /// Whether the number is below one in size.
    pub fn is_below_one(self) -> bool {
        10i128.checked_pow(self.scale).is_none_or(|one| self.digits.unsigned_abs() < one.unsigned_abs())
    }

    fn shortest(mut self) -> Decimal {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_is_read_as_excel_shows_it() {
        // Doubles that the arithmetic of a spreadsheet leaves behind, and what Excel shows for them.
        for (double, shown) in [
            (12.345, "12.345"),
            (0.1 + 0.2, "0.3"),
            (8_982_471.32, "8982471.32"),
            (1.005, "1.005"),
            (-4.35, "-4.35"),
            (1e15, "1000000000000000"),
            (0.0, "0"),
        ] {
            assert_eq!(Decimal::of_double(double), Decimal::parse(shown), "{shown}");
        }
        assert_eq!(Decimal::of_double(f64::NAN), None);
        assert_eq!(Decimal::of_double(f64::INFINITY), None);
    }

    #[test]
    fn digits_are_never_lost_in_silence() {
        let d = Decimal::parse("1.2345").unwrap();
        assert_eq!(d.scaled(4), Some(12_345));
        assert_eq!(d.scaled(2), None);
        assert_eq!(d.rounded(2), Some((123, true)));
        assert_eq!(Decimal::parse("-1.235").unwrap().rounded(2), Some((-124, true)));
        for bad in ["", ".", "-", "1,2", "1e999", "12a", "1.2.3", "9999999999999999999999999999999"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
        assert_eq!(Decimal::parse("9.9082919741113e+17").unwrap().whole(), Some(990_829_197_411_130_000));
    }
}
