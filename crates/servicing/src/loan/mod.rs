//! Loans (借据): the facts of their opening and everything that happens to them.

pub mod actions;
pub mod model;
pub mod store;
