//! Servicing through its public functions and its pages, on real databases.

mod changes;
mod closing;
mod house;
mod import;
mod pages;
mod repayments;
