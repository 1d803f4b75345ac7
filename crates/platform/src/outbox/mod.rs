//! The outbox (待发箱): the one way by which something leaves the house, exactly as written in the transaction of its cause.
//!
//! 1. Whoever has a cause calls [`put`] in its transaction: if the cause is undone, nothing leaves.
//! 2. The loop ([`keep`]) takes what is due under a lease, notes the attempt, and hands it to the [`Gateway`] of its kind.
//! 3. What failed waits longer each time, moved by some jitter; what failed too often, or can never arrive, is dead and a
//!    person is told. At least once: the receiver knows a repetition by its key.
//! 4. A kind whose repetition would reach a person twice declares [`WhenUnknown::AskPerson`]: when nobody knows whether
//!    it arrived, it is shown to a person and not repeated by itself.
//!
//! Times and numbers are parameters of the pack under `house.outbox`. Gateways: [`FileGateway`], webhooks
//! ([`crate::webhook`]); a capability offers its own through [`crate::capability::Capability::gateways`].

mod actions;
mod gateway;
pub mod http;
mod model;
pub(crate) mod pages;
pub mod reach;
mod rules;
mod sender;
pub(crate) mod store;

pub use actions::{OutboxError, Outgoing, hold_own, put, rules, say, say_of_own};
pub(crate) use gateway::write_whole;
pub use gateway::{Delivery, Ended, FileGateway, Gateway};
pub use model::{Attempt, Message, MessageState, Outcome, Word};
pub use rules::{Next, OutboxRules, WhenUnknown};
pub use sender::{clear, keep, send_due};

/// See what leaves the house, and say what becomes of what did not arrive.
pub const OUTBOX_MANAGE: &str = "outbox.manage";
