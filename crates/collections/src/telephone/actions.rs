//! Use cases of recordings from a telephone system: taken, tied to their contact, kept with it.

use jiff::{SignedDuration, Timestamp};
use platform::audit::{self, Entry};
use platform::contact_gate::Channel;
use platform::duty::{self, ContactLine};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::policies::{self, PolicyError};
use platform::vault::{Personal as _, Phone, Place};
use platform::work::Work;
use serde_json::json;

use super::model::{CallError, CallState, Delivered, DeliveredId};
use super::rules::{self, Sent};
use super::{CALL_DELIVER, store};
use crate::case::model::Case;
use crate::case::store as case_store;
use crate::guard::store as guard_store;
use crate::recording::actions::{PIECE_BYTES, keep_of};
use crate::recording::rules::check as check_sound;
use crate::recording::store as recordings;

/// The most contacts of a day among which one is looked for.
const CONTACTS: i64 = 500;
/// Calls whose content the close takes away in a day.
const BATCH: i64 = 1_000;

/// How far a call and its contact may lie apart (rule `recording.delivered`).
async fn tolerance(work: &mut Work) -> Result<SignedDuration, ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let minutes = policy.edition(on).integer("call_match_minutes").map_err(PolicyError::from)?;
    Ok(SignedDuration::from_mins(minutes))
}

/// Takes the recording of a call from a telephone system and ties it to the contact that was let through to the number
/// about that moment. The same call again is no second one (rule `recording.delivered-once`).
///
/// # Errors
/// Denied; what was said is not readable; no sound; the key names another recording.
pub async fn deliver(work: &mut Work, sent: &Sent<'_>, bytes: &[u8]) -> Result<DeliveredId, ActionError> {
    work.authorise(CALL_DELIVER)?;
    let tolerance = tolerance(work).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let most = policy.edition(on).integer("recording_max_mib").map_err(PolicyError::from)?;
    let (new, sound) = match (rules::read(sent, work.now, tolerance), check_sound(bytes, most)) {
        (Ok(new), Ok(sound)) => (new, sound),
        (read, sound) => {
            let wrong = read.err().into_iter().flatten().chain(sound.err()).collect();
            return Err(CallError::Form(wrong).into());
        }
    };
    let app = work.app.clone();
    // As files keep it, without the country: one number, one index.
    let phone = Phone::from_clear(customers::identity::normalise_phone(&new.number).unwrap_or(new.number));
    let number_index = app.vault()?.blind_index(&phone);
    // Two deliveries of one call wait for each other.
    guard_store::lock_number(&mut work.tx, &number_index).await?;
    let digest = audit::digest_bytes(bytes);
    if let Some(before) = store::by_call(&mut work.tx, &new.call).await? {
        let same = before.digest == digest && before.number_index == number_index;
        return if same { Ok(before.id) } else { Err(CallError::Another.into()) };
    }
    let one = Delivered {
        id: DeliveredId(work.next_id()),
        call: new.call,
        number_index,
        masked: phone.masked(),
        line: new.line,
        at: new.at,
        seconds: new.seconds,
        made_on: platform::clock::civil_day(new.at),
        sound,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest,
        state: CallState::Unmatched,
        words: String::new(),
        erased_on: None,
    };
    let holder = match store::files(&mut work.tx, &one.number_index).await?.first() {
        Some(file) => customers::load(&mut work.tx, *file).await?.map(|file| (file.branch, file.team, file.manager)),
        None => None,
    };
    store::insert(work, &one, holder).await?;
    for (no, piece) in (0_i64..).zip(bytes.chunks(PIECE_BYTES)) {
        let row = format!("{}:{no}", one.id);
        let sealed = app.vault()?.seal_bytes(Place { column: store::PIECE, row: &row }, piece);
        store::put_piece(&mut work.tx, one.id, no, sealed).await?;
    }
    let after = json!({"call": one.call, "bytes": one.bytes, "digest": one.digest, "kind": sound.as_str()});
    work.audit(Entry::new(None, "call.deliver", one.subject()).after(after)).await?;
    tie(work, &one, tolerance).await?;
    Ok(one.id)
}

/// Ties a call to the contact that was let through to its number, if there is one.
async fn tie(work: &mut Work, one: &Delivered, tolerance: SignedDuration) -> Result<(), ActionError> {
    let from = one.at.checked_sub(tolerance).unwrap_or(Timestamp::MIN);
    let until = one.at.checked_add(tolerance).unwrap_or(Timestamp::MAX);
    let free = store::free_allowances(&mut work.tx, &one.number_index, (from, until)).await?;
    let Some((customer, allowance)) = rules::nearest(one.at, tolerance, free) else { return Ok(()) };
    store::insert_match(work, one.id, (customer, allowance)).await?;
    store::set_state(&mut work.tx, one.id, CallState::Waiting).await?;
    settle(work, customer).await
}

/// Keeps the recordings that wait for a customer's contacts with those whose outcome is entered.
async fn settle(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let waiting = store::waiting(&mut work.tx, customer).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let tolerance = tolerance(work).await?;
    for one in waiting.into_iter().filter(|one| one.settled) {
        let from = one.asked_at.checked_sub(tolerance).unwrap_or(Timestamp::MIN);
        let contacts = duty::contacts_of(&mut work.tx, customer, from, CONTACTS).await?;
        let calls = contacts.into_iter().filter(|contact| contact.channel == Channel::Phone);
        // Whoever entered the outcome on the page of a duty wrote a moment of his own.
        let reach = if one.exact { SignedDuration::ZERO } else { tolerance };
        let found = rules::nearest(one.asked_at, reach, calls.map(|contact| (contact.clone(), contact.at)));
        if let Some(contact) = found {
            keep_with(work, customer, &one.call, &contact).await?;
        }
    }
    Ok(())
}

/// The sound becomes the recording of a contact. Where the contact has another, the call was one that nobody let through.
async fn keep_with(
    work: &mut Work,
    customer: CustomerId,
    one: &Delivered,
    contact: &ContactLine,
) -> Result<(), ActionError> {
    let kept =
        recordings::of_customer(&mut work.tx, customer).await?.into_iter().find(|kept| kept.contact == contact.id);
    match kept {
        Some(kept) if kept.digest != one.digest => {
            store::set_state(&mut work.tx, one.id, CallState::Unmatched).await?;
        }
        Some(_) => {
            store::set_state(&mut work.tx, one.id, CallState::Kept).await?;
            store::erase(work, one.id).await?;
        }
        None => {
            if let Some(case) = case_of(work, customer).await? {
                move_to(work, one, &case, contact).await?;
            }
        }
    }
    Ok(())
}

/// The case that stands, or the last one.
pub(super) async fn case_of(work: &mut Work, customer: CustomerId) -> Result<Option<Case>, ActionError> {
    if let Some(case) = case_store::open_of(&mut work.tx, customer).await? {
        return Ok(Some(case));
    }
    let all = case_store::all_of(&mut work.tx, customer).await?;
    Ok(all.into_iter().max_by_key(|case| (case.opened_on, case.key.case)))
}

/// The content goes over to the recordings of the case, and is no longer here.
pub(super) async fn move_to(
    work: &mut Work,
    one: &Delivered,
    case: &Case,
    contact: &ContactLine,
) -> Result<(), ActionError> {
    let bytes = content(work, one).await?;
    keep_of(work, case, (contact.id, contact.at), (one.sound, &bytes)).await?;
    store::set_state(&mut work.tx, one.id, CallState::Kept).await?;
    Ok(store::erase(work, one.id).await?)
}

/// The content of a call that lies here.
///
/// # Errors
/// It is not here; it is damaged.
pub(super) async fn content(work: &mut Work, one: &Delivered) -> Result<Vec<u8>, ActionError> {
    if one.erased_on.is_some() {
        return Err(CallError::Gone.into());
    }
    let app = work.app.clone();
    let mut bytes = Vec::new();
    for no in 0_i64.. {
        let Some(sealed) = store::piece(&mut work.tx, one.id, no).await? else { break };
        let row = format!("{}:{no}", one.id);
        let place = Place { column: store::PIECE, row: &row };
        bytes.extend(app.vault()?.open_bytes(place, &sealed).map_err(|_| CallError::Damaged)?);
    }
    if audit::digest_bytes(&bytes) != one.digest {
        return Err(CallError::Damaged.into());
    }
    Ok(bytes)
}

/// Takes away what no contact claimed when its years are over (rule `recording.retention`); how much was looked at.
///
/// # Errors
/// The policy lacks the years; the store's.
pub(crate) async fn end_old(work: &mut Work) -> Result<u64, ActionError> {
    let retention = crate::recording::actions::retention(work).await?;
    let Some(before) = retention.past(work.business_date) else { return Ok(0) };
    let mut taken = 0;
    for one in store::old(&mut work.tx, (before, retention.until_settled), BATCH).await? {
        store::erase(work, one.id).await?;
        let after = json!({"digest": one.digest, "made_on": one.made_on});
        work.audit(Entry::new(None, "recording.erase", one.subject()).after(after)).await?;
        taken += 1;
    }
    Ok(taken)
}

/// Looks again at what waits although its outcome is entered (rule `recording.delivered`): a call and an outcome that came
/// at the same moment did not see each other; how many customers.
///
/// # Errors
/// The store's.
pub(crate) async fn settle_left(work: &mut Work) -> Result<u64, ActionError> {
    let left = store::left_waiting(&mut work.tx, BATCH).await?;
    for customer in &left {
        settle(work, *customer).await?;
    }
    Ok(u64::try_from(left.len()).unwrap_or(u64::MAX))
}

/// An outcome that is entered settles the recording that waited for it.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "contact_recorded", name: "collections.telephone", handle: entered }]
}

fn entered<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(settle(work, event.customer))
}
