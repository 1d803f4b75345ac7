//! Legal recovery (法律追偿): the gate, the evidence list, the means of the law in any lawful order, their deadlines.

pub mod actions;
mod data;
pub mod list;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
mod tracks;

use platform::duty::DutyKind;
use platform::web::Routes;

/// Where the application to the court is recorded.
pub const DUTIES: [DutyKind; 1] =
    [DutyKind { kind: "preservation_court", verb: "legal-verb-court", form: "/collections/cases/{subject}" }];

/// The list of files, and the legal page of one loan.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(tracks::routes())
}
