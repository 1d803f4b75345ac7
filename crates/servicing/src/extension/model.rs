//! An extension asked for (展期申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{ExtensionScope, Rate, TransactionKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked for, and what agreement makes true (展期).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionWish {
    /// The new maturity.
    pub until: Date,
    /// Which principal moves.
    pub scope: ExtensionScope,
    /// Another rate from the old maturity on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// 展期原因.
    pub reason: String,
}

impl ExtensionWish {
    /// The transaction that it becomes.
    pub fn transaction(&self) -> TransactionKind {
        TransactionKind::Extend(finance::Extension { until: self.until, rate: self.rate, scope: self.scope })
    }
}
