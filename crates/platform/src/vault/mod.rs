//! The vault (保险库): personal data encrypted field by field, found by blind index, shown masked.
//!
//! The key lives in a file outside the database, so that a copied database is worth nothing.
//! Every value is sealed under its own nonce and bound to its place (column and row): moved to
//! another row it does not open. Exact look-up goes by a keyed digest of the normalised value.
//!
//! - [`Vault`]: the keys. [`Vault::create`] at set-up, [`Vault::open_file`] at every start, [`Vault::check`]
//!   against the database.
//! - [`Sealed<T>`]: a value as stored. [`Personal`]: what can be sealed ([`Identity`], [`Phone`], [`BankAccount`]).
//! - [`reveal`]: the only way to see one in clear outside calculations; leaves its audit entry. Phones go
//!   through [`crate::contact_gate`] instead.

mod cipher;
mod key_file;
mod personal;
mod reveal;
mod sealed;

use std::fmt;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub use cipher::CipherSuite;
pub use personal::{BankAccount, Identity, Personal, Phone, mask_name};
pub(crate) use reveal::note_reveal;
pub use reveal::{What, reveal};
pub use sealed::Sealed;

use crate::args;
use crate::db::{Db, StoreError};
use crate::error::{Refusal, RefusalKind, Refused};
use crate::web::hex;

/// The keys to personal data (保险库).
#[derive(Clone)]
pub struct Vault {
    id: [u8; 4],
    data: Zeroizing<[u8; 32]>,
    index: Zeroizing<[u8; 32]>,
    proof: String,
}

/// Where a sealed value lives (存放位置); part of the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Table and column: `person.identity`.
    pub column: &'static str,
    /// The row's key, all of it: `77:1204`.
    pub row: &'a str,
}

/// Why the vault cannot do what is asked (保险库错误).
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The program was started without a key file.
    #[error("the program was started without the key file: personal data can be neither written nor shown")]
    NoKey,
    /// The key file is not there.
    #[error(
        "the key file {path} is missing. Without it the identity numbers, phones and accounts in this database cannot be \
         read by anybody, us included. Restore it from the copy made at set-up (it belongs in a safe, apart from the backups)"
    )]
    KeyFileMissing {
        /// Where it was looked for.
        path: String,
    },
    /// The key file is there but is none.
    #[error("{path} is not a key file of this program, or is damaged: restore it from the copy made at set-up")]
    KeyFileDamaged {
        /// The file.
        path: String,
    },
    /// A key file is there already and is never overwritten.
    #[error("{path} exists already; a key is never overwritten, because what it sealed would be lost")]
    KeyFileExists {
        /// The file.
        path: String,
    },
    /// The file system refused.
    #[error("the key file {path}: {cause}")]
    KeyFile {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The key belongs to another database.
    #[error(
        "the key file belongs to another database: this one was sealed with key {expected}, the file holds {found}. \
         Start with the right key file"
    )]
    WrongKey {
        /// The id of the key that sealed the database.
        expected: String,
        /// The id of the key in the file.
        found: String,
    },
    /// A stored value does not open: damaged, changed, or moved from another place.
    #[error("a sealed value of {column} does not open: it was changed outside the program, or copied from another row")]
    Tampered {
        /// Table and column.
        column: &'static str,
    },
    /// A phone is revealed only through the contact gate.
    #[error("a phone is revealed only through the contact gate")]
    PhoneNeedsGate,
    /// A reveal needs a reason.
    #[error("a reveal needs a reason")]
    NoReason,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal for VaultError {
    fn refused(&self) -> Refused {
        match self {
            Self::NoKey => Refused::new(RefusalKind::Conflict, "vault-no-key"),
            Self::KeyFileMissing { .. }
            | Self::KeyFileDamaged { .. }
            | Self::KeyFileExists { .. }
            | Self::KeyFile { .. }
            | Self::WrongKey { .. } => Refused::new(RefusalKind::Conflict, "vault-key-file"),
            Self::Tampered { column } => Refused::new(RefusalKind::Conflict, "vault-tampered").with("column", column),
            Self::PhoneNeedsGate => Refused::new(RefusalKind::Forbidden, "vault-phone-gate"),
            Self::NoReason => Refused::form(vec![crate::error::FieldError::new("reason", "reason-empty")]),
            Self::Store(_) => Refused::new(RefusalKind::Conflict, "vault-store"),
        }
    }
}

impl Vault {
    /// Makes a key file, readable by its owner only.
    ///
    /// Errors: [`VaultError::KeyFileExists`], [`VaultError::KeyFile`].
    pub fn create(path: &Path) -> Result<Self, VaultError> {
        let master = Zeroizing::new(rand::random::<[u8; 32]>());
        let id = rand::random::<[u8; 4]>();
        key_file::write(path, id, &master)?;
        Ok(Self::from_master(id, &master))
    }

    /// Reads the key file.
    ///
    /// Errors: [`VaultError::KeyFileMissing`], [`VaultError::KeyFileDamaged`].
    pub fn open_file(path: &Path) -> Result<Self, VaultError> {
        let (id, master) = key_file::read(path)?;
        Ok(Self::from_master(id, &master))
    }

    /// A fixed key: for tests only, never for people's data.
    #[must_use]
    pub fn for_tests(seed: u8) -> Self {
        Self::from_master([seed; 4], &[seed; 32])
    }

    fn from_master(id: [u8; 4], master: &[u8; 32]) -> Self {
        let derive = |purpose: &str| Zeroizing::new(mac(master, &[b"loanward/v1/", purpose.as_bytes()]));
        let proof = hex(&derive("proof")[..16]);
        Self { id, data: derive("data"), index: derive("index"), proof }
    }

    /// The key's id, for messages and backups.
    #[must_use]
    pub fn key_id(&self) -> String {
        hex(&self.id)
    }

    /// Compares the key with the one that the database was sealed with; the first start notes it.
    ///
    /// Errors: [`VaultError::WrongKey`].
    pub async fn check(&self, db: &Db) -> Result<(), VaultError> {
        let own = format!("{} {}", self.key_id(), self.proof);
        let mut tx = db.write().await?;
        tx.execute(
            "insert into setting (name, value) values ('vault.key', $1) on conflict (name) do nothing",
            args![own],
        )
        .await?;
        let noted: String =
            tx.fetch_one("select value from setting where name = 'vault.key'", args![]).await?.get("value")?;
        tx.commit().await?;
        if noted == own {
            return Ok(());
        }
        let expected = noted.split(' ').next().unwrap_or("").to_owned();
        Err(VaultError::WrongKey { expected, found: self.key_id() })
    }

    /// Seals a value for its place.
    pub fn seal<T: Personal>(&self, place: Place<'_>, value: &T) -> Sealed<T> {
        Sealed::new(cipher::seal(CipherSuite::Aes256Gcm, self.id, &self.data, place, value.clear().as_bytes()))
    }

    /// Opens a sealed value for use inside the program: masks, calculations, letters. To show it to a person,
    /// see [`reveal`].
    ///
    /// Errors: [`VaultError::Tampered`], [`VaultError::WrongKey`].
    pub fn open<T: Personal>(&self, place: Place<'_>, sealed: &Sealed<T>) -> Result<T, VaultError> {
        let bytes = cipher::open(self.id, &self.data, place, sealed.envelope())?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::Tampered { column: place.column })?;
        Ok(T::from_clear(text.to_owned()))
    }

    /// Seals bytes that are no single value, such as a piece of a file.
    pub(crate) fn seal_bytes(&self, place: Place<'_>, bytes: &[u8]) -> Vec<u8> {
        cipher::seal(CipherSuite::Aes256Gcm, self.id, &self.data, place, bytes)
    }

    /// Opens them.
    ///
    /// Errors: [`VaultError::Tampered`], [`VaultError::WrongKey`].
    pub(crate) fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        cipher::open(self.id, &self.data, place, sealed)
    }

    /// The blind index (盲索引): the same for the same value of the same kind, wherever it stands;
    /// 32 hex digits that say nothing without the key.
    #[must_use]
    pub fn blind_index<T: Personal>(&self, value: &T) -> String {
        let digest = mac(&self.index, &[T::KIND.as_bytes(), b"\0", T::normalise(value.clear()).as_bytes()]);
        hex(&digest[..16])
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.key_id())
    }
}

#[cfg(test)]
mod tests;
