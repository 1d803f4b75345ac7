//! Standings (分类评级): on every axis of the policy where a customer stands, why, since when, and when to look again.
//!
//! Decided anew when data are recorded or verified, when money moves, when a rule changes, and by the day close.

pub mod actions;
mod close;
mod data;
mod known;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
mod standard;
pub(crate) mod standard_pages;
pub mod store;
pub mod subjects;
pub(crate) mod why;

pub use close::Standings;
pub(crate) use known::values as known_values;
