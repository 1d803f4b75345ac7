//! Repayment agreements (还款协议): what a debtor and the lender agree about an overdue loan, signed, and watched.
//!
//! Negotiated in a case, priced by replaying the loan, approved by others than its maker, signed; while it is kept
//! nobody presses for the debt, and when it is broken its duty says so.

pub mod actions;
pub mod capacity;
mod data;
mod form;
pub mod list;
pub mod model;
pub mod pages;
mod paper;
pub mod rules;
pub(crate) mod sheets;
mod sign;
pub mod step;
pub mod store;
pub mod watch;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the duties of an agreement are done: on its case, which leads to it.
pub const DUTIES: [DutyKind; 2] =
    [of_case("agreement_sign", "agreement-verb-sign"), of_case("agreement_broken", "agreement-verb-broken")];

const fn of_case(kind: &'static str, verb: &'static str) -> DutyKind {
    DutyKind { kind, verb, form: "/collections/cases/{subject}" }
}

/// The list of agreements, the form that proposes one, one agreement and its paper.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
