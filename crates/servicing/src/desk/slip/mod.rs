//! Slips of the bank (放款回单, S2.19-06): a payout as the bank's paper has it, compared with the loan by another person.
//!
//! Whoever enters a slip writes what stands on it: number, day, payee, account, amount, first repayment date, monthly amount.
//! The program compares each with the loan and the customer's file; a colleague passes what agrees, or refuses the slip.

pub mod actions;
mod data;
pub mod error;
mod list;
pub mod model;
mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::LISTED;

use platform::web::Routes;

/// Pass or refuse slips that others entered.
pub const CHECK: &str = "slip.check";

/// Where the list is.
pub(crate) const LIST: &str = "/loans/slips";

/// Where a slip is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("/slips/{id}")
}

/// The list, the form of a loan, one slip and its check.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
