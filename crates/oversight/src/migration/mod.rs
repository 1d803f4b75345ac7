//! Migration between month-ends (迁徙矩阵): from which bucket or class to which, footing both ways.

mod data;
pub mod model;
pub mod pages;
pub mod store;
