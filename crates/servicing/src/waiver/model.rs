//! A waiver asked for (减免申请). Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Fen, Head};
use serde::{Deserialize, Serialize};

/// What is asked for, and what agreement makes true (减免).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// What is forgiven.
    pub head: Head,
    /// 减免金额.
    #[serde(rename = "amount_fen")]
    pub amount: Fen,
    /// Only of this instalment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instalment: Option<u32>,
    /// 减免原因.
    pub reason: String,
}

/// The name of a head in data and forms.
pub fn head_name(head: Head) -> &'static str {
    match head {
        Head::Cost => "cost",
        Head::Fee => "fee",
        Head::Penalty => "penalty",
        Head::Compound => "compound",
        Head::Interest => "interest",
        Head::Principal => "principal",
    }
}

/// Reads the name of a head.
pub fn head_of(name: &str) -> Option<Head> {
    Head::ALL.into_iter().find(|head| head_name(*head) == name)
}
