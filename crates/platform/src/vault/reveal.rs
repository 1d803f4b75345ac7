//! Showing a sealed value to a person (查看明文): with a permission, a reason, and an audit entry.

use serde_json::json;

use super::{Personal, Place, Sealed, VaultError};
use crate::access::PERSONAL_REVEAL;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::work::Work;

/// What is to be revealed (查看对象).
#[derive(Debug, Clone)]
pub struct What<'a, T> {
    /// Whose file it stands in.
    pub customer: CustomerId,
    /// The thing for the audit trail: `person:1204`.
    pub subject: String,
    /// Where it lives.
    pub place: Place<'a>,
    /// The value under seal.
    pub sealed: &'a Sealed<T>,
}

/// Reveals an identity number, account or the like. Commit the work before the value is shown:
/// without its audit entry nothing is revealed.
///
/// Errors: no permission; [`VaultError::NoReason`]; [`VaultError::PhoneNeedsGate`]; the seal does not open.
pub async fn reveal<T: Personal>(work: &mut Work, what: What<'_, T>, reason: &str) -> Result<T, ActionError> {
    work.authorise(PERSONAL_REVEAL)?;
    if T::GATED {
        return Err(VaultError::PhoneNeedsGate.into());
    }
    if reason.trim().is_empty() {
        return Err(VaultError::NoReason.into());
    }
    let value = work.app.vault()?.open(what.place, what.sealed)?;
    note_reveal(work, what.customer, &what.subject, T::REVEALED, &value.masked(), reason).await?;
    Ok(value)
}

/// The audit entry of a reveal: which value, masked, and why.
pub(crate) async fn note_reveal(
    work: &mut Work,
    customer: CustomerId,
    subject: &str,
    action: &'static str,
    masked: &str,
    reason: &str,
) -> Result<(), ActionError> {
    let entry = Entry::new(Some(customer), action, subject).after(json!({"shown": masked})).reason(reason.trim());
    Ok(work.audit(entry).await?)
}
