//! Loans (借据): the facts of their opening and everything that happens to them.

pub mod actions;
pub mod ceiling;
pub(crate) mod data;
pub(crate) mod form;
pub mod model;
pub mod pages;
pub(crate) mod prints;
pub mod provision;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod view;
pub mod why;
mod why_data;
