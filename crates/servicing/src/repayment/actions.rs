//! Use cases of a repayment.

use finance::{AllocationPart, Fen, Repayment, RepaymentMode, Status, TransactionKind};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::work::Work;

use crate::error::ServicingError;
use crate::loan::actions::{Applied, apply, apply_many, load_within};
use crate::loan::model::{Channel, LoanFile, LoanKey, NewTransaction, TransactionId};
use crate::position::engine::Engine;
use crate::position::model::Standing;
use crate::position::store as position;

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
/// the start, a settled loan, a loan changed meanwhile.
pub async fn record(
    work: &mut Work,
    key: LoanKey,
    seen: Option<i64>,
    new: &NewRepayment,
) -> Result<Applied, ActionError> {
    let file = load_within(work, key, "loan.repay").await?;
    let kind = decide(work, &file, new).await?;
    let transaction = NewTransaction {
        note: new.note.clone(),
        business_key: new.business_key.clone(),
        ..NewTransaction::new(new.on, kind, new.channel)
    };
    apply(work, key, seen, &transaction, "loan.repay", "repayment_received").await
}

/// What the money is: a repayment of a living debt, a recovery of a written-off one, or refused.
async fn decide(work: &mut Work, file: &LoanFile, new: &NewRepayment) -> Result<TransactionKind, ActionError> {
    if !new.amount.is_positive() {
        return Err(ServicingError::AmountNotPositive { amount: new.amount }.into());
    }
    if new.on > work.business_date {
        let business_date = work.business_date;
        return Err(ServicingError::AfterBusinessDate { on: new.on, business_date }.into());
    }
    let today = work.business_date;
    let engine = Engine::load(work, today).await?;
    let number = file.loan.number.clone();
    match engine.replay(file, new.on, None)?.status {
        Status::WrittenOff => Ok(TransactionKind::Recover { amount: new.amount, allocation: new.allocation.clone() }),
        Status::Settled => Err(ServicingError::Settled { number }.into()),
        Status::Undrawn | Status::Current | Status::Overdue => Ok(TransactionKind::Repay(Repayment {
            amount: new.amount,
            mode: new.mode,
            allocation: new.allocation.clone(),
        })),
    }
}

/// Records many repayments in one transaction: a bank file, a spreadsheet, a day of the demo book.
/// A written-off debt takes its money as a recovery. Answers the transactions in the order given.
///
/// Errors: the first refusal, with its loan; nothing is written then.
pub async fn record_many(
    work: &mut Work,
    repayments: &[(LoanKey, NewRepayment)],
) -> Result<Vec<TransactionId>, ActionError> {
    work.authorise("loan.repay")?;
    let keys: Vec<LoanKey> = repayments.iter().map(|(key, _)| *key).collect();
    let kept = position::load(&mut work.tx, &keys).await?;
    let written_off = |key: &LoanKey| kept.iter().any(|p| p.key == *key && p.standing == Standing::WrittenOffTracked);
    let facts: Vec<(LoanKey, NewTransaction)> = repayments
        .iter()
        .map(|(key, new)| {
            let kind = if written_off(key) {
                TransactionKind::Recover { amount: new.amount, allocation: new.allocation.clone() }
            } else {
                let (amount, mode, allocation) = (new.amount, new.mode, new.allocation.clone());
                TransactionKind::Repay(Repayment { amount, mode, allocation })
            };
            let fact = NewTransaction {
                note: new.note.clone(),
                business_key: new.business_key.clone(),
                ..NewTransaction::new(new.on, kind, new.channel)
            };
            (*key, fact)
        })
        .collect();
    apply_many(work, &facts, "loan.repay", "repayment_received").await
}
