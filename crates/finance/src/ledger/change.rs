//! Changes to the plan by agreement (变更): extension, restructuring, suspension, misuse, waiver.

use std::borrow::Cow;

use super::repay::Effect;
use super::{Ledger, Shape, Suspension, bounded, plan::round_to, shape};
use crate::calendar::Context;
use crate::day_count::{YearFraction, add_days};
use crate::error::{ReplayError, TermsError};
use crate::grid::{self, Rhythm, Slot};
use crate::limits::{self, LAST_YEAR};
use crate::money::{Exact, Fen};
use crate::observe::{Observer, Step};
use crate::terms::{FirstPeriod, Grace, Head, Method, PeriodUnit, RateTerms, RepaymentDay, Terms};
use crate::transaction::{Extension, ExtensionScope, Restructuring};

impl<O: Observer> Ledger<'_, O> {
    /// 展期.
    pub(super) fn extend(&mut self, id: u64, extension: &Extension) -> Result<(), ReplayError> {
        let Some(last) = self.rows.len().checked_sub(1) else { return Err(TermsError::NoPeriods.into()) };
        let maturity = self.rows[last].nominal_due_on;
        let after = maturity.max(self.today);
        if extension.until <= after {
            return Err(ReplayError::NotLater { id, until: extension.until, after });
        }
        self.settle_segment(self.today)?;
        self.touch_all(self.today)?;
        let ended = last < self.current;
        let start = if ended { self.rows[last].to_on.max(self.today) } else { self.rows[last].to_on };
        let slots = extension_slots(&self.terms, self.context, start, extension.until)?;
        if let Some(rate) = extension.rate {
            let rate = limits::yearly("extend.rate", rate, self.terms.interest.year_basis)?;
            self.next_reprice = None;
            self.floating = false;
            if ended {
                self.yearly_e9 = rate
            } else {
                self.rate_from = Some((start, rate))
            }
            self.set_penalty_rates()?;
        }
        let spread_all = extension.scope == ExtensionScope::Remaining && self.base.is_positive();
        let moved = if spread_all { Fen::ZERO } else { self.last_principal(last, ended)? };
        if !spread_all && moved.is_zero() {
            return Err(ReplayError::WrongState { id, kind: "extend", state: "without principal to extend" });
        }
        self.append(&slots)?;
        if !spread_all {
            self.shape = Shape::Weighted;
            self.sum = None;
            for aux in &mut self.aux[last + 1..] {
                aux.weight = Fen::ZERO;
            }
            if let Some(aux) = self.aux.last_mut() {
                aux.weight = moved;
            }
        } else if self.shape == Shape::Weighted {
            let count = i64::try_from(self.rows.len() - self.current).unwrap_or(1).max(1);
            for aux in &mut self.aux[self.current..] {
                aux.weight = Fen(self.base.0 / count);
            }
        }
        if ended {
            self.current = last + 1;
            self.segment_from = start;
            self.carried = Exact::ZERO;
            self.base = bounded(self.base.checked_add(moved))?;
            self.flat_base = self.base;
        }
        self.as_agreed = false;
        self.plan(true)?;
        Ok(())
    }

    /// 提前到期: all that is not yet due falls due today, with the interest up to today. Penalty runs on it from today as
    /// on any overdue principal, after the days of grace. Rule `acceleration.due`.
    pub(super) fn accelerate(&mut self, id: u64) -> Result<(), ReplayError> {
        if self.due_next == self.rows.len() {
            return Err(ReplayError::WrongState { id, kind: "accelerate", state: "due in full" });
        }
        let running = self.current;
        self.settle_segment(self.today)?;
        self.fall_due_uncharged()?;
        self.observe_called(running);
        self.next_reprice = None;
        self.post_penalty(self.today)?;
        if !self.credits.is_empty() {
            self.use_credit()?;
        }
        if self.compound_changes_at_maturity() {
            self.touch_all(self.today)?;
            self.set_penalty_rates()?;
        }
        Ok(())
    }

    /// Shows what fell due with the call.
    fn observe_called(&mut self, i: usize) {
        let Some(row) = self.rows.get(i).copied().filter(|_| O::ON) else { return };
        for (head, due) in [(Head::Interest, row.interest.due), (Head::Principal, row.principal.due)] {
            self.observer.step(Step {
                instalment: row.no,
                head,
                from: row.from_on,
                to: row.to_on,
                balance: due,
                yearly_e9: 0,
                days: 0,
                part: YearFraction(0),
                exact: Exact::from_fen(due),
                carried: Exact::ZERO,
                amount: Some(due),
                rule: "acceleration.due",
                planned: false,
            });
        }
    }

    /// Takes the unpaid principal out of the last instalment, and keeps the others as they are.
    fn last_principal(&mut self, last: usize, ended: bool) -> Result<Fen, TermsError> {
        let outstanding = Fen(self.rows[last].principal.outstanding().0.max(0));
        if ended {
            let row = &mut self.rows[last];
            row.principal.moved = bounded(row.principal.moved.checked_add(outstanding))?;
            if row.interest.outstanding().0 <= 0 && row.cleared_on.is_none() {
                row.cleared_on = Some(self.today);
            }
        } else {
            for k in self.current..=last {
                let principal = self.rows[k].principal;
                self.aux[k].weight = if k == last { Fen(principal.paid.0 + principal.waived.0) } else { principal.due };
            }
        }
        Ok(outstanding)
    }

    /// Appends periods without any grace.
    fn append(&mut self, slots: &[Slot]) -> Result<(), TermsError> {
        if self.rows.len() + slots.len() > limits::MOST_ROWS {
            let periods = u32::try_from(self.rows.len() + slots.len()).unwrap_or(u32::MAX);
            return Err(TermsError::TooManyPeriods { periods, most: limits::MOST_PERIODS });
        }
        let first_no = self.rows.last().map_or(1, |row| row.no + 1);
        for (no, slot) in (first_no..).zip(slots) {
            self.push_row(no, slot)?;
        }
        Ok(())
    }

    /// 重组: everything still owed of principal is paid under other terms from today on.
    pub(super) fn restructure(&mut self, id: u64, new: &Restructuring) -> Result<(), ReplayError> {
        self.settle_segment(self.today)?;
        self.touch_all(self.today)?;
        for i in self.open..self.due_next {
            self.refresh(i, self.today)?;
        }
        let mut moved = self.early_principal();
        let mut capitalised = Fen::ZERO;
        self.close_running(new.capitalise, &mut capitalised)?;
        for i in self.open..self.rows.len() {
            let row = &mut self.rows[i];
            let take = |debt: &mut crate::position::Debt, to: &mut Fen| {
                let unpaid = Fen(debt.outstanding().0.max(0));
                debt.moved = Fen(debt.moved.0 + unpaid.0);
                *to = bounded(to.checked_add(unpaid))?;
                Ok::<(), TermsError>(())
            };
            take(&mut row.principal, &mut moved)?;
            if new.capitalise {
                take(&mut row.interest, &mut capitalised)?;
                take(&mut row.compound, &mut capitalised)?;
                take(&mut row.penalty, &mut capitalised)?;
                self.aux[i].posted_penalty = Fen::ZERO;
            }
            if row.interest.outstanding().0 <= 0 && row.cleared_on.is_none() {
                row.cleared_on = Some(self.today);
            }
        }
        moved = bounded(moved.checked_add(capitalised))?;
        if !moved.is_positive() {
            return Err(ReplayError::WrongState { id, kind: "restructure", state: "without principal" });
        }
        let terms = self.restructured_terms(new, moved);
        limits::check(&terms)?;
        let slots = grid::grid(&terms, self.context)?;
        if let RateTerms::Fixed(rate) = terms.rate
            && new.rate.is_some()
        {
            self.yearly_e9 = limits::yearly("restructure.rate", rate, terms.interest.year_basis)?;
            self.floating = false;
            self.next_reprice = None;
        }
        self.capitalised = bounded(self.capitalised.checked_add(capitalised))?;
        self.shape = shape(&terms.method);
        self.regular = Rhythm::of(&terms).regular(&terms);
        self.terms = Cow::Owned(terms);
        self.rate_from = None;
        self.sum = None;
        self.as_agreed = true;
        self.push_slots(&slots)?;
        self.base = moved;
        self.flat_base = moved;
        self.segment_from = self.today;
        self.carried = Exact::ZERO;
        self.set_penalty_rates()?;
        self.plan(true)?;
        Ok(())
    }

    /// Ends the running period: its principal leaves it, accrued interest is due today or becomes principal.
    fn close_running(&mut self, capitalise: bool, capitalised: &mut Fen) -> Result<(), TermsError> {
        let today = self.today;
        if self.current < self.rows.len() {
            let earned = round_to(self.earned(today)?, self.terms.rounding.mode, 1)?;
            let total = bounded(earned.max(Fen::ZERO).checked_add(self.put_off_before(self.current)))?;
            let total = Fen((total.0 - self.put_off_paid().0).max(0));
            let due_but_running = self.rows[self.current].due_on <= today;
            // Interest that is put off is not part of what a row owes, due or not.
            let bears = !due_but_running || self.aux[self.current].put_off;
            let row = &mut self.rows[self.current];
            let taken = row.interest.paid.0 + row.interest.waived.0;
            if !due_but_running {
                row.principal.due = Fen(row.principal.paid.0 + row.principal.waived.0);
            }
            if bears {
                row.interest.due = Fen(total.0.max(taken));
            }
            let open_interest = Fen(row.interest.outstanding().0.max(0));
            if capitalise && bears {
                row.interest.moved = open_interest;
                *capitalised = bounded(capitalised.checked_add(open_interest))?;
            }
            if O::ON {
                let no = row.no;
                self.observer.forget_from(no);
            }
            self.cut_short(today);
        }
        self.base = Fen::ZERO;
        self.due_next = self.rows.len();
        for row in &mut self.rows {
            row.due_on = row.due_on.min(today);
        }
        Ok(())
    }

    fn restructured_terms(&self, new: &Restructuring, principal: Fen) -> Terms {
        let mut terms = self.terms.clone().into_owned();
        terms.method = new.method.clone();
        terms.principal = principal;
        terms.start_on = self.today;
        terms.drawdowns = Vec::new();
        terms.down_payment = Fen::ZERO;
        terms.periods = new.periods;
        terms.maturity_on = new.maturity_on;
        terms.first_due_on = new.first_due_on;
        terms.frequency = new.frequency.unwrap_or(terms.frequency);
        terms.repayment_day = new.repayment_day;
        terms.grace = Grace::default();
        if let Some(rate) = new.rate {
            terms.rate = RateTerms::Fixed(rate);
        }
        terms
    }

    /// 停息.
    pub(super) fn suspend(
        &mut self,
        id: u64,
        until: Option<jiff::civil::Date>,
        interest: bool,
        penalty: bool,
    ) -> Result<(), ReplayError> {
        if let Some(until) = until.filter(|until| *until <= self.today) {
            return Err(ReplayError::NotLater { id, until, after: self.today });
        }
        let suspension = Suspension { from: self.today, until };
        if interest {
            self.settle_segment(self.today)?;
            self.interest_suspended = Some(suspension);
            self.plan(false)?;
        }
        if penalty {
            self.settle_segment(self.today)?;
            self.touch_all(self.today)?;
            self.penalty_suspended = Some(suspension);
        }
        Ok(())
    }

    /// 挪用.
    pub(super) fn flag_misuse(&mut self, flagged: bool) -> Result<(), TermsError> {
        self.settle_segment(self.today)?;
        self.touch_all(self.today)?;
        self.misuse_from = flagged.then_some(self.today);
        self.set_penalty_rates()
    }

    /// 减免.
    pub(super) fn waive(
        &mut self,
        id: u64,
        head: Head,
        amount: Fen,
        instalment: Option<u32>,
    ) -> Result<(), ReplayError> {
        let mut left = amount;
        if matches!(head, Head::Cost | Head::Fee) {
            for charge in self.charges.iter_mut().filter(|charge| charge.head == head) {
                let part = Fen(charge.debt.outstanding().0.max(0)).min(left);
                charge.debt.waived = Fen(charge.debt.waived.0 + part.0);
                left = Fen(left.0 - part.0);
            }
        } else {
            // Principal that is not yet due leaves the plan; interest not yet due is forgiven on its instalment.
            let end = if head == Head::Interest { self.rows.len() } else { self.due_next };
            for i in self.open..end {
                if instalment.is_some_and(|no| no != self.rows[i].no) {
                    continue;
                }
                self.touch(i, self.today)?;
                self.refresh(i, self.today)?;
                let row = &mut self.rows[i];
                let debt = super::allocate::debt_mut(row, head);
                let part = Fen(debt.outstanding().0.max(0)).min(left);
                debt.waived = Fen(debt.waived.0 + part.0);
                left = Fen(left.0 - part.0);
                if head == Head::Penalty {
                    let posted = &mut self.aux[i].posted_penalty;
                    *posted = Fen((posted.0 - part.0).max(0));
                }
                if row.principal.outstanding().0 <= 0 && row.interest.outstanding().0 <= 0 && row.cleared_on.is_none() {
                    row.cleared_on = Some(self.today);
                }
            }
            let early = if head == Head::Principal && instalment.is_none() { self.early_principal() } else { Fen(0) };
            let early = early.min(left);
            if early.is_positive() {
                self.settle_segment(self.today)?;
                self.forgiven = Fen(self.forgiven.0 + early.0);
                self.shrink(early, Effect::Reduce)?;
                left = Fen(left.0 - early.0);
            }
        }
        if left.is_positive() {
            return Err(ReplayError::WaivesTooMuch { id, head, amount, owed: Fen(amount.0 - left.0) });
        }
        Ok(())
    }

    /// Penalty counts again: nothing is charged for the days before.
    pub(super) fn resume_penalty(&mut self, day: jiff::civil::Date) {
        for aux in &mut self.aux[self.open..self.due_next] {
            aux.penalty.from = aux.penalty.from.max(day);
            aux.compound.from = aux.compound.from.max(day);
        }
        self.penalty_suspended = None;
    }
}

/// The periods by which a loan becomes longer.
fn extension_slots(
    terms: &Terms,
    context: &Context,
    start: jiff::civil::Date,
    until: jiff::civil::Date,
) -> Result<Vec<Slot>, TermsError> {
    let day = terms.first_due_on.unwrap_or(terms.start_on).day().max(terms.start_on.day());
    let mut longer = terms.clone();
    longer.method = if matches!(terms.method, Method::Bullet) { Method::Bullet } else { Method::InterestOnly };
    longer.start_on = start;
    longer.periods = None;
    longer.first_due_on = None;
    longer.maturity_on = Some(until);
    longer.first_period = FirstPeriod::Short;
    longer.repayment_day = match (terms.repayment_day, terms.frequency.unit) {
        (RepaymentDay::ByStart, PeriodUnit::Month | PeriodUnit::Quarter | PeriodUnit::Year) => {
            RepaymentDay::Fixed(if terms.first_due_on.is_some() { day } else { terms.start_on.day() })
        }
        (day, _) => day,
    };
    if matches!(longer.method, Method::Bullet) {
        longer.first_due_on = Some(until);
        longer.periods = Some(1);
    }
    if add_days(start, 1).is_none() {
        return Err(TermsError::DateOutOfRange { last_year: LAST_YEAR });
    }
    grid::grid(&longer, context)
}
