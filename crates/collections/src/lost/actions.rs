//! Use cases of lost contacts: set, ended by a contact, and the finding behind an objective one.

use std::collections::BTreeMap;

use platform::audit::Entry;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::work::Work;
use policy::Facts;
use serde_json::json;

use super::error::LostError;
use super::model::{End, Lost, LostId, LostKind, Quality};
use super::{LOST_REVIEW, rules, store};
use crate::CASE_WORK;
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId, CaseState};
use crate::case::store as case_store;
use crate::guard::actions::check_unreachable;
use crate::guard::store as guard_store;

/// The trigger of the supervisor's duty.
const OBJECTIVE: &str = "lost.objective";
/// What that duty waits for.
const EVIDENCE: &str = "lost_quality";

/// A case that ends leaves nobody lost.
pub fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "case_closed", name: "collections.lost", handle: on_close }]
}

fn on_close<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let closed = event.subject.strip_prefix("case:").and_then(|id| id.parse().ok()).map(CaseId);
        match store::standing(&mut work.tx, event.customer).await? {
            Some(lost) if closed == Some(lost.case.case) => finish(work, &lost, End::CaseClosed, "").await,
            Some(_) | None => Ok(()),
        }
    })
}

/// Sets the status of a case, after the measure of tries was met, but for a half-lost debtor (S2.4-01, S2.4-03, S2.5-27).
/// Rule `lost.set`.
/// Rule `lost.one`: one stands at a time; a half-lost debtor may become wholly lost.
/// Rule `lost.quality`: an objective loss asks a supervisor for a finding.
///
/// # Errors
/// Not within scope; the case is closed; no ground; the tries that are missing; [`LostError::Stands`].
pub async fn set(work: &mut Work, case: CaseId, kind: LostKind, ground: &str) -> Result<LostId, ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let ground = ground.trim();
    if let Some(wrong) = wrong_text("ground", ground) {
        return Err(LostError::Form(vec![wrong]).into());
    }
    let customer = case.key.customer;
    if let Some(file) = customers::load(&mut work.tx, customer).await? {
        // The same row that a contact waits for: nobody is lost who is being reached.
        guard_store::lock_person(&mut work.tx, file.person).await?;
    }
    match store::standing(&mut work.tx, customer).await? {
        Some(before) if before.kind == LostKind::Half && kind != LostKind::Half => {
            check_unreachable(work, customer).await?;
            finish(work, &before, End::Replaced, "").await?;
        }
        Some(_) => return Err(LostError::Stands.into()),
        None if kind.needs_effort() => check_unreachable(work, customer).await?,
        None => {}
    }
    let behind = case_store::arrears(&mut work.tx, &[customer]).await?;
    let on = work.business_date;
    let lost = Lost {
        id: LostId(work.next_id()),
        case: case.key,
        kind,
        ground: ground.to_owned(),
        days: behind.get(&customer).map_or(0, |one| one.days(on)),
        set_on: on,
        ended: None,
        by: work.actor.recorded_by(),
    };
    match store::insert(work, &lost, &case).await {
        Ok(()) => {}
        // Somebody else was quicker.
        Err(error) if error.is_unique_violation() => return Err(LostError::Stands.into()),
        Err(error) => return Err(error.into()),
    }
    let after = json!({"kind": kind.as_str(), "days": lost.days});
    work.audit(Entry::new(Some(customer), "lost.set", lost.subject()).after(after).reason(ground)).await?;
    if kind == LostKind::Objective {
        let whom = behind.get(&customer).map(|one| one.name.clone()).unwrap_or_default();
        ask_finding(work, &case, &lost, whom).await?;
    }
    Ok(lost.id)
}

fn wrong_text(field: &'static str, text: &str) -> Option<FieldError> {
    if text.is_empty() {
        return Some(FieldError::new(field, "field-empty"));
    }
    let long = text.chars().count() > rules::MAX_TEXT;
    long.then(|| FieldError::new(field, "contact-too-long").with("max", rules::MAX_TEXT))
}

async fn ask_finding(work: &mut Work, case: &Case, lost: &Lost, whom: String) -> Result<(), ActionError> {
    let asked = duty::Case {
        customer: case.key.customer,
        subject: lost.subject(),
        anchor: work.business_date,
        manager: None,
        personal: false,
        branch: case.branch,
        whom,
        number: case.number.clone(),
        amount: None,
        facts: Facts::new(),
        fields: BTreeMap::new(),
    };
    duty::open(work, OBJECTIVE, &[asked]).await?;
    Ok(())
}

async fn finish(work: &mut Work, lost: &Lost, end: End, note: &str) -> Result<(), ActionError> {
    store::end(work, lost, end, note).await?;
    let entry = Entry::new(Some(lost.case.customer), "lost.end", lost.subject());
    let entry = entry.before(json!({"kind": lost.kind.as_str()})).after(json!({"end": end.as_str()}));
    work.audit(if note.is_empty() { entry } else { entry.reason(note) }).await?;
    Ok(())
}

/// The debtor was reached (rule `lost.reached`): whoever was lost is found.
///
/// # Errors
/// The store's.
pub(crate) async fn reached(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    crate::early::actions::found(work, customer).await?;
    match store::standing(&mut work.tx, customer).await? {
        Some(lost) => match finish(work, &lost, End::Contact, "").await {
            // Somebody else reached the debtor at the same moment.
            Err(ActionError::Store(platform::db::StoreError::Stale { .. })) => Ok(()),
            other => other,
        },
        None => Ok(()),
    }
}

/// Takes a status back that was set by mistake, with a reason; it counts as no contact.
///
/// # Errors
/// Not within scope; the case is closed; no reason; [`LostError::NoneStands`].
pub async fn take_back(work: &mut Work, case: CaseId, reason: &str) -> Result<(), ActionError> {
    let case = cases::load(work, case, CASE_WORK).await?;
    if let CaseState::Closed { on, .. } = case.state {
        return Err(CaseError::Closed { on }.into());
    }
    let reason = reason.trim();
    if let Some(wrong) = wrong_text("reason", reason) {
        return Err(LostError::Form(vec![wrong]).into());
    }
    let lost = store::standing_at(&mut work.tx, case.key).await?.ok_or(LostError::NoneStands)?;
    if lost.kind == LostKind::Objective {
        // It accuses the lender's own work: who set it does not take it back alone.
        work.authorise(LOST_REVIEW)?;
        if !work.actor.is_second_to(lost.by)? {
            return Err(LostError::OwnWork.into());
        }
    }
    duty::cancel(work, lost.case.customer, &lost.subject(), reason).await?;
    finish(work, &lost, End::Mistake, reason).await
}

/// A status that the person may see under an action.
///
/// # Errors
/// Denied; [`LostError::NotFound`], also for what lies outside the scope.
pub async fn load(work: &mut Work, id: &str, action: &str) -> Result<(Lost, Case), ActionError> {
    let scope = work.authorise(action)?;
    let id: LostId = id.parse().map_err(|_| LostError::NotFound)?;
    let lost = store::find(&mut work.tx, id).await?.ok_or(LostError::NotFound)?;
    let case = case_store::find(&mut work.tx, lost.case.case).await?.ok_or(LostError::NotFound)?;
    if cases::covers(scope, &case) { Ok((lost, case)) } else { Err(LostError::NotFound.into()) }
}

/// Records a supervisor's finding on the work behind an objective loss (rule `lost.quality`): whose it was, what was
/// found, what is done. Nobody judges the own work.
///
/// # Errors
/// Not within scope; [`LostError::NoFindingAsked`], [`LostError::OwnWork`]; what is wrong with the words.
pub async fn judge(work: &mut Work, id: &str, new: &Quality) -> Result<(), ActionError> {
    let (lost, case) = load(work, id, LOST_REVIEW).await?;
    if lost.kind != LostKind::Objective || store::quality(&mut work.tx, &lost).await?.is_some() {
        return Err(LostError::NoFindingAsked.into());
    }
    let mut wrong: Vec<FieldError> = [("finding", &new.finding), ("measure", &new.measure)]
        .into_iter()
        .filter_map(|(field, text)| wrong_text(field, text.trim()))
        .collect();
    if !crate::people(work).await?.contains_key(&new.officer) {
        wrong.push(FieldError::new("officer", "choice-invalid"));
    }
    if !wrong.is_empty() {
        return Err(LostError::Form(wrong).into());
    }
    // Nor whoever looked after the customer, or said that it was lost.
    for own in [new.officer.0, case.manager.0, lost.by] {
        if !work.actor.is_second_to(own)? {
            return Err(LostError::OwnWork.into());
        }
    }
    let fact = store::insert_quality(work, &lost, new).await?;
    let after = json!({"officer": new.officer, "fact": fact});
    work.audit(Entry::new(Some(lost.case.customer), "lost.judge", lost.subject()).after(after)).await?;
    let evidence = Evidence { kind: EVIDENCE, fact: format!("lost_quality:{fact}"), settles: false };
    duty::close_by(work, lost.case.customer, &lost.subject(), &evidence).await?;
    Ok(())
}
