//! Personal data on its way out of the book and in again.

use std::fmt;

use super::sheet::Fields;
use crate::vault::{Personal, Place, Sealed, Vault, VaultError};

/// How one column of personal data is opened and sealed (加密列).
pub trait Sealing: Sync + fmt::Debug {
    /// The field with the blind index, where there is one.
    fn index(&self) -> Option<&'static str>;
    /// The field with the masked form.
    fn masked(&self) -> &'static str;
    /// The field with the last signs, where there is one.
    fn last(&self) -> Option<&'static str> {
        None
    }

    /// Whether others refer to the value by its blind index (联系电话).
    fn is_number(&self) -> bool {
        false
    }

    /// The value in clear.
    ///
    /// # Errors
    /// The seal is broken or belongs elsewhere.
    fn open(&self, vault: &Vault, row: &Fields<'_>, sealed: Vec<u8>) -> Result<String, VaultError>;

    /// The value under seal, with what is kept beside it.
    ///
    /// # Errors
    /// Why the text cannot be such a value.
    fn seal(&self, vault: &Vault, row: &Fields<'_>, clear: &str) -> Result<SealedParts, &'static str>;
}

/// What is kept of a value (加密结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedParts {
    /// The envelope.
    pub sealed: Vec<u8>,
    /// The blind index.
    pub index: String,
    /// The masked form.
    pub masked: String,
    /// The last signs.
    pub last: String,
}

impl SealedParts {
    /// Seals a value for its place; the index is of `indexed`, which may be written otherwise.
    #[must_use]
    pub fn of<T: Personal, I: Personal>(vault: &Vault, place: Place<'_>, value: &T, indexed: &I) -> Self {
        let bytes = match crate::db::ToValue::to_value(&vault.seal(place, value)) {
            crate::db::Value::Bytes(bytes) => bytes,
            _ => Vec::new(),
        };
        Self { sealed: bytes, index: vault.blind_index(indexed), masked: value.masked(), last: value.last_digits() }
    }
}

/// Opens an envelope as read from a row.
///
/// # Errors
/// As [`Vault::open`].
pub fn open<T: Personal>(vault: &Vault, place: Place<'_>, sealed: Vec<u8>) -> Result<String, VaultError> {
    let column = place.column;
    let sealed: Option<Sealed<T>> = crate::db::FromValue::from_value(&crate::db::Value::Bytes(sealed));
    let sealed = sealed.ok_or(VaultError::Tampered { column })?;
    Ok(vault.open(place, &sealed)?.clear().to_owned())
}
