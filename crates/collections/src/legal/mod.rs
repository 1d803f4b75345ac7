//! Legal recovery (法律追偿): the gate, the evidence list, the means of the law in any lawful order, their deadlines.

pub mod actions;
mod data;
pub mod list;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod step;
pub mod store;
mod tracks;
pub mod wait;
mod wait_pages;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the application to the court and the suit are recorded.
pub const DUTIES: [DutyKind; 2] = [
    DutyKind { kind: "preservation_court", verb: "legal-verb-court", form: "/collections/cases/{subject}" },
    DutyKind { kind: wait::KIND, verb: "legal-verb-suit", form: "/loans/{subject}/legal" },
];

/// The list of files, and the legal page of one loan.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(wait_pages::routes()).merge(tracks::routes())
}
