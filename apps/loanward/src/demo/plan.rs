//! What happens in the demo book: who borrows what, and who pays how. Pure: the same seed, the same book.

use finance::{Calendar, Context, Fen, RateTable, RepaymentMode, Status, Terms, Transaction, TransactionKind};
use jiff::civil::Date;

use super::chance::Chance;
use super::people::{self, Company, Person};

/// How many customers and loans the book has.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Persons.
    pub persons: usize,
    /// Companies.
    pub companies: usize,
    /// Loans.
    pub loans: usize,
}

/// A kind of loan that the plan may hand out: the product of the pack and its usual range.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The product's id in the pack.
    pub product: String,
    /// The product's terms without amount, dates and term.
    pub terms: Terms,
    /// Lowest and highest amount, in ten thousand yuan.
    pub wan: (i64, i64),
    /// Terms in months.
    pub months: Vec<u32>,
    /// For companies too.
    pub companies: bool,
}

/// A customer of the plan.
#[derive(Debug, Clone)]
pub enum Borrower {
    /// 自然人.
    Person(Person),
    /// 企业.
    Company(Company),
}

/// Money that will come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// When.
    pub on: Date,
    /// How much.
    pub amount: Fen,
    /// What is meant.
    pub mode: RepaymentMode,
}

/// A loan of the plan.
#[derive(Debug, Clone)]
pub struct PlannedLoan {
    /// Which customer.
    pub borrower: usize,
    /// 产品.
    pub product: String,
    /// 条款.
    pub terms: Terms,
    /// 担保方式: 0 credit, 1 guarantee, 2 mortgage, 3 pledge.
    pub security: usize,
    /// 用途.
    pub purpose: &'static str,
    /// What comes in, by date.
    pub payments: Vec<Payment>,
}

/// The whole plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Customers.
    pub borrowers: Vec<Borrower>,
    /// Loans by start.
    pub loans: Vec<PlannedLoan>,
}

/// How somebody pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// On the day or up to two days before.
    OnTime,
    /// So many days after.
    Late(i64),
    /// Half now, the rest with the next one.
    Halves,
    /// Stops after so many instalments.
    Stops(usize),
    /// Settles early after so many instalments.
    SettlesAfter(usize),
}

/// Days at the beginning from which come the losses of the book.
const FIRST_WEEKS: i64 = 45;

const PURPOSES: [&str; 6] = ["进货周转", "设备采购", "店面装修", "农资采购", "家庭消费", "支付货款"];

/// Makes the plan for a book that opens on `opens` and stands on `stands`.
pub fn make(
    seed: u64,
    size: Size,
    offers: &[Offer],
    opens: Date,
    stands: Date,
    market: (&Calendar, &RateTable),
) -> Plan {
    let mut chance = Chance::new(seed);
    let mut borrowers: Vec<Borrower> =
        (0..size.persons).map(|n| Borrower::Person(people::person(&mut chance, n))).collect();
    borrowers.extend((0..size.companies).map(|n| Borrower::Company(people::company(&mut chance, n))));
    let days = finance::days_between(opens, stands).max(1);
    let context = Context { calendar: market.0, rates: market.1 };
    let mut loans = Vec::new();
    for n in 0..size.loans {
        // Everybody borrows once before anybody borrows again.
        let borrower = if n < borrowers.len() { n } else { chance.below(borrowers.len()) };
        let company = matches!(borrowers.get(borrower), Some(Borrower::Company(_)));
        let fitting: Vec<&Offer> = offers.iter().filter(|o| o.companies || !company).collect();
        let Some(offer) = chance.pick(&fitting) else { continue };
        // More loans near the end, as in a book that grows.
        let day = chance.between(0, days - 1).max(chance.between(0, days - 1));
        let Some(start_on) = finance::add_days(opens, day) else { continue };
        let start_on = market.0.next_workday(start_on).filter(|on| *on < stands).unwrap_or(opens);
        // A few of the first loans have stood unpaid for more than a year: a book has its losses.
        let habit = match habit(&mut chance) {
            _ if day < FIRST_WEEKS && n % 2 == 0 => Habit::Stops(1),
            other => other,
        };
        if let Some(loan) = loan(&mut chance, borrower, offer, start_on, habit, stands, &context) {
            loans.push(loan);
        }
    }
    loans.sort_by_key(|loan| loan.terms.start_on);
    Plan { borrowers, loans }
}

fn habit(chance: &mut Chance) -> Habit {
    match chance.below(100) {
        0..=79 => Habit::OnTime,
        80..=86 => Habit::Late(chance.between(2, 20)),
        87..=89 => Habit::Late(chance.between(25, 55)),
        90..=92 => Habit::Halves,
        93..=96 => Habit::Stops(usize::try_from(chance.between(1, 8)).unwrap_or(3)),
        _ => Habit::SettlesAfter(usize::try_from(chance.between(2, 6)).unwrap_or(3)),
    }
}

fn loan(
    chance: &mut Chance,
    borrower: usize,
    offer: &Offer,
    start_on: Date,
    habit: Habit,
    stands: Date,
    context: &Context<'_>,
) -> Option<PlannedLoan> {
    let mut terms = offer.terms.clone();
    terms.principal = Fen(chance.between(offer.wan.0, offer.wan.1).checked_mul(1_000_000)?);
    terms.start_on = start_on;
    terms.periods = chance.pick(&offer.months).copied();
    let payments = payments(chance, &terms, habit, stands, context)?;
    Some(PlannedLoan {
        borrower,
        product: offer.product.clone(),
        terms,
        security: chance.below(4),
        purpose: chance.pick(&PURPOSES).copied().unwrap_or("经营周转"),
        payments,
    })
}

/// Walks the schedule and lets the borrower pay what the loan then owes, as a cashier would be told.
fn payments(
    chance: &mut Chance,
    terms: &Terms,
    habit: Habit,
    stands: Date,
    context: &Context<'_>,
) -> Option<Vec<Payment>> {
    let schedule = finance::schedule(terms, context).ok()?;
    let mut facts = vec![Transaction::new(1, terms.start_on, TransactionKind::Disburse { amount: terms.principal })];
    let mut payments: Vec<Payment> = Vec::new();
    for (n, instalment) in schedule.instalments.iter().enumerate() {
        let (shift, part) = match habit {
            Habit::OnTime => (-chance.between(0, 2), 1),
            Habit::Late(days) => (days, 1),
            Habit::Halves => (chance.between(0, 12), 2),
            Habit::Stops(after) if n >= after => return Some(payments),
            Habit::Stops(_) => (chance.between(0, 6), 1),
            Habit::SettlesAfter(_) => (0, 1),
        };
        let on = finance::add_days(instalment.due_on, shift)?.max(payments.last().map_or(terms.start_on, |p| p.on));
        if on > stands || on <= terms.start_on {
            return Some(payments);
        }
        let settles = matches!(habit, Habit::SettlesAfter(after) if n + 1 == after);
        // What will be owed on the due date, or is owed already if that has passed.
        let position = finance::replay(terms, context, &facts, on.max(instalment.due_on)).ok()?;
        let owed = if settles { position.outstanding.total()? } else { position.due.total()? };
        let amount = Fen(owed.0 / part + owed.0 % part);
        if amount.is_positive() {
            let mode = if settles { RepaymentMode::Settle } else { RepaymentMode::Regular };
            let payment = Payment { on, amount, mode };
            let id = u64::try_from(facts.len()).ok()? + 1;
            facts.push(Transaction::new(id, on, finance_kind(payment)));
            payments.push(payment);
        }
        if settles || finance::replay(terms, context, &facts, on).ok()?.status == Status::Settled {
            return Some(payments);
        }
    }
    Some(payments)
}

fn finance_kind(payment: Payment) -> TransactionKind {
    TransactionKind::Repay(finance::Repayment { amount: payment.amount, mode: payment.mode, allocation: Vec::new() })
}
