//! Suspension (停息): interest or penalty rest for a time, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
