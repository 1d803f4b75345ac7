//! Letters (函件): issued from the policy's words, printed with a number, followed until somebody has signed (S2.2-03).

pub mod actions;
mod data;
pub mod list;
pub mod model;
pub mod pages;
mod paper;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use paper::refused as print_refused;
use platform::web::Routes;

/// The list of all letters, those of one loan, and one letter.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
