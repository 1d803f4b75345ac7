//! The rows behind a number (明细): what a tile, a bar or a cell of the matrix counts, exactly.

pub mod model;
pub mod pages;
pub mod store;
