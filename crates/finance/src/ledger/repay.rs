//! Repayment (还款), prepayment (提前还款) and settlement (结清).

use super::{Ledger, Shape, bounded, plan::round_to};
use crate::day_count::{add_days, whole_months};
use crate::error::{ReplayError, TermsError};
use crate::limits::MOST_FEN;
use crate::money::Fen;
use crate::observe::Observer;
use crate::position::{Allocation, AllocationRule, Amounts, ChargePosition, Debt, Target};
use crate::quote::ROW_HEADS;
use crate::terms::{AfterGrace, Excess, Head, PrepaymentInterest};
use crate::transaction::{AllocationPart, Repayment, RepaymentMode};

/// What principal paid early does to the coming instalments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Reduce,
    Shorten,
}

impl<O: Observer> Ledger<'_, O> {
    pub(super) fn repay(&mut self, id: u64, repayment: &Repayment) -> Result<(), ReplayError> {
        let amount = repayment.amount;
        if repayment.mode == RepaymentMode::Settle {
            return self.settle(id, amount);
        }
        let effect = match repayment.mode {
            RepaymentMode::Reduce => Some(Effect::Reduce),
            RepaymentMode::Shorten => Some(Effect::Shorten),
            RepaymentMode::Regular | RepaymentMode::Settle => None,
        };
        let mut left = amount;
        if !repayment.allocation.is_empty() {
            left = self.pay_stated(id, amount, &repayment.allocation, effect)?;
        }
        left = self.pay_due(id, left)?;
        let effect = effect.or(match self.terms.prepayment.excess {
            Excess::Credit => None,
            Excess::Reduce => Some(Effect::Reduce),
            Excess::Shorten => Some(Effect::Shorten),
        });
        match effect {
            Some(effect) if left.is_positive() => self.prepay(id, left, effect)?,
            _ => self.keep(id, left),
        }
        Ok(())
    }

    /// Pays what the payer or the lender's book states; returns what is left.
    fn pay_stated(
        &mut self,
        id: u64,
        amount: Fen,
        parts: &[AllocationPart],
        effect: Option<Effect>,
    ) -> Result<Fen, ReplayError> {
        let stated = check_stated(id, amount, parts)?;
        for i in self.open..self.due_next {
            self.refresh(i, self.today)?;
        }
        self.rule = AllocationRule::Stated;
        for part in parts {
            let mut left = part.amount;
            match (part.head, part.instalment, effect) {
                (Head::Cost | Head::Fee, _, _) => {
                    for k in 0..self.charges.len() {
                        if self.charges[k].head == part.head {
                            left = self.pay_charge(k, id, left);
                        }
                    }
                }
                (Head::Principal, None, Some(effect)) => {
                    let early = left.min(self.early_principal());
                    self.settle_segment(self.today)?;
                    self.reduce_base(id, early, effect)?;
                    left = Fen(left.0 - early.0);
                }
                _ => {
                    for i in self.open..self.rows.len() {
                        if part.instalment.is_none_or(|no| no == self.rows[i].no) && left.is_positive() {
                            left = self.pay_row(i, part.head, id, left)?;
                        }
                    }
                }
            }
            if left.is_positive() {
                let owed = Fen(part.amount.0 - left.0);
                return Err(ReplayError::NotOwed { id, head: part.head, stated: part.amount, owed });
            }
        }
        Ok(Fen(amount.0 - stated.0))
    }

    /// Principal paid in advance on instalments whose interest period has not ended.
    pub(super) fn paid_ahead(&self) -> Fen {
        let ahead = self.rows.get(self.current..).unwrap_or_default();
        Fen(ahead.iter().fold(0, |sum, row| sum + row.principal.paid.0 + row.principal.waived.0))
    }

    /// Principal that can be paid before its time.
    pub(super) fn early_principal(&self) -> Fen {
        let due_but_running = self.rows.get(self.current..self.due_next.max(self.current)).unwrap_or_default();
        let due = due_but_running.iter().fold(0, |sum, row| sum + row.principal.outstanding().0.max(0));
        Fen((self.base.0 - self.paid_ahead().0 - due).max(0))
    }

    /// Pays principal early with `money`, after the charge and, where agreed, interest to date.
    fn prepay(&mut self, id: u64, money: Fen, effect: Effect) -> Result<(), TermsError> {
        self.settle_segment(self.today)?;
        let mut left = money;
        self.rule = AllocationRule::Prepayment;
        if self.terms.prepayment.interest == PrepaymentInterest::PaidToDate && self.current < self.rows.len() {
            let accrued = self.accrued_unpaid()?.min(left);
            let unpaid = self.pay_row(self.current, Head::Interest, id, accrued)?;
            left = Fen(left.0 - accrued.0 + unpaid.0);
        }
        let available = self.early_principal();
        let ppm = self.prepayment_ppm();
        let mode = self.terms.rounding.mode;
        let share = i128::from(left.0) * i128::from(ppm);
        let mut charge = mode.divide(share, 1_000_000 + i128::from(ppm)).ok_or(TermsError::Overflow)?;
        let mut early = Fen(left.0 - charge.0);
        if early > available {
            early = available;
            charge = bounded(early.share_ppm(ppm, mode))?.min(Fen(left.0 - early.0));
        }
        if charge.is_positive() {
            self.charge_now(id, charge);
            self.pay_charge(self.charges.len() - 1, id, charge);
        }
        self.reduce_base(id, early, effect)?;
        self.keep(id, Fen(left.0 - early.0 - charge.0));
        Ok(())
    }

    /// The charge on principal paid early, in parts per million, on this day.
    fn prepayment_ppm(&self) -> i64 {
        let Some(charge) = self.terms.prepayment.charge else { return 0 };
        let (passed, _) = whole_months(self.terms.start_on, self.today);
        match charge.free_after_months {
            Some(months) if passed >= i64::from(months) => 0,
            _ => i64::from(charge.ppm),
        }
    }

    fn charge_now(&mut self, id: u64, amount: Fen) {
        let debt = Debt { due: amount, ..Debt::default() };
        self.charges.push(ChargePosition { transaction: id, head: Head::Fee, due_on: self.today, debt });
    }

    /// Takes principal out of what is to be spread, as paid early.
    fn reduce_base(&mut self, id: u64, early: Fen, effect: Effect) -> Result<(), TermsError> {
        if !early.is_positive() {
            return Ok(());
        }
        let on = self.today;
        self.allocations.push(Allocation {
            transaction: id,
            on,
            target: Target::Principal,
            instalment: None,
            amount: early,
            rule: AllocationRule::Prepayment,
        });
        self.prepaid = Fen(self.prepaid.0 + early.0);
        self.shrink(early, effect)
    }

    /// Less principal to be spread from today on; the running segment must be settled.
    pub(super) fn shrink(&mut self, early: Fen, effect: Effect) -> Result<(), TermsError> {
        let before = self.base;
        self.base = Fen(self.base.0 - early.0);
        self.as_agreed = false;
        if effect == Effect::Reduce && before.is_positive() {
            let scaled = i128::from(self.flat_base.0) * i128::from(self.base.0.max(0));
            self.flat_base = bounded(self.terms.rounding.mode.divide(scaled, i128::from(before.0)))?;
        }
        if effect == Effect::Shorten && self.shape == Shape::Weighted {
            let mut cut = early.0;
            for aux in self.aux.iter_mut().skip(self.current).rev() {
                let part = aux.weight.0.min(cut);
                aux.weight = Fen(aux.weight.0 - part);
                cut -= part;
            }
        }
        self.plan(effect == Effect::Reduce)?;
        self.drop_empty_tail();
        Ok(())
    }

    /// Interest of the running period up to today that is not yet paid.
    fn accrued_unpaid(&self) -> Result<Fen, TermsError> {
        let earned = round_to(self.earned(self.today)?, self.terms.rounding.mode, 1)?;
        let total = bounded(earned.max(Fen::ZERO).checked_add(self.put_off_before(self.current)))?;
        let interest = self.rows.get(self.current).map(|row| row.interest).unwrap_or_default();
        let taken = interest.paid.0 + interest.waived.0 + interest.moved.0 + self.put_off_paid().0;
        Ok(Fen((total.0 - taken).max(0)))
    }

    /// Makes everything owed due today, the charge for paying early included.
    pub(super) fn fall_due(&mut self, id: u64) -> Result<(), TermsError> {
        self.settle_segment(self.today)?;
        let early = self.early_principal();
        let charge = bounded(early.share_ppm(self.prepayment_ppm(), self.terms.rounding.mode))?;
        if charge.is_positive() {
            self.charge_now(id, charge);
        }
        self.fall_due_uncharged()
    }

    /// Makes everything owed due today; the running segment must be settled.
    pub(super) fn fall_due_uncharged(&mut self) -> Result<(), TermsError> {
        let today = self.today;
        if self.current < self.rows.len() && !self.disbursed.is_zero() {
            let accrued = self.accrued_unpaid()?;
            let ahead_later = Fen(self.rows[self.current + 1..]
                .iter()
                .fold(0, |sum, row| sum + row.principal.paid.0 + row.principal.waived.0));
            let (base, put_off) = (self.base, self.aux[self.current].put_off);
            let row = &mut self.rows[self.current];
            row.principal.due = Fen(base.0 - ahead_later.0);
            let taken = row.interest.paid.0 + row.interest.waived.0 + row.interest.moved.0;
            // A due row whose period runs on to the day after (counted settlement) keeps its interest.
            if row.due_on > today || put_off || row.interest.due.0 < taken {
                row.interest.due = Fen(accrued.0 + taken);
            }
            if O::ON {
                let no = row.no;
                self.observer.forget_from(no);
            }
            self.cut_short(today);
            self.base = Fen::ZERO;
        }
        // A period that is cut short may take rows away that were counted as due.
        for row in &mut self.rows {
            row.due_on = row.due_on.min(today);
        }
        self.due_next = self.rows.len();
        for i in self.open..self.rows.len() {
            self.refresh(i, today)?;
        }
        for charge in &mut self.charges {
            charge.due_on = charge.due_on.min(today);
        }
        Ok(())
    }

    /// Ends the running period today; later rows stay only where something was paid on them.
    pub(super) fn cut_short(&mut self, today: jiff::civil::Date) {
        let first = self.current;
        let charged_from = add_days(today, i64::from(self.terms.overdue.grace_days)).unwrap_or(today);
        let from_due = self.terms.overdue.after_grace == AfterGrace::FromDueDate;
        let mut keep = Vec::with_capacity(self.rows.len());
        for (k, row) in self.rows.iter_mut().enumerate() {
            if k < first {
                keep.push(true);
                continue;
            }
            if k > first {
                row.principal.due = Fen(row.principal.paid.0 + row.principal.waived.0);
                row.interest.due = Fen(row.interest.paid.0 + row.interest.waived.0);
            }
            let heads = [row.principal, row.interest, row.penalty, row.compound];
            let carries = self.aux[k].penalty.carried.0 != 0;
            keep.push(carries || heads.iter().any(|d| !d.due.is_zero() || !d.paid.is_zero() || !d.waived.is_zero()));
            row.from_on = row.from_on.min(today);
            row.to_on = today;
            row.nominal_due_on = row.nominal_due_on.min(today);
            row.due_on = row.due_on.min(today);
            let aux = &mut self.aux[k];
            aux.charged_from = charged_from.min(aux.charged_from);
            for run in [&mut aux.penalty, &mut aux.compound] {
                run.from = run.from.min(if from_due { today } else { aux.charged_from });
            }
        }
        let mut flags = keep.iter();
        self.rows.retain(|_| *flags.next().unwrap_or(&true));
        let mut flags = keep.iter();
        self.aux.retain(|_| *flags.next().unwrap_or(&true));
        for aux in &mut self.aux {
            aux.put_off = false;
        }
        self.current = self.rows.len();
        self.carried = crate::money::Exact::ZERO;
        self.segment_from = today;
    }

    /// What is owed on rows and charges now that everything is due.
    pub(super) fn owed_in_all(&self) -> Option<Fen> {
        let rows = self.rows.iter().flat_map(|row| [row.principal, row.interest, row.penalty, row.compound]);
        let charges = self.charges.iter().map(|charge| charge.debt);
        Fen::checked_sum(rows.chain(charges).map(|debt| Fen(debt.outstanding().0.max(0))))
    }

    /// What settling today takes: by head, the charge in it, and credit at hand. The ledger is used up.
    pub(crate) fn settlement(&mut self) -> Result<(Amounts, Fen, Fen), ReplayError> {
        if self.written_off.is_some() {
            return Err(ReplayError::WrongState { id: 0, kind: "settle", state: "written off" });
        }
        let charges = self.charges.len();
        self.fall_due(0)?;
        let charge = Fen::checked_sum(self.charges[charges..].iter().map(|charge| charge.debt.due));
        let mut amounts = Amounts::default();
        let mut add = |head: Head, debt: Debt| {
            let sum = amounts.get(head).checked_add(Fen(debt.outstanding().0.max(0)));
            *amounts.get_mut(head) = sum.ok_or(TermsError::Overflow)?;
            Ok::<(), TermsError>(())
        };
        for row in &self.rows {
            for head in ROW_HEADS {
                add(head, super::allocate::debt(row, head))?;
            }
        }
        for charge in &self.charges {
            add(charge.head, charge.debt)?;
        }
        let credit = Fen::checked_sum(self.credits.iter().map(|lot| lot.left)).ok_or(TermsError::Overflow)?;
        Ok((amounts, charge.ok_or(TermsError::Overflow)?, credit))
    }

    /// 提前结清: pays everything owed today.
    fn settle(&mut self, id: u64, amount: Fen) -> Result<(), ReplayError> {
        self.fall_due(id)?;
        let owed = self.owed_in_all().ok_or(TermsError::Overflow)?;
        let credit = Fen::checked_sum(self.credits.iter().map(|lot| lot.left)).ok_or(TermsError::Overflow)?;
        let needed = Fen((owed.0 - credit.0).max(0));
        if amount < needed {
            return Err(ReplayError::DoesNotSettle { id, amount, needed });
        }
        let mut lots = std::mem::take(&mut self.credits);
        for lot in &mut lots {
            lot.left = self.pay_everything(lot.transaction, lot.left)?;
        }
        lots.retain(|lot| lot.left.is_positive());
        self.credits = lots;
        let left = self.pay_everything(id, amount)?;
        self.keep(id, left);
        Ok(())
    }

    /// Pays in the order in force, then what that order leaves out: a settlement leaves nothing.
    fn pay_everything(&mut self, id: u64, money: Fen) -> Result<Fen, TermsError> {
        let mut left = self.pay_due(id, money)?;
        for k in 0..self.charges.len() {
            left = self.pay_charge(k, id, left);
        }
        for i in 0..self.rows.len() {
            for head in [Head::Compound, Head::Penalty, Head::Interest, Head::Principal] {
                left = self.pay_row(i, head, id, left)?;
            }
        }
        Ok(left)
    }
}

/// The sum of a stated allocation, which must not be more than the money.
pub(super) fn check_stated(id: u64, amount: Fen, parts: &[AllocationPart]) -> Result<Fen, ReplayError> {
    for part in parts {
        if part.amount.0 < 0 || part.amount > MOST_FEN {
            return Err(ReplayError::BadAmount { id, amount: part.amount, most: MOST_FEN });
        }
    }
    let stated = Fen::checked_sum(parts.iter().map(|part| part.amount)).ok_or(TermsError::Overflow)?;
    if stated > amount {
        return Err(ReplayError::AllocationTooLarge { id, stated, amount });
    }
    Ok(stated)
}
