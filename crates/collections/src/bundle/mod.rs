//! Bundles for court (诉讼卷宗): everything that proves a claim and how it was pursued, as of a day and as it was known then, over
//! the files that are one customer, in volumes with an index; kept sealed, every one of them listed.

pub mod actions;
pub(crate) mod batch;
mod claim;
mod contacts;
mod data;
mod draft;
pub mod model;
pub mod pages;
mod paper;
mod proof;
mod pursuit;
pub(crate) mod sheets;
pub mod store;
mod volumes;

/// Put a bundle together and take it.
pub const BUNDLE_MAKE: &str = "bundle.make";
