//! The end of the walk (结转): the ledger becomes a position.

use jiff::civil::Date;

use super::{Ledger, plan::round_to};
use crate::accrual::{AccrualBasis, AccrualLine};
use crate::day_count::{add_days, days_between};
use crate::error::TermsError;
use crate::money::{Exact, Fen};
use crate::observe::{Observer, Step};
use crate::position::{Allocation, AllocationRule, Amounts, NextDue, Position, Status, Target, WrittenOff};
use crate::schedule::{Instalment, Schedule};
use crate::terms::{Drawdown, Head};

impl<O: Observer> Ledger<'_, O> {
    /// The position on a day to which the ledger has walked. Rows, charges and allocations move into it.
    pub(crate) fn close(&mut self, as_of: Date) -> Result<Position, TermsError> {
        if !self.disbursed.is_zero() {
            self.drop_empty_tail();
        }
        let frozen = self.written_off.map(|claim| claim.on);
        let oldest = self.oldest_unpaid(frozen.unwrap_or(as_of));
        let accruals = if frozen.is_some() { Vec::new() } else { self.lines(as_of)? };
        let non_accrual = self.terms.overdue.non_accrual_after_days;
        let non_accrual_on = oldest.zip(non_accrual).and_then(|(due, days)| add_days(due, i64::from(days) + 1));
        let next_change_on = if frozen.is_some() { None } else { self.next_change(as_of, non_accrual_on, &accruals) };
        let mark_floating = self.next_reprice.filter(|_| self.floating);
        if let Some(on) = mark_floating {
            for row in self.rows.iter_mut().filter(|row| row.to_on > on) {
                row.provisional = true;
            }
        }
        for lot in &self.credits {
            self.allocations.push(Allocation {
                transaction: lot.transaction,
                on: lot.paid_on,
                target: Target::Credit,
                instalment: None,
                amount: lot.left,
                rule: AllocationRule::Credit,
            });
        }
        let credit = Fen::checked_sum(self.credits.iter().map(|lot| lot.left)).ok_or(TermsError::Overflow)?;
        if O::ON && frozen.is_none() {
            self.observe_penalty_sums(as_of)?;
        }
        let rows = std::mem::take(&mut self.rows);
        let early = self.disbursed.0 + self.capitalised.0 - self.prepaid.0 - self.forgiven.0;
        let principal = rows.iter().fold(early, |left, row| left - row.principal.paid.0 - row.principal.waived.0);
        let mut position = Position {
            as_of,
            status: Status::Current,
            disbursed: self.disbursed,
            outstanding: Amounts { principal: Fen(principal), ..Amounts::default() },
            due: Amounts::default(),
            overdue: Amounts::default(),
            accrued_interest: Fen::ZERO,
            credit,
            oldest_unpaid_due_on: oldest,
            days_overdue: 0,
            next_due: if frozen.is_some() { None } else { next_due(&rows, as_of) },
            non_accrual_since: non_accrual_on.filter(|on| *on <= frozen.unwrap_or(as_of)),
            yearly_e9: self.yearly_e9,
            maturity_on: rows.last().map_or(as_of, |row| row.nominal_due_on),
            provisional: frozen.is_none() && rows.iter().any(|row| row.provisional && row.due_on > as_of),
            written_off: self.written_off,
            instalments: rows,
            charges: std::mem::take(&mut self.charges),
            allocations: std::mem::take(&mut self.allocations),
            accruals,
            rounding: self.terms.rounding.mode,
            next_change_on,
        };
        position.settle_amounts(as_of).ok_or(TermsError::Overflow)?;
        position.status = status(&position);
        Ok(position)
    }

    /// Draws as planned, between the start and the maturity.
    pub(crate) fn draw_as_planned(&mut self, drawdown: Drawdown) -> Result<(), TermsError> {
        let start_on = self.first_day;
        let maturity_on = self.rows.last().map_or(start_on, |row| row.to_on.min(row.due_on));
        let on = drawdown.on;
        if on < start_on || on >= maturity_on {
            return Err(TermsError::DrawdownOutsideTerm { on, start_on, maturity_on });
        }
        self.advance(on)?;
        self.disburse(drawdown.amount)?;
        self.next_event = self.find_next_event();
        Ok(())
    }

    /// Takes every repricing into the plan that published rates, or the last of them, give.
    pub(crate) fn project(&mut self) -> Result<(), TermsError> {
        let Some(last) = self.rows.last().map(|row| row.to_on) else { return Ok(()) };
        while let Some(on) = self.next_reprice.filter(|on| *on < last) {
            let known = self.context.rates.known_until().is_some_and(|until| on <= until);
            if !known {
                return Ok(());
            }
            self.next_event = self.find_next_event();
            self.advance(on)?;
        }
        Ok(())
    }

    /// The schedule as planned.
    pub(crate) fn into_schedule(mut self) -> Result<Schedule, TermsError> {
        self.drop_empty_tail();
        let floats_from = self.next_reprice.filter(|_| self.floating);
        let (mut paid, mut drawn) = (Fen::ZERO, self.disbursed);
        let mut interest = Fen::ZERO;
        let mut instalments = Vec::with_capacity(self.rows.len());
        let mut provisional = false;
        for row in &self.rows {
            paid = Fen(paid.0 + row.principal.due.0);
            if !self.terms.drawdowns.is_empty() {
                let so_far = self.terms.drawdowns.iter().filter(|drawdown| drawdown.on <= row.due_on);
                drawn = Fen(so_far.fold(0, |sum, drawdown| sum + drawdown.amount.0));
            }
            interest = interest.checked_add(row.interest.due).ok_or(TermsError::Overflow)?;
            let unsure = row.provisional || floats_from.is_some_and(|on| row.to_on > on);
            provisional |= unsure;
            instalments.push(Instalment {
                no: row.no,
                from_on: row.from_on,
                to_on: row.to_on,
                nominal_due_on: row.nominal_due_on,
                due_on: row.due_on,
                principal: row.principal.due,
                interest: row.interest.due,
                balance: Fen(drawn.0 - paid.0),
                provisional: unsure,
            });
        }
        let maturity_on = self.rows.last().map_or(self.first_day, |row| row.nominal_due_on);
        let total_principal = self.disbursed;
        Ok(Schedule { instalments, total_principal, total_interest: interest, maturity_on, provisional })
    }

    /// Everything that grows by the day, and interest that has accrued but is not due.
    fn lines(&mut self, day: Date) -> Result<Vec<AccrualLine>, TermsError> {
        let mut lines = Vec::new();
        for i in self.open..self.due_next {
            self.refresh(i, day)?;
            if O::ON {
                self.observe_running(i, day)?;
            }
            let stopped = self.penalty_suspended.is_some();
            let (late, unpaid) = (self.penalty_base(i), self.compound_base(i));
            self.push_penalty_line(&mut lines, i, Head::Penalty, late, if stopped { 0 } else { self.penalty_e9 });
            self.push_penalty_line(&mut lines, i, Head::Compound, unpaid, if stopped { 0 } else { self.compound_e9 });
        }
        if self.disbursed.is_zero() {
            return Ok(lines);
        }
        // Ended periods that are not due yet, and interest that was put off: earned, no longer growing.
        let bearer = self.bearer();
        // Once the instalment that bears it is due, what was put off is part of what it owes.
        let waiting = match self.aux[..self.current].iter().rev().take_while(|aux| aux.put_off).count() {
            waiting if bearer >= self.due_next => waiting,
            _ => 0,
        };
        for i in 0..self.current {
            if i >= self.current - waiting {
                lines.push(self.ended_line(i, bearer, Head::Interest, Exact::from_fen(self.aux[i].own_interest)));
            } else if i >= self.due_next {
                lines.push(self.ended_line(i, i, Head::Interest, Exact::from_fen(self.rows[i].interest.due)));
            }
            let surcharge = self.aux[i].penalty.carried;
            if i >= self.due_next && surcharge != Exact::ZERO {
                lines.push(self.ended_line(i, i, Head::Penalty, surcharge));
            }
        }
        let Some(row) = self.rows.get(self.current) else { return Ok(lines) };
        // The interest of a counted settlement day is due while its period still runs, unless it is put off; the
        // surcharge runs on with it.
        if row.due_on > day || self.aux[self.current].put_off {
            lines.push(self.running_line(self.rows[bearer].no, row.from_on, row.to_on));
        }
        let surcharge = self.misuse_surcharge_e9();
        if surcharge > 0 || self.aux[self.current].penalty.carried != Exact::ZERO {
            let from = self.segment_from.max(row.from_on);
            lines.push(AccrualLine {
                head: Head::Penalty,
                instalment: row.no,
                base: Fen(self.base.0.max(0)),
                yearly_e9: if self.penalty_suspended.is_some() { 0 } else { surcharge },
                from_on: from,
                charged_from_on: from,
                carried: self.aux[self.current].penalty.carried,
                basis: AccrualBasis::Actual { year_days: self.penalty_year() },
            });
        }
        Ok(lines)
    }

    /// Shows how the sum of penalty or compound interest of each instalment was rounded.
    fn observe_penalty_sums(&mut self, day: Date) -> Result<(), TermsError> {
        let surcharge = self.observe_running_misuse(day)?;
        let mode = self.terms.rounding.mode;
        for i in 0..self.due_next.max(self.current + 1).min(self.rows.len()) {
            let (aux, row) = (self.aux[i], self.rows[i]);
            let live = day > aux.charged_from && day > aux.penalty.from && self.penalty_suspended.is_none();
            let since = if live && i < self.due_next { days_between(aux.penalty.from, day) } else { 0 };
            let part = self.penalty_part(since);
            let misuse = if i == self.current { surcharge } else { Exact::ZERO };
            let heads = [
                (Head::Penalty, aux.penalty.carried, self.penalty_base(i), self.penalty_e9, misuse),
                (Head::Compound, aux.compound.carried, self.compound_base(i), self.compound_e9, Exact::ZERO),
            ];
            for (head, carried, base, rate, running) in heads {
                let open = if i < self.open { Exact::ZERO } else { exact(base, rate, part)? };
                let sum = carried.checked_add(open).and_then(|sum| sum.checked_add(running));
                let sum = sum.ok_or(TermsError::Overflow)?;
                if sum != Exact::ZERO {
                    self.observer.step(Step {
                        instalment: row.no,
                        head,
                        from: row.due_on.min(day),
                        to: day,
                        balance: Fen::ZERO,
                        yearly_e9: 0,
                        days: 0,
                        part: crate::YearFraction(0),
                        exact: Exact::ZERO,
                        carried: sum,
                        amount: Some(round_to(sum, mode, 1)?),
                        rule: "interest.penalty.rounding",
                        planned: false,
                    });
                }
            }
        }
        Ok(())
    }

    /// Shows the surcharge for misuse that runs since the last change, and gives it.
    fn observe_running_misuse(&mut self, day: Date) -> Result<Exact, TermsError> {
        let (i, rate) = (self.current, self.misuse_surcharge_e9());
        let Some(row) = self.rows.get(i) else { return Ok(Exact::ZERO) };
        let from = self.segment_from.max(row.from_on);
        let base = Fen(self.base.0.max(0));
        let stopped = rate == 0 || base.is_zero() || self.penalty_suspended.is_some() || self.disbursed.is_zero();
        if stopped || day <= from {
            return Ok(Exact::ZERO);
        }
        let exact = exact(base, rate, self.penalty_part(days_between(from, day)))?;
        self.observe_penalty(i, Head::Penalty, from, day, base, rate, exact, None, "interest.misuse");
        Ok(exact)
    }

    /// Shows the penalty that runs since the last change as steps of the derivation.
    fn observe_running(&mut self, i: usize, day: Date) -> Result<(), TermsError> {
        let aux = self.aux[i];
        let from = aux.penalty.from;
        if day <= aux.charged_from || day <= from || self.penalty_suspended.is_some() {
            return Ok(());
        }
        let part = self.penalty_part(days_between(from, day));
        let heads = [
            (Head::Penalty, self.penalty_base(i), self.penalty_e9, "interest.penalty"),
            (Head::Compound, self.compound_base(i), self.compound_e9, "interest.compound"),
        ];
        for (head, base, rate, rule) in heads {
            if !base.is_zero() && rate != 0 {
                let exact = Exact::interest(base, rate, part).ok_or(TermsError::Overflow)?;
                self.observe_penalty(i, head, from, day, base, rate, exact, None, rule);
            }
        }
        Ok(())
    }

    fn push_penalty_line(&self, lines: &mut Vec<AccrualLine>, i: usize, head: Head, base: Fen, yearly_e9: i64) {
        let aux = &self.aux[i];
        let run = if head == Head::Penalty { aux.penalty } else { aux.compound };
        if base.is_zero() || yearly_e9 == 0 {
            return;
        }
        lines.push(AccrualLine {
            head,
            instalment: self.rows[i].no,
            base,
            yearly_e9,
            from_on: run.from,
            charged_from_on: aux.charged_from.max(run.from),
            carried: run.carried,
            basis: AccrualBasis::Actual { year_days: self.penalty_year() },
        });
    }

    /// What an ended period earned and no longer grows, though it is not due yet; `bearer` is whose it will be.
    fn ended_line(&self, i: usize, bearer: usize, head: Head, carried: Exact) -> AccrualLine {
        let row = &self.rows[i];
        AccrualLine {
            head,
            instalment: self.rows[bearer].no,
            base: Fen::ZERO,
            yearly_e9: 0,
            from_on: row.to_on,
            charged_from_on: row.to_on,
            carried,
            basis: AccrualBasis::Actual { year_days: 360 },
        }
    }

    /// The line of the running interest period.
    fn running_line(&self, instalment: u32, from_on: Date, to_on: Date) -> AccrualLine {
        let agreed = self.aux[self.current].agreed_interest.filter(|_| self.as_agreed);
        let stopped = self.interest_suspended.is_some();
        let segment = self.segment_from.max(from_on);
        AccrualLine {
            head: Head::Interest,
            instalment,
            base: if stopped { Fen::ZERO } else { agreed.unwrap_or(self.bearing()) },
            yearly_e9: self.running_rate(),
            from_on: segment,
            charged_from_on: segment,
            carried: self.carried,
            basis: match agreed {
                Some(_) => AccrualBasis::Share { days: days_between(from_on, to_on) },
                None => AccrualBasis::Period {
                    day_count: self.terms.interest.day_count,
                    period_from_on: from_on,
                    period_to_on: to_on,
                    whole: self.aux[self.current].whole,
                },
            },
        }
    }

    /// The next date on which something changes other than by accrual lines.
    fn next_change(&self, as_of: Date, non_accrual_on: Option<Date>, lines: &[AccrualLine]) -> Option<Date> {
        let owes_today = |due: Date, unpaid: bool| (due == as_of && unpaid).then(|| add_days(as_of, 1)).flatten();
        let rows = self.rows[self.open..].iter();
        let rows = rows.filter_map(|row| {
            let unpaid = [row.principal, row.interest].iter().any(|debt| debt.outstanding().0 > 0);
            owes_today(row.due_on, unpaid)
        });
        let charges = self.charges.iter().filter(|charge| charge.debt.outstanding().0 > 0);
        let charges =
            charges.filter_map(|c| if c.due_on > as_of { Some(c.due_on) } else { owes_today(c.due_on, true) });
        let grace = lines.iter().filter(|line| matches!(line.head, Head::Penalty | Head::Compound));
        let grace = grace.filter_map(|line| add_days(line.charged_from_on, 1));
        let events = self.next_event.into_iter().chain(non_accrual_on).chain(rows).chain(charges).chain(grace);
        events.filter(|date| *date > as_of).min()
    }
}

fn exact(base: Fen, rate: i64, part: crate::YearFraction) -> Result<Exact, TermsError> {
    Exact::interest(base, rate, part).ok_or(TermsError::Overflow)
}

fn next_due(rows: &[crate::position::InstalmentPosition], as_of: Date) -> Option<NextDue> {
    let row = rows.iter().find(|row| {
        row.due_on > as_of && row.principal.outstanding().0.max(0) + row.interest.outstanding().0.max(0) > 0
    })?;
    let amount = Fen(row.principal.outstanding().0.max(0) + row.interest.outstanding().0.max(0));
    Some(NextDue { on: row.due_on, instalment: row.no, amount })
}

fn status(position: &Position) -> Status {
    if position.written_off.is_some() {
        Status::WrittenOff
    } else if position.disbursed.is_zero() {
        Status::Undrawn
    } else if position.outstanding == Amounts::default() {
        Status::Settled
    } else if position.oldest_unpaid_due_on.is_some() {
        Status::Overdue
    } else {
        Status::Current
    }
}

impl WrittenOff {
    /// What is still claimed, by head (尚未收回).
    pub fn remaining(&self) -> Amounts {
        let mut left = Amounts::default();
        for head in Head::ALL {
            *left.get_mut(head) = Fen(self.amounts.get(head).0.saturating_sub(self.recovered.get(head).0));
        }
        left
    }
}
