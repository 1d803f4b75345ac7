//! Accrual (计息): what the running period has earned, and what overdue amounts cost.

use jiff::civil::Date;

use super::{Ledger, Shape, plan::round_to};
use crate::day_count::{YearFraction, days_between};
use crate::error::TermsError;
use crate::money::{Exact, Fen};
use crate::observe::{Observer, Step};
use crate::terms::{Head, PenaltyDayCount, PenaltyRounding};

impl<O: Observer> Ledger<'_, O> {
    /// Days of a year for penalty interest.
    pub(super) fn penalty_year(&self) -> i64 {
        match self.terms.overdue.day_count {
            PenaltyDayCount::Act360 => 360,
            PenaltyDayCount::Act365 => 365,
        }
    }

    /// So many days as a part of that year; both divisors are known when this is compiled.
    #[inline]
    pub(super) fn penalty_part(&self, days: i64) -> YearFraction {
        match self.terms.overdue.day_count {
            PenaltyDayCount::Act360 => YearFraction::days(days, 360),
            PenaltyDayCount::Act365 => YearFraction::days(days, 365),
        }
    }

    /// The principal that bears contract interest now.
    pub(super) fn bearing(&self) -> Fen {
        let base = if self.shape == Shape::Flat { self.flat_base } else { self.base };
        Fen(base.0.max(0))
    }

    /// The contract rate of the running period.
    pub(super) fn running_rate(&self) -> i64 {
        if self.aux.get(self.current).is_none_or(|aux| aux.interest_free) { 0 } else { self.yearly_e9 }
    }

    /// Adds what the running period earned since the last change to what it carries; afterwards it counts from `day`.
    pub(super) fn settle_segment(&mut self, day: Date) -> Result<(), TermsError> {
        let k = self.current;
        let Some(row) = self.rows.get(k) else { return Ok(()) };
        let from = self.segment_from.max(row.from_on);
        if day <= from || self.disbursed.is_zero() {
            return Ok(());
        }
        let part = YearFraction(self.fraction(k, from).0 - self.fraction(k, day).0);
        let rate = self.running_rate();
        let agreed = self.as_agreed && self.aux[k].agreed_interest.is_some();
        let earned = match self.aux[k].agreed_interest {
            Some(interest) if agreed => share(interest, days_between(from, day), days_between(row.from_on, row.to_on)),
            _ => Exact::interest(self.bearing(), rate, part),
        };
        let earned = earned.ok_or(TermsError::Overflow)?;
        // The step up to the end of the period is that of the plan.
        if O::ON && day < row.to_on {
            let step = Step {
                instalment: row.no,
                head: Head::Interest,
                from,
                to: day,
                balance: self.bearing(),
                yearly_e9: rate,
                days: self.terms.interest.day_count.days(from, day),
                part,
                exact: earned,
                carried: Exact::ZERO,
                amount: None,
                rule: self.terms.interest.day_count.rule(),
                planned: false,
            };
            self.observer.step(step);
        }
        self.carried = self.carried.checked_add(earned).ok_or(TermsError::Overflow)?;
        self.surcharge_misuse(from, day)?;
        self.segment_from = day;
        Ok(())
    }

    /// Misuse costs its surcharge on principal not yet due; the running instalment bears it as penalty.
    fn surcharge_misuse(&mut self, from: Date, day: Date) -> Result<(), TermsError> {
        let rate = self.misuse_surcharge_e9();
        if rate == 0 || self.penalty_suspended.is_some() {
            return Ok(());
        }
        let part = self.penalty_part(days_between(from, day));
        let base = Fen(self.base.0.max(0));
        let exact = self.charge(self.current, Head::Penalty, from, day, base, rate, part)?;
        let carried = &mut self.aux[self.current].penalty.carried;
        *carried = carried.checked_add(exact).ok_or(TermsError::Overflow)?;
        Ok(())
    }

    /// What penalty interest is computed on.
    #[inline]
    pub(super) fn penalty_base(&self, i: usize) -> Fen {
        Fen(self.rows[i].principal.outstanding().0.max(0))
    }

    /// What compound interest is computed on.
    #[inline]
    pub(super) fn compound_base(&self, i: usize) -> Fen {
        let unpaid = self.rows[i].interest.outstanding().0.max(0);
        Fen(unpaid.saturating_add(self.aux[i].posted_penalty.0))
    }

    /// Settles penalty and compound interest of a row up to a day, before its base or rate changes.
    pub(super) fn touch(&mut self, i: usize, day: Date) -> Result<(), TermsError> {
        let aux = &self.aux[i];
        if day <= aux.charged_from || day <= aux.penalty.from {
            return Ok(());
        }
        let (from, running) = (aux.penalty.from, self.penalty_suspended.is_none());
        if running && (self.penalty_e9 != 0 || self.compound_e9 != 0) {
            let part = self.penalty_part(days_between(from, day));
            let late = self.penalty_base(i);
            let penalty = self.charge(i, Head::Penalty, from, day, late, self.penalty_e9, part)?;
            let carried = &mut self.aux[i].penalty.carried;
            *carried = carried.checked_add(penalty).ok_or(TermsError::Overflow)?;
            if self.compound_e9 != 0 {
                let unpaid = self.compound_base(i);
                let compound = self.charge(i, Head::Compound, from, day, unpaid, self.compound_e9, part)?;
                let carried = &mut self.aux[i].compound.carried;
                *carried = carried.checked_add(compound).ok_or(TermsError::Overflow)?;
            }
        }
        let aux = &mut self.aux[i];
        aux.penalty.from = day;
        aux.compound.from = day;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one line of a derivation")]
    fn charge(
        &mut self,
        i: usize,
        head: Head,
        from: Date,
        day: Date,
        base: Fen,
        rate: i64,
        part: YearFraction,
    ) -> Result<Exact, TermsError> {
        if base.is_zero() || rate == 0 {
            return Ok(Exact::ZERO);
        }
        let exact = Exact::interest(base, rate, part).ok_or(TermsError::Overflow)?;
        let rule = match head {
            Head::Penalty if self.rows[i].due_on >= day => "interest.misuse",
            Head::Penalty => "interest.penalty",
            Head::Compound | Head::Interest | Head::Principal | Head::Cost | Head::Fee => "interest.compound",
        };
        match self.terms.overdue.rounding {
            PenaltyRounding::RunningTotal => {
                self.observe_penalty(i, head, from, day, base, rate, exact, None, rule);
                Ok(exact)
            }
            PenaltyRounding::PerSegment => {
                let fen = round_to(exact, self.terms.rounding.mode, 1)?;
                self.observe_penalty(i, head, from, day, base, rate, exact, Some(fen), rule);
                Ok(Exact::from_fen(fen))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one line of a derivation")]
    pub(super) fn observe_penalty(
        &mut self,
        i: usize,
        head: Head,
        from: Date,
        to: Date,
        balance: Fen,
        yearly_e9: i64,
        exact: Exact,
        amount: Option<Fen>,
        rule: &'static str,
    ) {
        if O::ON {
            let days = days_between(from, to);
            let part = self.penalty_part(days);
            let instalment = self.rows[i].no;
            let (planned, carried) = (false, Exact::ZERO);
            let step = Step {
                instalment,
                head,
                from,
                to,
                balance,
                yearly_e9,
                days,
                part,
                exact,
                carried,
                amount,
                rule,
                planned,
            };
            self.observer.step(step);
        }
    }

    /// Settles every open row, before a rate changes for all of them.
    pub(super) fn touch_all(&mut self, day: Date) -> Result<(), TermsError> {
        for i in self.open..self.due_next.min(self.rows.len()) {
            self.touch(i, day)?;
        }
        Ok(())
    }

    /// Works out what penalty and compound interest of a row amount to on a day, without settling.
    #[inline]
    pub(super) fn refresh(&mut self, i: usize, day: Date) -> Result<(), TermsError> {
        let aux = &self.aux[i];
        let live = day > aux.charged_from && day > aux.penalty.from && self.penalty_suspended.is_none();
        if !live && aux.penalty.carried == Exact::ZERO && aux.compound.carried == Exact::ZERO {
            return Ok(());
        }
        let (mut penalty, mut compound) = (aux.penalty.carried, aux.compound.carried);
        if live {
            let part = self.penalty_part(days_between(aux.penalty.from, day));
            let late = Exact::interest(self.penalty_base(i), self.penalty_e9, part);
            penalty = late.and_then(|e| e.checked_add(penalty)).ok_or(TermsError::Overflow)?;
            if self.compound_e9 != 0 {
                let unpaid = Exact::interest(self.compound_base(i), self.compound_e9, part);
                compound = unpaid.and_then(|e| e.checked_add(compound)).ok_or(TermsError::Overflow)?;
            }
        }
        let mode = self.terms.rounding.mode;
        self.rows[i].penalty.due = round_to(penalty, mode, 1)?;
        self.rows[i].compound.due = round_to(compound, mode, 1)?;
        Ok(())
    }

    /// On a due date, unpaid penalty becomes a base of compound interest where that is agreed.
    pub(super) fn post_penalty(&mut self, day: Date) -> Result<(), TermsError> {
        if !self.terms.overdue.compound.is_some_and(|compound| compound.on_penalty) {
            return Ok(());
        }
        for i in self.open..self.due_next.min(self.rows.len()) {
            self.touch(i, day)?;
            self.refresh(i, day)?;
            self.aux[i].posted_penalty = Fen(self.rows[i].penalty.outstanding().0.max(0));
        }
        Ok(())
    }

    /// What the running period has earned up to a day, exact.
    pub(super) fn earned(&self, day: Date) -> Result<Exact, TermsError> {
        let k = self.current;
        let Some(row) = self.rows.get(k) else { return Ok(Exact::ZERO) };
        let from = self.segment_from.max(row.from_on);
        if day <= from {
            return Ok(self.carried);
        }
        if let (Some(interest), true) = (self.aux[k].agreed_interest, self.as_agreed) {
            let part = share(interest, days_between(from, day), days_between(row.from_on, row.to_on));
            return part.and_then(|e| e.checked_add(self.carried)).ok_or(TermsError::Overflow);
        }
        let part = YearFraction(self.fraction(k, from).0 - self.fraction(k, day).0);
        let earned = Exact::interest(self.bearing(), self.running_rate(), part);
        earned.and_then(|e| e.checked_add(self.carried)).ok_or(TermsError::Overflow)
    }
}

/// A share of an agreed amount by days; cut to a whole unit, which the last day of the period makes up for.
fn share(amount: Fen, days: i64, of: i64) -> Option<Exact> {
    Exact::from_fen(amount).0.checked_mul(i128::from(days)).map(|units| Exact(units / i128::from(of.max(1))))
}
