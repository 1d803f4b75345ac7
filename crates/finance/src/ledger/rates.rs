//! Rates in force (执行利率): contract, penalty, misuse and compound rates, and their repricing.

use jiff::civil::Date;

use super::{Ledger, Shape};
use crate::calendar::Context;
use crate::day_count::add_months;
use crate::error::TermsError;
use crate::limits;
use crate::observe::Observer;
use crate::terms::{CompoundRate, PenaltyRate, RateTerms, Repricing, Terms};

impl<O: Observer> Ledger<'_, O> {
    /// Works out the punitive rates from the contract rate in force.
    pub(super) fn set_penalty_rates(&mut self) -> Result<(), TermsError> {
        let overdue = &self.terms.overdue;
        let rate = |terms: Option<PenaltyRate>| match terms {
            None => Ok(0),
            Some(PenaltyRate::Fixed(rate)) => limits::yearly("overdue.penalty", rate, self.terms.interest.year_basis),
            Some(PenaltyRate::Uplift(ppm)) => {
                let units = i128::from(self.yearly_e9) * i128::from(1_000_000 + i64::from(ppm));
                crate::Rounding::HalfUp.divide(units, 1_000_000).map(|fen| fen.0).ok_or(TermsError::Overflow)
            }
        };
        let late = rate(overdue.penalty)?;
        // The heavier of the two, never both (银发〔2003〕251号).
        let penalty = if self.misuse_from.is_some() { late.max(rate(overdue.misuse)?) } else { late };
        let matured = self.due_next == self.rows.len();
        self.compound_e9 = match overdue.compound.map(|compound| compound.rate) {
            None => 0,
            Some(CompoundRate::Penalty) => penalty,
            Some(CompoundRate::Contract) => self.yearly_e9,
            Some(CompoundRate::ContractThenPenalty) if matured => penalty,
            Some(CompoundRate::ContractThenPenalty) => self.yearly_e9,
        };
        self.penalty_e9 = penalty;
        Ok(())
    }

    /// What misuse adds to the contract rate on principal that is not overdue.
    pub(super) fn misuse_surcharge_e9(&self) -> i64 {
        if self.misuse_from.is_none() {
            return 0;
        }
        match self.terms.overdue.misuse {
            None => 0,
            Some(PenaltyRate::Uplift(ppm)) => {
                let units = i128::from(self.yearly_e9) * i128::from(ppm);
                crate::Rounding::HalfUp.divide(units, 1_000_000).map_or(0, |fen| fen.0)
            }
            Some(PenaltyRate::Fixed(rate)) => {
                let heavy = rate.yearly_e9(self.terms.interest.year_basis).unwrap_or(0);
                (heavy - self.yearly_e9).max(0)
            }
        }
    }

    pub(super) fn reprice_after(&self, day: Date) -> Option<Date> {
        let RateTerms::Lpr(lpr) = self.terms.rate else { return None };
        let start = self.terms.start_on;
        let months = match lpr.reprice {
            Repricing::Never | Repricing::Months(0) => return None,
            Repricing::January => return Date::new(day.year().checked_add(1)?, 1, 1).ok(),
            Repricing::Anniversary => 12,
            Repricing::Months(months) => i64::from(months),
        };
        let (passed, _) = crate::day_count::whole_months(start, day);
        add_months(start, (passed / months + 1) * months)
    }

    pub(super) fn reprice(&mut self, day: Date) -> Result<(), TermsError> {
        let on = self.next_reprice.unwrap_or(day);
        self.next_reprice = self.reprice_after(on);
        let rate = lpr_rate(&self.terms, self.context, on, self.projecting)?;
        if rate == self.yearly_e9 { Ok(()) } else { self.change_rate(rate) }
    }

    /// Takes another contract rate from today on.
    pub(crate) fn change_rate(&mut self, yearly_e9: i64) -> Result<(), TermsError> {
        self.settle_segment(self.today)?;
        self.touch_all(self.today)?;
        self.yearly_e9 = limits::check_rate("rate", yearly_e9)?;
        self.as_agreed = false;
        self.set_penalty_rates()?;
        // Equal principal does not depend on the rate: sizing it anew would only move roundings about.
        self.plan(self.shape == Shape::EqualSum)
    }
}

pub(super) fn start_rate(terms: &Terms, context: &Context, projecting: bool) -> Result<i64, TermsError> {
    match terms.rate {
        RateTerms::Fixed(rate) => limits::yearly("rate.fixed", rate, terms.interest.year_basis),
        RateTerms::Lpr(_) => lpr_rate(terms, context, terms.start_on, projecting),
    }
}

/// LPR in force plus basis points; `projecting` holds the last one where later ones are missing.
fn lpr_rate(terms: &Terms, context: &Context, on: Date, projecting: bool) -> Result<i64, TermsError> {
    let RateTerms::Lpr(lpr) = terms.rate else { return Err(TermsError::Overflow) };
    let known = match context.rates.in_force(lpr.tenor, on) {
        None if projecting => context.rates.latest(lpr.tenor, on),
        known => known,
    };
    let published = known.ok_or(TermsError::LprMissing { tenor: lpr.tenor, on })?;
    let e9 = published.checked_add(i64::from(lpr.add_bp) * 100_000).ok_or(TermsError::Overflow)?;
    limits::check_rate("rate.lpr", e9)
}
