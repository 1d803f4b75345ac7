//! What if (试算): what a prepayment, another rate or an extension would make of a loan. Nothing is written.

mod data;
mod model;
mod pages;
mod view;

pub use pages::routes;
