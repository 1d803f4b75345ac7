//! Related parties (关系人) of a customer: spouse, co-borrower, guarantor, shareholders, listed contacts.

pub mod actions;
pub mod form;
pub mod graph;
pub mod group;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
