//! Stop flags (停催标记): circumstances in which nobody is pressed for a debt.
//!
//! For other rooms: [`standing`] says which of them stand in a file, so that duties of collection are excused.

pub mod actions;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub(crate) mod store;

pub use actions::{lift, set, standing};
