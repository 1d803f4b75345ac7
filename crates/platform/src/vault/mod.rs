//! The vault (保险库): personal data encrypted field by field, found by blind index, shown masked.
//!
//! The key lives in a file outside the database, so that a copied database is worth nothing.
//! Every value is sealed under its own nonce and bound to its place (column and row): moved to
//! another row it does not open. Exact look-up goes by a keyed digest of the normalised value.
//!
//! - [`Vault`]: the keys. [`Vault::create`] at set-up, [`Vault::open_file`] at every start, [`Vault::check`]
//!   against the database.
//! - [`SealedColumn`]: where sealed values lie, as every capability declares it; [`rotation`] seals them anew.
//! - [`Sealed<T>`]: a value as stored. [`Personal`]: what can be sealed ([`Identity`], [`Phone`], [`BankAccount`]).
//! - [`reveal`]: the only way to see one in clear outside calculations; leaves its audit entry. Phones go
//!   through [`crate::contact_gate`] instead.

mod cipher;
mod column;
mod key_file;
mod keys;
mod personal;
mod reveal;
pub mod rotation;
mod sealed;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

pub use cipher::CipherSuite;
pub use column::SealedColumn;
pub use personal::{BankAccount, Identity, Personal, Phone, mask_mailbox, mask_mailboxes, mask_name, mask_numbers};
pub(crate) use reveal::note_reveal;
pub use reveal::{What, reveal};
pub use sealed::Sealed;

use crate::args;
use crate::db::{Db, StoreError};
use crate::error::{Refusal, RefusalKind, Refused};
use crate::hex::hex;
use keys::{Key, Keys, digest};

/// The keys to personal data (保险库). Clones share them: when the key is changed, all of a process go over together.
#[derive(Clone)]
pub struct Vault(Arc<Shared>);

struct Shared {
    /// The key file, unless the key stands nowhere: tests.
    path: Option<PathBuf>,
    keys: RwLock<Arc<Keys>>,
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
    /// The key file cannot be written: a new key could not be kept.
    #[error("the key file {path} cannot be written: {cause}. A new key must be kept before anything is sealed with it")]
    KeyFileReadOnly {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The key is being changed from another machine, whose key file this one has not got.
    #[error(
        "the key is being changed to {to}, which this key file does not hold: copy the key file from the machine where \
         the change was begun, or go on there"
    )]
    RotationElsewhere {
        /// The id of the new key.
        to: String,
    },
    /// Servers run that have not got the new key.
    #[error(
        "these servers have not got the new key: {machines}. Copy the key file to them (they take it over within \
         seconds) or stop them, and run this again; nothing is lost, both keys are read meanwhile"
    )]
    ServersBehind {
        /// Their machines.
        machines: String,
    },
    /// Rows are still being sealed with the former key.
    #[error("{rows} values are still sealed with the former key: run this again")]
    StillOld {
        /// How many.
        rows: u64,
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
            | Self::KeyFileReadOnly { .. }
            | Self::RotationElsewhere { .. }
            | Self::ServersBehind { .. }
            | Self::StillOld { .. }
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
        let keys = Keys::first(Key::random());
        key_file::create(path, &keys)?;
        Ok(Self::of(Some(path), keys))
    }

    /// Reads the key file.
    ///
    /// Errors: [`VaultError::KeyFileMissing`], [`VaultError::KeyFileDamaged`].
    pub fn open_file(path: &Path) -> Result<Self, VaultError> {
        Ok(Self::of(Some(path), key_file::read(path)?))
    }

    /// A fixed key: for tests only, never for people's data.
    #[must_use]
    pub fn for_tests(seed: u8) -> Self {
        Self::of(None, Keys::first(Key::of([seed; 4], &[seed; 32])))
    }

    fn of(path: Option<&Path>, keys: Keys) -> Self {
        Self(Arc::new(Shared { path: path.map(Path::to_owned), keys: RwLock::new(Arc::new(keys)) }))
    }

    fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.0.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The id of the key that seals, for messages and backups.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.keys().current.name()
    }

    /// Whether values sealed with the key of this id can be opened: it is the one that seals, or one before it.
    #[must_use]
    pub fn opens(&self, id: &str) -> bool {
        self.keys().all().any(|key| key.name() == id)
    }

    /// Reads the key file again: another process may have changed the key. Whether it had.
    ///
    /// # Errors
    /// [`VaultError::KeyFileMissing`], [`VaultError::KeyFileDamaged`]: what is in memory stays.
    pub fn reload(&self) -> Result<bool, VaultError> {
        let Some(path) = &self.0.path else { return Ok(false) };
        let fresh = key_file::read(path)?;
        let mut kept = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        let changed = kept.current.id != fresh.current.id;
        // Keys that this process knows stay readable, whatever became of the file.
        *kept = Arc::new(fresh.with_old(kept.all().cloned().collect()));
        Ok(changed)
    }

    /// Compares the key with the one that the database was sealed with; the first start notes it. A key file that was
    /// changed since, and still holds that key, will do: every value opens.
    ///
    /// Errors: [`VaultError::WrongKey`].
    pub async fn check(&self, db: &Db) -> Result<(), VaultError> {
        let keys = self.keys();
        let mut tx = db.write().await?;
        tx.execute(
            "insert into setting (name, value) values ('vault.key', $1) on conflict (name) do nothing",
            args![keys.current.noted()],
        )
        .await?;
        let noted: String =
            tx.fetch_one("select value from setting where name = 'vault.key'", args![]).await?.get("value")?;
        tx.commit().await?;
        if keys.all().any(|key| key.noted() == noted) {
            return Ok(());
        }
        let expected = noted.split(' ').next().unwrap_or("").to_owned();
        Err(VaultError::WrongKey { expected, found: self.key_id() })
    }

    /// Seals a value for its place.
    pub fn seal<T: Personal>(&self, place: Place<'_>, value: &T) -> Sealed<T> {
        Sealed::new(self.seal_bytes(place, value.clear().as_bytes()))
    }

    /// Opens a sealed value for use inside the program: masks, calculations, letters. To show it to a person,
    /// see [`reveal`].
    ///
    /// Errors: [`VaultError::Tampered`], [`VaultError::WrongKey`].
    pub fn open<T: Personal>(&self, place: Place<'_>, sealed: &Sealed<T>) -> Result<T, VaultError> {
        let bytes = self.open_bytes(place, sealed.envelope())?;
        let text = std::str::from_utf8(&bytes).map_err(|_| VaultError::Tampered { column: place.column })?;
        Ok(T::from_clear(text.to_owned()))
    }

    /// Seals bytes that are no single value, such as a piece of a file.
    pub fn seal_bytes(&self, place: Place<'_>, bytes: &[u8]) -> Vec<u8> {
        let keys = self.keys();
        cipher::seal(CipherSuite::Aes256Gcm, keys.current.id, keys.current.data(), place, bytes)
    }

    /// Opens them with the key that sealed them; one that nobody here knows yet is looked for in the key file.
    ///
    /// Errors: [`VaultError::Tampered`], [`VaultError::WrongKey`].
    pub fn open_bytes(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let tampered = VaultError::Tampered { column: place.column };
        let id = cipher::key_of(sealed).ok_or(tampered)?;
        let mut keys = self.keys();
        if keys.key(id).is_none() && self.reload().is_ok() {
            keys = self.keys();
        }
        let wrong = || VaultError::WrongKey { expected: hex(&id), found: keys.current.name() };
        cipher::open(keys.key(id).ok_or_else(wrong)?.data(), place, sealed)
    }

    /// The blind index (盲索引): the same for the same value of the same kind, wherever it stands;
    /// 32 hex digits that say nothing without the key.
    #[must_use]
    pub fn blind_index<T: Personal>(&self, value: &T) -> String {
        let normal = T::normalise(value.clear());
        hex(&digest(&self.keys().index, &[T::KIND.as_bytes(), b"\0", normal.as_bytes()])[..16])
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.key_id())
    }
}

#[cfg(test)]
mod tests;
