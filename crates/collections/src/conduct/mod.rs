//! Conduct (催收行为): what was refused, flagged or unlawful, by collector and agency, and what a supervisor says to it.

pub mod actions;
pub mod call;
mod call_pages;
pub(crate) mod list;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;
pub mod words;
