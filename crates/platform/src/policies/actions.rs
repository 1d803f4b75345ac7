//! What people do to the rules (制度用例): install the shipped pack, draft a version, submit it, approve it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use policy::Pack;
use serde_json::json;

use super::draft::actions as drafts;
use super::pages::POLICY_DRAFT;
use super::store::{self, Version, VersionState};
use super::{PolicyError, dictionary, reading};
use crate::approval::{self, Approval, ApprovalId, Request};
use crate::audit::Entry;
use crate::error::ActionError;
use crate::event::Event;
use crate::id::CustomerId;
use crate::notice::{self, News, Notice};
use crate::work::Work;

/// The event after a version was approved; whoever derives classes from the rules listens.
pub const POLICY_APPROVED: &str = "policy_approved";

/// A version to be written (待定版本).
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The institution's pack.
    pub pack: String,
    /// The texts of the whole stack by path.
    pub files: BTreeMap<String, String>,
    /// The first day it shall rule.
    pub effective_from: Date,
    /// What changes, in words.
    pub note: String,
}

/// Installs the pack that came with the program, in force from its own first day on. Repeating it changes nothing.
///
/// This is set-up: nothing is decided by a person here, so there is no second one.
///
/// # Errors
/// [`PolicyError::Broken`]; the store's.
pub async fn install(work: &mut Work, pack: &str) -> Result<i64, ActionError> {
    let files = (*work.app.settings.packs).clone();
    let loaded = load(work, pack, &files)?;
    let from = loaded.period().from.unwrap_or(work.business_date);
    write(work, &loaded, &files, from, "", VersionState::Approved).await
}

/// Writes a draft.
///
/// # Errors
/// Denied; [`PolicyError::Broken`] with the first problem; [`PolicyError::PastEffect`].
pub async fn draft(work: &mut Work, new: &NewVersion) -> Result<i64, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let loaded = load(work, &new.pack, &new.files)?;
    refuse_past(work, new.effective_from)?;
    write(work, &loaded, &new.files, new.effective_from, &new.note, VersionState::Draft).await
}

/// Asks for the second person.
///
/// # Errors
/// Denied; [`PolicyError::NotDraft`]; what the approval refuses.
pub async fn submit(work: &mut Work, id: i64) -> Result<ApprovalId, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let version = store::version(&mut work.tx, id).await?.ok_or(PolicyError::Unknown)?;
    if version.state != VersionState::Draft {
        return Err(PolicyError::NotDraft { state: version.state.as_str().to_owned() }.into());
    }
    submitted(work, id).await?;
    let title = format!("{} {} {}", version.pack, version.version, version.effective_from);
    let payload = json!({"version": id.to_string(), "effective_from": version.effective_from, "note": version.note});
    approval::submit(work, Request::new("policy", CustomerId(0), format!("policy_version:{id}"), title, payload)).await
}

/// Notes that a version waits for the second person.
pub(super) async fn submitted(work: &mut Work, id: i64) -> Result<(), ActionError> {
    Ok(store::set_state(&mut work.tx, id, VersionState::Draft, VersionState::Submitted, None).await?)
}

/// What happens when the second person agreed: the version rules from its date on.
pub(super) async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let id = version_of(approval)?;
    let version = store::version(&mut work.tx, id).await?.ok_or(PolicyError::Unknown)?;
    refuse_past(work, version.effective_from)?;
    let by = (work.actor.recorded_by(), work.now);
    store::set_state(&mut work.tx, id, VersionState::Submitted, VersionState::Approved, Some(by)).await?;
    drafts::close(work, id).await?;
    // S1-01: everybody who works under the rules confirms having read them.
    let readers = reading::staff(work).await?;
    let thing = format!("policy_version:{id}");
    let ruled = Notice {
        news: News::PolicyApproved {
            version: format!("{} {}", version.pack, version.version),
            from: version.effective_from,
        },
        occasion: thing.clone(),
        thing,
        href: format!("/policies/versions/{id}"),
    };
    notice::tell(work, &readers, &ruled).await?;
    work.emit(Event {
        kind: POLICY_APPROVED,
        customer: CustomerId(0),
        subject: format!("policy_version:{id}"),
        effective_on: work.business_date,
        payload: json!({"effective_from": version.effective_from}),
    })
    .await
}

/// What happens when the approval ended without agreement.
pub(super) async fn refused(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let id = version_of(approval)?;
    store::set_state(&mut work.tx, id, VersionState::Submitted, VersionState::Rejected, None).await?;
    drafts::reopen(work, id).await
}

fn version_of(approval: &Approval) -> Result<i64, ActionError> {
    let text = approval.payload.get("version").and_then(|version| version.as_str());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| PolicyError::Unknown.into())
}

fn load(work: &Work, pack: &str, files: &BTreeMap<String, String>) -> Result<Pack, PolicyError> {
    let facts = dictionary(&work.app.capabilities)?;
    Pack::load(files, pack, &facts).map_err(|problems| PolicyError::broken(pack, &problems))
}

fn refuse_past(work: &Work, on: Date) -> Result<(), PolicyError> {
    if on <= work.business_date {
        return Err(PolicyError::PastEffect { on, today: work.business_date });
    }
    Ok(())
}

async fn write(
    work: &mut Work,
    pack: &Pack,
    files: &BTreeMap<String, String>,
    effective_from: Date,
    note: &str,
    state: VersionState,
) -> Result<i64, ActionError> {
    let stamp = pack.version();
    if let Some(known) = store::with_digest(&mut work.tx, &stamp.pack, &stamp.digest, effective_from).await? {
        return Ok(known);
    }
    let shipped = state == VersionState::Approved;
    let version = Version {
        id: work.next_id(),
        pack: stamp.pack.clone(),
        version: stamp.version.clone(),
        digest: stamp.digest.clone(),
        effective_from,
        effective_to: pack.period().to,
        state,
        note: note.to_owned(),
        drafted_by: if shipped { 0 } else { work.actor.recorded_by() },
        drafted_at: work.now,
        approved_by: shipped.then_some(0),
    };
    store::insert(&mut work.tx, &version, files).await?;
    let action = if shipped { "policy.install" } else { "policy.draft" };
    let entry = Entry::new(None, action, format!("policy_version:{}", version.id));
    work.audit(entry.after(json!({"version": stamp.to_json(), "effective_from": effective_from}))).await?;
    Ok(version.id)
}
