//! The contact guard (联系守卫): the one gate through which every contact with a debtor passes.
//!
//! For other rooms: [`reachable`] says whom one may call about a customer and whether now, [`reserve`] asks for a phone,
//! [`reserve_without_number`] for a visit or letter; [`settle`] enters what came of it (through
//! [`crate::contact::actions::record`], which also keeps the contact).

pub mod actions;
pub(crate) mod desk;
mod error;
pub mod hours;
pub mod hours_actions;
pub(crate) mod hours_pages;
pub(crate) mod hours_store;
mod ledger;
pub mod limits;
pub(crate) mod line_pages;
pub mod lost_contact;
pub mod model;
pub mod opening;
pub(crate) mod opening_pages;
pub mod pages;
pub mod rules;
pub(crate) mod sheets;
mod standing;
pub mod store;
#[cfg(test)]
mod tests;

pub use actions::{Ask, ContactGuard, Line, outcome_page, reachable, reserve, reserve_without_number, settle};
pub use error::GuardError;
pub use opening::{Opened, open_once};
