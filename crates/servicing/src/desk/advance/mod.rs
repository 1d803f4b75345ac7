//! Advances (垫款, S2.19-09): what borrowers did not pay in a month, and the house pays to the bank for them.
//!
//! The clerk draws the list of a month; a colleague compares amount, card, name and date; it is printed and the heads sign
//! it, as an approval; a cashier, a third person, pays it. The borrower goes on owing the instalment, now to the house: an
//! advance is no transaction of the loan, and what is paid on the instalment recovers it (docs/decisions).

pub mod actions;
mod approval;
mod data;
pub mod debts;
mod list;
pub mod model;
mod pages;
mod paper;
pub mod pay;
pub mod rules;
pub(crate) mod sheets;
mod step;
pub mod store;

pub(crate) use approval::{KIND, SIGNING};
pub(crate) use list::LISTED;
pub(crate) use step::Lists;

use platform::id::CustomerId;
use platform::web::Routes;

/// Draw lists of advances, take rows off them, ask for signatures.
pub const DRAW: &str = "advance_list.draw";
/// Compare amount, card, name and date of somebody else's list.
pub const CHECK: &str = "advance_list.check";
/// Sign lists that were checked.
pub const APPROVE: &str = "advance_list.approve";
/// Pay lists that were signed.
pub const PAY: &str = "advance_list.pay";

/// A list belongs to no single customer.
pub(crate) const HOUSE: CustomerId = CustomerId(0);
/// Where the lists are.
pub(crate) const LIST: &str = "/advances";

/// Where a list is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The lists, one list, its steps and its paper, the debts.
pub fn routes() -> Routes {
    list::routes().merge(debts::routes()).merge(pages::routes())
}
