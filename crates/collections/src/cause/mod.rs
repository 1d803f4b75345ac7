//! Causes of default (拖欠原因): why a customer does not pay, on what evidence; what the policy advises and asks first.

pub mod actions;
pub mod hints;
pub mod model;
pub mod pages;
pub mod prerequisites;
pub(crate) mod sheets;
pub mod store;

pub use pages::routes;
