//! Write-offs (核销): a lost claim leaves the books after approval and stays tracked (账销案存, S1-38).

pub mod actions;
pub mod model;
pub mod pages;
pub mod rules;
