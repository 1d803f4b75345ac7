//! Amounts and dates as they stand on paper.

use jiff::civil::{Date, DateTime};

use crate::error::PrintError;

/// Writes fen as yuan (元) with two decimals and grouped thousands: `146,121.50`, `−0.05`.
///
/// ```
/// assert_eq!(print::yuan(14_612_150), "146,121.50");
/// assert_eq!(print::yuan(-5), "−0.05");
/// ```
#[must_use]
pub fn yuan(fen: i64) -> String {
    let digits = (fen.unsigned_abs() / 100).to_string();
    let mut out = String::new();
    if fen < 0 {
        out.push('\u{2212}');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(&format!(".{:02}", fen.unsigned_abs() % 100));
    out
}

/// Adds up amounts, refusing what no longer fits.
pub(crate) fn total(document: &'static str, amounts: impl IntoIterator<Item = i64>) -> Result<i64, PrintError> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or(PrintError::TotalTooLarge { document })
}

/// Refuses a total that its parts do not add up to.
pub(crate) fn must_foot(
    document: &'static str,
    what: &'static str,
    stated_fen: i64,
    parts: impl IntoIterator<Item = i64>,
) -> Result<(), PrintError> {
    let summed_fen = total(document, parts)?;
    if stated_fen == summed_fen {
        Ok(())
    } else {
        Err(PrintError::DoesNotFoot { document, what, stated_fen, summed_fen })
    }
}

/// `2026-03-12 10:06`.
pub(crate) fn moment(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-03-12`.
pub(crate) fn day(on: Date) -> String {
    on.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_groups_and_signs() {
        for (fen, expected) in [
            (0, "0.00"),
            (7, "0.07"),
            (100_000, "1,000.00"),
            (99_999, "999.99"),
            (-123_456_789, "−1,234,567.89"),
            (i64::MIN, "−92,233,720,368,547,758.08"),
        ] {
            assert_eq!(yuan(fen), expected);
        }
    }

    #[test]
    fn a_total_that_does_not_fit_is_refused() {
        assert_eq!(total("t", [i64::MAX, 1]), Err(PrintError::TotalTooLarge { document: "t" }));
    }
}
