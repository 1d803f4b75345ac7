//! Use cases of a waiver: try it out, ask for it, book it once it is agreed.

use platform::approval::{Approval, ApprovalId, ApprovalKind};
use platform::error::ActionError;
use platform::policies::PolicyError;
use platform::work::Work;

use super::model::Waiver;
use super::rules;
use crate::change::actions::{self as change, Change, Effect};
use crate::change::model::{Trial, refuse_ended};
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::engine::Engine;

/// The approval of a waiver.
pub const KIND: ApprovalKind = ApprovalKind {
    kind: "waiver",
    title: "approval-waiver",
    action: "waiver.approve",
    mend: change::mend,
    approved: |work, approval| Box::pin(approved(work, approval)),
    refused: change::nothing,
};

/// Asks for a waiver: authorise → load → decide → save.
///
/// Errors: [`crate::error::ServicingError`] for a head that is not waived, an amount of nothing or above what is owed,
/// a loan that is settled or written off; what the approval refuses.
pub async fn request(work: &mut Work, key: LoanKey, waiver: &Waiver) -> Result<ApprovalId, ActionError> {
    let file = load_within(work, key, "waiver.request").await?;
    decide(work, &file, waiver).await?;
    let change = Change { kind: KIND.kind, content: waiver, amount: waiver.amount, reason: &waiver.reason };
    change::submit(work, &file, &change).await
}

/// What the waiver would change; refuses what makes no sense today.
pub async fn decide(work: &mut Work, file: &LoanFile, waiver: &Waiver) -> Result<Trial, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let policy = change::policy(work).await?;
    let heads = rules::waivable(policy.edition(today)).map_err(PolicyError::from)?;
    let position = engine.replay(file, today, None)?;
    refuse_ended(file, &position)?;
    rules::check(&heads, &position, waiver)?;
    Ok(Trial::of(&engine, file, today, waiver.transaction())?)
}

/// Books the agreed waiver today. What was paid since it was asked for may make it too large: it is refused then,
/// and nothing of the agreement is written.
async fn approved(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let (file, waiver) = change::agreed::<Waiver>(work, approval).await?;
    decide(work, &file, &waiver).await?;
    let effect =
        Effect { kind: waiver.transaction(), reason: &waiver.reason, action: "loan.waive", event: "loan_waived" };
    change::book(work, &file, approval, effect).await.map(drop)
}
