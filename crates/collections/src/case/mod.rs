//! Cases (催收案件): one per customer over all its overdue loans, from the first day overdue until nothing is.

pub mod actions;
pub(crate) mod batch;
mod data;
pub mod frequency;
pub(crate) mod frequency_list;
pub mod list;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod start;
pub mod start_store;
pub mod step;
pub mod store;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the duties of a case are done.
pub const DUTIES: [DutyKind; 9] = [
    of_case("case_assignment", "case-verb-assign"),
    of_case("case_assessment", "case-verb-assess"),
    of_case("case_letter", "case-verb-letter"),
    of_case("case_legal_intake", "case-verb-intake"),
    of_case("case_preservation", "case-verb-intake"),
    of_case("contacts_week", "case-verb-contact"),
    of_case("contacts_day", "case-verb-contact"),
    of_case("promise_due", "promise-verb"),
    of_case("promise_broken", "promise-verb"),
];

const fn of_case(kind: &'static str, verb: &'static str) -> DutyKind {
    DutyKind { kind, verb, form: "/collections/cases/{subject}" }
}

/// The list of cases, one case, the frequency of contact.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(frequency_list::routes())
}
