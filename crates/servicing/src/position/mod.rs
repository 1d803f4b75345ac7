//! Positions (贷款状况): what loans owe, since when, in which bucket and class; caches of replay.

pub mod basis;
pub(crate) mod customer_facts;
pub mod engine;
pub(crate) mod lending;
pub mod model;
pub mod rules;
pub(crate) mod settle;
pub(crate) mod sheets;
pub mod store;
pub mod subjects;
