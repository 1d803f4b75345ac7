//! Use cases of recordings: kept with its contact, opened by few, asked for where the policy wants one.

use jiff::Timestamp;
use platform::audit::{self, Entry};
use platform::contact_gate::Channel;
use platform::duty::{self, CONTACT_RECORD, ContactId, ContactLine, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::vault::Place;
use platform::work::Work;
use serde_json::json;

use super::model::{Recording, RecordingError, RecordingId, Sound};
use super::rules::{self, Retention};
use super::{RECORDING_OPEN, store};
use crate::CASE_VIEW;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId};
use crate::case::store as case_store;

/// Bytes of a sealed piece.
pub(crate) const PIECE_BYTES: usize = 256 << 10;
/// The most contacts of a case that are shown.
const CONTACTS: i64 = 500;
/// What a recording proves to the duty that asks for it.
const KEPT: &str = "recording";

/// A call with its recording, where it has one (通话与录音).
#[derive(Debug, Clone)]
pub struct Call {
    /// The contact.
    pub contact: ContactLine,
    /// Whether somebody answered, the debtor or another: then there is something to record.
    pub answered: bool,
    /// Its recording.
    pub recording: Option<Recording>,
}

/// The calls of a customer since the case was opened, with their recordings; whoever sees the case sees that they are there.
///
/// # Errors
/// Denied; no such case.
pub async fn calls(work: &mut Work, case: CaseId) -> Result<(Case, Vec<Call>), ActionError> {
    let case = cases::load(work, case, CASE_VIEW).await?;
    let found = calls_of(work, &case).await?;
    Ok((case, found))
}

pub(crate) async fn calls_of(work: &mut Work, case: &Case) -> Result<Vec<Call>, ActionError> {
    let since = platform::clock::civil_moment(case.opened_on.at(0, 0, 0, 0)).unwrap_or(Timestamp::MIN);
    let contacts = duty::contacts_of(&mut work.tx, case.key.customer, since, CONTACTS).await?;
    let recordings = store::of_customer(&mut work.tx, case.key.customer).await?;
    let connected = store::connected(&mut work.tx, case.key.customer, since).await?;
    let calls = contacts.into_iter().filter(|contact| contact.channel == Channel::Phone);
    let with = |contact: ContactLine| {
        let recording = recordings.iter().find(|one| one.contact == contact.id).cloned();
        let answered = contact.reached || connected.contains(&contact.at);
        Call { contact, answered, recording }
    };
    Ok(calls.map(with).collect())
}

/// Keeps the recording of a call (rule `recording.once`), sealed, with its digest.
///
/// # Errors
/// Denied; no such call of the case; it has one; no sound, or too large a file.
pub async fn keep(work: &mut Work, case: CaseId, contact: &str, bytes: &[u8]) -> Result<RecordingId, ActionError> {
    let case = cases::load(work, case, CONTACT_RECORD).await?;
    let calls = calls_of(work, &case).await?;
    let call = contact.trim().parse().ok().map(ContactId);
    let call = call.and_then(|id| calls.iter().find(|one| one.contact.id == id));
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let most = policy.edition(on).integer("recording_max_mib").map_err(PolicyError::from)?;
    let (call, sound) = match (call, rules::check(bytes, most)) {
        (Some(call), Ok(sound)) => (call, sound),
        (call, checked) => {
            let unknown = call.is_none().then(|| FieldError::new("contact", "choice-invalid"));
            return Err(RecordingError::Form(unknown.into_iter().chain(checked.err()).collect()).into());
        }
    };
    if call.recording.is_some() {
        return Err(RecordingError::Kept.into());
    }
    keep_of(work, &case, (call.contact.id, call.contact.at), (sound, bytes)).await
}

/// The same for a sound that came otherwise, of a contact that has none: the caller has authorised it.
///
/// # Errors
/// The store's.
pub(crate) async fn keep_of(
    work: &mut Work,
    case: &Case,
    (contact, at): (ContactId, Timestamp),
    (sound, bytes): (Sound, &[u8]),
) -> Result<RecordingId, ActionError> {
    let one = Recording {
        customer: case.key.customer,
        id: RecordingId(work.next_id()),
        contact,
        made_on: platform::clock::civil_day(at),
        sound,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest: audit::digest_bytes(bytes),
        erased_on: None,
        brought_in: false,
    };
    store::insert(work, &one, case.key).await?;
    let app = work.app.clone();
    for (no, piece) in (0_i64..).zip(bytes.chunks(PIECE_BYTES)) {
        let row = format!("{}:{}:{no}", one.customer, one.id);
        let sealed = app.vault()?.seal_bytes(Place { column: store::PIECE, row: &row }, piece);
        store::put_piece(&mut work.tx, (one.customer, one.id), no, sealed).await?;
    }
    let after = json!({"contact": one.contact, "kind": sound.as_str(), "bytes": one.bytes, "digest": one.digest});
    work.audit(Entry::new(Some(one.customer), "recording.keep", one.subject()).after(after)).await?;
    if !misses(work, case).await? {
        let evidence = Evidence { kind: KEPT, fact: one.subject(), settles: true };
        duty::close_by(work, one.customer, &case.key.subject(), &evidence).await?;
    }
    Ok(one.id)
}

/// Whether an answered call of a case has no recording.
async fn misses(work: &mut Work, case: &Case) -> Result<bool, ActionError> {
    let calls = calls_of(work, case).await?;
    Ok(calls.iter().any(|call| call.recording.is_none() && call.answered))
}

/// Opens a recording for a person; the look is in the audit trail (rule `recording.open`). Commit the work before the content
/// is shown.
///
/// # Errors
/// Denied; [`RecordingError`].
pub async fn open(work: &mut Work, case: CaseId, id: &str) -> Result<(Recording, Vec<u8>), ActionError> {
    let case = cases::load(work, case, RECORDING_OPEN).await?;
    let key = id.parse().map(RecordingId).map_err(|_| RecordingError::NotFound)?;
    let all = store::of_customer(&mut work.tx, case.key.customer).await?;
    let one = all.into_iter().find(|one| one.id == key).ok_or(RecordingError::NotFound)?;
    if let Some(on) = one.erased_on {
        return Err(RecordingError::Erased { on }.into());
    }
    let app = work.app.clone();
    let mut bytes = Vec::new();
    for no in 0_i64.. {
        let Some(sealed) = store::piece(&mut work.tx, (one.customer, one.id), no).await? else { break };
        let row = format!("{}:{}:{no}", one.customer, one.id);
        let place = Place { column: store::PIECE, row: &row };
        bytes.extend(app.vault()?.open_bytes(place, &sealed).map_err(|_| RecordingError::Damaged)?);
    }
    if bytes.is_empty() && one.brought_in {
        return Err(RecordingError::Elsewhere.into());
    }
    if audit::digest_bytes(&bytes) != one.digest {
        return Err(RecordingError::Damaged.into());
    }
    let after = json!({"contact": one.contact, "digest": one.digest});
    work.audit(Entry::new(Some(one.customer), "recording.open", one.subject()).after(after)).await?;
    Ok((one, bytes))
}

/// Asks for the recording of a call in which somebody answered, where the policy wants one (rule `recording.required`).
///
/// # Errors
/// The policy lacks it; the store's.
pub(crate) async fn ask_for(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    if !required(work).await? {
        return Ok(());
    }
    let on = work.business_date;
    let Some(case) = case_store::open_of(&mut work.tx, customer).await? else { return Ok(()) };
    // A telephone system may have handed it in before the outcome was entered.
    if !misses(work, &case).await? {
        return Ok(());
    }
    let arrears = case_store::arrears(&mut work.tx, &[customer]).await?;
    let Some(behind) = arrears.get(&customer) else { return Ok(()) };
    let asked = cases::duty_case(&case, behind, on, behind.days(on));
    duty::ask_again(work, "recording.missing", super::DUTY.kind, asked).await
}

/// Whether the policy wants a recording of every call in which somebody answered; rules that are older want none.
///
/// # Errors
/// No policy in force.
pub(super) async fn required(work: &mut Work) -> Result<bool, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    Ok(policies::known(policy.edition(on).flag("recording_required"))?.unwrap_or(false))
}

/// How long recordings are kept today.
///
/// # Errors
/// The policy lacks it.
pub async fn retention(work: &mut Work) -> Result<Retention, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let edition = policy.edition(on);
    Ok(Retention {
        years: edition.integer("recording_retention_years").map_err(PolicyError::from)?,
        // Before the standard that says so a recording stays all the same while the debt is owed.
        until_settled: policies::known(edition.flag("recording_until_settlement"))?.unwrap_or(true),
    })
}

/// Takes the content of a recording away whose time is over; whether it was.
///
/// # Errors
/// The store's.
pub(super) async fn end(work: &mut Work, one: &Recording, retention: Retention) -> Result<bool, ActionError> {
    let settled = store::is_settled(&mut work.tx, one.customer).await?;
    if !retention.is_over(one.made_on, work.business_date, settled) {
        return Ok(false);
    }
    store::erase(work, one).await?;
    let after = json!({"contact": one.contact, "digest": one.digest, "made_on": one.made_on});
    work.audit(Entry::new(Some(one.customer), "recording.erase", one.subject()).after(after)).await?;
    Ok(true)
}
