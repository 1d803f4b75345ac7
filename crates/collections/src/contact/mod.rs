//! Contacts (联系): what was tried, whom it reached, what came of it.

pub mod model;
