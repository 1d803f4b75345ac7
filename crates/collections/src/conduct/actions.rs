//! Use cases of conduct: a finding is noted by the system, and reviewed by a supervisor.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::model::{FindingId, NewFinding, Opinion};
use super::store;
use crate::CONTACT_OPEN;

/// The longest opinion.
pub(super) const MAX_TEXT: usize = 2_000;

/// Why a review is refused (复核拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConductError {
    /// There is no such finding, or none within scope.
    #[error("no such finding")]
    NotFound,
    /// Somebody reviewed it before.
    #[error("reviewed before")]
    AlreadyReviewed,
    /// Nobody reviews what he did himself.
    #[error("the own conduct")]
    OwnConduct,
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for ConductError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "finding-not-found"),
            Self::AlreadyReviewed => Refused::new(RefusalKind::Conflict, "finding-reviewed"),
            Self::OwnConduct => Refused::new(RefusalKind::Conflict, "finding-own").under("conduct.review", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// Notes what the guard refused or found.
pub(crate) async fn note(work: &mut Work, new: &NewFinding) -> Result<(), ActionError> {
    Ok(store::insert(work, new).await.map(drop)?)
}

/// Records a supervisor's opinion, once (rule `conduct.review`: nobody reviews the own conduct; S2.5-38).
///
/// # Errors
/// Not within scope; [`ConductError`].
pub async fn review(
    work: &mut Work,
    customer: CustomerId,
    id: FindingId,
    opinion: Opinion,
    words: &str,
) -> Result<(), ActionError> {
    crate::file_for(work, customer, CONTACT_OPEN).await?;
    let finding = store::load(&mut work.tx, customer, id).await?.ok_or(ConductError::NotFound)?;
    if finding.review.is_some() {
        return Err(ConductError::AlreadyReviewed.into());
    }
    if !work.actor.is_second_to(finding.collector)? {
        return Err(ConductError::OwnConduct.into());
    }
    if words.trim().is_empty() {
        return Err(ConductError::Form(vec![FieldError::new("opinion", "opinion-empty")]).into());
    }
    if words.chars().count() > MAX_TEXT {
        return Err(
            ConductError::Form(vec![FieldError::new("opinion", "contact-too-long").with("max", MAX_TEXT)]).into()
        );
    }
    store::review(work, &finding, opinion, words.trim()).await?;
    let entry = Entry::new(Some(customer), "conduct.review", format!("conduct_finding:{customer}:{id}"));
    let after = json!({"opinion": opinion.as_str(), "rule": finding.rule});
    Ok(work.audit(entry.after(after).reason(words.trim())).await?)
}
