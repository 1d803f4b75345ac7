//! What repayments do to a loan before anybody records them. Pure.

use finance::{Allocation, Fen, Repayment, Status, Transaction, TransactionKind};
use jiff::civil::Date;

use super::actions::NewRepayment;
use crate::error::ServicingError;
use crate::loan::model::LoanFile;
use crate::position::engine::Engine;

/// A repayment that can be recorded (可入账还款), and what it would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// A repayment of a living debt or a recovery of a written-off one (S1-38).
    pub kind: TransactionKind,
    /// What was due on its day before it came: 当日应还.
    pub due: Fen,
    /// What it would pay.
    pub allocations: Vec<Allocation>,
    /// Whether it would settle a living debt before its maturity.
    pub settles_early: bool,
}

impl Planned {
    /// What it would leave as credit: more was paid than is owed.
    pub fn credit(&self) -> Fen {
        let kept = self.allocations.iter().filter(|line| line.target == finance::Target::Credit);
        Fen::checked_sum(kept.map(|line| line.amount)).unwrap_or_default()
    }
}

/// What some repayments of one loan come to, each after those before it in date and order; answers in the order given.
///
/// A refused one takes no effect on those after it.
pub fn plan(
    engine: &Engine,
    file: &LoanFile,
    business_date: Date,
    repayments: &[NewRepayment],
) -> Vec<Result<Planned, ServicingError>> {
    let mut order: Vec<usize> = (0..repayments.len()).collect();
    order.sort_by_key(|at| repayments[*at].on);
    let mut facts = file.facts(None);
    let mut planned: Vec<(usize, Result<Planned, ServicingError>)> = Vec::with_capacity(repayments.len());
    for at in order {
        planned.push((at, plan_one(engine, file, business_date, &mut facts, &repayments[at])));
    }
    planned.sort_by_key(|(at, _)| *at);
    planned.into_iter().map(|(_, one)| one).collect()
}

/// One repayment after the facts so far; it joins them when it is accepted.
pub(super) fn plan_one(
    engine: &Engine,
    file: &LoanFile,
    business_date: Date,
    facts: &mut Vec<Transaction>,
    new: &NewRepayment,
) -> Result<Planned, ServicingError> {
    if !new.amount.is_positive() {
        return Err(ServicingError::AmountNotPositive { amount: new.amount });
    }
    if new.on > business_date {
        return Err(ServicingError::AfterBusinessDate { on: new.on, business_date });
    }
    let replay = |facts: &[Transaction], on| finance::replay(&file.terms, &engine.context(), facts, on);
    let before = replay(facts, new.on)?;
    let kind = match before.status {
        Status::WrittenOff => TransactionKind::Recover { amount: new.amount, allocation: new.allocation.clone() },
        Status::Settled => return Err(ServicingError::Settled { number: file.loan.number.clone() }),
        Status::Undrawn | Status::Current | Status::Overdue => {
            TransactionKind::Repay(Repayment { amount: new.amount, mode: new.mode, allocation: new.allocation.clone() })
        }
    };
    // After everything of its day, as the ledger will have it.
    let id = facts.iter().map(|fact| fact.id).max().unwrap_or_default().saturating_add(1);
    facts.push(Transaction::new(id, new.on, kind.clone()));
    // Whether it settles is said by its own day: what came later in the book has no part in it.
    let living = before.status != Status::WrittenOff && new.on < before.maturity_on;
    match replay(facts, business_date) {
        Ok(after) => Ok(Planned {
            kind,
            due: before.due.total().unwrap_or_default(),
            settles_early: living && replay(facts, new.on)?.status == Status::Settled,
            allocations: after.allocations.into_iter().filter(|line| line.transaction == id).collect(),
        }),
        Err(refused) => {
            facts.pop();
            Err(refused.into())
        }
    }
}
