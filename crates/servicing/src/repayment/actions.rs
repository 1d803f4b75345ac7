//! Use cases of a repayment.

use std::collections::BTreeMap;

use finance::{AllocationPart, Fen, RepaymentMode, TransactionKind};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::work::Work;

use super::rules::{Planned, plan, plan_one};
use crate::desk::settlement;
use crate::loan::actions::{Applied, BULK_LOANS, apply, apply_many, load_many_within, load_within};
use crate::loan::model::{Channel, LoanFile, LoanKey, NewTransaction, Seen, TransactionId};
use crate::position::engine::Engine;

/// A repayment to be recorded (登记还款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRepayment {
    /// 还款日: the business date on which the money came in; not later than today.
    pub on: Date,
    /// 金额.
    pub amount: Fen,
    /// What the payer meant.
    pub mode: RepaymentMode,
    /// What it pays, where the payer or the contract says so; empty: by the order of the contract.
    pub allocation: Vec<AllocationPart>,
    /// 渠道.
    pub channel: Channel,
    /// 备注.
    pub note: Option<String>,
    /// The key of an imported row.
    pub business_key: Option<String>,
}

/// Records a repayment: authorise → load → decide → save. A written-off debt takes it as a recovery (S1-38).
///
/// Errors: [`ServicingError`] for an amount that is not above zero, a date after the business date or before
/// the start, a settled loan, a loan changed meanwhile; an early settlement whose statement is not signed.
///
/// [`ServicingError`]: crate::error::ServicingError
pub async fn record(
    work: &mut Work,
    key: LoanKey,
    seen: Option<Seen>,
    new: &NewRepayment,
) -> Result<Applied, ActionError> {
    let file = load_within(work, key, "loan.repay").await?;
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let planned = plan_one(&engine, &file, today, &mut file.facts(None), new)?;
    statement_first(work, &file, new, &planned).await?;
    apply(work, key, seen, &transaction(new, planned.kind), "loan.repay", "repayment_received").await
}

/// Records many repayments in one transaction: a bank file, a spreadsheet, a day of the demo book; each as
/// [`record`] does, for loans that this person may repay. Answers the transactions in the order given.
///
/// Errors: the first refusal, with its loan; nothing is written then.
pub async fn record_many(
    work: &mut Work,
    repayments: &[(LoanKey, NewRepayment)],
) -> Result<Vec<TransactionId>, ActionError> {
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let mut places: BTreeMap<LoanKey, Vec<usize>> = BTreeMap::new();
    for (at, (key, _)) in repayments.iter().enumerate() {
        places.entry(*key).or_default().push(at);
    }
    let keys: Vec<LoanKey> = places.keys().copied().collect();
    let mut facts: Vec<(usize, (LoanKey, NewTransaction))> = Vec::with_capacity(repayments.len());
    for chunk in keys.chunks(BULK_LOANS) {
        for file in load_many_within(work, chunk, "loan.repay").await? {
            let at = &places[&file.loan.key];
            let own: Vec<NewRepayment> = at.iter().map(|at| repayments[*at].1.clone()).collect();
            for ((at, new), planned) in at.iter().zip(&own).zip(plan(&engine, &file, today, &own)) {
                let planned = planned?;
                statement_first(work, &file, new, &planned).await?;
                facts.push((*at, (file.loan.key, transaction(new, planned.kind))));
            }
        }
    }
    facts.sort_by_key(|(at, _)| *at);
    let facts: Vec<(LoanKey, NewTransaction)> = facts.into_iter().map(|(_, fact)| fact).collect();
    apply_many(work, &facts, "loan.repay", "repayment_received").await
}

/// Refuses an early settlement without its signed statement, where the policy asks for one (rule `settlement.signed-first`).
async fn statement_first(
    work: &mut Work,
    file: &LoanFile,
    new: &NewRepayment,
    planned: &Planned,
) -> Result<(), ActionError> {
    if !planned.settles_early {
        return Ok(());
    }
    let settles = new.amount.checked_sub(planned.credit()).unwrap_or(new.amount);
    settlement::actions::signed_first(work, file, new.on, settles).await
}

/// The fact that a repayment becomes.
fn transaction(new: &NewRepayment, kind: TransactionKind) -> NewTransaction {
    NewTransaction {
        note: new.note.clone(),
        business_key: new.business_key.clone(),
        ..NewTransaction::new(new.on, kind, new.channel)
    }
}
