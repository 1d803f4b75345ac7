//! Acceleration (提前到期): the lender calls the loan by a clause of its contract, after approval.

pub mod actions;
pub mod model;
pub mod pages;
