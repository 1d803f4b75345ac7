//! Other terms asked for (重组申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Rate;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How what is still owed is paid (重组后还款方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewMethod {
    /// 等额本息.
    EqualInstalment,
    /// 等额本金.
    EqualPrincipal,
    /// 按期付息到期还本.
    InterestOnly,
    /// 利随本清.
    Bullet,
}

/// What is asked for, and what agreement makes true (重组).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restructuring {
    /// The new method.
    pub method: NewMethod,
    /// New number of instalments, each as long as before.
    pub periods: u32,
    /// New first due date; without it by the day of the restructuring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due_on: Option<Date>,
    /// New rate, else as before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Whether unpaid and accrued interest and penalty become principal (转本).
    pub capitalise: bool,
    /// Why.
    pub reason: String,
}
