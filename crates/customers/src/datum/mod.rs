//! Customer data with provenance (客户资料): what is known of a customer, from where, on what ground, how far verified.
//!
//! Each datum is a fact with its own date; decisions look at the latest of each item that still counts.

pub mod actions;
mod data;
pub mod facts;
pub(crate) mod form;
pub mod item;
pub mod model;
pub mod pages;
pub mod refresh;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
pub(crate) mod view;
