//! The review of a run, its approval by a third person, and what follows for the loans.

use platform::approval::store as approvals;
use platform::approval::{self, Approval, ApprovalKind, ApprovalState, Heading, Request, SignatureCheck};
use platform::duty::{self, Evidence};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event};
use platform::id::UserId;
use platform::work::Work;
use serde_json::json;

use super::actions::{FIRST, entry, must_be, refuse_suggesters, seen, yardstick};
use super::error::ClassificationError;
use super::model::{Item, Run, RunId, RunState, Step};
use super::{APPROVE, HOUSE, REVIEW, page_of, rules, step, store};
use crate::desk::check_words;
use crate::loan::actions::BULK_LOANS;
use crate::loan::model::{LoanKey, LoanState};
use crate::loan::store as loans;
use crate::position::engine::{self, Engine};

/// The approval of runs.
pub(crate) const KIND: ApprovalKind =
    ApprovalKind { kind: "classification", title: "approval-classification", action: APPROVE, mend, approved, refused };

/// Who approves what, asked at each signature.
pub(crate) const SIGNING: SignatureCheck = SignatureCheck { kind: "classification", may_sign };

fn id_in(approval: &Approval) -> Option<RunId> {
    approval.subject.strip_prefix("classification:").and_then(|id| id.parse().ok()).map(RunId)
}

fn mend(approval: &Approval) -> String {
    id_in(approval).map_or_else(|| super::LIST.to_owned(), page_of)
}

/// Whether the approval of a run was sent back to be mended.
pub(super) async fn returned(work: &mut Work, one: &Run) -> Result<bool, ActionError> {
    let Some(id) = one.approval.filter(|_| one.state == RunState::Submitted) else { return Ok(false) };
    let found = approvals::load(&mut work.tx, HOUSE, id).await?;
    Ok(found.is_some_and(|found| matches!(found.state, ApprovalState::Returned { .. })))
}

/// Refuses who may not review a run now (rules `classification.steps`, `classification.segregation`): it is proposed, or came
/// back; and whoever drew it or suggested something does not review it.
pub(super) async fn reviewable(work: &mut Work, one: &Run) -> Result<(), ActionError> {
    if !returned(work, one).await? {
        must_be(one, &[RunState::Proposed])?;
    }
    if !work.actor.is_second_to(one.made_by.0)? {
        return Err(ClassificationError::SamePerson.into());
    }
    refuse_suggesters(work, one).await
}

/// A second person reviews a run and sends it to those who approve it, or anew when it came back.
///
/// Errors: not within scope; not proposed; who drew it, or suggested something; no words.
pub async fn review(work: &mut Work, id: &str, words: &str) -> Result<RunId, ActionError> {
    let mut one = seen(work, id, REVIEW).await?;
    reviewable(work, &one).await?;
    if let Some(wrong) = check_words("review", words, true) {
        return Err(ClassificationError::Form(vec![wrong]).into());
    }
    store::count(work, one.id, Step::Reviewed).await?;
    let counts = store::counts(&mut work.tx, one.id, Step::Reviewed).await?;
    let yardstick = yardstick(work, one.as_of).await?;
    let report = rules::report(&yardstick, &counts, &[], one.provision_held);
    let title = Heading::told(&work.app.catalogue, |locale| locale.t1("classification-heading", "number", &one.number));
    let payload = json!({
        "classification_page": page_of(one.id), "classification_as_of": one.as_of,
        "classification_loans": report.total.loans, "classification_differing": report.differing,
        "classification_bad_fen": report.bad.principal, "classification_needed_fen": report.needed,
        "amount_fen": report.total.principal,
    });
    match one.approval.filter(|_| one.state == RunState::Submitted) {
        Some(approval) => {
            approval::resubmit(work, HOUSE, approval, payload, "").await?;
        }
        None => {
            let asked = Request::new("classification", HOUSE, one.subject(), title, payload);
            let asked = asked.amount(report.total.principal).branch(one.branch);
            one.approval = Some(approval::submit(work, asked).await?);
            one.state = RunState::Submitted;
        }
    }
    one.reviewed_by = Some(UserId(work.actor.recorded_by()));
    one.reviewed_on = Some(work.business_date);
    words.trim().clone_into(&mut one.review_note);
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"number": one.number, "loans": report.total.loans, "differing": report.differing});
    work.audit(entry(&one, "classification.review").after(after)).await?;
    Ok(one.id)
}

/// The waiting run of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<Run>, ActionError> {
    let Some(id) = id_in(approval) else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == RunState::Submitted))
}

/// Nobody approves what he drew, reviewed or asked for (rule `classification.segregation`).
fn may_sign<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(one) = about(work, approval).await? else { return Err(ClassificationError::NotFound.into()) };
        for other in [Some(one.made_by), one.reviewed_by].into_iter().flatten() {
            if !work.actor.is_second_to(other.0)? {
                return Err(ClassificationError::SamePerson.into());
            }
        }
        refuse_suggesters(work, &one).await
    })
}

/// Approved: every class that is not simply that by days, or no longer is, becomes a fact, and these loans alone are
/// computed anew (rule `classification.stands`).
fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Err(ClassificationError::NotFound.into()) };
        one.state = RunState::Approved;
        one.approved_on = Some(work.business_date);
        store::update(&mut work.tx, &mut one).await?;
        let engine = Engine::load(work, work.business_date).await?;
        let mut after = FIRST;
        loop {
            let found = store::judged_behind(&mut work.tx, one.id, after).await?;
            let Some(last) = found.last() else { break };
            after = last.key;
            store::insert_classes(work, one.id, &found).await?;
            for some in found.chunks(BULK_LOANS) {
                follow(work, &engine, &one, some).await?;
            }
        }
        let evidence = Evidence { kind: "classification", fact: one.subject(), settles: true };
        duty::close_by(work, HOUSE, &step::duty_subject(one.branch), &evidence).await.map(drop)
    })
}

/// The positions of these loans with their approved classes.
async fn follow(work: &mut Work, engine: &Engine, one: &Run, items: &[Item]) -> Result<(), ActionError> {
    let keys: Vec<LoanKey> = items.iter().map(|item| item.key).collect();
    loans::raise_versions(&mut work.tx, &keys).await?;
    let today = work.business_date;
    for file in loans::load_files(&mut work.tx, &keys).await? {
        // One that cannot be replayed is isolated by the close, which names it.
        if file.loan.state != LoanState::Active || engine.replay(&file, today, None).is_err() {
            continue;
        }
        engine::refresh(work, engine, &file, today).await?;
        let key = file.loan.key;
        let class = items.iter().find(|item| item.key == key).map(|item| item.class.clone());
        let payload = json!({"loan": key.loan, "class": class, "run": one.number});
        let event = Event {
            kind: "loan_classified",
            customer: key.customer,
            subject: key.subject(),
            effective_on: today,
            payload,
        };
        work.emit(event).await?;
    }
    Ok(())
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = RunState::Refused;
        store::update(&mut work.tx, &mut one).await.map_err(ActionError::from)
    })
}
