//! The institution's rules in force (现行制度): versions of its policy pack, and the decisions made under them.
//!
//! A version is the texts of the whole stack of packs with their digest. It takes effect on a date after
//! a second person approved it, and is never edited again. [`in_force`] gives the compiled rules of the
//! version that rules on a date; [`decision::record`] keeps what was decided under which rows and articles.

pub mod actions;
mod article;
mod article_data;
mod cache;
pub mod compare;
mod data;
pub mod decision;
mod difference;
pub mod draft;
mod error;
mod pages;
pub mod reading;
mod reading_duty;
pub mod store;
mod value_words;
mod version_pages;

pub use crate::duty::pages_parts::article_address;
pub use actions::{NewVersion, POLICY_APPROVED, draft, install, submit};
pub use cache::{Cache, InForce, dictionary, in_force, ruling, timeline};
pub use decision::{DecisionId, NewDecision};
pub use error::{PolicyError, known};
pub(crate) use pages::approval_kinds;
pub use pages::{POLICY_APPROVE, POLICY_DRAFT, POLICY_VIEW};
pub(crate) use reading_duty::{DUTY as READING_DUTY, Reading};
pub use value_words::missed_text;

/// Tells policies what a capability knows of a customer on a date (客户事实).
pub type CustomerFacts = for<'a> fn(
    &'a mut crate::work::Work,
    crate::id::CustomerId,
    jiff::civil::Date,
) -> crate::event::BoxFuture<'a, Result<policy::Facts, crate::error::ActionError>>;

/// All pages of this room.
pub(crate) fn routes() -> crate::web::Routes {
    pages::routes().merge(version_pages::routes()).merge(draft::routes()).merge(compare::routes())
}
