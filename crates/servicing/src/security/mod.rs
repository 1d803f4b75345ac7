//! Security (担保): guarantors, mortgages and pledges of a loan; entered at its opening or later, ended by a date.

pub mod account;
pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
