//! The day of the finance post (日统计, S2.19-01): what was due, looked up, called, entered, sent, settled and advanced; how much
//! of what is due is under control (S2.19-10); and who is called today (S2.19-03).

mod calls;
mod data;
mod list;
pub mod model;
mod pages;
pub mod rules;
pub(crate) mod sheets;
pub mod store;

pub(crate) use calls::subscribers;
pub(crate) use list::LISTED;

use platform::web::Routes;

/// Where the sheet of a day is.
pub(crate) const PAGE: &str = "/repayments/day";
/// Where its rows are.
pub(crate) const LIST: &str = "/repayments/control";

/// The sheet of a day, and the rows behind it.
pub fn routes() -> Routes {
    pages::routes().merge(list::routes())
}
