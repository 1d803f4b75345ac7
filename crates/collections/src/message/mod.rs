//! Text messages and mails to debtors (短信与邮件): composed in the policy's words, sent through the contact guard and the
//! outbox, followed by receipts.
//!
//! 1. [`actions::compose`] writes a message about a loan and puts it into the outbox, in one transaction.
//! 2. [`DebtorMessages`] takes it out: at that moment the words are written anew where the day changed, the guard is
//!    asked, and the number is opened; then the channel's carrier gets it ([`platform::message`]).
//! 3. How the attempt ended, and what receipts say later ([`receipt`]), makes it sent, delivered, failed or unknown; sent
//!    is a contact, which the guard counts and which closes duties.
//! 4. Failed and unknown ones wait for a person's word ([`decide`]): nothing is repeated by itself when nobody knows.

pub mod actions;
mod batch;
mod data;
pub mod decide;
mod error;
mod gateway;
mod limitation;
pub mod list;
pub mod model;
mod pages;
pub mod receipt;
mod receiver;
pub mod rules;
pub(crate) mod sheets;
pub mod store;
mod wording;

pub(crate) use batch::{DUTIES, KINDS, offer};
pub use error::MessageError;
pub use gateway::DebtorMessages;
use platform::web::Routes;

/// Compose messages to debtors, and decide on those that did not arrive.
pub const MESSAGE_SEND: &str = "message.send";

/// The kind of these messages in the outbox.
const KIND: &str = "message";

/// The list, the messages, their forms, and the way in for receipts.
pub fn routes() -> Routes {
    list::routes().merge(pages::routes()).merge(batch::routes()).merge(receipt::routes())
}
