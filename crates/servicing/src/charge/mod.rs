//! Charges (收费): a fee, or a cost of enforcement, becomes owed.

pub mod actions;
pub mod model;
pub mod pages;
