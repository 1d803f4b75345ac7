//! The first run (首次设置): an empty database becomes an institution, in the browser.
//!
//! No log-in exists yet, so the console prints a code: whoever enters it first has the pages to themselves, with
//! progress kept in the database. The last step sets everything up in one transaction; from then on there is no first
//! run, whatever is sent. A house set up from the console ([`crate::access::actions::set_up`]) never had one.

mod actions;
mod kinds;
mod model;
mod pages;
mod rehearsal;
mod steps;
mod store;

pub use actions::{invite, is_open};
pub use model::{Answers, BookFrom, Step};
pub(crate) use pages::routes;
pub use rehearsal::{Rehearsal, RehearsalState};

use std::sync::Arc;

/// What an institution is set up with besides the answers (随附资料).
#[derive(Debug, Clone, Default)]
pub struct Supplies {
    /// The lists of rest days.
    pub rest_days: String,
    /// The publications of the LPR.
    pub lpr: String,
    /// Where the key file lies.
    pub key_file: String,
    /// A made-up book to look around in; nothing where this machine cannot be reached but through a proxy.
    pub rehearsal: Option<Arc<dyn Rehearsal>>,
}
