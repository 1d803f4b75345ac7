//! The dashboard through HTTP, on every database, over a book whose sums are worked out by hand.

mod dashboard;
mod fixture;
