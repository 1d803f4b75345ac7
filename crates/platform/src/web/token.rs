//! Tokens (令牌): unguessable texts. The one place of the web layer that asks for chance.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::hex::hex;

/// A secret of 256 bits (令牌) as 64 hex digits; never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one from the machine's source of chance.
    #[must_use]
    pub fn new() -> Self {
        Self(hex(&rand::random::<[u8; 32]>()))
    }

    /// Reads one that a browser sent back; anything else is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        whole.then(|| Self(text.to_owned()))
    }

    /// The text to send to the browser.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored instead of it: its SHA-256.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A key for the hidden field that makes a second submit do nothing.
#[must_use]
pub fn once_key() -> String {
    hex(&rand::random::<[u8; 16]>())
}

/// Compares two secrets without telling by time how far they agree.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let differing = a.bytes().zip(b.bytes()).fold(0_u8, |found, (x, y)| found | (x ^ y));
    a.len() == b.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_stored_only_as_fingerprints() {
        let (one, other) = (Token::new(), Token::new());
        assert_ne!(one, other);
        assert_eq!(Token::parse(one.expose()), Some(one.clone()));
        assert_ne!(one.fingerprint(), one.expose());
        assert!(!format!("{one:?}").contains(one.expose()));
        assert_eq!(Token::parse("short"), None);
    }

    #[test]
    fn secrets_are_the_same_only_when_every_byte_is() {
        for (a, b, expected) in [("ab", "ab", true), ("ab", "ac", false), ("ab", "abc", false), ("", "", true)] {
            assert_eq!(same(a, b), expected, "{a} {b}");
        }
    }
}
