//! The keys in memory (密钥): the one that seals, those before it, and the key of the blind index.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::hex::hex;

/// One key to personal data (数据密钥).
#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: [u8; 4],
    /// What stands in the key file.
    pub(super) master: Zeroizing<[u8; 32]>,
    data: Zeroizing<[u8; 32]>,
}

/// The keys of a key file (密钥组).
#[derive(Clone)]
pub(super) struct Keys {
    /// The one that seals.
    pub(super) current: Key,
    /// Those before it, which only open; the latest last.
    pub(super) old: Vec<Key>,
    /// The key of the blind index: it stays when the key that seals is changed, so that look-ups go on.
    pub(super) index: Zeroizing<[u8; 32]>,
}

impl Key {
    pub(super) fn of(id: [u8; 4], master: &[u8; 32]) -> Self {
        Self { id, master: Zeroizing::new(*master), data: derive(master, "data") }
    }

    pub(super) fn random() -> Self {
        Self::of(rand::random(), &Zeroizing::new(rand::random::<[u8; 32]>()))
    }

    pub(super) fn data(&self) -> &[u8; 32] {
        &self.data
    }

    /// Its id as people read it.
    pub(super) fn name(&self) -> String {
        hex(&self.id)
    }

    /// What the database notes of it: the id, and a proof that says nothing of the key.
    pub(super) fn noted(&self) -> String {
        format!("{} {}", self.name(), hex(&derive(&self.master, "proof")[..16]))
    }
}

impl Keys {
    /// The first key of a house; the key of the index is derived from it.
    pub(super) fn first(key: Key) -> Self {
        let index = derive(&key.master, "index");
        Self { current: key, old: Vec::new(), index }
    }

    /// All of them, the one that seals first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.current).chain(self.old.iter().rev())
    }

    pub(super) fn key(&self, id: [u8; 4]) -> Option<&Key> {
        self.all().find(|key| key.id == id)
    }

    /// With a new key that seals; the former one goes on opening.
    pub(super) fn changed_to(&self, key: Key) -> Self {
        let old = self.old.iter().chain([&self.current]).cloned().collect();
        Self { current: key, old, index: self.index.clone() }
    }

    /// With keys that were known besides.
    pub(super) fn with_old(mut self, known: Vec<Key>) -> Self {
        for key in known {
            if self.key(key.id).is_none() {
                self.old.push(key);
            }
        }
        self
    }
}

fn derive(master: &[u8; 32], purpose: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(digest(master, &[b"loanward/v1/", purpose.as_bytes()]))
}

/// HMAC-SHA-256.
pub(super) fn digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
