//! Marketing campaigns (营销活动): channel, dates, target, budget and costs, what came of them (S1-04, S5.8-13, S5.3-04).

pub mod actions;
mod data;
mod list;
pub mod model;
pub(crate) mod pages;
pub(crate) mod sheets;
pub mod store;

pub(crate) use list::{LISTED, within};

use platform::web::Routes;

/// Plan campaigns, enter their costs, review them.
pub const PLAN: &str = "campaign.plan";

/// Where the list is.
pub(crate) const LIST: &str = "/campaigns";

/// Where a campaign is read.
pub(crate) fn page_of(id: impl std::fmt::Display) -> String {
    format!("{LIST}/{id}")
}

/// The list, the forms, one campaign.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes())
}
