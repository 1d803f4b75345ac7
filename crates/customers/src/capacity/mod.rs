//! Income and repayment (收入还贷比): whether a person can bear a loan, and for how long it may run.
//!
//! Nothing is kept: the page answers a question with the decisions `repayment_ratio` and `longest_term` of the pack.

mod data;
pub(crate) mod model;
pub mod pages;
