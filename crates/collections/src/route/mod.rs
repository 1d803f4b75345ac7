//! Routes of recovery (追偿路径): which way a loan is recovered follows the security behind it (S2.3-04).

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use pages::routes;
