//! The watch list (关注名单): customers on named lists of the policy, with reason, from, until and periodic review.

pub mod actions;
mod data;
pub mod model;
pub mod pages;
mod panel;
pub(crate) mod refresh;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub use panel::{badges, words};
pub(crate) use panel::{head, list_title, panel};
