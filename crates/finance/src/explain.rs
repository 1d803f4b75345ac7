//! The derivation (推导) of every amount: which lines made it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::terms::Head;

/// One line of a derivation (推导行).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationLine {
    /// The instalment it belongs to.
    pub instalment: u32,
    /// The head it belongs to.
    pub head: Head,
    /// First day, counted.
    pub from_on: Date,
    /// Last day, not counted.
    pub to_on: Date,
    /// The amount that bears interest, or the principal that is spread.
    pub balance: Fen,
    /// Rate, billionths a year.
    pub yearly_e9: i64,
    /// Days counted.
    pub days: i64,
    /// The part of a year as a reduced fraction, such as `1/12` or `92/360`.
    pub basis: String,
    /// The product in 元 before rounding, as exact decimal text.
    pub product: String,
    /// The rounding step: mode and unit, or `carried` when a later line rounds.
    pub rounding: String,
    /// What the line gives after rounding, where it rounds.
    pub amount: Option<Fen>,
    /// The rule.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
}
