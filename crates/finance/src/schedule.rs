//! The repayment schedule (还款计划) that terms give before anything has happened.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Fen;

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
