//! Disposal of bad loans (不良处置): handed over to the special unit, responsibility found, a plan made and decided by another,
//! cleared and recovered; no step before the one that it follows (S2.2-06).

pub mod actions;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Hand over, find responsibility, plan, record what was recovered.
pub const DISPOSAL_RECORD: &str = "disposal.record";
/// Decide on a plan of somebody else.
pub const DISPOSAL_DECIDE: &str = "disposal.decide";

/// Where its duties are done.
pub const DUTIES: [DutyKind; 5] = [
    of_case("disposal_handover"),
    of_case("disposal_responsibility"),
    of_case("disposal_plan"),
    of_case("disposal_decision"),
    of_case("disposal_recovery"),
];

const fn of_case(kind: &'static str) -> DutyKind {
    DutyKind { kind, verb: "disposal-verb", form: "/collections/cases/{subject}" }
}

/// Where the steps are recorded.
pub fn routes() -> Routes {
    pages::routes()
}
