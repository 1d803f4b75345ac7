//! Subscriptions and signatures. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// The header with the signature.
pub const SIGNATURE_HEADER: &str = "loanward-signature";

/// A subscription (事件推送).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its key.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Where it is sent.
    pub url: String,
    /// The kinds of events.
    pub kinds: BTreeSet<String>,
    /// Whether anything is sent.
    pub active: bool,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// Its version, for those who change it at the same time.
    pub version: i64,
}

impl Webhook {
    /// By which the outbox knows it.
    #[must_use]
    pub fn receiver(&self) -> String {
        format!("webhook:{}", self.id)
    }
}

/// The key of a receiver of the outbox.
pub(super) fn id_of(receiver: &str) -> Option<i64> {
    receiver.strip_prefix("webhook:")?.parse().ok()
}

/// Kinds as the table keeps them: between bars.
pub(super) fn kept(kinds: &BTreeSet<String>) -> String {
    let inner: Vec<&str> = kinds.iter().map(String::as_str).collect();
    format!("|{}|", inner.join("|"))
}

pub(super) fn read(kept: &str) -> BTreeSet<String> {
    kept.split('|').filter(|kind| !kind.is_empty()).map(str::to_owned).collect()
}

/// The signature of a body sent at this second: `t=<seconds>,v1=<hex of HMAC-SHA256(secret, "<seconds>.<body>")>`.
///
/// Rule `webhook.signed`: the moment is signed with the body, so that an old message cannot be sent again by others.
///
/// ```
/// let signature = platform::webhook::sign("whsec_1", 1_763_625_600, "{}");
/// assert!(signature.starts_with("t=1763625600,v1="));
/// assert_eq!(signature.len(), "t=1763625600,v1=".len() + 64);
/// ```
#[must_use]
pub fn sign(secret: &str, second: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{second}.").as_bytes());
    mac.update(body.as_bytes());
    format!("t={second},v1={}", crate::hex::hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule `webhook.signed`
    #[test]
    fn a_signature_is_the_one_that_other_programs_compute() {
        // printf '1763625600.{"id":"1"}' | openssl dgst -sha256 -hmac whsec_test
        let expected = "t=1763625600,v1=a7e35c0be7d166cd6a4a5f6d50179869fde0df3d612535479fe06c944f89954a";
        assert_eq!(sign("whsec_test", 1_763_625_600, "{\"id\":\"1\"}"), expected);
        assert_ne!(sign("whsec_test", 1_763_625_601, "{\"id\":\"1\"}")[13..], expected[13..]);
    }

    #[test]
    fn kinds_come_back_as_they_were_kept() {
        let kinds: BTreeSet<String> = ["loan_disbursed", "case_opened"].map(str::to_owned).into();
        assert_eq!(kept(&kinds), "|case_opened|loan_disbursed|");
        assert_eq!(read(&kept(&kinds)), kinds);
        assert_eq!((id_of("webhook:12"), id_of("12"), id_of("webhook:x")), (Some(12), None, None));
    }
}
