//! Legal recovery (法律追偿): the gate, the evidence list, the means of the law in any lawful order, their deadlines.

pub mod actions;
mod data;
pub mod list;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

use platform::web::Routes;

/// The list of files, and the legal page of one loan.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
