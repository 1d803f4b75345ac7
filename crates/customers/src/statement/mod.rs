//! Financial statements (财务报表) of companies: entered line by line, held against their own sums, turned into ratios,
//! and told to the policy as facts.

pub mod actions;
mod data;
pub mod facts;
mod form;
pub mod industry;
pub mod line;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;
