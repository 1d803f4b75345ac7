//! `finance`: money, rates, day counts, schedules, accrual, penalty, allocation and replay of loans (贷款计算引擎).
//!
//! Everything here is a pure function: no input or output, no clock, no floating point, and no panic on any input.

#![deny(clippy::float_arithmetic)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod accrual;
mod annuity;
mod calendar;
mod cost;
mod day_count;
mod error;
mod explain;
mod grid;
pub mod json;
mod ledger;
mod limits;
mod money;
mod observe;
mod position;
mod quote;
mod rate;
mod replay;
mod rules;
mod schedule;
mod table;
mod terms;
mod transaction;

pub use accrual::{AccrualBasis, AccrualLine};
pub use annuity::monthly_payment;
pub use calendar::{Calendar, Context, Lpr, RateTable, Tenor};
pub use cost::{ContingentCost, CostError, CostItem, CostLine, CostTable, cost};
pub use day_count::{DayCount, YearFraction, add_days, add_months, days_between, on_day_of_month, whole_months};
pub use error::{ReplayError, TermsError};
pub use explain::{DerivationLine, explain_replay, explain_schedule};
pub use ledger::statutory_order;
pub use money::{Exact, Fen, ParseFenError, Rounding};
pub use position::{
    Allocation, AllocationRule, Amounts, ChargePosition, Debt, InstalmentPosition, NextDue, Position, Status, Target,
    WrittenOff,
};
pub use quote::{PlanOutline, PrepaymentQuote, SettlementQuote, outline, quote_prepayment, quote_settlement};
pub use rate::{ParseRateError, Rate, RatePeriod, YearBasis};
pub use replay::replay;
pub use rules::{Rule, rule, rules};
pub use schedule::{Instalment, Schedule, schedule};
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
