//! Repayments (还款): money that comes in, on time, late, early, in part, too much, or for a written-off debt.

pub mod actions;
pub mod pages;
mod quote_data;
pub mod rules;
