//! What every change does with approvals: submit it, mend it, find its loan when it was agreed.

use finance::{Fen, TransactionKind};
use platform::approval::store as approvals;
use platform::approval::{self, Approval, ApprovalId, ApprovalState, Heading, Request};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::policies;
use platform::work::Work;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ServicingError;
use crate::loan::actions::{Applied, apply};
use crate::loan::model::{Channel, LoanFile, LoanId, LoanKey, NewTransaction, Seen};
use crate::loan::store;

/// The most approvals of one loan that are shown.
const SHOWN: i64 = 50;

/// A change put forward for approval (变更申请).
#[derive(Debug, Clone)]
pub struct Change<'a, T> {
    /// The kind of approval.
    pub kind: &'static str,
    /// Everything that agreement makes true.
    pub content: &'a T,
    /// The amount at stake.
    pub amount: Fen,
    /// Why.
    pub reason: &'a str,
}

/// The page on which a returned change is mended: its loan's, where the form stands.
pub fn mend(approval: &Approval) -> String {
    approval.subject.strip_prefix("loan:").map_or_else(|| "/loans".to_owned(), |loan| format!("/loans/{loan}"))
}

/// Submits a change for approval. One that was returned to this person is mended: with the same amount it goes on
/// where it was; with another amount it begins anew, because the amount decides the chain.
///
/// Errors: the approval's, such as `approval-waits` for a second change of the same kind.
pub async fn submit<T: Serialize>(
    work: &mut Work,
    file: &LoanFile,
    change: &Change<'_, T>,
) -> Result<ApprovalId, ActionError> {
    let key = file.loan.key;
    let mut payload = serde_json::to_value(change.content).map_err(|e| ActionError::Internal(e.to_string()))?;
    if let Some(fields) = payload.as_object_mut() {
        // For who decides; the subject of the approval is what counts.
        fields.insert("loan".to_owned(), file.loan.number.clone().into());
        fields.insert("loan_page".to_owned(), format!("/loans/{}", key.loan).into());
    }
    let me = work.actor.recorded_by();
    let about = approvals::about(&mut work.tx, key.customer, &key.subject(), SHOWN).await?;
    let returned = about.into_iter().map(|(approval, _)| approval).find(|approval| {
        approval.kind == change.kind && approval.maker == me && matches!(approval.state, ApprovalState::Returned { .. })
    });
    if let Some(returned) = returned {
        if returned.amount == Some(change.amount) {
            approval::resubmit(work, key.customer, returned.id, payload, change.reason).await?;
            return Ok(returned.id);
        }
        approval::withdraw(work, key.customer, returned.id).await?;
    }
    let request = Request::new(change.kind, key.customer, key.subject(), title(work, file, change), payload);
    approval::submit(work, request.amount(change.amount).branch(file.loan.branch)).await
}

fn title<T>(work: &Work, file: &LoanFile, change: &Change<'_, T>) -> Heading {
    let id = format!("change-title-{}", change.kind.replace('_', "-"));
    let named = [("number", file.loan.number.clone()), ("amount", platform::locale::money(change.amount))];
    Heading::told(&work.app.catalogue, |locale| locale.tn(&id, &named))
}

/// The approvals about a loan, the newest first, with their makers' names.
pub async fn approvals_of(work: &mut Work, key: LoanKey) -> Result<Vec<(Approval, String)>, ActionError> {
    Ok(approvals::about(&mut work.tx, key.customer, &key.subject(), SHOWN).await?)
}

/// The loan that an approval is about, and what was agreed.
pub async fn agreed<T: DeserializeOwned>(work: &mut Work, approval: &Approval) -> Result<(LoanFile, T), ActionError> {
    let broken = |what: &str| ActionError::Internal(format!("approval {} {what}", approval.id));
    let loan = approval.subject.strip_prefix("loan:").and_then(|id| id.parse().ok()).map(LoanId);
    let key = LoanKey { customer: approval.customer, loan: loan.ok_or_else(|| broken("is about no loan"))? };
    let missing = || ServicingError::LoanNotFound { number: key.loan.to_string() };
    let file = store::load_file(&mut work.tx, key).await?.ok_or_else(missing)?;
    let content =
        serde_json::from_value(approval.payload.clone()).map_err(|e| broken(&format!("cannot be read: {e}")))?;
    Ok((file, content))
}

/// What an agreed change does to its loan (办理依据).
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    /// The transaction.
    pub kind: TransactionKind,
    /// Why.
    pub reason: &'a str,
    /// The action in the audit trail.
    pub action: &'static str,
    /// The event.
    pub event: &'static str,
}

/// Books an agreed change on the business date of its approval; whoever had the loan open is told that it changed.
pub async fn book(
    work: &mut Work,
    file: &LoanFile,
    approval: &Approval,
    effect: Effect<'_>,
) -> Result<Applied, ActionError> {
    let new = NewTransaction {
        note: Some(effect.reason.to_owned()),
        approval: Some(approval.id.0),
        ..NewTransaction::new(work.business_date, effect.kind, Channel::Book)
    };
    let seen = Seen { version: file.loan.version, at: work.now };
    apply(work, file.loan.key, Some(seen), &new, effect.action, effect.event).await
}

/// A refused change leaves the loan as it is: nothing was written before agreement.
pub fn nothing<'a>(_: &'a mut Work, _: &'a Approval) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async { Ok(()) })
}

/// The key of the loan in an address.
pub async fn find_key(work: &mut Work, id: &str) -> Result<LoanKey, ActionError> {
    let missing = || ServicingError::LoanNotFound { number: id.to_owned() };
    let loan = id.parse().map_err(|_| missing())?;
    Ok(store::find(&mut work.tx, loan).await?.ok_or_else(missing)?)
}

/// The policy of today.
pub async fn policy(work: &mut Work) -> Result<std::sync::Arc<policies::InForce>, ActionError> {
    let today = work.business_date;
    policies::in_force(work, today).await
}
