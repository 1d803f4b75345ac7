//! What a loan costs in a year (年化综合融资成本): the internal rate of return and the table of all items.
//!
//! The rate is found by bisection in fixed point: same input, same fen, same answer on every machine.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::annuity::{DEN, PeriodicRate, divide, multiply, power};
use crate::day_count::days_between;
use crate::money::{Fen, Rounding};
use crate::rate::YearBasis;
use crate::schedule::Schedule;
use crate::terms::{PenaltyRate, PeriodUnit, RateTerms, Terms};

/// One item that the borrower pays beside principal and interest (费用项目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostItem {
    /// What it is called.
    pub name: String,
    /// Who takes it: the lender or a partner (收取主体).
    pub payee: String,
    /// Amount in fen.
    pub amount: Fen,
    /// When it is paid.
    pub on: Date,
}

/// The table of all costs (综合融资成本明示表), 人民银行公告〔2021〕第3号 and 金规〔2026〕2号.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostTable {
    /// Principal.
    pub principal: Fen,
    /// Interest first, then the items as given; the yearly rates add up to `nominal_e9`.
    pub lines: Vec<CostLine>,
    /// Interest and all items together.
    pub total: Fen,
    /// Yearly cost as periodic rate × periods (单利口径), billionths.
    pub nominal_e9: i64,
    /// Yearly cost compounded (复利口径), billionths.
    pub effective_e9: i64,
    /// What default would cost (违约情形).
    pub contingent: Vec<ContingentCost>,
}

/// One line of the table (成本项目).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// What it is called; `interest` for interest.
    pub name: String,
    /// Who takes it; empty for the lender's interest.
    pub payee: String,
    /// Sum in fen.
    pub amount: Fen,
    /// What it adds to the nominal yearly cost, billionths.
    pub yearly_e9: i64,
}

/// What default would cost (或有成本).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContingentCost {
    /// `penalty`, `misuse`, `compound` or `prepayment_charge`.
    pub name: String,
    /// Yearly rate in billionths, or for the charge its share of principal in billionths.
    pub rate_e9: i64,
}

/// Why a yearly cost cannot be computed (年化成本错误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    /// What is paid back is not more than what was received, or nothing was received.
    #[error("{repaid} paid back for {received} received have no yearly cost")]
    NoCost {
        /// Received, less what was paid at once.
        received: Fen,
        /// Paid back.
        repaid: Fen,
    },
    /// The cost is above 10,000 % a period.
    #[error("the yearly cost is beyond what is computed")]
    TooHigh,
    /// An amount does not fit.
    #[error("amounts outgrow what can be computed")]
    Overflow,
}

impl CostError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            CostError::NoCost { .. } => "cost.none",
            CostError::TooHigh => "cost.too-high",
            CostError::Overflow => "cost.overflow",
        }
    }
}

/// Money at a time: periods or days since the start; positive when the borrower pays.
#[derive(Debug, Clone, Copy)]
struct Flow {
    at: u32,
    fen: i64,
}

/// The yearly cost of a schedule with all items (年化综合融资成本).
///
/// Regular schedules are discounted by their periods (monthly IRR × 12), others by days over 365.
///
/// # Errors
/// [`CostError`]; for example when nothing is paid beyond principal less than nothing.
///
/// # Examples
/// ```
/// use finance::{Calendar, Context, CostItem, Fen, Method, Rate, RateTable, Terms, cost, schedule};
/// use jiff::civil::date;
/// let start = date(2025, 1, 15);
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), start, 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let plan = schedule(&terms, &Context { calendar: &calendar, rates: &rates }).unwrap();
/// let fee = CostItem { name: "服务费".into(), payee: "partner".into(), amount: Fen(200_000), on: start };
/// let table = cost(&terms, &plan, &[fee]).unwrap();
/// assert_eq!(table.nominal_e9 / 100_000, 1_585);   // 15.85 %
/// assert_eq!(table.effective_e9 / 100_000, 1_705); // 17.06 % rounded
/// ```
pub fn cost(terms: &Terms, plan: &Schedule, items: &[CostItem]) -> Result<CostTable, CostError> {
    let clock = Clock::of(terms, plan, items);
    let mut flows = flows(terms, plan, &clock)?;
    let (mut nominal, mut effective) = clock.rates(&flows)?;
    let mut lines = vec![CostLine {
        name: "interest".to_owned(),
        payee: String::new(),
        amount: plan.total_interest,
        yearly_e9: nominal,
    }];
    let mut total = plan.total_interest;
    for item in items {
        flows.push(Flow { at: clock.at(item.on), fen: item.amount.0 });
        let (with, with_effective) = clock.rates(&flows)?;
        lines.push(CostLine {
            name: item.name.clone(),
            payee: item.payee.clone(),
            amount: item.amount,
            yearly_e9: with.saturating_sub(nominal),
        });
        (nominal, effective) = (with, with_effective);
        total = total.checked_add(item.amount).ok_or(CostError::Overflow)?;
    }
    Ok(CostTable {
        principal: plan.total_principal,
        lines,
        total,
        nominal_e9: nominal,
        effective_e9: effective,
        contingent: contingent(terms),
    })
}

fn flows(terms: &Terms, plan: &Schedule, clock: &Clock) -> Result<Vec<Flow>, CostError> {
    let mut flows = Vec::with_capacity(plan.instalments.len() + 4);
    if terms.drawdowns.is_empty() {
        flows.push(Flow { at: 0, fen: plan.total_principal.0.checked_neg().ok_or(CostError::Overflow)? });
    }
    for drawdown in &terms.drawdowns {
        let fen = drawdown.amount.0.checked_neg().ok_or(CostError::Overflow)?;
        flows.push(Flow { at: clock.at(drawdown.on), fen });
    }
    for row in &plan.instalments {
        flows.push(Flow { at: clock.at(row.nominal_due_on), fen: row.total().0 });
    }
    Ok(flows)
}

/// How time is counted: in regular periods, or in days.
enum Clock {
    /// Due dates of a regular schedule; so many periods a year.
    Periods { starts: Date, dues: Vec<Date>, per_year: u32 },
    /// Days since the start.
    Days { starts: Date },
}

impl Clock {
    fn of(terms: &Terms, plan: &Schedule, items: &[CostItem]) -> Clock {
        let starts = terms.start_on;
        let every = terms.frequency.every;
        let per_year = match terms.frequency.unit {
            PeriodUnit::Month if every > 0 && 12 % every == 0 => 12 / every,
            PeriodUnit::Quarter if every > 0 && 4 % every == 0 => 4 / every,
            PeriodUnit::Year if every == 1 => 1,
            PeriodUnit::Day | PeriodUnit::Week | PeriodUnit::Month | PeriodUnit::Quarter | PeriodUnit::Year => 0,
        };
        let dues: Vec<Date> = plan.instalments.iter().filter(|row| row.no > 0).map(|row| row.nominal_due_on).collect();
        let months = 12_i64.checked_div(i64::from(per_year)).unwrap_or(0);
        // Whole periods from the start to every due date: months apart, the day within its month moved by at most two.
        let regular = per_year > 0
            && dues.iter().zip(1_i64..).all(|(due, k)| {
                crate::day_count::add_months(starts, k * months)
                    .is_some_and(|natural| days_between(natural, *due).abs() <= 2)
            });
        let known = |on: Date| on <= starts || dues.contains(&on);
        let fits = items.iter().all(|item| known(item.on)) && terms.drawdowns.iter().all(|d| known(d.on));
        if regular && fits { Clock::Periods { starts, dues, per_year } } else { Clock::Days { starts } }
    }

    /// The time of a date.
    fn at(&self, on: Date) -> u32 {
        match self {
            Clock::Periods { starts, .. } if on <= *starts => 0,
            Clock::Periods { dues, .. } => {
                u32::try_from(dues.iter().take_while(|due| **due < on).count() + 1).unwrap_or(u32::MAX)
            }
            Clock::Days { starts } => u32::try_from(days_between(*starts, on)).unwrap_or(0),
        }
    }

    /// Nominal and effective yearly cost in billionths.
    fn rates(&self, flows: &[Flow]) -> Result<(i64, i64), CostError> {
        let mut sorted = flows.to_vec();
        sorted.sort_by_key(|flow| flow.at);
        let i = internal_rate(&sorted)?;
        let per_year = match self {
            Clock::Periods { per_year, .. } => *per_year,
            Clock::Days { .. } => 365,
        };
        let scaled = i128::from(i) * i128::from(per_year) * 1_000_000_000;
        let den = i128::try_from(DEN).map_err(|_| CostError::Overflow)?;
        let nominal = Rounding::HalfUp.divide(scaled, den).ok_or(CostError::Overflow)?;
        let effective = match PeriodicRate::of_units(i).discount() {
            None => 0,
            Some(v) => {
                // (1 + i)^p − 1 = (1 − v^p) / v^p, with 64 fractional bits.
                let vp = power(v, per_year).max(1);
                let q64 = divide(0, vp.wrapping_neg(), vp).ok_or(CostError::TooHigh)?;
                let e9 = (q64 >> 64).checked_mul(1_000_000_000).ok_or(CostError::TooHigh)?
                    + (((q64 & u128::from(u64::MAX)) * 1_000_000_000 + (1 << 63)) >> 64);
                i64::try_from(e9).map_err(|_| CostError::TooHigh)?
            }
        };
        Ok((nominal.0, effective))
    }
}

/// The periodic rate at which the flows are worth nothing today, in units of [`DEN`]; flows are sorted by time.
fn internal_rate(flows: &[Flow]) -> Result<u64, CostError> {
    let paid = |positive: bool| {
        let fen = flows.iter().map(|flow| Fen(flow.fen)).filter(|fen| fen.is_positive() == positive);
        Fen::checked_sum(fen).ok_or(CostError::Overflow)
    };
    let (repaid, received) = (paid(true)?, paid(false)?.magnitude());
    let first = flows.iter().filter(|flow| flow.at == 0).try_fold(0_i64, |sum, flow| sum.checked_add(flow.fen));
    let limit = crate::limits::MOST_TURNOVER;
    if repaid.0 > limit || received.0 > limit {
        return Err(CostError::Overflow);
    }
    if repaid < received || first.ok_or(CostError::Overflow)? >= 0 {
        return Err(CostError::NoCost { received, repaid });
    }
    if repaid == received {
        return Ok(0);
    }
    let (mut low, mut high) = (0_u64, PeriodicRate::MOST);
    if present_value(flows, high) > 0 {
        return Err(CostError::TooHigh);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if present_value(flows, middle) > 0 { low = middle } else { high = middle }
    }
    Ok(high)
}

/// The value of the flows at time zero, in 2⁻⁶⁴ fen.
fn present_value(flows: &[Flow], i: u64) -> i128 {
    let v = PeriodicRate::of_units(i).discount();
    let mut value: i128 = 0;
    let mut at = flows.last().map_or(0, |flow| flow.at);
    let back = |value: i128, periods: u32| match v {
        Some(v) if periods > 0 => {
            let worth = multiply(value.unsigned_abs(), if periods == 1 { v } else { power(v, periods) });
            i128::try_from(worth).unwrap_or(i128::MAX) * value.signum()
        }
        _ => value,
    };
    for flow in flows.iter().rev() {
        // Sums stay below 2^60 fen, so 64 fractional bits fit.
        value = back(value, at - flow.at) + (i128::from(flow.fen) << 64);
        at = flow.at;
    }
    back(value, at)
}

fn contingent(terms: &Terms) -> Vec<ContingentCost> {
    let basis = terms.interest.year_basis;
    let contract = match terms.rate {
        RateTerms::Fixed(rate) => rate.yearly_e9(basis),
        RateTerms::Lpr(_) => None,
    };
    let mut costs = Vec::new();
    for (name, rate) in [("penalty", terms.overdue.penalty), ("misuse", terms.overdue.misuse)] {
        let e9 = rate.and_then(|rate| punitive(rate, contract, basis));
        costs.extend(e9.map(|rate_e9| ContingentCost { name: name.to_owned(), rate_e9 }));
    }
    if let Some(charge) = terms.prepayment.charge {
        let rate_e9 = i64::from(charge.ppm) * 1_000;
        costs.push(ContingentCost { name: "prepayment_charge".to_owned(), rate_e9 });
    }
    costs
}

fn punitive(rate: PenaltyRate, contract: Option<i64>, basis: YearBasis) -> Option<i64> {
    match rate {
        PenaltyRate::Fixed(rate) => rate.yearly_e9(basis),
        PenaltyRate::Uplift(ppm) => {
            let scaled = i128::from(contract?) * i128::from(1_000_000 + i64::from(ppm));
            Rounding::HalfUp.divide(scaled, 1_000_000).map(|fen| fen.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loan_without_any_cost_has_a_rate_of_zero() {
        let flows = [Flow { at: 0, fen: -100 }, Flow { at: 1, fen: 50 }, Flow { at: 2, fen: 50 }];
        assert_eq!(internal_rate(&flows), Ok(0));
    }

    #[test]
    fn one_period_gives_the_plain_rate() {
        let flows = [Flow { at: 0, fen: -10_000 }, Flow { at: 1, fen: 10_100 }];
        let i = u128::from(internal_rate(&flows).unwrap());
        assert!(i.abs_diff(DEN / 100) <= 1, "{i}");
    }

    #[test]
    fn paying_back_less_than_received_has_no_cost() {
        let flows = [Flow { at: 0, fen: -100 }, Flow { at: 1, fen: 99 }];
        assert_eq!(internal_rate(&flows), Err(CostError::NoCost { received: Fen(100), repaid: Fen(99) }));
    }
}
