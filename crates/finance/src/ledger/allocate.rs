//! Allocation (冲账): which debts a sum of money pays, in which order.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::{Ledger, Lot};
use crate::error::TermsError;
use crate::money::Fen;
use crate::observe::Observer;
use crate::position::{Allocation, AllocationRule, Debt, InstalmentPosition, Target};
use crate::terms::{AllocationOrder, AllocationStep, AllocationTerms, Direction, Head, When};

/// The orders of a loan, prepared: the ordinary one, and one for loans long overdue.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    ordinary: Order,
    overdue: Option<(u32, Order)>,
}

/// An order, prepared for the walk over instalments.
#[derive(Debug, Clone)]
struct Order {
    rule: AllocationRule,
    direction: Direction,
    /// Fees and costs that come before instalments.
    before: Vec<AllocationStep>,
    /// Fees and costs that come after instalments.
    after: Vec<AllocationStep>,
    /// Heads of an instalment that is past due, due, or to come.
    heads: [Vec<Head>; 3],
    steps: Vec<AllocationStep>,
}

const DUE_STATES: [When; 2] = [When::PastDue, When::Due];

/// 费用 → 复利 → 罚息 → 利息 → 本金, oldest instalment first (Civil Code 561).
const STATUTORY: [Head; 6] = [Head::Cost, Head::Fee, Head::Compound, Head::Penalty, Head::Interest, Head::Principal];

/// Principal first, then as Civil Code 561 (先本后息).
const PRINCIPAL_FIRST: [Head; 6] =
    [Head::Principal, Head::Cost, Head::Fee, Head::Compound, Head::Penalty, Head::Interest];

impl Orders {
    /// The orders of terms; `None` where the contract is silent and those of the law apply, which are prepared once.
    pub(crate) fn of(terms: &AllocationTerms) -> Option<Box<Orders>> {
        let silent = terms.order.is_none() && terms.overdue_order.is_none();
        (!silent).then(|| Box::new(Orders::prepare(terms)))
    }

    /// Those of the contract, or of the law where it is silent.
    pub(crate) fn in_force(own: Option<&Orders>) -> &Orders {
        own.unwrap_or_else(|| Orders::by_law())
    }

    /// The order where the contract is silent.
    fn by_law() -> &'static Orders {
        static BY_LAW: LazyLock<Orders> = LazyLock::new(|| Orders::prepare(&AllocationTerms::default()));
        &BY_LAW
    }

    fn prepare(terms: &AllocationTerms) -> Orders {
        let ordinary = match &terms.order {
            Some(order) => Order::prepare(AllocationRule::Agreed, order.direction, &order.steps),
            None => Order::of_heads(AllocationRule::Statutory, Direction::ByInstalment, &STATUTORY),
        };
        let overdue = terms.overdue_order.as_ref().map(|overdue| {
            let order = match &overdue.order {
                Some(order) => Order::prepare(AllocationRule::Overdue, order.direction, &order.steps),
                None => Order::of_heads(AllocationRule::Overdue, Direction::ByHead, &PRINCIPAL_FIRST),
            };
            (overdue.after_days, order)
        });
        Orders { ordinary, overdue }
    }

    /// Every head in the ordinary order; heads that no step names come last.
    pub(crate) fn heads(&self) -> Vec<Head> {
        let mut heads: Vec<Head> = Vec::with_capacity(6);
        for head in self.ordinary.steps.iter().map(|step| step.head).chain(STATUTORY) {
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        heads
    }
}

/// The order of Civil Code 561 as data, for contracts that want to start from it.
///
/// ```
/// use finance::{Head, statutory_order};
/// assert_eq!(statutory_order().steps[0].head, Head::Cost);
/// ```
pub fn statutory_order() -> AllocationOrder {
    let steps = steps_of(&STATUTORY);
    AllocationOrder { direction: Direction::ByInstalment, steps }
}

fn steps_of(heads: &[Head]) -> Vec<AllocationStep> {
    heads.iter().flat_map(|head| DUE_STATES.map(|when| AllocationStep { head: *head, when })).collect()
}

impl Order {
    fn of_heads(rule: AllocationRule, direction: Direction, heads: &[Head]) -> Order {
        Order::prepare(rule, direction, &steps_of(heads))
    }

    fn prepare(rule: AllocationRule, direction: Direction, steps: &[AllocationStep]) -> Order {
        let is_charge = |step: &AllocationStep| matches!(step.head, Head::Cost | Head::Fee);
        let first = steps.iter().position(|step| !is_charge(step)).unwrap_or(steps.len());
        let charges = |steps: &[AllocationStep]| steps.iter().copied().filter(is_charge).collect();
        let heads = [When::PastDue, When::Due, When::InAdvance].map(|when| {
            let mut heads: Vec<Head> = Vec::with_capacity(4);
            for step in steps.iter().filter(|step| step.when == when && !is_charge(step)) {
                if !heads.contains(&step.head) {
                    heads.push(step.head);
                }
            }
            heads
        });
        Order {
            rule,
            direction,
            before: charges(&steps[..first]),
            after: charges(&steps[first..]),
            heads,
            steps: steps.to_vec(),
        }
    }
}

impl<O: Observer> Ledger<'_, O> {
    /// Pays what is due with `money` in the order in force; returns what is left.
    pub(super) fn pay_due(&mut self, transaction: u64, money: Fen) -> Result<Fen, TermsError> {
        if !money.is_positive() {
            return Ok(Fen::ZERO);
        }
        for i in self.open..self.due_next {
            self.refresh(i, self.today)?;
        }
        // Moved out for the time of the walk: sharing them would count references between threads.
        let own = self.orders.take();
        let orders = Orders::in_force(own.as_deref());
        let order = match &orders.overdue {
            Some((days, order)) if self.days_overdue(self.today) > *days => order,
            _ => &orders.ordinary,
        };
        self.rule = order.rule;
        let left = match order.direction {
            Direction::ByInstalment => self.pay_by_instalment(order, transaction, money),
            Direction::ByHead => self.pay_by_head(order, transaction, money),
        };
        self.orders = own;
        self.skip_cleared();
        left
    }

    fn pay_by_instalment(&mut self, order: &Order, transaction: u64, money: Fen) -> Result<Fen, TermsError> {
        let mut left = money;
        let charged = self.owes_charges();
        if charged {
            for step in &order.before {
                left = self.pay_charges(*step, transaction, left);
            }
        }
        let end = if order.heads[2].is_empty() { self.due_next } else { self.rows.len() };
        for i in self.open..end {
            if !left.is_positive() {
                return Ok(left);
            }
            let heads = &order.heads[self.when(self.rows[i].due_on) as usize];
            for head in heads {
                left = self.pay_row(i, *head, transaction, left)?;
            }
        }
        if charged {
            for step in &order.after {
                left = self.pay_charges(*step, transaction, left);
            }
        }
        Ok(left)
    }

    /// Whether any fee or cost is unpaid.
    #[inline]
    fn owes_charges(&self) -> bool {
        self.charges.iter().any(|charge| charge.debt.outstanding().0 > 0)
    }

    fn pay_by_head(&mut self, order: &Order, transaction: u64, money: Fen) -> Result<Fen, TermsError> {
        let mut left = money;
        for step in &order.steps {
            if matches!(step.head, Head::Cost | Head::Fee) {
                left = self.pay_charges(*step, transaction, left);
                continue;
            }
            let end = if step.when == When::InAdvance { self.rows.len() } else { self.due_next };
            for i in self.open..end {
                if self.when(self.rows[i].due_on) == step.when {
                    left = self.pay_row(i, step.head, transaction, left)?;
                }
            }
        }
        Ok(left)
    }

    /// Whether a due date is past, today or to come.
    #[inline]
    pub(super) fn when(&self, due_on: Date) -> When {
        match due_on.cmp(&self.today) {
            std::cmp::Ordering::Less => When::PastDue,
            std::cmp::Ordering::Equal => When::Due,
            std::cmp::Ordering::Greater => When::InAdvance,
        }
    }

    /// Pays one head of one row; returns what is left.
    #[inline]
    pub(super) fn pay_row(&mut self, i: usize, head: Head, transaction: u64, left: Fen) -> Result<Fen, TermsError> {
        let amount = debt(&self.rows[i], head).outstanding().min(left);
        if !amount.is_positive() {
            return Ok(left);
        }
        self.pay_amount(i, head, transaction, amount)?;
        Ok(Fen(left.0 - amount.0))
    }

    /// Pays so much of one head of one row. Apart from the check before it, which most heads do not pass.
    #[inline(never)]
    fn pay_amount(&mut self, i: usize, head: Head, transaction: u64, amount: Fen) -> Result<(), TermsError> {
        if matches!(head, Head::Principal | Head::Interest) {
            self.touch(i, self.today)?;
        } else if head == Head::Penalty && self.aux[i].posted_penalty.is_positive() {
            self.touch(i, self.today)?;
            let posted = &mut self.aux[i].posted_penalty;
            *posted = Fen((posted.0 - amount.0).max(0));
        }
        let row = &mut self.rows[i];
        let debt = debt_mut(row, head);
        debt.paid = Fen(debt.paid.0 + amount.0);
        if row.principal.outstanding().0 <= 0 && row.interest.outstanding().0 <= 0 && row.cleared_on.is_none() {
            row.cleared_on = Some(self.today);
        }
        let instalment = Some(row.no);
        self.allocations.push(Allocation {
            transaction,
            on: self.today,
            target: target(head),
            instalment,
            amount,
            rule: self.rule,
        });
        Ok(())
    }

    /// Pays fees or costs, oldest first; returns what is left.
    pub(super) fn pay_charges(&mut self, step: AllocationStep, transaction: u64, left: Fen) -> Fen {
        let mut left = left;
        for k in 0..self.charges.len() {
            let charge = self.charges[k];
            if charge.head == step.head && self.when(charge.due_on) == step.when {
                left = self.pay_charge(k, transaction, left);
            }
        }
        left
    }

    /// Pays one fee or cost; returns what is left.
    pub(super) fn pay_charge(&mut self, k: usize, transaction: u64, left: Fen) -> Fen {
        let charge = &mut self.charges[k];
        let amount = charge.debt.outstanding().min(left);
        if !amount.is_positive() {
            return left;
        }
        charge.debt.paid = Fen(charge.debt.paid.0 + amount.0);
        let target = target(charge.head);
        self.allocations.push(Allocation {
            transaction,
            on: self.today,
            target,
            instalment: None,
            amount,
            rule: self.rule,
        });
        Fen(left.0 - amount.0)
    }

    /// Keeps what is left as credit.
    pub(super) fn keep(&mut self, transaction: u64, left: Fen) {
        if left.is_positive() {
            self.credits.push(Lot { transaction, paid_on: self.today, left });
        }
    }

    /// Uses credit for what is due, oldest payment first.
    pub(super) fn use_credit(&mut self) -> Result<(), TermsError> {
        let mut lots = std::mem::take(&mut self.credits);
        for lot in &mut lots {
            lot.left = self.pay_due(lot.transaction, lot.left)?;
        }
        lots.retain(|lot| lot.left.is_positive());
        self.credits = lots;
        Ok(())
    }

    /// Rows that owe nothing more are not looked at again.
    fn skip_cleared(&mut self) {
        while self.open < self.due_next {
            let row = &self.rows[self.open];
            let owes = [row.principal, row.interest, row.penalty, row.compound].iter().any(|d| d.outstanding().0 > 0);
            let misuse = self.open >= self.current;
            if owes || misuse {
                return;
            }
            self.open += 1;
        }
    }

    /// The oldest instalment whose due date has passed with more than the tolerance of principal and interest unpaid.
    pub(super) fn oldest_unpaid(&self, day: Date) -> Option<Date> {
        let tolerance = self.terms.overdue.tolerance.0;
        let unpaid = |row: &&InstalmentPosition| {
            row.principal.outstanding().0.max(0).saturating_add(row.interest.outstanding().0.max(0)) > tolerance
        };
        let due = self.rows.get(self.open..self.due_next)?;
        due.iter().take_while(|row| row.due_on < day).find(unpaid).map(|row| row.due_on)
    }

    pub(super) fn days_overdue(&self, day: Date) -> u32 {
        let days = self.oldest_unpaid(day).map_or(0, |due| crate::day_count::days_between(due, day));
        u32::try_from(days).unwrap_or(0)
    }
}

/// A head of an instalment; fees and costs belong to none and owe nothing here.
#[inline]
pub(super) fn debt(row: &InstalmentPosition, head: Head) -> Debt {
    match head {
        Head::Principal => row.principal,
        Head::Interest => row.interest,
        Head::Penalty => row.penalty,
        Head::Compound => row.compound,
        Head::Cost | Head::Fee => Debt::default(),
    }
}

/// A head of an instalment, to be changed; callers never pass a fee or cost.
#[inline]
pub(super) fn debt_mut(row: &mut InstalmentPosition, head: Head) -> &mut Debt {
    match head {
        Head::Interest => &mut row.interest,
        Head::Penalty => &mut row.penalty,
        Head::Compound => &mut row.compound,
        Head::Principal | Head::Cost | Head::Fee => &mut row.principal,
    }
}

pub(super) const fn target(head: Head) -> Target {
    match head {
        Head::Cost => Target::Cost,
        Head::Fee => Target::Fee,
        Head::Penalty => Target::Penalty,
        Head::Compound => Target::Compound,
        Head::Interest => Target::Interest,
        Head::Principal => Target::Principal,
    }
}
