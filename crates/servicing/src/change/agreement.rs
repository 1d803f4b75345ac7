//! Changes that agreement makes true as they were asked for (协议变更): try out, ask, book.

use std::future::Future;

use finance::{Fen, Position, TransactionKind};
use jiff::civil::Date;
use platform::approval::{Approval, ApprovalId, ApprovalKind};
use platform::error::ActionError;
use platform::work::Work;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::actions::{self as change, Change, Effect};
use super::model::{Trial, refuse_ended};
use super::pages::Section;
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::position::engine::Engine;

/// A change of the loan that approval makes true as it was asked for (协议变更).
pub trait Agreement: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its place on the page of changes, which names who may ask.
    const SECTION: Section;
    /// The kind of approval; the chain of the policy is found by it.
    const KIND: ApprovalKind;
    /// The action in the audit trail.
    const AUDITED: &'static str;
    /// The event.
    const EVENT: &'static str;

    /// The transaction that it becomes.
    fn transaction(&self) -> TransactionKind;

    /// Why.
    fn reason(&self) -> &str;

    /// The amount at stake, by which the policy chooses the chain: the principal outstanding.
    fn at_stake(&self, position: &Position) -> Fen {
        position.outstanding.principal
    }

    /// Refuses what the policy or the state of the loan does not allow; what the arithmetic refuses comes after it.
    fn check(
        &self,
        work: &mut Work,
        file: &LoanFile,
        position: &Position,
    ) -> impl Future<Output = Result<(), ActionError>> + Send;
}

/// What the change would do today; refuses what makes no sense.
///
/// Errors: [`crate::error::ServicingError`] for a loan that is settled or written off; what [`Agreement::check`] and
/// the replay refuse.
pub async fn decide<A: Agreement>(work: &mut Work, file: &LoanFile, wish: &A) -> Result<Trial, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let position = engine.replay(file, today, None)?;
    refuse_ended(file, &position)?;
    wish.check(work, file, &position).await?;
    Ok(Trial::of(&engine, file, today, wish.transaction())?)
}

/// What it would have done by a later day, if nothing else happens until then.
///
/// Errors: as [`decide`].
pub async fn ahead<A: Agreement>(
    work: &mut Work,
    file: &LoanFile,
    wish: &A,
    as_of: Date,
) -> Result<Trial, ActionError> {
    decide(work, file, wish).await?;
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    Ok(Trial::later(&engine, file, today, wish.transaction(), as_of)?)
}

/// Asks for the change: authorise → load → decide → save.
///
/// Errors: as [`decide`]; what the approval refuses.
pub async fn request<A: Agreement>(work: &mut Work, key: LoanKey, wish: &A) -> Result<ApprovalId, ActionError> {
    let file = load_within(work, key, A::SECTION.action()).await?;
    let trial = decide(work, &file, wish).await?;
    let amount = wish.at_stake(&trial.before);
    let mut content = serde_json::to_value(wish).map_err(|e| ActionError::Internal(e.to_string()))?;
    if let Some(fields) = content.as_object_mut() {
        // For who decides: what is owed in all, today and after it.
        let owed = |position: &Position| position.outstanding.total().unwrap_or_default().0;
        fields.insert("owed_before_fen".to_owned(), owed(&trial.before).into());
        fields.insert("owed_after_fen".to_owned(), owed(&trial.after).into());
    }
    let change = Change { kind: A::KIND.kind, content: &content, amount, reason: wish.reason() };
    change::submit(work, &file, &change).await
}

/// Books the agreed change today, if it still makes sense: money may have come in since it was asked for.
pub async fn approved<A: Agreement>(work: &mut Work, approval: &Approval) -> Result<(), ActionError> {
    let (file, wish) = change::agreed::<A>(work, approval).await?;
    decide(work, &file, &wish).await?;
    let effect = Effect { kind: wish.transaction(), reason: wish.reason(), action: A::AUDITED, event: A::EVENT };
    change::book(work, &file, approval, effect).await.map(drop)
}
