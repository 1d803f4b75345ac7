//! What each transaction does (交易处理), after the guards.

use jiff::civil::Date;

use super::Ledger;
use crate::error::{ReplayError, TermsError};
use crate::limits::{self, MOST_FEN};
use crate::money::Fen;
use crate::observe::Observer;
use crate::position::{Allocation, AllocationRule, Amounts, ChargePosition, Debt, WrittenOff};
use crate::terms::Head;
use crate::transaction::{AllocationPart, Transaction, TransactionKind};

use super::allocate::{Orders, target};
use super::repay::check_stated;

impl<O: Observer> Ledger<'_, O> {
    /// Walks to the day of a transaction and lets it take effect.
    pub(crate) fn apply(&mut self, transaction: &Transaction) -> Result<(), ReplayError> {
        let (id, on) = (transaction.id, transaction.on);
        if on < self.start() {
            return Err(ReplayError::BeforeStart { id, on, start_on: self.start() });
        }
        self.advance(on)?;
        self.guard(id, &transaction.kind)?;
        match &transaction.kind {
            TransactionKind::Disburse { amount } => self.draw(id, *amount)?,
            TransactionKind::Repay(repayment) => self.repay(id, repayment)?,
            TransactionKind::Charge { head, amount, due_on } => self.charge_fee(id, *head, *amount, *due_on)?,
            TransactionKind::Waive { head, amount, instalment } => self.waive(id, *head, *amount, *instalment)?,
            TransactionKind::ChangeRate { rate } => {
                let yearly = limits::yearly("change_rate", *rate, self.terms.interest.year_basis)?;
                self.next_reprice = None;
                self.floating = false;
                self.change_rate(yearly)?;
            }
            TransactionKind::Extend(extension) => self.extend(id, extension)?,
            TransactionKind::Restructure(restructuring) => self.restructure(id, restructuring)?,
            TransactionKind::Suspend { until, interest, penalty } => {
                self.suspend(id, *until, *interest, *penalty)?;
            }
            TransactionKind::Misuse { flagged } => self.flag_misuse(*flagged)?,
            TransactionKind::Accelerate => self.accelerate(id)?,
            TransactionKind::WriteOff => self.write_off(id)?,
            TransactionKind::Recover { amount, allocation } => self.recover(id, *amount, allocation)?,
            TransactionKind::Reverse { .. } => return Ok(()),
        }
        self.next_event = self.find_next_event();
        Ok(())
    }

    fn start(&self) -> Date {
        self.first_day
    }

    /// What the state of the loan does not allow, and amounts that make no sense.
    fn guard(&mut self, id: u64, kind: &TransactionKind) -> Result<(), ReplayError> {
        let amount = match kind {
            TransactionKind::Disburse { amount }
            | TransactionKind::Charge { amount, .. }
            | TransactionKind::Waive { amount, .. }
            | TransactionKind::Recover { amount, .. } => Some(*amount),
            TransactionKind::Repay(repayment) => Some(repayment.amount),
            TransactionKind::ChangeRate { .. }
            | TransactionKind::Extend(_)
            | TransactionKind::Restructure(_)
            | TransactionKind::Suspend { .. }
            | TransactionKind::Misuse { .. }
            | TransactionKind::Accelerate
            | TransactionKind::WriteOff
            | TransactionKind::Reverse { .. } => None,
        };
        if let Some(amount) = amount {
            let turnover = self.turnover.checked_add(amount.0.max(0)).filter(|sum| *sum <= limits::MOST_TURNOVER);
            match turnover {
                Some(sum) if amount.is_positive() && amount <= MOST_FEN => self.turnover = sum,
                _ => return Err(ReplayError::BadAmount { id, amount, most: MOST_FEN }),
            }
        }
        let wrong = |state| Err(ReplayError::WrongState { id, kind: kind.name(), state });
        let needs_debt = match kind {
            TransactionKind::Extend(_)
            | TransactionKind::Restructure(_)
            | TransactionKind::Accelerate
            | TransactionKind::WriteOff => true,
            TransactionKind::Disburse { .. }
            | TransactionKind::Repay(_)
            | TransactionKind::Charge { .. }
            | TransactionKind::Waive { .. }
            | TransactionKind::ChangeRate { .. }
            | TransactionKind::Suspend { .. }
            | TransactionKind::Misuse { .. }
            | TransactionKind::Recover { .. }
            | TransactionKind::Reverse { .. } => false,
        };
        let recovers = matches!(kind, TransactionKind::Recover { .. } | TransactionKind::Reverse { .. });
        if self.written_off.is_some() && !recovers {
            return wrong("written off");
        }
        if self.written_off.is_none() && matches!(kind, TransactionKind::Recover { .. }) {
            return wrong("not written off");
        }
        if needs_debt && self.disbursed.is_zero() {
            return wrong("not drawn");
        }
        Ok(())
    }

    fn draw(&mut self, id: u64, amount: Fen) -> Result<(), ReplayError> {
        let drawn = self.disbursed.checked_add(amount).ok_or(TermsError::Overflow)?;
        if drawn > self.contract {
            return Err(ReplayError::OverDrawn { id, drawn, principal: self.contract });
        }
        let last = self.rows.last().map_or(self.first_day, |row| row.to_on.min(row.due_on));
        if self.today >= last {
            return Err(ReplayError::DrawnAfterMaturity { id, on: self.today, maturity_on: last });
        }
        self.disburse(amount)?;
        Ok(())
    }

    fn charge_fee(&mut self, id: u64, head: Head, amount: Fen, due_on: Option<Date>) -> Result<(), ReplayError> {
        if !matches!(head, Head::Cost | Head::Fee) {
            return Err(ReplayError::NotACharge { id });
        }
        let due_on = due_on.unwrap_or(self.today);
        let debt = Debt { due: amount, ..Debt::default() };
        self.charges.push(ChargePosition { transaction: id, head, due_on, debt });
        if due_on <= self.today && !self.credits.is_empty() {
            self.use_credit()?;
        }
        Ok(())
    }

    /// 核销: the claim is what is owed today; nothing accrues on it any more.
    fn write_off(&mut self, id: u64) -> Result<(), ReplayError> {
        let allocations = self.allocations.clone();
        let position = self.close(self.today)?;
        self.rows = position.instalments;
        self.charges = position.charges;
        self.allocations = allocations;
        let amounts = position.outstanding;
        if amounts.total().is_none_or(|total| total.is_zero()) {
            let state = "settled";
            return Err(ReplayError::WrongState { id, kind: "write_off", state });
        }
        self.written_off = Some(WrittenOff { on: self.today, amounts, recovered: Amounts::default() });
        Ok(())
    }

    /// 核销后收回.
    fn recover(&mut self, id: u64, amount: Fen, parts: &[AllocationPart]) -> Result<(), ReplayError> {
        let stated = check_stated(id, amount, parts)?;
        let Some(mut claim) = self.written_off else { return Ok(()) };
        let on = self.today;
        let mut paid = Vec::with_capacity(6);
        let mut pay = |head: Head, most: Fen| {
            let owed = Fen(claim.amounts.get(head).0 - claim.recovered.get(head).0).min(most);
            if owed.is_positive() {
                let recovered = claim.recovered.get_mut(head);
                *recovered = Fen(recovered.0 + owed.0);
                paid.push((head, owed));
            }
            Fen(owed.0.max(0))
        };
        for part in parts {
            let owed = pay(part.head, part.amount);
            if owed < part.amount {
                return Err(ReplayError::NotOwed { id, head: part.head, stated: part.amount, owed });
            }
        }
        let mut left = Fen(amount.0 - stated.0);
        for head in Orders::in_force(self.orders.as_deref()).heads() {
            left = Fen(left.0 - pay(head, left).0);
        }
        self.written_off = Some(claim);
        for (head, amount) in paid {
            let (target, rule) = (target(head), AllocationRule::Recovery);
            self.allocations.push(Allocation { transaction: id, on, target, instalment: None, amount, rule });
        }
        self.keep(id, left);
        Ok(())
    }
}
