//! The audit trail (审计链): who did what, when, from where, before and after, and why.
//!
//! Hash-chained: one chain a customer, one (key 0) for the institution's own things. Each entry
//! carries the hash of the one before; the close seals the heads of a day into a root that can be
//! printed or mailed as an outside anchor. Values never hold personal data in clear.

mod anchor;
mod pages;
mod store;
mod subject;
mod verify;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::access::Actor;
use crate::hex::hex;
use crate::id::CustomerId;

pub use anchor::{Anchor, NotAnAnchor, anchors, compare};
pub(crate) use pages::{LISTED, routes};
pub use store::{append, changed_heads, seal_day};
pub use subject::AuditSubject;
pub use verify::{Broken, Trail, Verified, verify, verify_chain};

/// Something to be kept for good (审计记录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose chain; `None` is the institution's.
    pub customer: Option<CustomerId>,
    /// What was done: `loan.repayment.record`.
    pub action: &'static str,
    /// To what: `loan:123`.
    pub subject: String,
    /// State before, for a change.
    pub before: Option<Json>,
    /// State after, or what was seen, exported, printed.
    pub after: Option<Json>,
    /// The reason given.
    pub reason: Option<String>,
}

impl Entry {
    /// An entry without state or reason.
    pub fn new(customer: Option<CustomerId>, action: &'static str, subject: impl Into<String>) -> Self {
        Self { customer, action, subject: subject.into(), before: None, after: None, reason: None }
    }

    /// With the state before.
    #[must_use]
    pub fn before(mut self, state: Json) -> Self {
        self.before = Some(state);
        self
    }

    /// With the state after, or what was shown.
    #[must_use]
    pub fn after(mut self, state: Json) -> Self {
        self.after = Some(state);
        self
    }

    /// With the reason given.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

/// The text that is hashed: all fields in a fixed order, with the previous hash.
fn canonical(chain: i64, seq: i64, at: Timestamp, actor: &Actor, entry: &Entry, previous: &str) -> String {
    json!([
        chain,
        seq,
        at.as_millisecond(),
        actor.recorded_by(),
        actor.origin.as_str(),
        actor.trace(),
        entry.action,
        entry.subject,
        entry.before.as_ref().map(Json::to_string),
        entry.after.as_ref().map(Json::to_string),
        entry.reason,
        previous,
    ])
    .to_string()
}

/// The SHA-256 of a text, in hexadecimal.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// The digest of bytes, such as the content of a recording.
#[must_use]
pub fn digest_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
