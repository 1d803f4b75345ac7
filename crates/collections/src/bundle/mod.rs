//! Bundles for court (诉讼卷宗): everything that proves a claim and how it was pursued, as of a day, in one PDF with an
//! index; kept sealed, every one of them listed.

pub mod actions;
mod claim;
mod data;
mod draft;
pub mod model;
pub mod pages;
mod paper;
mod proof;
mod pursuit;
pub(crate) mod sheets;
pub mod store;

/// Put a bundle together and take it.
pub const BUNDLE_MAKE: &str = "bundle.make";
