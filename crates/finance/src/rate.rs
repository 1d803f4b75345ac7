//! Interest rates (利率) with their period named, and explicit conversion between periods.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::money::Rounding;

/// The period that a rate is quoted for (利率期间).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatePeriod {
    /// 年利率, quoted in %.
    Year,
    /// 月利率, quoted in ‰ (厘).
    Month,
    /// 日利率, quoted in ‱ (万分之).
    Day,
}

/// How a day's rate becomes a year's (年日换算).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum YearBasis {
    /// 日利率 = 年利率 ÷ 360 (银发〔2005〕129号).
    #[default]
    #[serde(rename = "360")]
    Days360,
    /// 日利率 = 年利率 ÷ 365.
    #[serde(rename = "365")]
    Days365,
    /// 日利率 = 月利率 ÷ 30, 月利率 = 年利率 ÷ 12.
    #[serde(rename = "30x12")]
    Months12Days30,
}

/// An interest rate (利率) in billionths of the period it names.
///
/// As text: `12%/year`, `10‰/month`, `5‱/day`. The period is part of the value; nothing converts silently.
///
/// ```
/// use finance::{Rate, RatePeriod, YearBasis};
/// let monthly: Rate = "10‰/month".parse().unwrap();
/// assert_eq!(monthly, Rate::per_month(10_000_000));
/// assert_eq!(monthly.yearly_e9(YearBasis::Days360), Some(120_000_000)); // 12 % a year
/// let daily: Rate = "5‱/day".parse().unwrap();
/// assert_eq!(daily.yearly_e9(YearBasis::Days365), Some(182_500_000));   // 18.25 % on 365 days
/// assert_eq!(Rate::per_year(120_000_000).to_string(), "12%/year");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    /// Billionths: 12 % is 120,000,000.
    pub e9: i64,
    /// What period the billionths are for.
    pub per: RatePeriod,
}

/// A text that is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a rate; write 12%/year, 10‰/month or 5‱/day")]
pub struct ParseRateError {
    /// The text as given.
    pub text: String,
}

impl Rate {
    /// A yearly rate in billionths.
    pub const fn per_year(e9: i64) -> Rate {
        Rate { e9, per: RatePeriod::Year }
    }

    /// A monthly rate in billionths.
    pub const fn per_month(e9: i64) -> Rate {
        Rate { e9, per: RatePeriod::Month }
    }

    /// A daily rate in billionths.
    pub const fn per_day(e9: i64) -> Rate {
        Rate { e9, per: RatePeriod::Day }
    }

    /// The rate for a year in billionths, exact; `None` when it does not fit.
    pub const fn yearly_e9(self, basis: YearBasis) -> Option<i64> {
        let periods = match (self.per, basis) {
            (RatePeriod::Year, _) => 1,
            (RatePeriod::Month, _) => 12,
            (RatePeriod::Day, YearBasis::Days360 | YearBasis::Months12Days30) => 360,
            (RatePeriod::Day, YearBasis::Days365) => 365,
        };
        self.e9.checked_mul(periods)
    }

    /// The rate for another period, rounded half-up to a billionth; `None` when it does not fit.
    ///
    /// ```
    /// use finance::{Rate, RatePeriod, YearBasis};
    /// let yearly = Rate::per_year(120_000_000);
    /// assert_eq!(yearly.convert(RatePeriod::Month, YearBasis::Days360), Some(Rate::per_month(10_000_000)));
    /// assert_eq!(yearly.convert(RatePeriod::Day, YearBasis::Days365), Some(Rate::per_day(328_767)));
    /// ```
    pub fn convert(self, per: RatePeriod, basis: YearBasis) -> Option<Rate> {
        let yearly = i128::from(self.yearly_e9(basis)?);
        let one = Rate { e9: 1, per }.yearly_e9(basis)?;
        Some(Rate { e9: Rounding::HalfUp.divide(yearly, i128::from(one))?.0, per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, per, places) = match self.per {
            RatePeriod::Year => ("%", "year", 7),
            RatePeriod::Month => ("‰", "month", 6),
            RatePeriod::Day => ("‱", "day", 5),
        };
        let unit = 10_u64.pow(places);
        let value = self.e9.unsigned_abs();
        let minus = if self.e9 < 0 { "-" } else { "" };
        let decimals = format!("{:0width$}", value % unit, width = places as usize);
        let decimals = decimals.trim_end_matches('0');
        let dot = if decimals.is_empty() { "" } else { "." };
        write!(f, "{minus}{}{dot}{decimals}{sign}/{per}", value / unit)
    }
}

impl FromStr for Rate {
    type Err = ParseRateError;

    fn from_str(text: &str) -> Result<Rate, ParseRateError> {
        parse_rate(text).ok_or_else(|| ParseRateError { text: text.to_owned() })
    }
}

fn parse_rate(text: &str) -> Option<Rate> {
    let (value, per) = text.trim().split_once('/')?;
    let per = match per.trim() {
        "year" => RatePeriod::Year,
        "month" => RatePeriod::Month,
        "day" => RatePeriod::Day,
        _ => return None,
    };
    let value = value.trim();
    let signs = [('%', 7_usize), ('‰', 6), ('‱', 5)];
    let (number, places) = signs.into_iter().find_map(|(sign, places)| Some((value.strip_suffix(sign)?, places)))?;
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || decimals.is_empty() || decimals.len() > places {
        return None;
    }
    let mut e9: i64 = 0;
    for c in whole.chars().chain(decimals.chars()) {
        e9 = e9.checked_mul(10)?.checked_add(i64::from(c.to_digit(10)?))?;
    }
    for _ in decimals.len()..places {
        e9 = e9.checked_mul(10)?;
    }
    Some(Rate { e9: if negative { -e9 } else { e9 }, per })
}

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_reads_as_it_prints() {
        for text in ["12%/year", "4.35%/year", "10.25‰/month", "5‱/day", "0%/year", "0.0000001%/year", "-1%/year"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        for text in ["12", "12%", "12/year", "%/year", "1.%/year", "12%/week", "0.00000001%/year", "1e3%/year"] {
            assert!(text.parse::<Rate>().is_err(), "{text} must be refused");
        }
    }
}
