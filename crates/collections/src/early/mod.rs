//! Starts of a collection before anything is overdue (催收起因登记): a borrower who disappeared, a contract that ended, a matured
//! loan that cannot be paid. Deaths stand as stop flags, called loans as transactions; all of them keep a case open.

pub mod actions;
mod data;
pub mod model;
pub(crate) mod pages;
pub(crate) mod sheets;
pub mod store;

pub use pages::routes;
