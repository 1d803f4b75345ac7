//! The key of a backup (备份密钥): from a passphrase or a key file, never the key to personal data.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::BackupError;
use crate::hex::hex;

/// The fewest characters of a passphrase: the file may be copied and tried at leisure.
const LEAST: usize = 12;
const TITLE: &str = "loanward backup key, version 1";
/// What a stranger's file may ask of this machine at most when it names the cost of its passphrase.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 16;

/// What seals and opens backups (备份密钥).
#[derive(Clone)]
pub enum BackupKey {
    /// Words that people know.
    Passphrase(Zeroizing<String>),
    /// A random key in a file, for copies that nobody watches over.
    File {
        /// Names the key without telling it.
        id: String,
        /// The key.
        key: Zeroizing<[u8; 32]>,
    },
}

/// How the key is found again, in clear in the head of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum KeyNote {
    /// Argon2id over the passphrase.
    Passphrase {
        /// Random, hexadecimal.
        salt: String,
        /// Memory in KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
    },
    /// A key file.
    File {
        /// Which.
        id: String,
    },
}

impl BackupKey {
    /// From a passphrase.
    ///
    /// # Errors
    /// [`BackupError::ShortPassphrase`].
    pub fn passphrase(words: &str) -> Result<Self, BackupError> {
        let words = words.trim();
        match words.chars().count() {
            found if found < LEAST => Err(BackupError::ShortPassphrase { found, least: LEAST }),
            _ => Ok(Self::Passphrase(Zeroizing::new(words.to_owned()))),
        }
    }

    /// Writes a new key file, readable by its owner only; never over another.
    ///
    /// # Errors
    /// [`BackupError::KeyFile`].
    pub fn create_file(path: &Path) -> Result<Self, BackupError> {
        let key = Zeroizing::new(rand::random::<[u8; 32]>());
        let text = Zeroizing::new(format!("{TITLE}\nkey {}\n", *Zeroizing::new(hex(&*key))));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let made = options.open(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        made.map_err(|error| problem(path, error))?;
        Ok(Self::of(key))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`BackupError::KeyFile`].
    pub fn open_file(path: &Path) -> Result<Self, BackupError> {
        let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| problem(path, error))?;
        let key = parse(&text).ok_or_else(|| problem(path, "is not a backup key file, or is damaged"))?;
        Ok(Self::of(key))
    }

    fn of(key: Zeroizing<[u8; 32]>) -> Self {
        let id = hex(&Sha256::digest([b"loanward backup key id".as_slice(), key.as_slice()].concat())[..4]);
        Self::File { id, key }
    }

    /// How this key is noted in a new file.
    pub(super) fn note(&self) -> KeyNote {
        match self {
            Self::Passphrase(_) => {
                let params = Params::default();
                KeyNote::Passphrase {
                    salt: hex(&rand::random::<[u8; 16]>()),
                    // 64 MiB and three passes: the second recommended option of RFC 9106, section 4.
                    memory_kib: if cfg!(debug_assertions) { params.m_cost() } else { 64 * 1024 },
                    passes: 3,
                }
            }
            Self::File { id, .. } => KeyNote::File { id: id.clone() },
        }
    }

    /// The key of one file: bound to its whole head.
    ///
    /// Errors: the file asks for another kind of key, for another key file, or for absurd costs.
    pub(super) fn of_file(&self, note: &KeyNote, head: &[u8]) -> Result<Zeroizing<[u8; 32]>, BackupError> {
        let base = match (self, note) {
            (Self::Passphrase(words), KeyNote::Passphrase { salt, memory_kib, passes }) => {
                stretch(words, salt, *memory_kib, *passes)?
            }
            (Self::File { id, key }, KeyNote::File { id: wanted }) if id == wanted => key.clone(),
            (_, KeyNote::File { id }) => {
                return Err(BackupError::WrongKey { hint: format!("it was sealed with the key file {id}") });
            }
            (_, KeyNote::Passphrase { .. }) => {
                return Err(BackupError::WrongKey { hint: "it was sealed with a passphrase".to_owned() });
            }
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(base.as_slice()).expect("HMAC takes a key of any length");
        mac.update(b"loanward backup frames");
        mac.update(head);
        Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
    }
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Passphrase(_) => f.write_str("BackupKey(passphrase)"),
            Self::File { id, .. } => write!(f, "BackupKey({id})"),
        }
    }
}

fn problem(path: &Path, cause: impl ToString) -> BackupError {
    BackupError::KeyFile { path: path.display().to_string(), cause: cause.to_string() }
}

fn stretch(words: &str, salt: &str, memory_kib: u32, passes: u32) -> Result<Zeroizing<[u8; 32]>, BackupError> {
    if memory_kib > MOST_MEMORY_KIB || passes > MOST_PASSES {
        return Err(BackupError::Tampered);
    }
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| BackupError::Tampered)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(words.as_bytes(), salt.as_bytes(), &mut *key)
        .map_err(|_| BackupError::Tampered)?;
    Ok(key)
}

fn parse(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut lines = text.lines();
    if lines.next()? != TITLE {
        return None;
    }
    let hexed = lines.next()?.strip_prefix("key ")?;
    let bytes = Zeroizing::new(super::tables::unhex(hexed)?);
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return None;
    }
    key.copy_from_slice(&bytes);
    Some(key)
}
