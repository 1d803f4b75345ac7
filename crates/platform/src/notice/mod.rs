//! Notices (通知): what happened that concerns one person, told in the transaction in which it happened.
//!
//! A notice is a pointer, not a fact: a sentence and the page that it leads to. It names things by number and
//! amount, never a customer, because it stays where it is when its reader's scope gets narrower.
//! Nobody is told of what they did themselves, nobody sees another's notices, and what is settled by somebody
//! else falls away by itself ([`settle`]).
//!
//! What is a duty of today stands on the home page; only what *changed hands* is told here.

mod actions;
mod audience;
mod model;
mod pages;
mod store;

pub use actions::{settle, tell};
pub(crate) use actions::{tell_of_account, waiting};
pub use audience::{holders, who_may};
pub use model::{News, Notice};
pub(crate) use pages::routes;
pub(crate) use store::unread;
