//! What channels, campaigns and partners bring (获客成效): leads, customers, loans, what a customer costs, what became of
//! the loans later (S1-04, S1-05, S5.8-14).

mod data;
mod loans;
pub mod model;
pub mod pages;
pub mod store;

pub(crate) use loans::LISTED;
