//! Backup (备份): the whole book in one encrypted file, taken while people work, restored on either database.
//!
//! The file is a portable dump: the same for SQLite and PostgreSQL, so that a book can move between them.
//! One reading transaction gives one consistent picture; writers go on meanwhile.
//! Everything behind the head is deflated, then sealed in frames with AES-256-GCM under a key of its own, which comes
//! from a passphrase or a key file and has nothing to do with the key to personal data: what is sealed field by field
//! stays sealed inside the backup.
//!
//! - [`make()`] writes a file, [`check`] reads one through without a database, [`restore()`] brings one into an empty
//!   database and compares every table with what the file says of it.
//! - [`BackupKey`]: the passphrase or key file.
//! - [`schedule`]: copies taken by the server itself, kept by [`rules::Plan`], with a page.
//!
//! The layout of the file is written down in `docs/operate.md`.

mod check;
mod data;
mod error;
mod key;
mod make;
mod manifest;
pub(crate) mod pages;
mod restore;
pub mod rules;
pub mod schedule;
mod seal;
pub(crate) mod store;
mod stream;
mod tables;

pub use check::{Checked, check};
pub use error::BackupError;
pub use key::BackupKey;
pub use make::{Made, make};
pub use manifest::{AuditHeads, Manifest, SchemaStep, TableTotals, Totals};
pub use restore::{Restored, restore};
