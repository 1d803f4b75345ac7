//! Import of a lender's own loan book (导入): upload, columns, dry run, writing, the file given back with findings.
//!
//! The pure part is [`crate::book`]; here its draft meets the database:
//! 1. [`actions::upload`] keeps the file sealed and recognises its sheets;
//! 2. [`actions::confirm`] takes the user's answers, tries the whole file without writing a record, and keeps
//!    what it found beside the rows;
//! 3. [`actions::import`] writes what is acceptable in batches, each one transaction with a progress mark.
//!    Everything is known by its business key, so that a second run, of the same file or after a kill, adds
//!    only what is not there yet.
//!
//! [`run`] does all of it at once, for the command line.

pub mod actions;
mod data;
pub mod file;
pub mod model;
pub mod pages;
pub mod rules;
pub mod store;
pub(crate) mod trial;
pub mod undo;
pub(crate) mod view;
mod write;

pub use actions::{Mode, run};
pub(crate) use file::COLUMN as FILE_COLUMN;
pub use model::{Finding, Level, Run, RunId, RunState, Summary};

/// Import books.
pub const RUN: &str = "import.run";
