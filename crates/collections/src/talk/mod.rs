//! Talks about a debt (谈话): what was explained to whom, how to speak by cause, attitude and temper (S2.3-18, S2.3-23,
//! S2.3-24, S2.3-27).

pub mod actions;
mod data;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use pages::routes;
