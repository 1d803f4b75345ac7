//! Documents of a file (资料清单): which papers the policy wants of a customer, which are there, expired or missing.
//!
//! The content is a kept file of the platform. A paper is never changed: a newer one replaces it, or it is withdrawn.

pub mod actions;
mod data;
mod form;
pub mod model;
pub mod pages;
mod panel;
pub(crate) mod refresh;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use panel::{kind_title, panel};
