//! `finance`: money, rates, day counts, schedules, accrual, penalty, allocation and replay of loans (贷款计算引擎).
//!
//! Everything here is a pure function: no input or output, no clock, no floating point, and no panic on any input.

#![deny(clippy::float_arithmetic)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod calendar;
mod day_count;
mod error;
mod explain;
pub mod json;
mod money;
mod position;
mod rate;
mod schedule;
mod terms;
mod transaction;

pub use calendar::{Calendar, Context, Lpr, RateTable, Tenor};
pub use day_count::{DayCount, YearFraction, add_days, add_months, days_between, on_day_of_month, whole_months};
pub use error::{ReplayError, TermsError};
pub use explain::DerivationLine;
pub use money::{Exact, Fen, ParseFenError, Rounding};
pub use position::{
    AccrualBasis, AccrualLine, Allocation, Amounts, ChargePosition, Debt, InstalmentPosition, NextDue, Position,
    Status, Target, WrittenOff,
};
pub use rate::{ParseRateError, Rate, RatePeriod, YearBasis};
pub use schedule::{Instalment, Schedule};
pub use terms::{
    AfterGrace, AllocationOrder, AllocationStep, AllocationTerms, CompoundRate, CompoundTerms, Direction, Drawdown,
    Excess, FirstPeriod, Frequency, Grace, Head, InterestBy, InterestTerms, LprTerms, Method, OverdueOrder,
    OverdueTerms, PenaltyDayCount, PenaltyRate, PenaltyRounding, PeriodUnit, PlannedInstalment, PrepaymentCharge,
    PrepaymentInterest, PrepaymentTerms, RateTerms, Remainder, RepaymentDay, Repricing, Residual, RestDays,
    RoundInterest, RoundingTerms, SettlementDay, SizedBy, Stub, Terms, When,
};
pub use transaction::{
    AllocationPart, Extension, ExtensionScope, Repayment, RepaymentMode, Restructuring, Transaction, TransactionKind,
};

/// The schedule that terms give (还款计划).
pub fn schedule(_terms: &Terms, _context: &Context) -> Result<Schedule, TermsError> {
    Err(TermsError::Overflow)
}

/// The position that transactions give on a date (重放).
pub fn replay(
    _terms: &Terms,
    _context: &Context,
    _transactions: &[Transaction],
    _as_of: jiff::civil::Date,
) -> Result<Position, ReplayError> {
    Err(ReplayError::Terms(TermsError::Overflow))
}
