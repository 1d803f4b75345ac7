//! Undoing an import (撤销导入): what it brought becomes void and leaves every list and total.
//!
//! Its transactions get correcting entries (reversals of their own source), its customers and loans are hidden, their
//! numbers are free again. Somebody else must agree ([`KIND`]), and nothing is undone under later facts: whoever asks
//! gets the list of them. Rule `import.undo`.

pub mod actions;
pub mod model;
pub mod pages;
pub mod store;
mod view;
mod write;

pub use actions::KIND;
pub use model::{Brought, Obstacle, ObstacleKind, Plan};

/// Ask for the undoing of an import.
pub const REQUEST: &str = "import_undo.request";
/// Agree to it.
pub const APPROVE: &str = "import_undo.approve";
/// The source of correcting entries that an undoing writes.
pub const SOURCE: &str = "import_undo";
