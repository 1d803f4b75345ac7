//! What a person says of a call that nobody let through (未匹配通话认定): a contact outside the system, or none of collection.

use platform::access::DataScope;
use platform::audit::Entry;
use platform::contact_gate::{CallingLine, Channel, Manner, PersonId};
use platform::duty;
use platform::error::{ActionError, FieldError};
use platform::id::{CustomerId, UserId};
use platform::policies;
use platform::work::Work;
use serde_json::json;

use super::model::{CallError, CallState, Delivered, DeliveredId};
use super::{actions, rules, store};
use crate::CONTACT_OPEN;
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::contact::actions::{OutsideContact, record_outside_of};
use crate::contact::model::ContactResult;
use crate::guard::store as guard_store;
use crate::recording::RECORDING_OPEN;

/// Rule `recording.unmatched`: a call of collection that the guard never let through is a finding.
pub const RULE: &str = "recording.unmatched";
/// The longest reason.
const MAX_TEXT: usize = 2_000;

/// A file that holds the number (号码所属档案).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The file.
    pub customer: CustomerId,
    /// Whose number it is.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
}

/// What a person says of a call of collection (通话认定).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJudgement {
    /// Whose file.
    pub customer: CustomerId,
    /// Who called.
    pub caller: UserId,
    /// What came of it.
    pub result: ContactResult,
    /// What was said.
    pub response: String,
}

/// A call within the scope of an action.
///
/// # Errors
/// Denied; no such call.
pub async fn load(work: &mut Work, action: &str, id: &str) -> Result<Delivered, ActionError> {
    let scope = work.authorise(action)?;
    crate::agency::gate::house_only(work).await?;
    let id = id.parse().map(DeliveredId).map_err(|_| CallError::NotFound)?;
    Ok(store::load(&mut work.tx, scope, id).await?.ok_or(CallError::NotFound)?)
}

/// The calls of a state that a person may judge, the oldest first.
///
/// # Errors
/// Denied.
pub async fn list(work: &mut Work, state: CallState) -> Result<Vec<Delivered>, ActionError> {
    let scope: DataScope = work.authorise(CONTACT_OPEN)?;
    crate::agency::gate::house_only(work).await?;
    Ok(store::of_state(&mut work.tx, scope, state).await?)
}

/// The people whose number it is, of the files that the person who judges may see.
///
/// # Errors
/// The store's.
pub async fn candidates(work: &mut Work, one: &Delivered) -> Result<Vec<Candidate>, ActionError> {
    let mut found = Vec::new();
    for customer in store::files(&mut work.tx, &one.number_index).await? {
        let Ok(file) = crate::file_for(work, customer, CONTACT_OPEN).await else { continue };
        let phones = customers::contact_point::actions::phones(work, customer, customers::VIEW).await;
        let ties = customers::relation::store::of_customer(&mut work.tx, customer).await?;
        let holds = phones.unwrap_or_default().into_iter().find(|phone| phone.index == one.number_index);
        let Some(holds) = holds else { continue };
        let tie = holds.point.relation.and_then(|id| ties.into_iter().find(|tie| tie.id == id));
        let (person, name) = tie.map_or((file.person, file.name), |tie| (tie.person, tie.name));
        found.push(Candidate { customer, person, name });
    }
    Ok(found)
}

fn check_text(field: &'static str, text: &str, empty: &'static str) -> Option<FieldError> {
    match text.trim().chars().count() {
        0 => Some(FieldError::new(field, empty)),
        1..=MAX_TEXT => None,
        _ => Some(FieldError::new(field, "contact-too-long").with("max", MAX_TEXT)),
    }
}

/// Says that a call was one of collection: it is entered as a contact outside the system and judged as of its moment, and that
/// nobody let it through is a finding of whoever called.
///
/// # Errors
/// Denied; it is settled; the number is in no such file; what the outcome of a contact asks for.
pub async fn outside(work: &mut Work, id: &str, new: &NewJudgement) -> Result<(), ActionError> {
    let one = load(work, CONTACT_OPEN, id).await?;
    if one.state != CallState::Unmatched {
        return Err(CallError::Settled.into());
    }
    let known = candidates(work, &one).await?.into_iter().find(|known| known.customer == new.customer);
    let callers = crate::people(work).await?;
    let mut wrong: Vec<FieldError> = check_text("response", &new.response, "contact-response").into_iter().collect();
    if !callers.contains_key(&new.caller) {
        wrong.push(FieldError::new("caller", "choice-invalid"));
    }
    let Some(known) = known.filter(|_| wrong.is_empty()) else {
        if wrong.is_empty() {
            wrong.push(FieldError::new("customer", "choice-invalid"));
        }
        return Err(CallError::Form(wrong).into());
    };
    let lines = guard_store::lines(&mut work.tx).await?;
    let line = match lines.iter().find(|line| rules::is_line(&one.line, &line.number)) {
        Some(line) => CallingLine::Registered(line.id),
        None if one.line.is_empty() => CallingLine::Unnamed,
        None => CallingLine::Private,
    };
    let contact = OutsideContact {
        customer: known.customer,
        person: known.person,
        contacted: known.name,
        number_index: one.number_index.clone(),
        at: one.at.min(work.now),
        manner: Manner { line, ..Manner::by(Channel::Phone) },
        result: new.result,
        response: new.response.trim().to_owned(),
    };
    store::judge(work, one.id, (CallState::Judged, new.response.trim())).await?;
    let (fact, _, allowance) = record_outside_of(work, &contact, new.caller.0).await?;
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let article = policy.edition(on).parameter("call_match_minutes").map(|row| row.article.clone()).unwrap_or_default();
    let finding = NewFinding {
        customer: known.customer,
        owner: None,
        kind: FindingKind::Flagged,
        rule: RULE.to_owned(),
        article,
        detail: one.call.clone(),
        channel: Channel::Phone,
        party: "",
        collector: new.caller.0,
        agency: None,
        allowance,
        happened_at: one.at,
    };
    conduct::note(work, &finding).await?;
    let contacts = duty::contacts_of(&mut work.tx, known.customer, contact.at, 500).await?;
    let line = contacts.into_iter().find(|line| line.id == fact);
    if let (Some(line), Some(case)) = (line, actions::case_of(work, known.customer).await?) {
        actions::move_to(work, &one, &case, &line).await?;
    }
    let entry = Entry::new(Some(known.customer), "call.judge", one.subject());
    let after = json!({"contact": fact, "caller": new.caller, "result": new.result.as_str()});
    Ok(work.audit(entry.after(after)).await?)
}

/// Says that a call was none of collection, with the reason; its sound stays for its years, for those who look again.
///
/// # Errors
/// Denied; it is settled; no reason.
pub async fn dismiss(work: &mut Work, id: &str, reason: &str) -> Result<(), ActionError> {
    let one = load(work, CONTACT_OPEN, id).await?;
    if one.state != CallState::Unmatched {
        return Err(CallError::Settled.into());
    }
    if let Some(wrong) = check_text("reason", reason, "field-empty") {
        return Err(CallError::Form(vec![wrong]).into());
    }
    store::judge(work, one.id, (CallState::Dismissed, reason.trim())).await?;
    let entry = Entry::new(None, "call.dismiss", one.subject()).after(json!({"call": one.call}));
    Ok(work.audit(entry.reason(reason.trim())).await?)
}

/// Opens the sound of a call that has no contact; the look is in the audit trail (rule `recording.open`). Commit the work
/// before the content is shown.
///
/// # Errors
/// Denied; no such call; its content is not here.
pub async fn open(work: &mut Work, id: &str) -> Result<(Delivered, Vec<u8>), ActionError> {
    let one = load(work, RECORDING_OPEN, id).await?;
    let bytes = actions::content(work, &one).await?;
    let after = json!({"call": one.call, "digest": one.digest});
    work.audit(Entry::new(None, "recording.open", one.subject()).after(after)).await?;
    Ok((one, bytes))
}
