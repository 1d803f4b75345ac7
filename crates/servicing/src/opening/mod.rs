//! Opening a loan at the desk (放款登记): product, contract, terms with the schedule seen before anything is
//! written, security; a further loan under a contract; a further drawdown of a loan.

pub mod actions;
pub mod drawdown;
pub mod error;
mod fields;
pub mod ground;
pub mod model;
pub mod pages;
mod plan;
pub mod rules;
pub mod store;
pub(crate) mod view;

use platform::web::Routes;

/// The pages of opening and drawing.
pub fn routes() -> Routes {
    pages::routes().merge(drawdown::routes())
}
