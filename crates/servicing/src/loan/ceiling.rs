//! The legal ceiling of what a loan costs (利率上限): decision `rate_cap` of the law and the pack, as it stood on
//! the day of the contract.

use std::collections::BTreeMap;

use finance::{Context, Tenor, Terms};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::policies::PolicyError;
use policy::{Edition, Value};

const E9_PER_PPM: i64 = 1_000;

/// What the law says of a yearly cost (上限检查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceiling {
    /// The yearly cost that was held against the cap, parts per million.
    pub all_in_ppm: i64,
    /// The cap, parts per million.
    pub cap_ppm: i64,
    /// `within`, `above_target` or `above_cap`.
    pub verdict: String,
    /// The one-year LPR of the day, parts per million, where it is published.
    pub lpr_ppm: Option<i64>,
    /// The rule that answered.
    pub rule: String,
    /// The articles.
    pub articles: Vec<String>,
}

impl Ceiling {
    /// Whether no new loan may cost as much (rule `loan.rate-cap`).
    pub fn is_above(&self) -> bool {
        self.verdict == "above_cap"
    }
}

/// The yearly cost of terms in parts per million: the internal rate of return × periods (单利口径), rounded to
/// the nearest millionth, so that 24 % is 24 % whatever the rounding of instalments to the fen did.
/// Without interest there is none.
pub fn all_in_ppm(terms: &Terms, context: &Context<'_>) -> Option<i64> {
    let plan = finance::schedule(terms, context).ok()?;
    let table = finance::cost(terms, &plan, &[]).ok()?;
    Some(rounded(table.nominal_e9))
}

/// Rounds to the hundredth of a percent: rounding instalments to the fen moves the return by less than that.
pub(crate) fn rounded(yearly_e9: i64) -> i64 {
    const BASIS_POINT_E9: i64 = 100_000;
    (yearly_e9.saturating_add(BASIS_POINT_E9 / 2)).div_euclid(BASIS_POINT_E9) * (BASIS_POINT_E9 / E9_PER_PPM)
}

/// Holds a yearly cost against the cap in force on a date; `None` where law and pack set no cap for that date.
///
/// Rule `loan.rate-cap`. Source: the articles of decision `rate_cap` of `law-cn`.
pub fn check(edition: &Edition, all_in: i64, context: &Context<'_>, on: Date) -> Result<Option<Ceiling>, ActionError> {
    if edition.decision("rate_cap").is_err() {
        return Ok(None);
    }
    let mut facts = BTreeMap::from([("all_in_rate_ppm".to_owned(), Value::Integer(all_in))]);
    let lpr_ppm = context.rates.latest(Tenor::OneYear, on).map(|e9| e9 / E9_PER_PPM);
    if let Some(lpr) = lpr_ppm {
        facts.insert("lpr_1y_ppm".to_owned(), Value::Integer(lpr));
    }
    let found = edition.decide("rate_cap", &facts).map_err(PolicyError::from)?;
    let Some(cap_ppm) = found.integer("cap_ppm") else { return Ok(None) };
    Ok(Some(Ceiling {
        all_in_ppm: all_in,
        cap_ppm,
        verdict: found.text("rate_verdict").unwrap_or_default().to_owned(),
        lpr_ppm,
        rule: found.rule.clone(),
        articles: found.articles.clone(),
    }))
}

/// Parts per million as a percentage with two places.
pub fn percent(ppm: i64) -> String {
    platform::locale::rate_percent(ppm.saturating_mul(E9_PER_PPM))
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn what_rounding_to_the_fen_moved_is_no_higher_rate() {
        // `loan.rate-cap`
        assert_eq!(rounded(240_000_312), 240_000);
        assert_eq!(rounded(239_999_871), 240_000);
        assert_eq!(rounded(240_060_000), 240_100);
        assert_eq!(rounded(0), 0);
    }
}
