//! The position of a loan (贷款状况): what it owes on a date, since when, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::accrual::AccrualLine;
use crate::day_count::{add_days, days_between};
use crate::money::{Fen, Rounding};
use crate::terms::Head;

/// The position of a loan (贷款状况) on a date: a pure function of terms, context and transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The date. Transactions of the day are in; interest and penalty run up to it, the day itself not counted.
    pub as_of: Date,
    /// Where the loan stands.
    pub status: Status,
    /// Sum of drawdowns.
    pub disbursed: Fen,
    /// Everything owed by head, whether due or not; principal includes what is not yet due, interest what has accrued.
    /// Zero on the books once written off: see `written_off`.
    pub outstanding: Amounts,
    /// Owed and due on or before the day, by head.
    pub due: Amounts,
    /// Owed on instalments (and fees) whose due date has passed, by head (逾期金额).
    pub overdue: Amounts,
    /// Interest of the running period up to the day, not yet due, less what was paid in advance (应计利息).
    pub accrued_interest: Fen,
    /// Money paid and not yet used (预存款).
    pub credit: Fen,
    /// The due date of the oldest instalment with unpaid principal or interest above the tolerance.
    pub oldest_unpaid_due_on: Option<Date>,
    /// Days from that date (逾期天数); 0 when nothing is overdue.
    pub days_overdue: u32,
    /// The next due date after the day, and what is to be paid then.
    pub next_due: Option<NextDue>,
    /// Since when interest is off the books (非应计).
    pub non_accrual_since: Option<Date>,
    /// The contract rate in force, billionths a year.
    pub yearly_e9: i64,
    /// The last nominal due date as it now stands.
    pub maturity_on: Date,
    /// Whether a date or rate still to come rests on a calendar or LPR not yet published (暂定).
    pub provisional: bool,
    /// The claim that left the books (账销案存).
    pub written_off: Option<WrittenOff>,
    /// The schedule as it now stands, with what was paid.
    pub instalments: Vec<InstalmentPosition>,
    /// Fees and costs.
    pub charges: Vec<ChargePosition>,
    /// What every payment paid, in order of time; use of credit bears the payment's number and the day of use.
    pub allocations: Vec<Allocation>,
    /// The lines from which interest and penalty of later dates are one closed expression.
    pub accruals: Vec<AccrualLine>,
    /// How accrual lines are rounded.
    pub rounding: Rounding,
    /// The next date on which the position changes by itself other than by its accrual lines
    /// (due date, day after it, end of grace or of a suspension, repricing, non-accrual); `None` when settled.
    pub next_change_on: Option<Date>,
}

/// Where a loan stands (贷款状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 未放款: nothing was drawn.
    Undrawn,
    /// 正常: nothing is overdue.
    Current,
    /// 逾期.
    Overdue,
    /// 结清.
    Settled,
    /// 已核销, tracked.
    WrittenOff,
}

/// An amount for every head (各款项金额).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amounts {
    /// 实现债权的费用.
    pub cost: Fen,
    /// 费用.
    pub fee: Fen,
    /// 罚息.
    pub penalty: Fen,
    /// 复利.
    pub compound: Fen,
    /// 利息.
    pub interest: Fen,
    /// 本金.
    pub principal: Fen,
}

impl Amounts {
    /// The amount of one head.
    pub const fn get(&self, head: Head) -> Fen {
        match head {
            Head::Cost => self.cost,
            Head::Fee => self.fee,
            Head::Penalty => self.penalty,
            Head::Compound => self.compound,
            Head::Interest => self.interest,
            Head::Principal => self.principal,
        }
    }

    /// The amount of one head, to be changed.
    pub const fn get_mut(&mut self, head: Head) -> &mut Fen {
        match head {
            Head::Cost => &mut self.cost,
            Head::Fee => &mut self.fee,
            Head::Penalty => &mut self.penalty,
            Head::Compound => &mut self.compound,
            Head::Interest => &mut self.interest,
            Head::Principal => &mut self.principal,
        }
    }

    /// The sum of all heads; `None` when it does not fit.
    pub fn total(&self) -> Option<Fen> {
        Fen::checked_sum(Head::ALL.map(|head| self.get(head)))
    }
}

/// The next instalment to come (下期应还).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextDue {
    /// When.
    pub on: Date,
    /// Which instalment.
    pub instalment: u32,
    /// Principal and interest still to be paid then.
    pub amount: Fen,
}

/// One head of one instalment (某期某款项): what is due and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Debt {
    /// Due, or to become due.
    pub due: Fen,
    /// Paid.
    pub paid: Fen,
    /// Forgiven.
    pub waived: Fen,
    /// Moved to later instalments by extension or restructuring.
    pub moved: Fen,
}

impl Debt {
    /// What is still owed: due − paid − waived − moved. Below zero only where more was paid than came to be due.
    #[inline]
    pub const fn outstanding(&self) -> Fen {
        Fen(self.due.0 - self.paid.0 - self.waived.0 - self.moved.0)
    }
}

/// One instalment as it now stands (一期的现状).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentPosition {
    /// Number, from 1; 0 is a down payment.
    pub no: u32,
    /// First day of the interest period.
    pub from_on: Date,
    /// First day after it.
    pub to_on: Date,
    /// Due date by contract.
    pub nominal_due_on: Date,
    /// Due date after rest days.
    pub due_on: Date,
    /// Principal.
    pub principal: Debt,
    /// Interest.
    pub interest: Debt,
    /// Penalty interest so far.
    pub penalty: Debt,
    /// Compound interest so far.
    pub compound: Debt,
    /// The day on which principal and interest were fully paid, waived or moved.
    pub cleared_on: Option<Date>,
    /// Whether the date or rate may still change (暂定).
    pub provisional: bool,
}

/// A fee or cost (费用) and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargePosition {
    /// The transaction that made it.
    #[serde(with = "crate::json::id")]
    pub transaction: u64,
    /// Fee or cost.
    pub head: Head,
    /// When it is due.
    pub due_on: Date,
    /// Amounts.
    pub debt: Debt,
}

/// What a payment paid (冲账明细): one line for each head and instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// The payment.
    #[serde(with = "crate::json::id")]
    pub transaction: u64,
    /// The day on which it was used: that of the payment, or a later due date for credit.
    pub on: Date,
    /// What it paid.
    pub target: Target,
    /// Of which instalment; `None` for fees, costs, credit and principal paid early.
    pub instalment: Option<u32>,
    /// How much.
    pub amount: Fen,
    /// By which rule.
    pub rule: AllocationRule,
}

/// By which rule money went where it went (冲账依据).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllocationRule {
    /// Civil Code 561.
    Statutory,
    /// The contract's order.
    Agreed,
    /// The order for loans long overdue.
    Overdue,
    /// As stated with the payment.
    Stated,
    /// Kept as credit.
    Credit,
    /// Paid early.
    Prepayment,
    /// Recovered after write-off.
    Recovery,
}

impl AllocationRule {
    /// The rule's id: see [`crate::rules`].
    pub const fn id(self) -> &'static str {
        match self {
            AllocationRule::Statutory => "allocation.statutory",
            AllocationRule::Agreed => "allocation.agreed",
            AllocationRule::Overdue => "allocation.overdue",
            AllocationRule::Stated => "allocation.stated",
            AllocationRule::Credit => "allocation.credit",
            AllocationRule::Prepayment => "prepayment.principal",
            AllocationRule::Recovery => "writeoff.tracked",
        }
    }
}

/// What a payment paid (冲账去向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// 实现债权的费用.
    Cost,
    /// 费用.
    Fee,
    /// 罚息.
    Penalty,
    /// 复利.
    Compound,
    /// 利息.
    Interest,
    /// 本金.
    Principal,
    /// 预存款: kept, and not used up to the date of the position.
    Credit,
}

/// A claim that left the books (已核销债权).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenOff {
    /// When.
    pub on: Date,
    /// What was owed then, by head.
    pub amounts: Amounts,
    /// What came in since, by head.
    pub recovered: Amounts,
}

impl Position {
    /// The instalments as one text: equal texts, equal schedules. Fingerprints are made from it.
    pub fn instalments_text(&self) -> String {
        // Derived structures of numbers, dates and flags: there is nothing in them that JSON cannot say.
        serde_json::to_string(&self.instalments).unwrap_or_default()
    }

    /// The position on a later date before anything else happens: one closed expression over the accrual lines.
    ///
    /// `None` when the date is earlier, or on or after [`Position::next_change_on`]: replay then.
    ///
    /// ```
    /// use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Terms, Transaction, TransactionKind, replay};
    /// use jiff::civil::date;
    /// let terms = Terms::new(Method::InterestOnly, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
    /// let (calendar, rates) = (Calendar::default(), RateTable::default());
    /// let context = Context { calendar: &calendar, rates: &rates };
    /// let drawn = [Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(10_000_000) })];
    /// let position = replay(&terms, &context, &drawn, date(2025, 1, 15)).unwrap();
    /// let later = position.on(date(2025, 2, 4)).unwrap();
    /// assert_eq!(later, replay(&terms, &context, &drawn, date(2025, 2, 4)).unwrap());
    /// assert_eq!(later.accrued_interest, Fen(63_333)); // 19 days of 30/360
    /// assert!(position.on(date(2025, 2, 15)).is_none()); // an instalment falls due
    /// ```
    pub fn on(&self, date: Date) -> Option<Position> {
        if date < self.as_of || self.next_change_on.is_some_and(|change| date >= change) {
            return None;
        }
        let mut later = self.clone();
        later.settle_amounts(date)?;
        Some(later)
    }

    /// The next date on which anything changes by itself (下次变动日): what [`Position::next_change_on`] names,
    /// the days on which `edges` (numbers of days overdue) are reached, and `leads` days before the next due date.
    ///
    /// ```
    /// # use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Terms, Transaction, TransactionKind, replay};
    /// # use jiff::civil::date;
    /// # let terms = Terms::new(Method::Bullet, Fen(10_000_000), date(2025, 1, 15), 6, Rate::per_year(120_000_000));
    /// # let (calendar, rates) = (Calendar::default(), RateTable::default());
    /// # let context = Context { calendar: &calendar, rates: &rates };
    /// # let drawn = [Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(10_000_000) })];
    /// let position = replay(&terms, &context, &drawn, date(2025, 7, 1)).unwrap();
    /// assert_eq!(position.next_event_on(&[], &[7, 3, 1]), Some(date(2025, 7, 8)));   // a reminder
    /// let position = replay(&terms, &context, &drawn, date(2025, 7, 20)).unwrap();
    /// assert_eq!(position.next_event_on(&[1, 31, 61, 91], &[]), Some(date(2025, 8, 15)));
    /// ```
    pub fn next_event_on(&self, edges: &[u32], leads: &[u32]) -> Option<Date> {
        if self.written_off.is_some() {
            return None;
        }
        let edges = edges.iter().filter_map(|days| add_days(self.oldest_unpaid_due_on?, i64::from(*days)));
        let leads = leads.iter().filter_map(|days| add_days(self.next_due?.on, -i64::from(*days)));
        edges.chain(leads).chain(self.next_change_on).filter(|date| *date > self.as_of).min()
    }

    /// Works out every amount that depends on the day from rows, charges and lines; `None` when it does not fit.
    pub(crate) fn settle_amounts(&mut self, day: Date) -> Option<()> {
        self.as_of = day;
        self.due = Amounts::default();
        self.overdue = Amounts::default();
        self.outstanding = Amounts { principal: self.outstanding.principal, ..Amounts::default() };
        self.days_overdue = self.oldest_unpaid_due_on.map_or(0, |due| days_between(due, day).max(0)).try_into().ok()?;
        if self.written_off.is_some() {
            self.outstanding = Amounts::default();
            return Some(());
        }
        let mut accrued: i64 = 0;
        let mut row_at = 0;
        // What was paid ahead counts once against all lines of an instalment, which follow each other.
        let (mut bearer, mut paid_ahead) = (None, 0);
        for k in 0..self.accruals.len() {
            let line = self.accruals[k];
            let amount = line.amount_on(day)?.round(self.rounding)?;
            // Lines come in the order of instalments for each head, so the search goes on where it was.
            if self.instalments.get(row_at).is_none_or(|row| row.no != line.instalment) {
                row_at = self.instalments.iter().position(|row| row.no == line.instalment)?;
            }
            let row = &mut self.instalments[row_at];
            match line.head {
                Head::Penalty => row.penalty.due = amount,
                Head::Compound => row.compound.due = amount,
                Head::Interest => {
                    if bearer != Some(line.instalment) {
                        bearer = Some(line.instalment);
                        paid_ahead = row.interest.paid.0 + row.interest.waived.0 + row.interest.moved.0;
                    }
                    let covered = paid_ahead.min(amount.0);
                    paid_ahead -= covered;
                    accrued = accrued.checked_add(amount.0 - covered)?;
                }
                Head::Cost | Head::Fee | Head::Principal => {}
            }
        }
        self.accrued_interest = Fen(accrued);
        self.add_up(day)
    }

    fn add_up(&mut self, day: Date) -> Option<()> {
        let (mut due, mut overdue) = (Amounts::default(), Amounts::default());
        let mut running = 0_i64;
        for row in &self.instalments {
            if row.due_on > day {
                running = running.checked_add(row.penalty.outstanding().0.max(0))?;
                continue;
            }
            let owed = [row.penalty, row.compound, row.interest, row.principal].map(|d| d.outstanding().0.max(0));
            add(&mut due, owed)?;
            if row.due_on < day {
                add(&mut overdue, owed)?;
            }
        }
        let (mut fees, mut costs) = (0_i64, 0_i64);
        for charge in &self.charges {
            let owed = charge.debt.outstanding().0.max(0);
            let all = if charge.head == Head::Cost { &mut costs } else { &mut fees };
            *all = all.checked_add(owed)?;
            for (amounts, counts) in [(&mut due, charge.due_on <= day), (&mut overdue, charge.due_on < day)] {
                if counts {
                    let head = amounts.get_mut(charge.head);
                    *head = Fen(head.0.checked_add(owed)?);
                }
            }
        }
        self.outstanding = Amounts {
            cost: Fen(costs),
            fee: Fen(fees),
            penalty: Fen(due.penalty.0.checked_add(running)?),
            compound: due.compound,
            interest: due.interest.checked_add(self.accrued_interest)?,
            principal: self.outstanding.principal,
        };
        self.due = due;
        self.overdue = overdue;
        Some(())
    }
}

/// Adds penalty, compound interest, interest and principal.
fn add(amounts: &mut Amounts, owed: [i64; 4]) -> Option<()> {
    let [penalty, compound, interest, principal] = owed;
    amounts.penalty = Fen(amounts.penalty.0.checked_add(penalty)?);
    amounts.compound = Fen(amounts.compound.0.checked_add(compound)?);
    amounts.interest = Fen(amounts.interest.0.checked_add(interest)?);
    amounts.principal = Fen(amounts.principal.0.checked_add(principal)?);
    Some(())
}
