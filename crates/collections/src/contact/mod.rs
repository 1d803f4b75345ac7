//! Contacts (联系): what was tried, whom it reached, what came of it.

pub mod actions;
mod data;
mod error;
pub(crate) mod feedback;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;

pub use error::ContactError;
