//! Drafts of the rules (制度草案): the institution's own layer under somebody's hands, checked after each change.
//!
//! A draft holds the texts of one folder, [`OWN`], that stands above the shipped packs: a table or parameter changed
//! in it replaces the shipped one, the law layer below is never touched. When it is submitted it becomes a version.

pub mod actions;
mod data;
mod file_pages;
mod grid;
mod help;
pub mod model;
mod pages;
mod parameter_pages;
pub mod store;
mod table_pages;
mod words;

pub use model::{Draft, DraftError, DraftState, OWN};
pub(crate) use pages::routes;
