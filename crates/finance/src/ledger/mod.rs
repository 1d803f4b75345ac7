//! The ledger of one loan (台账推演): walks through time, day by event, and keeps what is owed.
//!
//! `schedule` and `replay` are the same walk. Between two events nothing is computed: interest and penalty are
//! settled lazily, when their base or rate changes, from exact amounts.
//!
//! Invariant: Σ (due − moved) of principal over all instalments + prepaid + forgiven = disbursed + capitalised.

mod accrue;
mod allocate;
mod change;
mod close;
mod plan;
mod rates;
mod repay;
mod transact;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::calendar::Context;
use crate::day_count::YearFraction;
use crate::error::TermsError;
use crate::grid::{self, Rhythm, Slot};
use crate::limits::{self, LAST_YEAR, MOST_FEN, MOST_ROWS};
use crate::money::{Exact, Fen};
use crate::observe::Observer;
use crate::position::{Allocation, AllocationRule, ChargePosition, Debt, InstalmentPosition, WrittenOff};
use crate::terms::{CompoundRate, Method, RateTerms, Terms};

use allocate::Orders;
pub use allocate::statutory_order;

/// What an instalment needs beside what the position shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aux {
    /// Interest time of the whole period.
    whole: YearFraction,
    /// Nothing is charged up to and including this day.
    charged_from: Date,
    penalty: Run,
    compound: Run,
    /// Penalty that counts as unpaid interest for compound interest, as of the last due date.
    posted_penalty: Fen,
    /// Interest of the period itself, before it is put off to a later instalment.
    own_interest: Fen,
    /// Planned principal of a custom plan or after an extension.
    weight: Fen,
    /// Agreed interest of a custom plan.
    agreed_interest: Option<Fen>,
    no_principal: bool,
    interest_free: bool,
    put_off: bool,
}

/// A charge that runs: exact amount up to `from`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    carried: Exact,
    from: Date,
}

/// How principal is spread over the coming instalments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Equal sums of principal and interest.
    EqualSum,
    /// Equal principal, interest on the balance.
    EqualPart,
    /// Equal principal, interest on the original principal.
    Flat,
    /// All at the end.
    AtEnd,
    /// As weighted: custom plans and extended loans.
    Weighted,
}

/// Money that was paid and not yet used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lot {
    transaction: u64,
    paid_on: Date,
    left: Fen,
}

/// A time without interest or penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Suspension {
    from: Date,
    until: Option<Date>,
}

impl Suspension {
    fn ends_by(self, date: Date) -> bool {
        self.until.is_some_and(|until| until <= date)
    }
}

/// The ledger of one loan; see the module.
pub(crate) struct Ledger<'a, O> {
    terms: Cow<'a, Terms>,
    context: &'a Context<'a>,
    pub(crate) observer: O,
    /// The first day of the loan, whatever terms replaced the first ones.
    first_day: Date,
    /// The most that can be drawn.
    contract: Fen,
    /// Sum of all amounts of transactions so far.
    turnover: i64,
    /// Whether LPR not yet published is held at the last one (schedules) or refused (replays).
    projecting: bool,
    rows: Vec<InstalmentPosition>,
    aux: Vec<Aux>,
    /// First row whose interest period has not ended.
    current: usize,
    /// First row whose due date has not come.
    due_next: usize,
    /// First row that may owe something.
    open: usize,
    today: Date,
    next_event: Option<Date>,
    /// Principal that bears contract interest in the running period.
    base: Fen,
    /// What flat interest is computed on.
    flat_base: Fen,
    yearly_e9: i64,
    floating: bool,
    next_reprice: Option<Date>,
    rate_from: Option<(Date, i64)>,
    segment_from: Date,
    carried: Exact,
    shape: Shape,
    /// The equal sum or equal principal in force.
    sum: Option<Fen>,
    /// Whether agreed interest of a custom plan still holds.
    as_agreed: bool,
    regular: YearFraction,
    penalty_e9: i64,
    compound_e9: i64,
    misuse_from: Option<Date>,
    interest_suspended: Option<Suspension>,
    penalty_suspended: Option<Suspension>,
    disbursed: Fen,
    capitalised: Fen,
    prepaid: Fen,
    forgiven: Fen,
    credits: Vec<Lot>,
    charges: Vec<ChargePosition>,
    allocations: Vec<Allocation>,
    written_off: Option<WrittenOff>,
    /// The orders of the contract; `None`: those of the law.
    orders: Option<Box<Orders>>,
    /// The rule by which money is being allocated.
    rule: AllocationRule,
}

impl<'a, O: Observer> Ledger<'a, O> {
    /// A ledger at the start of the loan, before the first drawdown.
    pub(crate) fn new(
        terms: &'a Terms,
        context: &'a Context<'a>,
        observer: O,
        projecting: bool,
    ) -> Result<Self, TermsError> {
        limits::check(terms)?;
        let slots = grid::grid(terms, context)?;
        let start = terms.start_on;
        let yearly_e9 = rates::start_rate(terms, context, projecting)?;
        let floating = matches!(terms.rate, RateTerms::Lpr(_));
        let mut ledger = Ledger {
            context,
            observer,
            first_day: start,
            contract: terms.principal,
            turnover: 0,
            projecting,
            rows: Vec::with_capacity(slots.len() + 1),
            aux: Vec::with_capacity(slots.len() + 1),
            current: 0,
            due_next: 0,
            open: 0,
            today: start,
            next_event: None,
            base: Fen::ZERO,
            flat_base: Fen::ZERO,
            yearly_e9,
            floating,
            next_reprice: None,
            rate_from: None,
            segment_from: start,
            carried: Exact::ZERO,
            shape: shape(&terms.method),
            sum: None,
            as_agreed: true,
            regular: Rhythm::of(terms).regular(terms),
            penalty_e9: 0,
            compound_e9: 0,
            misuse_from: None,
            interest_suspended: None,
            penalty_suspended: None,
            disbursed: Fen::ZERO,
            capitalised: Fen::ZERO,
            prepaid: Fen::ZERO,
            forgiven: Fen::ZERO,
            credits: Vec::new(),
            charges: Vec::new(),
            allocations: Vec::new(),
            written_off: None,
            orders: Orders::of(&terms.allocation),
            rule: AllocationRule::Statutory,
            terms: Cow::Borrowed(terms),
        };
        if terms.down_payment.is_positive() {
            ledger.push_down_payment();
        }
        ledger.push_slots(&slots)?;
        if floating {
            ledger.next_reprice = ledger.reprice_after(start);
        }
        ledger.set_penalty_rates()?;
        ledger.next_event = ledger.find_next_event();
        Ok(ledger)
    }

    /// Makes room for what so many transactions will pay.
    pub(crate) fn expect(&mut self, transactions: usize) {
        self.allocations.reserve(transactions.saturating_mul(3));
    }

    /// Appends periods, numbered on, with the grace of the terms.
    fn push_slots(&mut self, slots: &[Slot]) -> Result<(), TermsError> {
        if self.rows.len() + slots.len() > MOST_ROWS {
            let periods = u32::try_from(self.rows.len() + slots.len()).unwrap_or(u32::MAX);
            return Err(TermsError::TooManyPeriods { periods, most: limits::MOST_PERIODS });
        }
        let grace = self.terms.grace;
        let count = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        let longest = grace.principal.max(grace.interest);
        if longest >= count && longest > 0 {
            return Err(TermsError::GraceTooLong { grace: longest, periods: count });
        }
        let first_no = self.rows.last().map_or(1, |row| row.no + 1);
        for (k, slot) in (0_u32..).zip(slots) {
            self.push_row(first_no + k, slot)?;
            if let Some(aux) = self.aux.last_mut() {
                aux.no_principal = k < grace.principal;
                aux.interest_free = k < grace.interest_free;
                aux.put_off = k < grace.interest;
                if let Method::Custom(plan) = &self.terms.method {
                    let planned = plan.get(k as usize);
                    aux.weight = planned.map_or(Fen::ZERO, |p| p.principal);
                    aux.agreed_interest = planned.and_then(|p| p.interest);
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn push_row(&mut self, no: u32, slot: &Slot) -> Result<(), TermsError> {
        let grace = i64::from(self.terms.overdue.grace_days);
        let charged_from = if grace == 0 {
            slot.due
        } else {
            crate::day_count::add_days(slot.due, grace).ok_or(TermsError::DateOutOfRange { last_year: LAST_YEAR })?
        };
        // A counted settlement day bears contract interest: penalty begins when the period has ended, never both.
        let from = match self.terms.overdue.after_grace {
            crate::terms::AfterGrace::FromDueDate => slot.due.max(slot.to),
            crate::terms::AfterGrace::FromGraceEnd => charged_from.max(slot.to),
        };
        let run = Run { carried: Exact::ZERO, from };
        self.rows.push(InstalmentPosition {
            no,
            from_on: slot.from,
            to_on: slot.to,
            nominal_due_on: slot.nominal,
            due_on: slot.due,
            principal: Debt::default(),
            interest: Debt::default(),
            penalty: Debt::default(),
            compound: Debt::default(),
            cleared_on: None,
            provisional: slot.provisional,
        });
        self.aux.push(Aux {
            whole: slot.whole,
            charged_from,
            penalty: run,
            compound: run,
            posted_penalty: Fen::ZERO,
            own_interest: Fen::ZERO,
            weight: Fen::ZERO,
            agreed_interest: None,
            no_principal: false,
            interest_free: false,
            put_off: false,
        });
        Ok(())
    }

    fn push_down_payment(&mut self) {
        let start = self.terms.start_on;
        let slot =
            Slot { from: start, to: start, nominal: start, due: start, whole: YearFraction(0), provisional: false };
        // A grace period never runs out of the calendar at the start: its length and the year are limited.
        if self.push_row(0, &slot).is_ok()
            && let Some(row) = self.rows.last_mut()
        {
            row.principal.due = self.terms.down_payment;
        }
    }

    /// Walks to a date: every event up to and including it happens.
    #[inline]
    pub(crate) fn advance(&mut self, to: Date) -> Result<(), TermsError> {
        while let Some(event) = self.next_event.filter(|event| *event <= to) {
            if self.written_off.is_some() {
                break;
            }
            self.today = event;
            self.happen(event)?;
            self.next_event = self.find_next_event();
        }
        self.today = self.today.max(to);
        Ok(())
    }

    /// Everything that happens by itself on a day, in this order: periods end, rates change, credit is used.
    fn happen(&mut self, day: Date) -> Result<(), TermsError> {
        while self.rows.get(self.current).is_some_and(|row| row.to_on <= day) {
            self.end_period()?;
        }
        if self.interest_suspended.is_some_and(|suspension| suspension.ends_by(day)) {
            self.settle_segment(day)?;
            self.interest_suspended = None;
        }
        if self.penalty_suspended.is_some_and(|suspension| suspension.ends_by(day)) {
            self.resume_penalty(day);
        }
        if let Some((_, rate)) = self.rate_from.filter(|(from, _)| *from <= day) {
            self.rate_from = None;
            self.change_rate(rate)?;
        }
        if self.next_reprice.is_some_and(|on| on <= day) {
            self.reprice(day)?;
        }
        let mut anything_due = self.charges.iter().any(|charge| charge.due_on == day);
        while self.rows.get(self.due_next).is_some_and(|row| row.due_on <= day) {
            self.due_next += 1;
            anything_due = true;
        }
        if anything_due {
            self.post_penalty(day)?;
            if !self.credits.is_empty() {
                self.use_credit()?;
            }
        }
        if self.due_next == self.rows.len() && anything_due && self.compound_changes_at_maturity() {
            self.touch_all(day)?;
            self.set_penalty_rates()?;
        }
        Ok(())
    }

    /// The next date on which something happens by itself after today.
    fn find_next_event(&self) -> Option<Date> {
        let mut next: Option<Date> = None;
        let mut consider = |date: Date| {
            if next.is_none_or(|n| date < n) {
                next = Some(date);
            }
        };
        if let Some(row) = self.rows.get(self.current) {
            consider(row.to_on);
        }
        if let Some(row) = self.rows.get(self.due_next) {
            consider(row.due_on);
        }
        let ends = [self.interest_suspended, self.penalty_suspended];
        ends.into_iter().flatten().filter_map(|s| s.until).for_each(&mut consider);
        if let Some((from, _)) = self.rate_from {
            consider(from);
        }
        if let Some(on) = self.next_reprice.filter(|_| self.current < self.rows.len()) {
            consider(on);
        }
        if !self.credits.is_empty() {
            self.charges.iter().map(|c| c.due_on).filter(|due| *due > self.today).for_each(&mut consider);
        }
        next
    }

    fn compound_changes_at_maturity(&self) -> bool {
        self.terms.overdue.compound.is_some_and(|compound| compound.rate == CompoundRate::ContractThenPenalty)
    }

    /// Ends the running interest period: its principal no longer bears contract interest.
    #[inline]
    fn end_period(&mut self) -> Result<(), TermsError> {
        let to = self.rows[self.current].to_on;
        let running = self.terms.rounding.interest == crate::terms::RoundInterest::RunningTotal;
        if running || self.misuse_from.is_some() {
            self.settle_segment(to)?;
        }
        let row = &self.rows[self.current];
        let carry = if running {
            self.carried.checked_sub(Exact::from_fen(self.aux[self.current].own_interest))
        } else {
            Some(Exact::ZERO)
        };
        self.carried = carry.ok_or(TermsError::Overflow)?;
        self.base = Fen(self.base.0 - row.principal.due.0 + row.principal.moved.0);
        self.segment_from = to;
        self.current += 1;
        Ok(())
    }

    /// Pays out principal today.
    pub(crate) fn disburse(&mut self, amount: Fen) -> Result<(), TermsError> {
        if self.disbursed.is_zero() {
            self.segment_from = self.today.max(self.segment_from);
        } else {
            self.settle_segment(self.today)?;
        }
        self.disbursed = bounded(self.disbursed.checked_add(amount))?;
        self.base = bounded(self.base.checked_add(amount))?;
        self.flat_base = if self.shape == Shape::Flat && self.flat_base.is_positive() {
            bounded(self.flat_base.checked_add(amount))?
        } else {
            self.base
        };
        self.plan(true)
    }
}

/// An amount within the limit, or the refusal.
pub(crate) fn bounded(amount: Option<Fen>) -> Result<Fen, TermsError> {
    amount.filter(|fen| fen.magnitude() <= MOST_FEN).ok_or(TermsError::Overflow)
}

fn shape(method: &Method) -> Shape {
    match method {
        Method::EqualInstalment | Method::Balloon(_) => Shape::EqualSum,
        Method::EqualPrincipal => Shape::EqualPart,
        Method::Flat => Shape::Flat,
        Method::InterestOnly | Method::Bullet => Shape::AtEnd,
        Method::Custom(_) => Shape::Weighted,
    }
}
