//! Cards (要点卡): what the policy advises before and during a call, by pattern and segment of debtor, and by the life stage of
//! a case. Words of the policy, shown where they are needed.

mod data;
pub mod pages;
pub mod rules;

use platform::web::Routes;

/// Where all cards are.
pub const PAGE: &str = "/collections/cards";

/// The page of all cards.
pub fn routes() -> Routes {
    pages::routes()
}
