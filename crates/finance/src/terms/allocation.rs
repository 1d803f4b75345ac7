//! In which order money pays (冲账条款).

use serde::{Deserialize, Serialize};

/// A kind of debt (款项): what an amount is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Head {
    /// 实现债权的费用: costs of enforcement.
    Cost,
    /// 费用: fees.
    Fee,
    /// 罚息: penalty interest.
    Penalty,
    /// 复利: interest on unpaid interest.
    Compound,
    /// 利息: interest.
    Interest,
    /// 本金: principal.
    Principal,
}

impl Head {
    /// Every head.
    pub const ALL: [Head; 6] = [Head::Cost, Head::Fee, Head::Penalty, Head::Compound, Head::Interest, Head::Principal];
}

/// Whether an instalment's day is past, is today, or is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Due before today (逾期).
    PastDue,
    /// Due today (当期).
    Due,
    /// Due later (未到期).
    InAdvance,
}

/// One step of an order: a head of the instalments of one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationStep {
    /// What is paid.
    pub head: Head,
    /// Of which instalments.
    pub when: When,
}

/// Whether an instalment is paid whole before the next one (逐期), or a head over all instalments (逐项).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Horizontally: all heads of the oldest instalment, then the next one.
    #[default]
    ByInstalment,
    /// Vertically: one head over all instalments, oldest first, then the next head.
    ByHead,
}

/// An order in which money pays (冲账顺序).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationOrder {
    /// By instalment or by head.
    #[serde(default)]
    pub direction: Direction,
    /// Steps in order; what no step names is not paid.
    pub steps: Vec<AllocationStep>,
}

/// Which order applies when (冲账条款).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AllocationTerms {
    /// The agreed order; without it that of Civil Code 561.
    pub order: Option<AllocationOrder>,
    /// Another order for loans overdue for more than so many days (先本后息).
    pub overdue_order: Option<OverdueOrder>,
}

/// Another order after so many days overdue (逾期后冲账顺序).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueOrder {
    /// Applies when the loan is overdue for more than this many days.
    pub after_days: u32,
    /// The order; without it principal first, then as Civil Code 561.
    #[serde(default)]
    pub order: Option<AllocationOrder>,
}
