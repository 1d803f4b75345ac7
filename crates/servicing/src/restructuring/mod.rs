//! Restructuring (重组): what is still owed is paid under other terms, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
