//! The dashboard through HTTP, on every database, over a book whose sums are worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod acquisition;
mod dashboard;
mod exports;
mod fixture;
