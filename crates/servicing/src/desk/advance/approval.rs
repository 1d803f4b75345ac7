//! The heads sign a list (签批): an approval of the institution, in the order of the policy.

use platform::approval::store as approvals;
use platform::approval::{self, Approval, ApprovalId, ApprovalKind, Heading, Request, SignatureCheck};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::work::Work;
use serde_json::json;

use super::actions::{compared, entry, must_be, seen};
use super::model::{AdvanceList, AdvanceListId, ListState, RowState};
use super::{APPROVE, DRAW, HOUSE, page_of, rules, step, store};
use crate::desk::error::DeskError;

/// The approval of lists of advances.
pub(crate) const KIND: ApprovalKind =
    ApprovalKind { kind: "advance_list", title: "approval-advance-list", action: APPROVE, mend, approved, refused };

/// Who signs what, asked at each signature.
pub(crate) const SIGNING: SignatureCheck = SignatureCheck { kind: "advance_list", may_sign };

fn id_in(approval: &Approval) -> Option<AdvanceListId> {
    approval.subject.strip_prefix("advance_list:").and_then(|id| id.parse().ok()).map(AdvanceListId)
}

fn mend(approval: &Approval) -> String {
    id_in(approval).map_or_else(|| super::LIST.to_owned(), page_of)
}

/// Whoever signed an approval so far.
pub(super) async fn signers(work: &mut Work, id: ApprovalId) -> Result<Vec<i64>, ActionError> {
    let said = approvals::opinions(&mut work.tx, HOUSE, id).await?;
    Ok(said.into_iter().filter(|one| one.verdict == "approve").map(|one| one.by).collect())
}

/// Asks the heads for their signatures on a list that was checked, or anew on one that was returned (rule `advance.chain`):
/// by somebody else than who checked it.
///
/// Errors: not within scope; not checked; the checker; a row differs by now.
pub async fn submit(work: &mut Work, id: &str) -> Result<AdvanceListId, ActionError> {
    let mut one = seen(work, id, DRAW).await?;
    must_be(&one, &[ListState::Checked, ListState::Submitted])?;
    if let Some(checker) = one.checked_by
        && !work.actor.is_second_to(checker.0)?
    {
        return Err(DeskError::AdvanceSamePerson.into());
    }
    let rows = compared(work, &one).await?;
    let total = rules::total(&rows, RowState::Listed);
    let title = Heading::told(&work.app.catalogue, |locale| locale.t1("advance-heading", "number", &one.number));
    let payload = json!({
        "advance_page": page_of(one.id), "advance_month": one.month, "advance_rows": rows.len(), "amount_fen": total,
    });
    match one.approval.filter(|_| one.state == ListState::Submitted) {
        Some(approval) => {
            approval::resubmit(work, HOUSE, approval, payload, "").await?;
        }
        None => {
            let asked = Request::new("advance_list", HOUSE, one.subject(), title, payload);
            one.approval = Some(approval::submit(work, asked.amount(total).branch(one.branch)).await?);
            one.state = ListState::Submitted;
        }
    }
    store::update(&mut work.tx, &mut one).await?;
    let after = json!({"number": one.number, "rows": rows.len(), "amount": total});
    work.audit(entry(&one, "advance.submit").after(after)).await?;
    Ok(one.id)
}

/// The waiting list of an approval.
async fn about(work: &mut Work, approval: &Approval) -> Result<Option<AdvanceList>, ActionError> {
    let Some(id) = id_in(approval) else { return Ok(None) };
    Ok(store::find(&mut work.tx, id).await?.filter(|one| one.state == ListState::Submitted))
}

/// Who drew the list signs nothing of it, nor who checked it, whoever asked for the signatures (rule `advance.segregation`).
fn may_sign<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(one) = about(work, approval).await? else { return Err(DeskError::NoAdvanceList.into()) };
        for other in [Some(one.made_by), one.checked_by].into_iter().flatten() {
            if !work.actor.is_second_to(other.0)? {
                return Err(DeskError::AdvanceSamePerson.into());
            }
        }
        Ok(())
    })
}

/// All heads signed.
fn approved<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Err(DeskError::NoAdvanceList.into()) };
        one.state = ListState::Signed;
        one.signed_on = Some(work.business_date);
        store::update(&mut work.tx, &mut one).await?;
        step::ask_payment(work, &one, approval.amount).await
    })
}

fn refused<'a>(work: &'a mut Work, approval: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(mut one) = about(work, approval).await? else { return Ok(()) };
        one.state = ListState::Refused;
        store::update(&mut work.tx, &mut one).await?;
        step::ask_again(work, &one).await
    })
}
