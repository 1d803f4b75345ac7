//! Extensions (展期): a later maturity by agreement, within the limits of the policy, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
