//! Settlement statements (结清单, S2.19-08): what settles a loan on a day, head by head, printed and signed by the leader.
//!
//! The figures are those of the settlement quote. A statement moves no money: the loan is settled by the repayment that
//! follows it.

pub mod actions;
mod data;
pub mod model;
mod pages;
mod paper;
mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use actions::KIND;

use platform::web::Routes;

/// Ask for the signature under a statement.
pub const REQUEST: &str = "settlement_statement.request";
/// Sign statements that others made.
pub const APPROVE: &str = "settlement_statement.approve";

/// Where a statement is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("/settlements/{id}")
}

/// The form of a loan, one statement, its paper.
pub fn routes() -> Routes {
    pages::routes()
}
