//! Gateways of text messages and mails (短信与邮件通道): who carries them out of the house, one a channel.
//!
//! The administrator says which: an address that takes a signed POST (`http`), a mail server (`smtp`), or a folder
//! from which another program takes files. A capability that has something to say to people puts it into the
//! [outbox](crate::outbox) under a kind of its own, and its gateway hands the [`Parcel`] to [`carry`]. What a provider
//! tells later comes back as a signed receipt ([`signed_by`]). The contract: `docs/gateways.md`.

mod actions;
mod carry;
mod http;
mod mail;
mod model;
mod pages;
mod receipt;
mod smtp;
mod store;

pub use actions::{GatewayError, is_on, renew_key, save, set_active};
pub use carry::{Parcel, carry, try_out};
pub use model::{Carrier, MessageGateway, Security, Wish};
pub(crate) use pages::routes;
pub use receipt::{ReceiptError, signed_by};
pub(crate) use store::COLUMN as SECRET_COLUMN;

use crate::duty::Channel;

/// See, set and try the gateways of messages.
pub const GATEWAY_MANAGE: &str = "gateway.manage";

/// The channels that have gateways.
pub const CHANNELS: [Channel; 2] = [Channel::Sms, Channel::Email];
