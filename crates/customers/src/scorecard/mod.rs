//! Scorecards fitted on data (评分卡拟合): a file with a target column becomes a card with its measures, and the card a
//! draft of the policy desk.
//!
//! A fit is computed within the request that asks for it and kept when it is done: there is no run that could stay
//! unfinished when the program is killed. The data are not kept, only the name and digest of their file.

pub mod actions;
mod card;
mod data;
pub mod pages;
mod sample;
pub mod store;
mod view;

use platform::web::Routes;

/// The list of fits and cards, the form, one fit.
pub fn routes() -> Routes {
    pages::routes()
}
