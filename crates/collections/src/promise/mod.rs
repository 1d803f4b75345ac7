//! Promises to pay (还款承诺): an amount by a moment; money and time say whether it was kept.

pub mod actions;
pub mod list;
pub mod model;
pub(crate) mod sheets;
pub mod step;
pub mod store;

pub use list::routes;
