//! Accrual lines (计息行): interest and penalty of any later day as one closed expression.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::day_count::{YearFraction, days_between};
use crate::money::{Exact, Fen};
use crate::terms::Head;

/// Interest that grows by the day (计息行): base × rate × days since `from`, on top of `carried`.
///
/// The amount of an instalment's head on a later date is the sum of its lines, rounded once
/// (see [`crate::Position::on`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccrualLine {
    /// Interest, penalty or compound interest.
    pub head: Head,
    /// The instalment that bears it; interest that was put off is borne by the one that it falls due with.
    pub instalment: u32,
    /// The amount that bears interest.
    pub base: Fen,
    /// The rate, billionths a year.
    pub yearly_e9: i64,
    /// Counted from this day; `carried` holds what arose before.
    pub from_on: Date,
    /// Nothing of this line is charged up to and including this day (grace); then from `from_on`.
    pub charged_from_on: Date,
    /// Exact amount up to `from_on`, in 1/145,880,280,000,000,000 fen.
    pub carried: Exact,
    /// How days are counted.
    pub basis: AccrualBasis,
}

/// How an accrual line counts days (计息行的天数).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccrualBasis {
    /// Actual days over so many.
    Actual {
        /// Days of a year.
        year_days: i64,
    },
    /// `base` is the agreed interest of the whole period and grows by a share of its days; the rate is not used.
    Share {
        /// Days of the period.
        days: i64,
    },
    /// By the contract's day count from the start of the interest period, at most up to the whole period.
    Period {
        /// The contract's day count.
        day_count: crate::day_count::DayCount,
        /// Start of the interest period.
        period_from_on: Date,
        /// End of the interest period.
        period_to_on: Date,
        /// Interest time of the whole period, in 1/145,880,280 years.
        whole: YearFraction,
    },
}

impl AccrualLine {
    /// The exact amount of the line on a day; `None` when it does not fit.
    ///
    /// ```
    /// use finance::{AccrualBasis, AccrualLine, Exact, Fen, Head, Rounding};
    /// use jiff::civil::date;
    /// let line = AccrualLine {
    ///     head: Head::Penalty, instalment: 1, base: Fen(10_000_000), yearly_e9: 180_000_000,
    ///     from_on: date(2025, 3, 1), charged_from_on: date(2025, 3, 1), carried: Exact::ZERO,
    ///     basis: AccrualBasis::Actual { year_days: 360 },
    /// };
    /// // 100,000.00 at 12 % × 1.5 for 45 days
    /// assert_eq!(line.amount_on(date(2025, 4, 15)).unwrap().round(Rounding::HalfUp), Some(Fen(225_000)));
    /// ```
    #[inline]
    pub fn amount_on(&self, day: Date) -> Option<Exact> {
        if day <= self.charged_from_on || self.base.is_zero() {
            return Some(self.carried);
        }
        let part = match self.basis {
            AccrualBasis::Actual { year_days: 1.. } if self.yearly_e9 == 0 => YearFraction(0),
            AccrualBasis::Actual { year_days } => YearFraction::days(days_between(self.from_on, day), year_days.max(1)),
            AccrualBasis::Share { days } => {
                let passed = i128::from(days_between(self.from_on, day).min(days));
                let share = Exact::from_fen(self.base).0.checked_mul(passed)? / i128::from(days.max(1));
                return self.carried.checked_add(Exact(share));
            }
            AccrualBasis::Period { day_count, period_from_on, period_to_on, whole } => {
                let elapsed = |date: Date| {
                    if date >= period_to_on { whole } else { day_count.between(period_from_on, date).min(whole) }
                };
                YearFraction(elapsed(day).0 - elapsed(self.from_on.max(period_from_on)).0)
            }
        };
        Exact::interest(self.base, self.yearly_e9, part)?.checked_add(self.carried)
    }
}
