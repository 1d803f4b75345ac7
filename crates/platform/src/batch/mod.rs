//! Batches (批量办理): one verb on a selection of a list, tried out before it acts.
//!
//! 1. The list posts the keys picked, over all its pages.
//! 2. The page shows what was picked, and asks for what the verb needs.
//! 3. A trial runs the verb's own use case on each thing and takes it back: what would be refused is said beside its row.
//! 4. The run does it, each thing in a transaction of its own, and keeps a report. Sent twice, or sent again after a
//!    crash half way, it does nothing twice.
//! 5. What would hold the request too long goes on in the background ([`BatchKind`]): in the name of who asked, as that
//!    person stands then; a server that is stopped leaves it to the next start.
//!
//! 6. Who asked for it may cancel it on its way: what is done stays done, the rest is told as not done.
//!
//! How many things are too many is the parameter `batch_background_things`, and how many batches a person may have
//! under way the parameter `batch_at_once`, both under `house.batches`.

mod actions;
mod data;
mod job;
mod list;
mod model;
mod pages;
mod runner;
mod standing;
mod store;

pub use model::{BatchKind, Line, Outcome, Thing, Verb};
pub use pages::BatchPage;
pub use runner::{keep, run_waiting};

pub(crate) use job::ASKED as ASKED_COLUMN;
pub(crate) use pages::routes;
