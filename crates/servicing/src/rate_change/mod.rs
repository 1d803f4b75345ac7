//! Change of rate (利率调整): another contract rate from today on, within the cap, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
