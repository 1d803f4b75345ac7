//! Use cases of a reversal: ask for it, book it once it is agreed.

use platform::approval::{Approval, ApprovalId, ApprovalKind, ApprovalState};
use platform::error::ActionError;
use platform::work::Work;

use super::model::Reversal;
use super::rules;
use crate::change::actions::{self as change, Change, Effect};
use crate::change::model::Trial;
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey, TransactionId};
use crate::position::engine::Engine;

/// What the form asks for.
pub const REQUEST: &str = "reversal.request";

/// The approval of a reversal.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "reversal",
    title: "approval-reversal",
    action: "reversal.approve",
    mend: change::mend,
    approved: |work, approval| Box::pin(approved(work, approval)),
    refused: change::nothing,
};

/// Asks for a reversal: authorise → load → decide → save. Who asks never agrees, be it the own entry of the same day
/// whom it needs says the policy (rule `approval.reversal`).
///
/// Errors: [`crate::error::ServicingError`] for what is not reversed by hand or was reversed already, and where the
/// loan could not be computed without it; what the approval refuses.
pub async fn request(
    work: &mut Work,
    key: LoanKey,
    id: TransactionId,
    reason: &str,
) -> Result<ApprovalId, ActionError> {
    let file = load_within(work, key, REQUEST).await?;
    let target = rules::target(&file, id)?;
    let (number, on, amount) = (target.number.clone(), target.fact.on, target.amount);
    let wanted = Reversal { transaction: id, number, on, reason: reason.to_owned() };
    try_out(work, &file, &wanted).await?;
    change::submit(work, &file, &Change { kind: KIND.kind, content: &wanted, amount, reason }).await
}

/// Refuses what the loan could not be computed with: a recovery of a debt whose write-off stands on the payment.
async fn try_out(work: &mut Work, file: &LoanFile, wanted: &Reversal) -> Result<Trial, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    Ok(Trial::of(&engine, file, today, wanted.transaction())?)
}

/// Books the agreed reversal today, if the transaction still stands.
async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let (file, wanted) = change::agreed::<Reversal>(work, approval).await?;
    rules::target(&file, wanted.transaction)?;
    let effect = Effect {
        kind: wanted.transaction(),
        reason: &wanted.reason,
        action: "loan.reverse",
        event: "transaction_reversed",
    };
    change::book(work, &file, approval, effect).await.map(drop)
}

/// The request that waits for this transaction, with its maker's name: pending, or back at its maker.
pub async fn waiting(
    work: &mut Work,
    key: LoanKey,
    id: TransactionId,
) -> Result<Option<(Approval, String)>, ActionError> {
    let all = change::approvals_of(work, key).await?;
    Ok(all.into_iter().find(|(approval, _)| {
        let open = matches!(approval.state, ApprovalState::Pending { .. } | ApprovalState::Returned { .. });
        let about = serde_json::from_value::<Reversal>(approval.payload.clone()).map(|wanted| wanted.transaction);
        approval.kind == KIND.kind && open && about.is_ok_and(|transaction| transaction == id)
    }))
}
