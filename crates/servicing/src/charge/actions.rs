//! Use cases of a charge.

use platform::error::ActionError;
use platform::work::Work;

use super::model::NewCharge;
use crate::change::model::{Trial, refuse_ended};
use crate::error::ServicingError;
use crate::loan::actions::{Applied, apply, load_within};
use crate::loan::model::{Channel, LoanFile, LoanKey, NewTransaction, Seen};
use crate::position::engine::Engine;

/// Records a charge of today: authorise → load → decide → save.
///
/// Errors: [`ServicingError`] for an amount of nothing, a due date before today, a loan that is settled, written off
/// or changed meanwhile.
pub async fn record(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    charge: &NewCharge,
) -> Result<Applied, ActionError> {
    let file = load_within(work, key, "loan.edit").await?;
    decide(work, &file, charge).await?;
    let new = NewTransaction {
        note: Some(charge.reason.clone()),
        ..NewTransaction::new(work.business_date, charge.transaction(), Channel::Book)
    };
    apply(work, key, seen, &new, "loan.charge", "loan_charged").await
}

/// What the charge would change; refuses what makes no sense today.
pub async fn decide(work: &mut Work, file: &LoanFile, charge: &NewCharge) -> Result<Trial, ActionError> {
    if !charge.amount.is_positive() {
        return Err(ServicingError::AmountNotPositive { amount: charge.amount }.into());
    }
    let today = work.business_date;
    if let Some(due_on) = charge.due_on.filter(|due_on| *due_on < today) {
        return Err(ServicingError::ChargeDueBefore { due_on, on: today }.into());
    }
    let engine = Engine::load(work, today).await?;
    refuse_ended(file, &engine.replay(file, today, None)?)?;
    Ok(Trial::of(&engine, file, today, charge.transaction())?)
}
