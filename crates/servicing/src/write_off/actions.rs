//! Use cases of a write-off: look at its conditions, ask for it, book it once it is agreed.

use finance::{Fen, TransactionKind};
use platform::approval::{Approval, ApprovalId, ApprovalKind};
use platform::error::ActionError;
use platform::policies::PolicyError;
use platform::work::Work;

use super::model::WriteOff;
use super::rules::Conditions;
use crate::change::actions::{self as change, Change, Effect};
use crate::change::model::{Trial, refuse_ended};
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::engine::Engine;

/// The approval of a write-off.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "write_off",
    title: "approval-write-off",
    action: "write_off.approve",
    mend: change::mend,
    approved: |work, approval| Box::pin(approved(work, approval)),
    refused: change::nothing,
};

/// Asks for a write-off: authorise → load → decide → save. The amount at stake is everything owed today.
///
/// Errors: [`crate::error::ServicingError`] where the conditions are not met (S1-38), or the loan is settled or
/// written off already; what the approval refuses.
pub async fn request(work: &mut Work, key: LoanKey, reason: &str) -> Result<ApprovalId, ActionError> {
    let file = load_within(work, key, "write_off.request").await?;
    let (wanted, _) = decide(work, &file, reason).await?;
    let change = Change { kind: KIND.kind, content: &wanted, amount: wanted.owed, reason };
    change::submit(work, &file, &change).await
}

/// The conditions of the policy today.
pub async fn conditions(work: &mut Work) -> Result<Conditions, ActionError> {
    let today = work.business_date;
    let policy = change::policy(work).await?;
    Ok(Conditions::read(policy.edition(today)).map_err(PolicyError::from)?)
}

/// What the write-off would change; refuses where the conditions are not met today.
pub async fn decide(work: &mut Work, file: &LoanFile, reason: &str) -> Result<(WriteOff, Trial), ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let conditions = conditions(work).await?;
    let position = engine.replay(file, today, None)?;
    refuse_ended(file, &position)?;
    let class = engine.kept(file, &position, None).grade.class;
    conditions.check(&file.loan.number, &class, position.days_overdue)?;
    let trial = Trial::of(&engine, file, today, TransactionKind::WriteOff)?;
    let wanted = WriteOff {
        owed: trial.before.outstanding.total().unwrap_or(Fen::ZERO),
        class,
        days_overdue: position.days_overdue,
        reason: reason.to_owned(),
    };
    Ok((wanted, trial))
}

/// Books the agreed write-off today, if the conditions are still met: money may have come in since.
async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let (file, wanted) = change::agreed::<WriteOff>(work, approval).await?;
    decide(work, &file, &wanted.reason).await?;
    let effect = Effect {
        kind: TransactionKind::WriteOff,
        reason: &wanted.reason,
        action: "loan.write-off",
        event: "loan_written_off",
    };
    change::book(work, &file, approval, effect).await.map(drop)
}
