//! Customers through their public functions and through HTTP, on every database.

mod bulk;
mod files;
mod lender;
mod pages;
mod reveals;
mod scope;
mod searching;
