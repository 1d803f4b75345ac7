//! How far a loan may be extended, and at what rate. Pure.

use finance::Rate;
use finance::YearBasis;
use jiff::ToSpan as _;
use jiff::civil::Date;
use policy::{Edition, ParameterError};

use crate::error::ServicingError;

/// Parts of a whole in `ppm` parameters.
const WHOLE_PPM: i64 = 1_000_000;
/// Billionths in one millionth: rates are kept in billionths, caps in millionths.
const E9_PER_PPM: i64 = 1_000;

/// The limits of the policy (展期上限). Source: 《贷款通则》第八条、第十二条.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A term of at most so many months is short.
    pub short_months: i64,
    /// A term of at most so many months, if not short, is medium.
    pub medium_months: i64,
    /// Extension of a short loan, share of its term.
    pub short_ppm: i64,
    /// Extension of a medium loan, share of its term.
    pub medium_ppm: i64,
    /// Extension of a long loan.
    pub long_years: i64,
}

impl Limits {
    /// The limits in force; `None` where the policy has none.
    pub fn read(edition: &Edition) -> Result<Option<Self>, ParameterError> {
        if edition.parameter("extension_short_max_ppm").is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            short_months: edition.integer("extension_short_term_months")?,
            medium_months: edition.integer("extension_medium_term_months")?,
            short_ppm: edition.integer("extension_short_max_ppm")?,
            medium_ppm: edition.integer("extension_medium_max_ppm")?,
            long_years: edition.integer("extension_long_max_years")?,
        }))
    }

    /// The last day to which all extensions together may reach, counted from the maturity first agreed; `None` where
    /// no calendar reaches that far. Rule `extension.limit`.
    ///
    /// A short loan of 365 days agreed until 2026-06-30 may be extended by 365 days, until 2027-06-30.
    pub fn latest(&self, start_on: Date, agreed_until: Date) -> Option<Date> {
        let days = finance::days_between(start_on, agreed_until);
        let share = |ppm: i64| {
            let more = days.checked_mul(ppm)? / WHOLE_PPM;
            agreed_until.checked_add(i32::try_from(more).ok()?.days()).ok()
        };
        let ends = |months: i64| start_on.checked_add(i32::try_from(months).ok()?.months()).ok();
        if agreed_until <= ends(self.short_months)? {
            return share(self.short_ppm);
        }
        if agreed_until <= ends(self.medium_months)? {
            return share(self.medium_ppm);
        }
        agreed_until.checked_add(i32::try_from(self.long_years).ok()?.years()).ok()
    }
}

/// Refuses an end that is not later than the present one. Rule `extension.later`.
pub fn check_later(until: Date, maturity_on: Date, today: Date) -> Result<(), ServicingError> {
    let after = maturity_on.max(today);
    if until <= after { Err(ServicingError::ExtensionNotLater { until, after }) } else { Ok(()) }
}

/// Refuses an end beyond the limit.
pub fn check_limit(until: Date, latest: Option<Date>) -> Result<(), ServicingError> {
    match latest {
        Some(latest) if until > latest => Err(ServicingError::ExtensionTooLong { until, latest }),
        Some(_) | None => Ok(()),
    }
}

/// Refuses a rate above the cap of the policy; without a cap any rate passes. Rule `extension.rate-cap`.
pub fn check_rate(rate: Rate, basis: YearBasis, cap_ppm: Option<i64>) -> Result<(), ServicingError> {
    let (Some(yearly), Some(cap)) = (rate.yearly_e9(basis), cap_ppm.and_then(|ppm| ppm.checked_mul(E9_PER_PPM))) else {
        return Ok(());
    };
    if yearly > cap {
        let percent = platform::locale::rate_percent;
        return Err(ServicingError::RateAboveCap { rate: percent(yearly), cap: percent(cap) });
    }
    Ok(())
}

/// The last day on which an application is in time (提前申请, C-02). A late one is not refused: the trial marks it.
/// Rule `extension.filing`.
pub fn file_until(maturity_on: Date, days_before: i64) -> Option<Date> {
    maturity_on.checked_sub(i32::try_from(days_before).ok()?.days()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const LIMITS: Limits =
        Limits { short_months: 12, medium_months: 60, short_ppm: 1_000_000, medium_ppm: 500_000, long_years: 3 };

    #[test]
    fn the_term_first_agreed_decides_how_far() {
        // `extension.limit`
        // start, agreed until, latest: by hand from Art. 8 and 12 (365, 366, 1096 / 2, 1826 / 2 days; three years)
        let rows = [
            (date(2025, 6, 30), date(2026, 6, 30), date(2027, 6, 30)),
            (date(2024, 1, 31), date(2025, 1, 31), date(2026, 2, 1)),
            (date(2025, 6, 30), date(2026, 7, 1), date(2026, 12, 31)),
            (date(2024, 1, 15), date(2027, 1, 15), date(2028, 7, 16)),
            (date(2020, 3, 1), date(2025, 3, 1), date(2027, 8, 31)),
            (date(2020, 3, 1), date(2025, 3, 2), date(2028, 3, 2)),
        ];
        for (start, agreed, latest) in rows {
            assert_eq!(LIMITS.latest(start, agreed), Some(latest), "{start} {agreed}");
        }
    }

    #[test]
    fn the_limit_and_the_present_maturity_are_edges() {
        // `extension.limit`, `extension.later`
        let latest = Some(date(2027, 6, 30));
        assert_eq!(check_limit(date(2027, 6, 30), latest), Ok(()));
        assert!(check_limit(date(2027, 7, 1), latest).is_err());
        assert_eq!(check_limit(date(2099, 1, 1), None), Ok(()));
        let (maturity, today) = (date(2026, 6, 30), date(2026, 3, 1));
        assert!(check_later(maturity, maturity, today).is_err());
        assert_eq!(check_later(date(2026, 7, 1), maturity, today), Ok(()));
        assert!(check_later(date(2026, 7, 1), maturity, date(2026, 7, 1)).is_err(), "a matured loan counts from today");
    }

    #[test]
    fn a_rate_is_held_against_the_cap_of_a_year() {
        // `extension.rate-cap`
        let cap = Some(240_000);
        assert_eq!(check_rate(Rate::per_year(240_000_000), YearBasis::Days360, cap), Ok(()));
        assert!(check_rate(Rate::per_year(240_000_001), YearBasis::Days360, cap).is_err());
        assert!(check_rate(Rate::per_month(20_100_000), YearBasis::Days360, cap).is_err());
        assert_eq!(check_rate(Rate::per_year(900_000_000), YearBasis::Days360, None), Ok(()));
    }
}
