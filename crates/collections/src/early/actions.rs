//! Use cases of early starts: recorded on the customer's file, ended by a reason, a contact, or the end of the case.

use customers::Customer;
use platform::audit::Entry;
use platform::db::StoreError;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::work::Work;
use serde_json::json;

use super::model::{EarlyError, EarlyStart, EarlyStartId, NewStart, StartKind, wrong_text};
use super::store;
use crate::case::actions::Desk;
use crate::case::model::CloseReason;
use crate::case::start_store;
use crate::{CASE_VIEW, CASE_WORK, agency, guard};

/// The file of a customer for whoever records; people of an agency work what is placed with them, and start nothing.
pub(super) async fn file(work: &mut Work, customer: CustomerId) -> Result<Customer, ActionError> {
    if agency::gate::of_actor(work).await?.is_some() {
        return Err(customers::CustomerError::NotFound.into());
    }
    crate::file_for(work, customer, CASE_WORK).await
}

/// Records what starts a collection before anything is overdue; the case opens in the same transaction (rule
/// `case.start-early`, S2.3-01).
///
/// # Errors
/// Denied; the customer owes nothing; one of the kind stands; no loan matured, or other terms are still possible.
pub async fn record(work: &mut Work, customer: CustomerId, new: &NewStart) -> Result<EarlyStartId, ActionError> {
    let file = file(work, customer).await?;
    // Who records the same at the same moment waits, and then sees it.
    guard::store::lock_person(&mut work.tx, file.person).await?;
    let known = store::of_customer(&mut work.tx, customer).await?;
    if known.iter().any(|one| one.ended.is_none() && one.kind == new.kind) {
        return Err(EarlyError::Stands.into());
    }
    let on = work.business_date;
    if new.kind == StartKind::Unable {
        let matured = store::matured(&mut work.tx, customer, on).await?;
        let mut waiting = 0;
        for loan in &matured {
            waiting += usize::from(start_store::waits_for_other_terms(&mut work.tx, *loan).await?);
        }
        if matured.is_empty() {
            return Err(EarlyError::NotMatured.into());
        }
        if waiting == matured.len() {
            return Err(EarlyError::OtherTerms.into());
        }
    }
    let id = store::insert(work, customer, new).await?;
    let after = json!({"kind": new.kind.as_str(), "on": new.happened_on, "evidence": new.evidence});
    let entry = Entry::new(Some(customer), "early_start.record", format!("early_start:{customer}:{id}"));
    work.audit(entry.after(after).reason(new.reason.clone())).await?;
    settle(work, customer).await?;
    if crate::case::store::open_of(&mut work.tx, customer).await?.is_none() {
        return Err(EarlyError::NoLoan.into());
    }
    Ok(id)
}

/// Ends a start with a reason: a case that nothing else keeps is closed in the same transaction.
///
/// # Errors
/// Denied; [`EarlyError::NotFound`]; no reason.
pub async fn end(work: &mut Work, customer: CustomerId, id: EarlyStartId, reason: &str) -> Result<(), ActionError> {
    let file = file(work, customer).await?;
    guard::store::lock_person(&mut work.tx, file.person).await?;
    let known = store::of_customer(&mut work.tx, customer).await?;
    let start = known.into_iter().find(|one| one.id == id && one.ended.is_none()).ok_or(EarlyError::NotFound)?;
    if let Some(wrong) = wrong_text("reason", reason) {
        return Err(EarlyError::Form(vec![wrong]).into());
    }
    finish(work, &start, reason.trim()).await?;
    settle(work, customer).await
}

/// The debtor was reached: whoever disappeared is found. The close looks at the case, so that the record of the contact that
/// ended it still belongs to one.
///
/// # Errors
/// The store's.
pub(crate) async fn found(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    end_those(work, customer, "contact", |kind| kind == StartKind::Missing).await
}

/// The case ended: what started it is over.
///
/// # Errors
/// The store's.
pub(crate) async fn case_closed(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    end_those(work, customer, "case-closed", |_| true).await
}

async fn end_those(
    work: &mut Work,
    customer: CustomerId,
    why: &str,
    which: fn(StartKind) -> bool,
) -> Result<(), ActionError> {
    for start in store::of_customer(&mut work.tx, customer).await? {
        if start.ended.is_none() && which(start.kind) {
            match finish(work, &start, why).await {
                // Somebody else ended it at the same moment.
                Err(ActionError::Store(StoreError::Stale { .. })) => {}
                other => other?,
            }
        }
    }
    Ok(())
}

async fn finish(work: &mut Work, start: &EarlyStart, reason: &str) -> Result<(), ActionError> {
    store::end(work, start, reason).await?;
    let entry = Entry::new(Some(start.customer), "early_start.end", start.subject());
    work.audit(entry.before(json!({"kind": start.kind.as_str()})).reason(reason.to_owned())).await?;
    Ok(())
}

async fn settle(work: &mut Work, customer: CustomerId) -> Result<(), ActionError> {
    let mut desk = Desk::load(work).await?;
    desk.settle(work, &[customer], CloseReason::Adjusted).await.map(drop)
}

/// The starts of a file, those that stand first.
///
/// # Errors
/// Not within scope.
pub async fn list(work: &mut Work, customer: CustomerId) -> Result<Vec<EarlyStart>, ActionError> {
    crate::file_for(work, customer, CASE_VIEW).await?;
    Ok(store::of_customer(&mut work.tx, customer).await?)
}
