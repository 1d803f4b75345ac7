//! Use cases of proofs of assets: enter one beside its paper, verify it, consent to its kind, take it back; what counts.

use finance::Fen;
use jiff::civil::Date;
use platform::approval::{self, Approval, ApprovalKind, Heading, Request};
use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::work::Work;
use policy::{EvalError, FactType, Facts, Value};
use serde_json::json;

use super::model::{Counts, NewProof, Proof, ProofId, StepKind};
use super::{APPROVE, PAPER, page_of, rules, store};
use crate::customer::actions::load_within;
use crate::customer::model::{Customer, CustomerKind};
use crate::customer::store as customers;
use crate::datum::model::Way;
use crate::document::{actions as documents, store as papers};
use crate::error::CustomerError;
use crate::lead::rules::check_words;
use crate::merge::open_file;
use crate::{EDIT, standing};

/// The approval of kinds outside of the list.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "asset_proof",
    title: "approval-asset-proof",
    action: APPROVE,
    mend: |approval| page_of(approval.customer),
    approved,
    refused,
};

/// Why a use case of proofs says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Whoever entered a proof does not verify it.
    #[error("whoever entered a proof does not verify it")]
    Own,
    /// It was taken back.
    #[error("taken back")]
    Withdrawn,
}

impl Refusal for ProofError {
    fn refused(&self) -> Refused {
        let code = match self {
            Self::Own => "asset-proof-own",
            Self::Withdrawn => "asset-proof-withdrawn",
        };
        Refused::new(RefusalKind::Conflict, code).under("asset_proof.verify", None)
    }
}

/// Whether the policy takes a kind, with or without consent; a pack without the table takes none.
fn takes(in_force: &InForce, on: Date, kind: &str, consent: bool) -> Result<bool, ActionError> {
    let facts = Facts::from([
        ("asset_proof_kind".to_owned(), Value::from(kind)),
        ("asset_proof_consent".to_owned(), Value::Boolean(consent)),
    ]);
    match in_force.edition(on).decide("asset_proof", &facts) {
        Ok(found) => Ok(found.text("asset_proof") == Some("yes")),
        Err(EvalError::UnknownDecision { .. } | EvalError::NoRule { .. } | EvalError::NoRow { .. }) => Ok(false),
        Err(error) => Err(policies::PolicyError::from(error).into()),
    }
}

/// The kinds of proofs as the dictionary of facts names them.
#[must_use]
pub fn kinds(in_force: &InForce) -> Vec<String> {
    match in_force.pack().dictionary().get("asset_proof_kind").map(|fact| &fact.kind) {
        Some(FactType::OneOf { values, .. }) => values.iter().map(ToString::to_string).collect(),
        Some(_) | None => Vec::new(),
    }
}

/// The proofs of a file, each with whether it counts on a day.
///
/// # Errors
/// The decision cannot be made; the store's.
pub async fn judged(
    work: &mut Work,
    id: CustomerId,
    in_force: &InForce,
    on: Date,
) -> Result<Vec<(Proof, Counts)>, ActionError> {
    let all = store::of_customer(&mut work.tx, id).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let held = papers::of_customer(&mut work.tx, id).await?;
    let list = documents::list(in_force, on, CustomerKind::Person)?;
    let mut found = Vec::with_capacity(all.len());
    for one in all {
        let taken = takes(in_force, on, &one.content.kind, one.has(StepKind::Consented))?;
        let counts = rules::counts(&one, &held, &list, taken, on);
        found.push((one, counts));
    }
    Ok(found)
}

/// What the proofs of a file come to on a day, and until when this holds; nothing where there is no proof.
///
/// # Errors
/// As [`judged`].
pub async fn counting(
    work: &mut Work,
    customer: &Customer,
    in_force: &InForce,
    on: Date,
) -> Result<Option<(Fen, Option<Date>)>, ActionError> {
    let all = judged(work, customer.id, in_force, on).await?;
    Ok((!all.is_empty()).then(|| rules::sum(&all)))
}

/// Enters a proof beside its paper (rule `asset_proof.entry`); a kind outside of the list goes to the approver.
///
/// # Errors
/// Not within scope; all that is wrong at once.
pub async fn enter(work: &mut Work, id: CustomerId, new: &NewProof) -> Result<ProofId, ActionError> {
    let customer = open_file(work, id, EDIT).await?;
    let today = work.business_date;
    let in_force = policies::in_force(work, today).await?;
    let mut wrong: Vec<FieldError> = Vec::new();
    if customer.kind != CustomerKind::Person || !kinds(&in_force).contains(&new.kind) {
        wrong.push(FieldError::choice("kind", &new.kind));
    }
    let held = papers::of_customer(&mut work.tx, id).await?;
    if !held.iter().any(|one| one.id == new.document && one.kind == PAPER && one.is_current()) {
        wrong.push(FieldError::new("document", "asset-proof-no-paper"));
    }
    let before = store::of_customer(&mut work.tx, id).await?;
    if before.iter().any(|one| one.content.document == new.document && !one.has(StepKind::Withdrawn)) {
        wrong.push(FieldError::new("document", "asset-proof-twice"));
    }
    if !new.face.is_positive() {
        wrong.push(FieldError::new("face", "campaign-amount"));
    }
    wrong.extend(check_words("note", &new.note, false));
    wrong.extend(crate::datum::rules::check_text("note", new.note.trim()));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("asset_proof.entry", None).into());
    }
    let key = store::insert(work, id, new).await?;
    let subject = format!("asset_proof:{id}:{key}");
    let state = json!({"kind": new.kind, "amount": new.face, "document": new.document.to_string()});
    work.audit(Entry::new(Some(id), "asset_proof.enter", subject.clone()).after(state)).await?;
    if !takes(&in_force, today, &new.kind, false)? && takes(&in_force, today, &new.kind, true)? {
        let title = Heading::told(&work.app.catalogue, |locale| {
            locale.t1("asset-proof-heading", "number", customer.number.clone())
        });
        let payload = json!({
            "asset_proof_page": page_of(id),
            "asset_proof_fen": new.face.0,
            "asset_proof_note": new.note.trim(),
        });
        let request = Request::new(KIND.kind, id, subject, title, payload).branch(customer.branch);
        approval::submit(work, request).await?;
    }
    Ok(key)
}

/// A proof of a file within scope that was not taken back.
async fn living(work: &mut Work, (id, key): (CustomerId, ProofId)) -> Result<(Customer, Proof), ActionError> {
    let customer = load_within(work, id, EDIT).await?;
    let all = store::of_customer(&mut work.tx, id).await?;
    let one = all.into_iter().find(|one| one.id == key).ok_or(CustomerError::NoSuchPart("asset_proof"))?;
    if one.has(StepKind::Withdrawn) {
        return Err(ProofError::Withdrawn.into());
    }
    Ok((customer, one))
}

/// Keeps what another person found of a proof (rule `asset_proof.verify`); what counts follows at once.
///
/// # Errors
/// Not within scope; entered by the same person; taken back; nothing said of what was seen.
pub async fn verify(
    work: &mut Work,
    key: (CustomerId, ProofId),
    (way, confirmed): (Way, bool),
    note: &str,
) -> Result<(), ActionError> {
    let (customer, one) = living(work, key).await?;
    if one.by.0 == work.actor.recorded_by() {
        return Err(ProofError::Own.into());
    }
    let mut wrong: Vec<FieldError> = check_words("note", note, true).into_iter().collect();
    wrong.extend(crate::datum::rules::check_text("note", note.trim()));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("asset_proof.verify", None).into());
    }
    let kind = if confirmed { StepKind::Confirmed } else { StepKind::Contradicted };
    store::insert_step(work, &one, (kind, Some(way)), note).await?;
    let state = json!({"way": way.as_str(), "found": kind.as_str()});
    work.audit(Entry::new(Some(customer.id), "asset_proof.verify", one.subject()).after(state)).await?;
    settle(work, &customer).await
}

/// Takes a proof back; its paper stays on file.
///
/// # Errors
/// Not within scope; taken back already; no reason.
pub async fn withdraw(work: &mut Work, key: (CustomerId, ProofId), reason: &str) -> Result<(), ActionError> {
    let (customer, one) = living(work, key).await?;
    let mut wrong: Vec<FieldError> = check_words("reason", reason, true).into_iter().collect();
    wrong.extend(crate::datum::rules::check_text("reason", reason.trim()));
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).under("asset_proof.verify", None).into());
    }
    store::insert_step(work, &one, (StepKind::Withdrawn, None), reason).await?;
    let entry = Entry::new(Some(customer.id), "asset_proof.withdraw", one.subject());
    work.audit(entry.reason(reason.trim())).await?;
    settle(work, &customer).await
}

async fn settle(work: &mut Work, customer: &Customer) -> Result<(), ActionError> {
    let today = work.business_date;
    standing::actions::assess(work, customer, today).await.map(drop)
}

fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { end(work, approval, StepKind::Consented).await })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move { end(work, approval, StepKind::Refused).await })
}

async fn end(work: &mut Work, approval: &Approval, kind: StepKind) -> Result<(), ActionError> {
    let key = approval.subject.rsplit(':').next().and_then(|id| id.parse().ok()).map(ProofId);
    let all = store::of_customer(&mut work.tx, approval.customer).await?;
    let Some(one) = all.into_iter().find(|one| Some(one.id) == key) else { return Ok(()) };
    if one.has(StepKind::Consented) || one.has(StepKind::Refused) {
        return Ok(());
    }
    store::insert_step(work, &one, (kind, None), "").await?;
    match customers::load(&mut work.tx, approval.customer).await? {
        Some(customer) => settle(work, &customer).await,
        None => Ok(()),
    }
}
