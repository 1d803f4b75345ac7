//! Rescue money (救助资金): only on an evaluation, decided by another, its use supervised (S2.3-11).

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

use platform::duty::DutyKind;

pub use pages::routes;

/// Where its duties are done.
pub const DUTIES: [DutyKind; 2] = [of_case("rescue_decision"), of_case("rescue_use")];

const fn of_case(kind: &'static str) -> DutyKind {
    DutyKind { kind, verb: "rescue-verb", form: "/collections/cases/{subject}" }
}
