//! Batches of repayments (批量还款): a bank file or a spreadsheet, looked at row by row before anything is recorded.
//!
//! 1. [`actions::upload`] keeps the file sealed;
//! 2. [`actions::trial`] computes, whenever somebody looks, what each row would do to its loan ([`rules`]);
//! 3. [`actions::record`] records all rows, or those without fault, in one transaction, and keeps what became of each.
//!
//! A row is known by its business key (loan, kind, date, amount, place among equal rows), the same as in an
//! imported book, so that a file that comes twice records nothing twice.

pub mod actions;
mod data;
pub mod error;
pub mod model;
mod pages;
pub mod rules;
mod store;
mod view;

pub use pages::{BATCHES, routes};

/// Who may record repayments may do so from a file.
pub const RECORD: &str = "loan.repay";
