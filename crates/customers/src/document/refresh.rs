//! Keeping documents complete (资料补齐): what is missing or ends soon becomes a duty, a complete file closes it.

use jiff::civil::Date;
use platform::duty::{self, DutyKind, Evidence};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::{InForce, PolicyError};
use platform::work::Work;

use super::model::Document;
use super::rules::{self, Completeness};
use super::{actions, store};
use crate::customer::duty::open_once;
use crate::customer::model::Customer;
use crate::merge;

/// The trigger of the duty rules.
const DUE: &str = "customer.documents";
/// The duty to complete the documents: its form is the tab with them.
pub(crate) const DUTY: DutyKind =
    DutyKind { kind: "document_update", verb: "document-update-verb", form: "/customers/{customer}?tab=documents" };

/// How many days before its end a document is asked for anew.
pub(super) fn remind_days(policy: &InForce, on: Date) -> Result<i64, ActionError> {
    Ok(policy.edition(on).integer("document_remind_days").map_err(PolicyError::from)?)
}

fn complete(policy: &InForce, customer: &Customer, held: &[Document], on: Date) -> Result<Completeness, ActionError> {
    let list = actions::list(policy, on, customer.kind)?;
    if list.is_empty() {
        return Ok(Completeness::default());
    }
    let days = remind_days(policy, on)?;
    Ok(rules::completeness(&rules::lines(&list, held, on, days), days))
}

/// How complete the documents of a file are on a date.
///
/// # Errors
/// What the list of the policy reports; the store's.
pub(crate) async fn completeness(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
) -> Result<Completeness, ActionError> {
    let held = held(work, customer.id).await?;
    complete(policy, customer, &held, on)
}

/// Opens the duty where something is missing or ends soon; else says when that will be.
///
/// Rule `document.refresh`: which files have a duty for what is missing is the parameter `document_duty_scope`.
///
/// # Errors
/// What the duty rules of the policy report; the store's.
pub(crate) async fn wake(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
) -> Result<Option<Date>, ActionError> {
    let held = held(work, customer.id).await?;
    let found = complete(policy, customer, &held, on)?;
    if found.open.is_empty() {
        return Ok(found.next);
    }
    let all = policy.edition(on).text("document_duty_scope").map_err(PolicyError::from)? == "all";
    if !all && held.is_empty() {
        return Ok(None);
    }
    open_once(work, customer, (DUE, &DUTY), on).await?;
    Ok(found.next)
}

/// The papers of a file and of those merged into it: what one of them holds need not be handed in again.
async fn held(work: &mut Work, customer: CustomerId) -> Result<Vec<Document>, ActionError> {
    let mut all = Vec::new();
    for file in merge::united(&mut work.tx, customer).await? {
        all.extend(store::of_customer(&mut work.tx, file).await?);
    }
    Ok(all)
}

/// Closes the duty once nothing is missing: the document that completed the file is the evidence.
///
/// # Errors
/// The store's.
pub(super) async fn handed_in(
    work: &mut Work,
    customer: &Customer,
    policy: &InForce,
    on: Date,
    fact: String,
) -> Result<(), ActionError> {
    let held = held(work, customer.id).await?;
    if !complete(policy, customer, &held, on)?.open.is_empty() {
        return Ok(());
    }
    let evidence = Evidence { kind: "document", fact, settles: false };
    duty::close_by(work, customer.id, &customer.subject(), &evidence).await.map(drop)
}
