//! Classification runs (分类认定, S5.4-04): the class of every loan of a branch, judged by people in steps.
//!
//! The classification post draws a run from the positions, sets another class where days overdue do not say enough and
//! proposes it with its findings; a second person reviews it; others approve it. No class is better than the one by days
//! overdue, which law fixes. What was approved is a fact that positions read ([`crate::position::engine::Engine::kept`]),
//! so that provisions, totals and history follow it and can be computed anew.

pub mod actions;
mod approval;
mod data;
mod error;
mod form;
mod items;
mod list;
pub mod model;
mod pages;
mod paper;
pub mod rules;
pub(crate) mod sheets;
mod step;
pub mod store;
mod view;

pub(crate) use approval::{KIND, SIGNING};
pub(crate) use items::LISTED as ITEMS;
pub(crate) use list::LISTED;
pub(crate) use step::{DUTY, Due};

pub use approval::review;

use platform::id::CustomerId;
use platform::web::Routes;

/// See runs and their items.
pub const VIEW: &str = "classification.view";
/// Draw runs, set classes, propose: the classification post (客户分类管理岗).
pub const PREPARE: &str = "classification.prepare";
/// Say which class a loan should have; the classification post decides.
pub const SUGGEST: &str = "classification.suggest";
/// Review what somebody else proposed.
pub const REVIEW: &str = "classification.review";
/// Approve what was reviewed.
pub const APPROVE: &str = "classification.approve";

/// A run belongs to no single customer.
pub(crate) const HOUSE: CustomerId = CustomerId(0);
/// Where the runs are.
pub(crate) const LIST: &str = "/classifications";

/// Where a run is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The runs, their items, one run, its steps and its paper.
pub fn routes() -> Routes {
    list::routes().merge(items::routes()).merge(pages::routes()).merge(form::routes())
}
