//! What came of a visit (外访记录): a contact like any other, judged by the guard as of the arrival, with what was seen.

use finance::Fen;
use jiff::Timestamp;
use platform::attachment::{self, NewAttachment, Opened};
use platform::audit::Entry;
use platform::contact_gate::Channel;
use platform::duty::{self, CONTACT_RECORD, Evidence};
use platform::error::{ActionError, FieldError, Refused};
use platform::event::Event;
use platform::policies;
use platform::web::UploadedFile;
use platform::work::Work;
use serde_json::json;

use super::actions::{addressee, by_visitors, load, load_to_record, question, write};
use super::error::VisitError;
use super::model::{NewRecord, Photo, PhotoId, Verb, VisitOrder, VisitState};
use super::{rules, store};
use crate::conduct::actions as conduct;
use crate::conduct::model::{FindingKind, NewFinding};
use crate::contact::actions::{self as contacts, NewOutcome};
use crate::contact::model::ContactResult;
use crate::guard::actions::{self as guard, Case as GuardCase};
use crate::guard::model::AllowanceId;
use crate::guard::rules::quiet;
use crate::guard::store as guard_store;
use crate::lost::model::LostKind;
use crate::lost::store as lost;
use crate::promise::actions as promises;
use crate::promise::model::NewPromise;

/// What the duty to write the record waits for.
const EVIDENCE: &str = "visit_record";

/// A promise made at the door (当面承诺).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promised {
    /// How much.
    pub amount: Fen,
    /// By when.
    pub due_at: Timestamp,
}

/// Records what came of a visit: settles the contact that the guard let through, keeps what was seen, takes the promise,
/// and ends the duty to write the record (rule `visit.record`; S4-16, S4-18, S2.5-27).
///
/// # Errors
/// Not one of the visitors; [`VisitError::NotNow`]; what is wrong with the record, all at once; what the promise refuses.
pub async fn keep(
    work: &mut Work,
    id: &str,
    new: &NewRecord,
    promised: Option<Promised>,
) -> Result<VisitOrder, ActionError> {
    let (mut order, case) = load_to_record(work, id).await?;
    by_visitors(work, &order)?;
    let state = order.state.after(Verb::Record).ok_or(VisitError::NotNow { state: order.state.as_str() })?;
    let (Some(allowance), Some(set_out_at)) = (order.allowance, order.set_out_at) else {
        return Err(VisitError::NotNow { state: order.state.as_str() }.into());
    };
    // Whoever is met is lost no more: it is asked before.
    let half_lost = is_half_lost(work, &order).await?;
    let mut wrong = rules::wrong_record(new, set_out_at, work.now);
    if half_lost {
        wrong.extend(rules::wrong_half_lost(new));
    }
    if !new.result.fits(Channel::Visit) {
        wrong.push(FieldError::new("result", "result-of-other-channel"));
    }
    if (new.result == ContactResult::Promised) != promised.is_some() {
        wrong.push(FieldError::new("amount", "work-promise-needed"));
    }
    if !wrong.is_empty() {
        return Err(VisitError::Form(wrong).into());
    }
    let visited = guard_store::allowance(&mut work.tx, order.case.customer, allowance).await?.map(|row| row.person);
    guard::take_with(work, order.case.customer, visited).await?;
    judge_arrival(work, &order, allowance, new.arrived_at).await?;
    let outcome = NewOutcome {
        response: new.response.clone(),
        said: new.said.clone(),
        ..NewOutcome::of(order.case.customer, allowance, new.result)
    };
    let contact = contacts::record_any(work, &outcome, Some(new.arrived_at)).await?;
    order.state = state;
    write(work, &order).await?;
    store::insert_record(work, &order, contact, new).await?;
    store::step(work, &order, VisitState::Done.as_str(), new.result.as_str()).await?;
    for rule in rules::findings(new, half_lost) {
        find(work, &order, allowance, (rule, FindingKind::Flagged), new.arrived_at).await?;
    }
    if let Some(promised) = promised {
        let words = new.response.trim().to_owned();
        let promise = NewPromise {
            amount: promised.amount,
            due_at: promised.due_at,
            promised_by: new.met.trim().to_owned(),
            words,
        };
        promises::make_of(work, &case, &promise).await?;
    }
    let evidence = Evidence { kind: EVIDENCE, fact: order.subject(), settles: false };
    duty::close_by(work, order.case.customer, &order.subject(), &evidence).await?;
    // The ladder asks for a personal visit of the case (S1-37): this is one.
    duty::close_by(work, order.case.customer, &order.case.subject(), &evidence).await?;
    let after = json!({"result": new.result.as_str(), "contact": contact, "conclusion": new.conclusion.as_str()});
    work.audit(Entry::new(Some(order.case.customer), "visit.record", order.subject()).after(after)).await?;
    let payload = json!({"order": order.id, "result": new.result.as_str()});
    let (customer, subject, effective_on) = (order.case.customer, order.case.subject(), work.business_date);
    work.emit(Event { kind: "visit_recorded", customer, subject, effective_on, payload }).await?;
    Ok(order)
}

/// Whether the debtor of an order is half-lost: only one or two contacts can still be reached.
pub(super) async fn is_half_lost(work: &mut Work, order: &VisitOrder) -> Result<bool, ActionError> {
    let lost = lost::standing(&mut work.tx, order.case.customer).await?;
    Ok(lost.is_some_and(|lost| lost.kind == LostKind::Half))
}

/// The lawful hours as of the arrival (rule `visit.arrival`): outside of them is a finding; it happened, so it is
/// recorded all the same. All else was asked when the visitors set out, and what came after is held against nobody: a
/// flag that was set, a debt that was paid.
async fn judge_arrival(
    work: &mut Work,
    order: &VisitOrder,
    allowance: AllowanceId,
    at: Timestamp,
) -> Result<(), ActionError> {
    // Whoever was visited was visited, also where the address was ended or a pass ran out before this was written.
    let (person, agency) = match guard_store::allowance(&mut work.tx, order.case.customer, allowance).await? {
        Some(row) => (row.person, row.agency),
        None => (addressee(work, order).await?.person, None),
    };
    let mut contact = question(order, person);
    contact.manner.agency = agency;
    let case = GuardCase::load(work, &contact, at, false).await?;
    if let Some((rule, article)) = quiet(&case.limits, &case.request(&contact, at)) {
        let finding = NewFinding {
            kind: FindingKind::Unlawful,
            rule: rule.id().to_owned(),
            article: article.to_string(),
            detail: rules::RULE_ARRIVAL.to_owned(),
            allowance: Some(allowance),
            ..case.finding(work, &contact, at)
        };
        conduct::note(work, &finding).await?;
    }
    Ok(())
}

async fn find(
    work: &mut Work,
    order: &VisitOrder,
    allowance: AllowanceId,
    (rule, kind): (&'static str, FindingKind),
    at: Timestamp,
) -> Result<(), ActionError> {
    let on = work.business_date;
    let policy = policies::in_force(work, on).await?;
    let article = policy.edition(on).parameter("field_visit_min_people").map(|row| row.article.clone());
    // What staff of an agency did counts for their agency too.
    let asked = guard_store::allowance(&mut work.tx, order.case.customer, allowance).await?;
    let finding = NewFinding {
        customer: order.case.customer,
        owner: None,
        kind,
        rule: rule.to_owned(),
        article: article.unwrap_or_default(),
        detail: order.number.clone(),
        channel: Channel::Visit,
        party: "",
        collector: work.actor.recorded_by(),
        agency: asked.and_then(|row| row.agency),
        allowance: Some(allowance),
        happened_at: at,
    };
    conduct::note(work, &finding).await
}

/// Keeps a photo of a visit: sealed, with its digest (rule `visit.photos`).
///
/// # Errors
/// Not one of the visitors; nobody set out yet; what the platform refuses of the file.
pub async fn add_photo(
    work: &mut Work,
    id: &str,
    file: Option<&UploadedFile>,
    note: &str,
) -> Result<VisitOrder, ActionError> {
    let (order, _) = load(work, id, CONTACT_RECORD).await?;
    by_visitors(work, &order)?;
    if !matches!(order.state, VisitState::OnTheWay | VisitState::Done) {
        return Err(VisitError::NotNow { state: order.state.as_str() }.into());
    }
    let Some(file) = file else {
        return Err(Refused::form(vec![FieldError::new("file", "attachment-empty")]).into());
    };
    if note.chars().count() > rules::MAX_TEXT {
        let wrong = FieldError::new("note", "contact-too-long").with("max", rules::MAX_TEXT);
        return Err(VisitError::Form(vec![wrong]).into());
    }
    let subject = order.subject();
    let new = NewAttachment {
        customer: order.case.customer,
        subject: &subject,
        name: &file.name,
        bytes: &file.bytes,
        replaces: None,
    };
    let kept = attachment::keep(work, &new).await?;
    let photo = Photo { id: PhotoId(work.next_id()), file: kept, note: note.trim().to_owned() };
    store::insert_photo(work, &order, &photo).await?;
    let after = json!({"photo": photo.id, "file": kept});
    work.audit(Entry::new(Some(order.case.customer), "visit.photo", order.subject()).after(after)).await?;
    Ok(order)
}

/// Opens a photo of a visit; the look is in the audit trail. Commit the work before it is shown.
///
/// # Errors
/// Not within scope; no such photo; [`platform::attachment::AttachmentError`].
pub async fn photo(work: &mut Work, id: &str, photo: PhotoId) -> Result<Opened, ActionError> {
    let (order, _) = load(work, id, crate::CASE_VIEW).await?;
    let found = store::photos(&mut work.tx, &order).await?.into_iter().find(|one| one.id == photo);
    let found = found.ok_or(VisitError::NotFound)?;
    attachment::open(work, order.case.customer, found.file).await
}
