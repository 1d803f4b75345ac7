//! Batches (批量办理): one verb on a selection of a list, tried out before it acts.
//!
//! 1. The list posts the keys picked, over all its pages.
//! 2. The page shows what was picked, and asks for what the verb needs.
//! 3. A trial runs the verb's own use case on each thing and takes it back: what would be refused is said beside its row.
//! 4. The run does it, each thing in a transaction of its own, and keeps a report. Sent twice, or sent again after a
//!    crash half way, it does nothing twice.

mod actions;
mod data;
mod model;
mod pages;
mod store;

pub use model::{Line, Outcome, Thing, Verb};
pub use pages::BatchPage;

pub(crate) use pages::routes;
