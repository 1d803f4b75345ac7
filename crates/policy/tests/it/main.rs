//! The shipped packs and the checks of loading, through the public interface.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod cases;
mod checks;
mod customers;
mod derivation;
mod desk;
mod duties;
mod golden;
mod law;
mod properties;
mod registers;
mod scorecards;
mod shipped;
