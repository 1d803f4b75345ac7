//! The plan (排期): principal and interest of the instalments to come, from what is still to be spread.

use jiff::civil::Date;

use super::{Ledger, Shape, bounded};
use crate::annuity::{PeriodicRate, equal_instalment, equal_instalment_by_days};
use crate::day_count::YearFraction;
use crate::error::TermsError;
use crate::limits::MOST_FEN;
use crate::money::{Exact, Fen, Rounding};
use crate::observe::{Observer, Step};
use crate::terms::{Head, Method, Remainder, Residual, RoundInterest, SizedBy};

/// How often the first instalment is corrected when it takes the remainder; each pass leaves a smaller one.
const REMAINDER_PASSES: u32 = 4;

impl<O: Observer> Ledger<'_, O> {
    /// Plans the coming instalments; `resize` computes the equal sum or equal principal anew.
    pub(super) fn plan(&mut self, resize: bool) -> Result<(), TermsError> {
        let first = self.current;
        if first >= self.rows.len() {
            return Ok(());
        }
        if resize || self.sum.is_none() {
            self.sum = self.size()?;
        }
        let residual = self.residual();
        let mut extra = match (self.terms.rounding.remainder, self.shape, self.sum) {
            (Remainder::First, Shape::EqualPart | Shape::Flat, Some(part)) if resize => {
                let count = i64::from(self.amortising());
                self.base.checked_sub(part.checked_mul(count).ok_or(TermsError::Overflow)?)
            }
            _ => Some(Fen::ZERO),
        }
        .ok_or(TermsError::Overflow)?;
        let passes = match (self.terms.rounding.remainder, self.shape) {
            (Remainder::First, Shape::EqualSum) if resize && residual.is_zero() => REMAINDER_PASSES,
            _ => 1,
        };
        for pass in 0..passes {
            if O::ON {
                self.observer.forget_from(self.rows[first].no);
            }
            let left = self.spread(first, residual, extra)?;
            if left.is_zero() || pass + 1 == passes {
                break;
            }
            extra = bounded(extra.checked_add(left))?;
        }
        Ok(())
    }

    /// The equal sum or equal principal for what is to be spread now.
    fn size(&self) -> Result<Option<Fen>, TermsError> {
        let count = self.amortising();
        let rounding = self.terms.rounding;
        let base = Fen(self.base.0.max(0));
        let sum = match self.shape {
            Shape::AtEnd | Shape::Weighted => return Ok(None),
            Shape::EqualPart | Shape::Flat => {
                let parts = i128::from(count) * i128::from(rounding.unit);
                rounding.mode.divide(i128::from(base.0), parts).and_then(|fen| fen.checked_mul(rounding.unit))
            }
            Shape::EqualSum => {
                let unit = rounding.unit.max(rounding.instalment_multiple);
                let residual = self.residual();
                if self.terms.interest.sized_by == SizedBy::Days && self.over_count().is_none() {
                    let rates = (self.current..self.rows.len())
                        .filter(|k| !self.aux[*k].no_principal && self.rows[*k].due_on > self.today)
                        .map_while(|k| PeriodicRate::new(self.rate_of(k), self.fraction(k, self.segment_start(k)).0));
                    equal_instalment_by_days(base, residual, rates, rounding.mode, unit)
                } else {
                    let i = PeriodicRate::new(self.yearly_e9, self.regular.0).ok_or(TermsError::Overflow)?;
                    let count = self.over_count().unwrap_or(count);
                    equal_instalment(base, residual, i, count, rounding.mode, unit)
                }
            }
        };
        bounded(sum).map(Some)
    }

    /// Instalments that pay principal and are still to come.
    fn amortising(&self) -> u32 {
        let coming = self.current..self.rows.len();
        let count = coming.filter(|k| !self.aux[*k].no_principal && self.rows[*k].due_on > self.today).count();
        u32::try_from(count).unwrap_or(u32::MAX).max(1)
    }

    /// What a balloon keeps for the end.
    fn residual(&self) -> Fen {
        match (&self.terms.method, self.shape) {
            (Method::Balloon(Residual::Amount(amount)), Shape::EqualSum) => *amount.min(&self.base.max(Fen::ZERO)),
            _ => Fen::ZERO,
        }
    }

    /// For how many periods a balloon's instalment is sized, where that is agreed.
    fn over_count(&self) -> Option<u32> {
        let (Method::Balloon(Residual::AmortisedOver(periods)), Shape::EqualSum) = (&self.terms.method, self.shape)
        else {
            return None;
        };
        let passed = u32::try_from(self.current).unwrap_or(u32::MAX);
        Some(periods.saturating_sub(passed).max(1))
    }

    /// Writes principal and interest of the coming rows; returns by how much the last sum misses the equal sum.
    fn spread(&mut self, first: usize, residual: Fen, extra: Fen) -> Result<Fen, TermsError> {
        let last = self.rows.len() - 1;
        let (mut balance, mut extra) = (Fen(self.base.0.max(0)), extra);
        let mut flat_base = self.flat_base;
        let mut put_off = self.put_off_before(first);
        let mut weights = self.weights(first);
        let mut carry = self.carried;
        let mut missed = Fen::ZERO;
        // Principal paid ahead on later rows stays theirs: an earlier one takes no more than leaves it to them.
        let mut held = self.paid_ahead();
        for k in first..=last {
            let least = Fen(self.rows[k].principal.paid.0 + self.rows[k].principal.waived.0);
            held = Fen(held.0 - least.0);
            let most = Fen((balance.0 - held.0).max(0));
            if self.shape == Shape::Flat && balance.is_zero() && k > first {
                flat_base = Fen::ZERO;
            }
            let bearing = if self.shape == Shape::Flat { flat_base } else { balance };
            let (exact, own) = self.interest_of(k, bearing, carry)?;
            carry = match self.terms.rounding.interest {
                RoundInterest::EachInstalment => Exact::ZERO,
                RoundInterest::RunningTotal => exact.checked_sub(Exact::from_fen(own)).ok_or(TermsError::Overflow)?,
            };
            put_off = bounded(put_off.checked_add(own))?;
            let interest = if self.aux[k].put_off { Fen::ZERO } else { std::mem::take(&mut put_off) };
            let fixed = self.rows[k].due_on <= self.today;
            let planned = if fixed {
                self.rows[k].principal.due
            } else if k == last {
                balance
            } else {
                let reserve = Fen(balance.0 - residual.0.min(balance.0));
                self.principal_of(k, own, balance, weights).min(reserve).min(most)
            };
            let mut planned = planned;
            if !fixed && k != last && !self.aux[k].no_principal && !extra.is_zero() {
                planned = Fen((planned.0 + extra.0).clamp(0, most.0));
                extra = Fen::ZERO;
            }
            if O::ON && !fixed {
                self.observe_principal(k, k == last, own, balance, planned);
            }
            weights = Fen(weights.0.saturating_sub(self.aux[k].weight.0));
            let row = &mut self.rows[k];
            row.principal.due = planned.max(least);
            row.interest.due = interest;
            self.aux[k].own_interest = own;
            balance = Fen((balance.0 - row.principal.due.0).max(0));
            if k == last && last > first {
                let sum = self.sum.unwrap_or_default();
                missed = Fen(row.principal.due.0 + own.0 - sum.0);
            }
        }
        Ok(missed)
    }

    /// The interest of a whole period: exact, and as it will be due.
    #[inline]
    fn interest_of(&mut self, k: usize, bearing: Fen, carry: Exact) -> Result<(Exact, Fen), TermsError> {
        if let (Some(agreed), true) = (self.aux[k].agreed_interest, self.as_agreed) {
            return Ok((Exact::from_fen(agreed), agreed));
        }
        let rate = self.rate_of(k);
        let part = if k == self.current {
            self.fraction(k, self.segment_start(k))
        } else if self.interest_suspended.is_some() {
            self.fraction(k, self.rows[k].from_on)
        } else {
            self.aux[k].whole
        };
        let product = Exact::interest(bearing, rate, part).ok_or(TermsError::Overflow)?;
        let exact = product.checked_add(carry).ok_or(TermsError::Overflow)?;
        let own = round_to(exact, self.terms.rounding.mode, self.terms.rounding.unit)?;
        let own = Fen(own.0.max(0));
        if O::ON {
            self.observe_interest(k, bearing, rate, part, (product, carry), own);
        }
        Ok((exact, own))
    }

    fn observe_interest(
        &mut self,
        k: usize,
        bearing: Fen,
        rate: i64,
        part: YearFraction,
        sum: (Exact, Exact),
        own: Fen,
    ) {
        let row = &self.rows[k];
        let from = if k == self.current { self.segment_start(k) } else { row.from_on };
        let rule = match (self.shape, self.terms.interest.by) {
            (Shape::Flat, _) => "interest.flat",
            (_, crate::terms::InterestBy::Period) if part == self.regular => "interest.period",
            _ => self.terms.interest.day_count.rule(),
        };
        let days = self.terms.interest.day_count.days(from, row.to_on);
        self.observer.step(Step {
            instalment: row.no,
            head: Head::Interest,
            from,
            to: row.to_on,
            balance: bearing,
            yearly_e9: rate,
            days,
            part,
            exact: sum.0,
            carried: sum.1,
            amount: Some(own),
            rule,
            planned: true,
        });
    }

    fn observe_principal(&mut self, k: usize, is_last: bool, own: Fen, balance: Fen, planned: Fen) {
        let equal_sum = self.shape == Shape::EqualSum && !is_last && !self.aux[k].no_principal;
        let rule = match self.shape {
            _ if self.aux[k].no_principal => "schedule.grace",
            Shape::AtEnd => "schedule.at-end",
            Shape::Weighted => "schedule.custom",
            Shape::EqualSum | Shape::EqualPart | Shape::Flat if is_last => "schedule.remainder",
            Shape::EqualSum if matches!(self.terms.method, Method::Balloon(_)) => "schedule.balloon",
            Shape::EqualSum => "schedule.equal-instalment",
            Shape::EqualPart => "schedule.equal-principal",
            Shape::Flat => "schedule.flat",
        };
        let row = &self.rows[k];
        // The equal sum less the interest of the period; otherwise the principal itself.
        let sum = if equal_sum { self.sum.unwrap_or_default() } else { planned };
        self.observer.step(Step {
            instalment: row.no,
            head: Head::Principal,
            from: row.from_on,
            to: row.to_on,
            balance,
            yearly_e9: self.rate_of(k),
            days: 0,
            part: YearFraction(0),
            exact: Exact::from_fen(sum),
            carried: if equal_sum { Exact::from_fen(Fen(-own.0)) } else { Exact::ZERO },
            amount: Some(planned),
            rule,
            planned: true,
        });
    }

    /// The planned principal of a row that is not the last.
    #[inline]
    fn principal_of(&self, k: usize, own: Fen, balance: Fen, weights: Fen) -> Fen {
        if self.aux[k].no_principal {
            return Fen::ZERO;
        }
        let sum = self.sum.unwrap_or_default();
        match self.shape {
            Shape::EqualSum => Fen((sum.0 - own.0).max(0)),
            Shape::EqualPart | Shape::Flat => sum,
            Shape::AtEnd => Fen::ZERO,
            Shape::Weighted if weights == balance => self.aux[k].weight,
            Shape::Weighted => {
                let share = i128::from(self.aux[k].weight.0) * i128::from(balance.0);
                self.terms.rounding.mode.divide(share, i128::from(weights.0)).unwrap_or_default()
            }
        }
    }

    /// Sum of the weights of the coming rows.
    fn weights(&self, first: usize) -> Fen {
        if self.shape != Shape::Weighted {
            return Fen::ZERO;
        }
        Fen(self.aux[first..].iter().fold(0, |sum: i64, aux| sum.saturating_add(aux.weight.0)))
    }

    /// Interest of past periods that waits for a later instalment.
    pub(super) fn put_off_before(&self, first: usize) -> Fen {
        if self.terms.grace.interest == 0 {
            return Fen::ZERO;
        }
        let waiting = self.aux[..first].iter().rev().take_while(|aux| aux.put_off);
        Fen(waiting.fold(0, |sum: i64, aux| sum.saturating_add(aux.own_interest.0)))
    }

    /// The instalment that interest put off in the running period falls due with: the first that puts off nothing.
    pub(super) fn bearer(&self) -> usize {
        let ahead = self.aux.get(self.current..).unwrap_or_default();
        let put_off = ahead.iter().take_while(|aux| aux.put_off).count();
        (self.current + put_off).min(self.rows.len().saturating_sub(1))
    }

    /// Interest earned and put off that was paid before the instalment that bears it begins.
    pub(super) fn put_off_paid(&self) -> Fen {
        let bearer = self.bearer();
        if bearer <= self.current {
            return Fen::ZERO;
        }
        let interest = self.rows[bearer].interest;
        Fen(interest.paid.0 + interest.waived.0 + interest.moved.0)
    }

    /// Rows at the end that ask for nothing and never did are no instalments.
    pub(super) fn drop_empty_tail(&mut self) {
        let least = (self.current + 1).max(self.due_next);
        while self.rows.len() > least {
            let Some(row) = self.rows.last() else { return };
            let heads = [row.principal, row.interest, row.penalty, row.compound];
            if heads.iter().any(|debt| !debt.due.is_zero() || !debt.paid.is_zero() || !debt.waived.is_zero()) {
                return;
            }
            self.rows.pop();
            self.aux.pop();
        }
    }

    /// The rate of a coming row.
    #[inline]
    fn rate_of(&self, k: usize) -> i64 {
        if self.aux[k].interest_free {
            return 0;
        }
        match self.rate_from {
            Some((from, rate)) if self.rows[k].from_on >= from => rate,
            _ => self.yearly_e9,
        }
    }

    /// From when the running segment of a row counts.
    #[inline]
    fn segment_start(&self, k: usize) -> Date {
        if k == self.current { self.segment_from.max(self.rows[k].from_on) } else { self.rows[k].from_on }
    }

    /// The interest time of row `k` from `from` to its end, without suspended days.
    pub(super) fn fraction(&self, k: usize, from: Date) -> YearFraction {
        let rest = self.aux[k].whole.0 - self.elapsed(k, from).0;
        let Some(suspension) = self.interest_suspended else { return YearFraction(rest) };
        let row = &self.rows[k];
        let stop = suspension.from.max(from).min(row.to_on);
        let resume = suspension.until.unwrap_or(row.to_on).max(stop).min(row.to_on);
        YearFraction(rest - (self.elapsed(k, resume).0 - self.elapsed(k, stop).0))
    }

    /// The interest time of row `k` from its start up to a day, at most the whole.
    #[inline]
    pub(super) fn elapsed(&self, k: usize, day: Date) -> YearFraction {
        let row = &self.rows[k];
        if day <= row.from_on {
            return YearFraction(0);
        }
        if day >= row.to_on {
            return self.aux[k].whole;
        }
        self.terms.interest.day_count.between(row.from_on, day).min(self.aux[k].whole)
    }
}

/// Rounds an exact amount to a multiple of `unit` fen, within the limit.
#[inline]
pub(super) fn round_to(exact: Exact, mode: Rounding, unit: i64) -> Result<Fen, TermsError> {
    let fen = if unit <= 1 {
        exact.round(mode)
    } else {
        let denominator = Exact::PER_FEN.checked_mul(i128::from(unit)).ok_or(TermsError::Overflow)?;
        mode.divide(exact.0, denominator).and_then(|units| units.checked_mul(unit))
    };
    fen.filter(|fen| fen.magnitude() <= MOST_FEN).ok_or(TermsError::Overflow)
}
