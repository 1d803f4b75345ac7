//! Contact points (联系方式): how a customer or a related party is reached, from which source, with which consent.

pub mod actions;
pub mod form;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;
