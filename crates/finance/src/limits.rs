//! The limits within which everything is computed without overflow (计算上限), and the check of terms against them.

use crate::error::TermsError;
use crate::money::Fen;
use crate::rate::{Rate, YearBasis};
use crate::terms::{Method, PenaltyRate, RateTerms, RepaymentDay, Residual, Terms};

/// The most instalments of one plan.
pub(crate) const MOST_PERIODS: u32 = 1_000;
/// The most instalments that extensions and restructurings may add up to.
pub(crate) const MOST_ROWS: usize = 2_000;
/// The largest amount of one debt: just below 10¹⁵ fen (10 兆元), so that sums over all rows fit.
pub(crate) const MOST_FEN: Fen = Fen(999_999_999_999_999);
/// The largest sum of all transactions of a loan.
pub(crate) const MOST_TURNOVER: i64 = 1_000_000_000_000_000_000;
/// The highest contract rate: 1,000 % a year.
pub(crate) const MOST_RATE_E9: i64 = 10_000_000_000;
/// The highest uplift of a penalty rate: +1,000 %.
const MOST_UPLIFT_PPM: u32 = 10_000_000;
/// The last year of a schedule.
pub(crate) const LAST_YEAR: i16 = 2400;
/// The longest period in units.
const MOST_EVERY: u32 = 1_000;

/// A rate as yearly billionths within its limits.
pub(crate) fn yearly(field: &'static str, rate: Rate, basis: YearBasis) -> Result<i64, TermsError> {
    let e9 = rate.yearly_e9(basis).unwrap_or(i64::MAX);
    check_rate(field, e9)
}

/// Whether a yearly rate is within its limits.
pub(crate) fn check_rate(field: &'static str, e9: i64) -> Result<i64, TermsError> {
    if (0..=MOST_RATE_E9).contains(&e9) {
        return Ok(e9);
    }
    Err(TermsError::RateOutOfRange { field, e9, most_e9: MOST_RATE_E9 })
}

fn amount(field: &'static str, amount: Fen) -> Result<(), TermsError> {
    if amount.0 < 0 {
        return Err(TermsError::AmountNegative { field, amount });
    }
    if amount > MOST_FEN {
        return Err(TermsError::AmountTooLarge { field, amount, most: MOST_FEN });
    }
    Ok(())
}

fn range(field: &'static str, value: i64, least: i64, most: i64) -> Result<(), TermsError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(TermsError::OutOfRange { field, value, least, most })
}

/// Refuses terms that make no sense, in the order of the refusals of [`TermsError`].
pub(crate) fn check(terms: &Terms) -> Result<(), TermsError> {
    if !terms.principal.is_positive() {
        return Err(TermsError::PrincipalNotPositive { principal: terms.principal });
    }
    amount("principal", terms.principal)?;
    amount("down_payment", terms.down_payment)?;
    amount("overdue.tolerance", terms.overdue.tolerance)?;
    check_term(terms)?;
    check_sums(terms)?;
    let basis = terms.interest.year_basis;
    if let RateTerms::Fixed(rate) = terms.rate {
        yearly("rate.fixed", rate, basis)?;
    }
    for (field, rate) in [("overdue.penalty", terms.overdue.penalty), ("overdue.misuse", terms.overdue.misuse)] {
        match rate {
            Some(PenaltyRate::Fixed(rate)) => drop(yearly(field, rate, basis)?),
            Some(PenaltyRate::Uplift(ppm)) => range(field, i64::from(ppm), 0, i64::from(MOST_UPLIFT_PPM))?,
            None => {}
        }
    }
    range("rounding.unit", terms.rounding.unit, 1, 1_000_000)?;
    range("rounding.instalment_multiple", terms.rounding.instalment_multiple, 1, 1_000_000)?;
    range("overdue.grace_days", i64::from(terms.overdue.grace_days), 0, 3_650)?;
    if let Some(charge) = terms.prepayment.charge {
        range("prepayment.charge.ppm", i64::from(charge.ppm), 0, 1_000_000)?;
    }
    Ok(())
}

fn check_term(terms: &Terms) -> Result<(), TermsError> {
    if terms.start_on.year() > LAST_YEAR || terms.start_on.year() < 1900 {
        return Err(TermsError::DateOutOfRange { last_year: LAST_YEAR });
    }
    if let Some(maturity_on) = terms.maturity_on.filter(|date| *date <= terms.start_on) {
        return Err(TermsError::MaturityNotAfterStart { maturity_on, start_on: terms.start_on });
    }
    let every = terms.frequency.every;
    if every == 0 || every > MOST_EVERY {
        return Err(TermsError::BadFrequency { every, most: MOST_EVERY });
    }
    let periods = match &terms.method {
        Method::Custom(plan) => u32::try_from(plan.len()).unwrap_or(u32::MAX),
        Method::EqualInstalment
        | Method::EqualPrincipal
        | Method::InterestOnly
        | Method::Bullet
        | Method::Flat
        | Method::Balloon(_) => terms.periods.unwrap_or(1),
    };
    if periods == 0 {
        return Err(TermsError::NoPeriods);
    }
    if periods > MOST_PERIODS {
        return Err(TermsError::TooManyPeriods { periods, most: MOST_PERIODS });
    }
    let day = match terms.repayment_day {
        RepaymentDay::ByStart => return Ok(()),
        RepaymentDay::Fixed(day) => day,
        RepaymentDay::Settlement(settlement) => settlement.day,
    };
    if !(1..=31).contains(&day) {
        return Err(TermsError::BadRepaymentDay { day });
    }
    match terms.frequency.unit {
        crate::terms::PeriodUnit::Day | crate::terms::PeriodUnit::Week => Err(TermsError::DayNeedsMonths),
        crate::terms::PeriodUnit::Month | crate::terms::PeriodUnit::Quarter | crate::terms::PeriodUnit::Year => Ok(()),
    }
}

fn check_sums(terms: &Terms) -> Result<(), TermsError> {
    let mismatch = |field, sum| Err(TermsError::SumMismatch { field, sum, principal: terms.principal });
    if terms.down_payment >= terms.principal {
        return mismatch("down_payment", terms.down_payment);
    }
    let mut drawn = Fen::ZERO;
    for drawdown in &terms.drawdowns {
        amount("drawdowns", drawdown.amount)?;
        drawn = drawn.checked_add(drawdown.amount).ok_or(TermsError::Overflow)?;
    }
    if drawn > terms.principal {
        return mismatch("drawdowns", drawn);
    }
    match &terms.method {
        Method::Balloon(Residual::Amount(residual)) => {
            amount("balloon.amount", *residual)?;
            if residual.0 > terms.principal.0 - terms.down_payment.0 {
                return mismatch("balloon.amount", *residual);
            }
        }
        Method::Balloon(Residual::AmortisedOver(periods)) => {
            range("balloon.amortised_over", i64::from(*periods), 1, i64::from(MOST_PERIODS))?;
        }
        Method::Custom(plan) => {
            let mut sum = terms.down_payment;
            for instalment in plan {
                amount("custom.principal", instalment.principal)?;
                amount("custom.interest", instalment.interest.unwrap_or_default())?;
                sum = sum.checked_add(instalment.principal).ok_or(TermsError::Overflow)?;
            }
            if sum != terms.principal {
                return mismatch("custom.principal", sum);
            }
        }
        Method::EqualInstalment | Method::EqualPrincipal | Method::InterestOnly | Method::Bullet | Method::Flat => {}
    }
    Ok(())
}
