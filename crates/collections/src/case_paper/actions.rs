//! Use cases of papers: written by the post that the text gives them to.

use platform::audit::Entry;
use platform::error::ActionError;
use platform::id::UserId;
use platform::work::Work;
use serde_json::json;

use super::model::{NewPaper, PaperError, PaperKind, wrong};
use super::store;
use crate::case::actions as cases;
use crate::case::model::{CaseError, CaseId, CaseState};
use crate::{CASE_ASSIGN, CASE_WORK, LEGAL_MANAGE};

/// The permission that a paper takes (rule `case-paper.post`): a plan is the credit department's and the collector's, an opinion
/// the legal department's, minutes those of whoever gives cases to people.
#[must_use]
pub fn permission(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::Plan => CASE_WORK,
        PaperKind::Opinion => LEGAL_MANAGE,
        PaperKind::Minutes => CASE_ASSIGN,
    }
}

/// Writes a paper into an open case.
///
/// # Errors
/// Denied; the case is closed; [`PaperError`].
pub async fn write(work: &mut Work, case: CaseId, new: &NewPaper) -> Result<(), ActionError> {
    let case = cases::load(work, case, permission(new.kind)).await?;
    // What the house plans and thinks of a case is no matter of an agency's people.
    if crate::agency::gate::of_actor(work).await?.is_some() {
        return Err(CaseError::NotFound.into());
    }
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let people = crate::people(work).await?;
    let complaints = wrong(new, &|one| people.contains_key(&UserId(one)), work.business_date);
    if !complaints.is_empty() {
        return Err(PaperError::Form(complaints).into());
    }
    let id = store::insert(work, case.key, new).await?;
    let entry = Entry::new(Some(case.key.customer), "case.paper", case.key.subject());
    let after = json!({"kind": new.kind.as_str(), "person": new.person, "due_on": new.due_on, "fact": id});
    Ok(work.audit(entry.after(after)).await?)
}
