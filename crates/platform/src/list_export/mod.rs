//! Exports of lists (列表导出): a result or a selection as a workbook, at once when it is small, in the background when not.
//!
//! A capability offers a [`ListExport`] for its list. [`answer`] gives a small result at once and leads a large one to a
//! page where it is asked for; a selection is always asked for. A job is a row: whoever dies in the middle of one leaves
//! a lease behind, and the next process begins it anew. The file lies sealed in pieces; permission and data scope are
//! checked again when it is taken, each taking is in the audit trail, and it goes when its time is over.
//!
//! Most lists are a [`Listed`]: page, result and selection come from one reading, so that a file never holds what its
//! list does not show.
//!
//! Rows and hours are parameters of the pack under `house.exports`.

mod actions;
mod listed;
mod model;
pub(crate) mod pages;
mod runner;
mod store;

pub(crate) use actions::{ASKED as ASKED_COLUMN, PIECE as PIECE_COLUMN};
pub use actions::{ExportError, ExportRules, ask};
pub use listed::{Heading, Listed, Reading, Shown, Specifying, Sums, Wanted, plain};
pub use model::{Asked, JobState, ListExport};
pub use pages::{answer, offer, offer_of};
pub use runner::{keep, remove_old, run_waiting};
