//! When a rate is another one. Pure.

use crate::change::error::AgreementError;

/// A change is to another rate than the one in force, both in billionths a year. Rule `rate-change.other`.
pub fn check_other(now_e9: i64, wanted_e9: Option<i64>) -> Result<(), AgreementError> {
    if wanted_e9 == Some(now_e9) {
        return Err(AgreementError::RateSame { rate: platform::locale::rate_percent(now_e9) });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use finance::{Rate, YearBasis};

    use super::*;

    #[test]
    fn the_same_rate_said_otherwise_is_the_same() {
        // `rate-change.other`
        let yearly = |rate: Rate| rate.yearly_e9(YearBasis::Days360);
        assert!(check_other(120_000_000, yearly(Rate::per_month(10_000_000))).is_err());
        assert!(check_other(120_000_000, yearly(Rate::per_year(120_000_001))).is_ok());
    }
}
