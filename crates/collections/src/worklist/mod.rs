//! The collector's desk (催收工作台): the queue with the reason of its order, one case at a time with everything it needs.

mod call;
pub mod model;
pub mod pages;
pub mod queue;

pub use pages::routes;
