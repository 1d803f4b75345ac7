//! Credit information (征信信息): queries with purpose and written authorisation, what the report says, and adjustments
//! of the record level with another's approval. It feeds the facts at which admission, classes and grades look.

pub mod actions;
mod data;
pub(crate) mod facts;
mod form;
pub mod model;
pub mod pages;
mod panel;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use actions::APPROVE;
pub(crate) use panel::panel;
