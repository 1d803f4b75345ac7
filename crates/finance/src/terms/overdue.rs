//! What paying late and paying early cost (逾期与提前还款条款).

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::rate::Rate;

/// What an overdue amount costs (逾期条款).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OverdueTerms {
    /// Penalty interest on overdue principal (罚息).
    pub penalty: Option<PenaltyRate>,
    /// Rate on a misused loan (挪用罚息); the heavier of the two applies, never both.
    pub misuse: Option<PenaltyRate>,
    /// Compound interest on unpaid interest (复利).
    pub compound: Option<CompoundTerms>,
    /// Days of one year for penalty and compound interest.
    pub day_count: PenaltyDayCount,
    /// Days after the due date in which nothing is charged (宽限天数).
    pub grace_days: u32,
    /// Whether grace, once over, is charged from the due date.
    pub after_grace: AfterGrace,
    /// Interest is off the books (非应计) when the loan is overdue for more than so many days.
    pub non_accrual_after_days: Option<u32>,
    /// Running total or every segment.
    pub rounding: PenaltyRounding,
    /// An instalment of which at most this much is unpaid is not overdue (容差).
    pub tolerance: Fen,
}

/// A punitive rate (罚息利率).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyRate {
    /// Contract rate × (1 + x), x in parts per million: 500,000 is +50 %.
    Uplift(u32),
    /// A rate of its own.
    Fixed(Rate),
}

/// Compound interest (复利) on unpaid interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompoundTerms {
    /// At which rate.
    #[serde(default)]
    pub rate: CompoundRate,
    /// Also on penalty that was unpaid at the last due date (罚息计复利); contested, off by default.
    #[serde(default)]
    pub on_penalty: bool,
}

/// The rate of compound interest (复利利率).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompoundRate {
    /// The penalty rate.
    #[default]
    Penalty,
    /// The contract rate.
    Contract,
    /// The contract rate up to maturity, the penalty rate after it (银发〔2003〕251号).
    ContractThenPenalty,
}

/// Year of penalty interest (罚息计息基础).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PenaltyDayCount {
    /// Actual days over 360.
    #[default]
    #[serde(rename = "ACT/360")]
    Act360,
    /// Actual days over 365.
    #[serde(rename = "ACT/365")]
    Act365,
}

/// What is charged once grace is over (宽限期后).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterGrace {
    /// Every day since the due date.
    #[default]
    FromDueDate,
    /// Only the days after grace.
    FromGraceEnd,
}

/// When penalty is rounded (罚息舍入).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PenaltyRounding {
    /// Once, on the running total of an instalment.
    #[default]
    RunningTotal,
    /// Every time the base or the rate changes.
    PerSegment,
}

/// What paying early costs and changes (提前还款条款).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrepaymentTerms {
    /// A charge on principal paid early (提前还款违约金).
    pub charge: Option<PrepaymentCharge>,
    /// What happens to interest accrued so far.
    pub interest: PrepaymentInterest,
    /// What happens to money that is left over (多还).
    pub excess: Excess,
}

/// A charge on principal paid early (提前还款违约金).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrepaymentCharge {
    /// Parts per million of the principal paid early: 10,000 is 1 %.
    pub ppm: u32,
    /// No charge once so many months have passed since the start.
    #[serde(default)]
    pub free_after_months: Option<u32>,
}

/// Interest accrued on a partial prepayment (部分提前还款的利息).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrepaymentInterest {
    /// Stays accrued and is due with the next instalment; the money pays principal only.
    #[default]
    AtNextDue,
    /// All interest accrued to the day is paid first (利随本清).
    PaidToDate,
}

/// Money left over after everything due is paid (多还款处理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excess {
    /// Kept as credit (预存款) and used on the next due date.
    #[default]
    Credit,
    /// Prepays principal and reduces the instalments (减少月供).
    Reduce,
    /// Prepays principal and shortens the term (缩短期限).
    Shorten,
}
