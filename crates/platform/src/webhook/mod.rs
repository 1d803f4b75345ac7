//! Webhooks (事件推送): other systems are told what happened, by a signed POST to an address of theirs.
//!
//! A subscription names an address and kinds of events. In the transaction of an event a message is put into the
//! [outbox](crate::outbox) for every active subscription to its kind: ids and facts, no personal data. It is signed when
//! it is sent (HMAC-SHA256 over moment and body, [`sign`]) and sent at least once; the receiver knows a repetition by
//! `Idempotency-Key`. How to verify one: `docs/api.md`.

mod actions;
mod gateway;
mod model;
pub(crate) mod pages;
mod store;

pub(crate) use actions::on_events;
pub use actions::{NewWebhook, WebhookError, change, make, renew_secret, set_active, test};
pub use gateway::WebhookGateway;
pub use model::{SIGNATURE_HEADER, Webhook, sign};
pub(crate) use store::COLUMN as SECRET_COLUMN;

/// See, make, change, pause and test webhooks.
pub const WEBHOOK_MANAGE: &str = "webhook.manage";

/// The kind of the messages in the outbox.
pub(crate) const KIND: &str = "webhook";
/// The kind of event that a person sends to see whether it arrives.
pub(crate) const TEST: &str = "webhook_test";
