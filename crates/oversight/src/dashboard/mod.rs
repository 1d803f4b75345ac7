//! The dashboard (经营驾驶舱): the whole book on one page, each number with its unit, its date and its rows.

mod data;
pub mod model;
pub mod pages;
mod pictures;
pub mod rules;
pub mod store;
mod tiles;
mod why;
