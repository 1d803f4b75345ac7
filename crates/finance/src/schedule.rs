//! The repayment schedule (还款计划) that terms give before anything has happened.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Context;
use crate::error::TermsError;
use crate::ledger::Ledger;
use crate::money::Fen;
use crate::observe::{Observer, Silent};
use crate::terms::Terms;

/// A repayment schedule (还款计划).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The instalments in order; number 0 is a down payment.
    pub instalments: Vec<Instalment>,
    /// Sum of principal.
    pub total_principal: Fen,
    /// Sum of interest.
    pub total_interest: Fen,
    /// The last nominal due date.
    pub maturity_on: Date,
    /// Whether a date or rate rests on a calendar or LPR not yet published (暂定).
    pub provisional: bool,
}

/// One instalment (一期) of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// Number, from 1; 0 is a down payment.
    pub no: u32,
    /// First day of the interest period.
    pub from_on: Date,
    /// First day after the interest period.
    pub to_on: Date,
    /// Due date by contract.
    pub nominal_due_on: Date,
    /// Due date after rest days.
    pub due_on: Date,
    /// Principal due.
    pub principal: Fen,
    /// Interest due.
    pub interest: Fen,
    /// Principal left after this instalment.
    pub balance: Fen,
    /// Whether the date or the rate may still change (暂定).
    pub provisional: bool,
}

impl Instalment {
    /// Principal and interest together (月供). Saturates, which limits on terms rule out.
    pub const fn total(&self) -> Fen {
        Fen(self.principal.0.saturating_add(self.interest.0))
    }
}

/// The schedule that terms give (还款计划) before anything has happened.
///
/// Drawdowns are taken as planned (all on `start_on` without a plan), floating rates as published so far;
/// what rests on a calendar or LPR not yet published is marked provisional.
///
/// # Errors
/// Terms that make no sense, each with its numbers: see [`TermsError`].
///
/// # Examples
/// ```
/// use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Terms, schedule};
/// use jiff::civil::date;
/// // 100,000.00 at 12 % a year over 12 months: 8,884.88 a month, the last one 8,884.85
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let plan = schedule(&terms, &Context { calendar: &calendar, rates: &rates }).unwrap();
/// assert_eq!(plan.instalments[0].total(), Fen(888_488));
/// assert_eq!(plan.instalments[11].total(), Fen(888_485));
/// assert_eq!(plan.total_interest, Fen(661_853));
/// ```
pub fn schedule(terms: &Terms, context: &Context) -> Result<Schedule, TermsError> {
    let ledger = planned(terms, context, Silent)?;
    ledger.into_schedule()
}

/// A ledger with everything drawn as planned and all known rates in it.
pub(crate) fn planned<'a, O: Observer>(
    terms: &'a Terms,
    context: &'a Context<'a>,
    observer: O,
) -> Result<Ledger<'a, O>, TermsError> {
    let mut ledger = Ledger::new(terms, context, observer, true)?;
    ledger.advance(terms.start_on)?;
    if terms.drawdowns.is_empty() {
        ledger.disburse(terms.principal)?;
    } else {
        let mut drawdowns = terms.drawdowns.clone();
        drawdowns.sort_by_key(|drawdown| drawdown.on);
        for drawdown in drawdowns {
            ledger.draw_as_planned(drawdown)?;
        }
    }
    ledger.project()?;
    Ok(ledger)
}
