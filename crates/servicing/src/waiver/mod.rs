//! Waivers (减免): part of a debt is forgiven, by head, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
