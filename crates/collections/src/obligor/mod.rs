//! Obligors (债务关系人): everybody who owes or secures a debt, why, and up to which amount.
//!
//! Co-borrowers owe the whole (S2.5-23); a spouse what legal found (S2.5-25); heirs and whoever holds the estate no more
//! than they received (S2.5-24, S2.3-15). Whom one may contact stays the contact guard's to say.

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub(crate) mod paper;
pub mod rules;
