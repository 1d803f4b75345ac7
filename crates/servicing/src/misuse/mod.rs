//! Misuse (挪用): the loan bears the misuse rate from a day on, or no longer, after approval.

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
