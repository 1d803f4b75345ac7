//! The derivation (推导) of every amount: the lines that made it, from the same arithmetic that computed it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Context;
use crate::day_count::YearFraction;
use crate::error::{ReplayError, TermsError};
use crate::money::{Exact, Fen, Rounding};
use crate::observe::{Recorder, Step};
use crate::position::Position;
use crate::replay::walk;
use crate::rules::rule;
use crate::schedule::{Schedule, planned};
use crate::terms::{Head, Terms};
use crate::transaction::Transaction;

/// One line of a derivation (推导行): balance × rate × time, what was carried, and how it was rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationLine {
    /// The instalment it belongs to.
    pub instalment: u32,
    /// The head it belongs to.
    pub head: Head,
    /// First day, counted.
    pub from_on: Date,
    /// Last day, not counted.
    pub to_on: Date,
    /// The amount that bears interest, or the principal that is spread.
    pub balance: Fen,
    /// Rate, billionths a year.
    pub yearly_e9: i64,
    /// Days counted.
    pub days: i64,
    /// The part of a year as a fraction in lowest terms, such as `1/12`.
    pub basis: String,
    /// The product in 元 before rounding, as decimal text; `…` when it goes on.
    pub product: String,
    /// What earlier lines left to be rounded together with this one, in 元; empty when nothing.
    pub carried: String,
    /// How the sum of product and carried was rounded; empty when a later line rounds.
    pub rounding: String,
    /// What the line gives after rounding; nothing when a later line rounds.
    pub amount: Option<Fen>,
    /// The rule: see [`crate::rules`].
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
}

/// A schedule with the derivation of every amount (还款计划及推导).
///
/// # Errors
/// As [`crate::schedule`].
///
/// ```
/// use finance::{Calendar, Context, Fen, Head, Method, Rate, RateTable, Terms, explain_schedule};
/// use jiff::civil::date;
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let (_, lines) = explain_schedule(&terms, &Context { calendar: &calendar, rates: &rates }).unwrap();
/// let second = lines.iter().find(|line| line.instalment == 2 && line.head == Head::Interest).unwrap();
/// assert_eq!((second.balance, second.basis.as_str()), (Fen(9_211_512), "1/12"));
/// assert_eq!((second.product.as_str(), second.amount), ("921.1512", Some(Fen(92_115))));
/// ```
pub fn explain_schedule(terms: &Terms, context: &Context) -> Result<(Schedule, Vec<DerivationLine>), TermsError> {
    let mut ledger = planned(terms, context, Recorder::default())?;
    let steps = std::mem::take(&mut ledger.observer.steps);
    Ok((ledger.into_schedule()?, lines(steps, terms.rounding.mode)))
}

/// A position with the derivation of every amount (贷款状况及推导).
///
/// # Errors
/// As [`crate::replay`].
///
/// ```
/// use finance::{Calendar, Context, Fen, Method, PenaltyRate, Rate, RateTable, Terms, Transaction, TransactionKind};
/// use finance::{Head, explain_replay};
/// use jiff::civil::date;
/// let mut terms = Terms::new(Method::Bullet, Fen(10_000_000), date(2025, 1, 15), 6, Rate::per_year(120_000_000));
/// terms.overdue.penalty = Some(PenaltyRate::Uplift(500_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let context = Context { calendar: &calendar, rates: &rates };
/// let drawn = [Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(10_000_000) })];
/// let (position, lines) = explain_replay(&terms, &context, &drawn, date(2025, 8, 29)).unwrap();
/// assert_eq!(position.outstanding.penalty, Fen(225_000));
/// let penalty = lines.iter().find(|line| line.head == Head::Penalty).unwrap();
/// assert_eq!((penalty.days, penalty.yearly_e9, penalty.product.as_str()), (45, 180_000_000, "2250.00"));
/// ```
pub fn explain_replay(
    terms: &Terms,
    context: &Context,
    transactions: &[Transaction],
    as_of: Date,
) -> Result<(Position, Vec<DerivationLine>), ReplayError> {
    let mut ledger = walk(terms, context, transactions, as_of, Recorder::default())?;
    let position = ledger.close(as_of)?;
    let steps = std::mem::take(&mut ledger.observer.steps);
    Ok((position, lines(steps, terms.rounding.mode)))
}

fn lines(mut steps: Vec<Step>, mode: Rounding) -> Vec<DerivationLine> {
    // By instalment and head; within them as they happened.
    steps.sort_by_key(|step| (step.instalment, std::cmp::Reverse(step.head)));
    steps.into_iter().map(|step| line(step, mode)).collect()
}

fn line(step: Step, mode: Rounding) -> DerivationLine {
    let carried = if step.carried == Exact::ZERO { String::new() } else { step.carried.to_yuan_text() };
    DerivationLine {
        instalment: step.instalment,
        head: step.head,
        from_on: step.from,
        to_on: step.to,
        balance: step.balance,
        yearly_e9: step.yearly_e9,
        days: step.days,
        basis: fraction(step.part),
        product: step.exact.to_yuan_text(),
        carried,
        rounding: step.amount.map_or_else(String::new, |_| mode.name().to_owned()),
        amount: step.amount,
        rule: step.rule.to_owned(),
        source: rule(step.rule).map_or_else(String::new, |rule| rule.source.to_owned()),
    }
}

/// A part of a year in lowest terms.
fn fraction(part: YearFraction) -> String {
    let (mut a, mut b) = (part.0.unsigned_abs(), YearFraction::PER_YEAR.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let divisor = i64::try_from(a.max(1)).unwrap_or(1);
    format!("{}/{}", part.0 / divisor, YearFraction::PER_YEAR / divisor)
}
