//! Limitation (时效): the clocks that the law lets run against a claim and its guarantees, and what keeps them.

pub mod actions;
mod data;
pub mod list;
pub mod model;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod step;
pub mod store;

use platform::web::Routes;

pub(crate) use data::until;
pub(crate) use pages::effect_words;

/// The list of all clocks, and the clocks of one loan.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
