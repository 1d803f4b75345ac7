//! A customer's file (客户档案): opening, changing, finding, listing, showing it.

pub mod actions;
pub mod bulk;
mod data;
pub(crate) mod duty;
pub mod export;
pub mod form;
pub mod list;
pub mod model;
pub mod pages;
pub mod panels;
pub mod rules;
pub mod search;
pub(crate) mod sheets;
pub mod store;
pub mod undoing;
