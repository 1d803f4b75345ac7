//! Quotes (试算): what settling or prepaying on a day would take and change, without doing it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::Context;
use crate::error::{ReplayError, TermsError};
use crate::money::Fen;
use crate::observe::Silent;
use crate::position::{Allocation, Amounts, Position};
use crate::replay::{replay, walk};
use crate::terms::{Head, Terms};
use crate::transaction::{Repayment, RepaymentMode, Transaction, TransactionKind};

/// What settles a loan on a day (结清试算).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementQuote {
    /// The day.
    pub on: Date,
    /// Owed by head, everything included; `fee` contains the charge.
    pub amounts: Amounts,
    /// The charge for paying early, part of `amounts.fee`.
    pub charge: Fen,
    /// Credit that will be used.
    pub credit: Fen,
    /// Money needed: the sum of all heads less credit.
    pub total: Fen,
}

/// What a prepayment does (提前还款试算).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepaymentQuote {
    /// What the money pays.
    pub allocations: Vec<Allocation>,
    /// The plan without the prepayment.
    pub before: PlanOutline,
    /// The plan with it.
    pub after: PlanOutline,
}

/// What is still to come of a plan (剩余计划概要).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanOutline {
    /// Instalments to come.
    pub instalments: u32,
    /// The next one, principal and interest.
    pub next: Fen,
    /// Interest to come.
    pub interest: Fen,
    /// The last due date.
    pub maturity_on: Date,
}

/// What would settle the loan on a day (结清试算): paying exactly `total` with [`RepaymentMode::Settle`] does.
///
/// # Errors
/// As [`crate::replay`]; a loan written off has nothing to settle.
///
/// ```
/// use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Terms, Transaction, TransactionKind, quote_settlement};
/// use jiff::civil::date;
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let context = Context { calendar: &calendar, rates: &rates };
/// let drawn = [Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(10_000_000) })];
/// // ten days of 30/360 at 12 %: 333.33
/// let quote = quote_settlement(&terms, &context, &drawn, date(2025, 1, 25)).unwrap();
/// assert_eq!((quote.amounts.interest, quote.total), (Fen(33_333), Fen(10_033_333)));
/// ```
pub fn quote_settlement(
    terms: &Terms,
    context: &Context,
    transactions: &[Transaction],
    on: Date,
) -> Result<SettlementQuote, ReplayError> {
    let mut ledger = walk(terms, context, transactions, on, Silent)?;
    let (amounts, charge, credit) = ledger.settlement()?;
    let owed = amounts.total().ok_or(TermsError::Overflow)?;
    let total = Fen(owed.0.saturating_sub(credit.0).max(0));
    Ok(SettlementQuote { on, amounts, charge, credit, total })
}

/// What a prepayment of `amount` on a day would do (提前还款试算).
///
/// # Errors
/// As [`crate::replay`].
///
/// ```
/// use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Terms, Transaction, TransactionKind};
/// use finance::{RepaymentMode, quote_prepayment};
/// use jiff::civil::date;
/// let terms = Terms::new(Method::EqualPrincipal, Fen(12_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let context = Context { calendar: &calendar, rates: &rates };
/// let drawn = [Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(12_000_000) })];
/// let quote = quote_prepayment(&terms, &context, &drawn, date(2025, 1, 15), Fen(6_000_000), RepaymentMode::Shorten).unwrap();
/// assert_eq!((quote.before.instalments, quote.after.instalments), (12, 6));
/// ```
pub fn quote_prepayment(
    terms: &Terms,
    context: &Context,
    transactions: &[Transaction],
    on: Date,
    amount: Fen,
    mode: RepaymentMode,
) -> Result<PrepaymentQuote, ReplayError> {
    let before = replay(terms, context, transactions, on)?;
    let id = (0..=u64::MAX).rev().find(|id| transactions.iter().all(|t| t.id != *id)).unwrap_or(u64::MAX);
    let mut with = transactions.to_vec();
    let repayment = Repayment { amount, mode, allocation: Vec::new() };
    with.push(Transaction::new(id, on, TransactionKind::Repay(repayment)));
    let after = replay(terms, context, &with, on)?;
    let allocations = after.allocations.iter().filter(|line| line.transaction == id).copied().collect();
    Ok(PrepaymentQuote { allocations, before: outline(&before), after: outline(&after) })
}

/// What is still to come of a plan (剩余计划概要), as a position has it.
pub fn outline(position: &Position) -> PlanOutline {
    let coming = position.instalments.iter().filter(|row| row.due_on > position.as_of);
    let owed = |row: &crate::position::InstalmentPosition| {
        (row.principal.outstanding().0.max(0), row.interest.outstanding().0.max(0))
    };
    let coming = coming.map(owed).filter(|(principal, interest)| principal + interest > 0);
    let interest = coming.clone().fold(0_i64, |sum, (_, interest)| sum.saturating_add(interest));
    PlanOutline {
        instalments: u32::try_from(coming.count()).unwrap_or(u32::MAX),
        next: position.next_due.map_or(Fen::ZERO, |next| next.amount),
        interest: Fen(interest),
        maturity_on: position.maturity_on,
    }
}

/// Heads of rows, for sums.
pub(crate) const ROW_HEADS: [Head; 4] = [Head::Penalty, Head::Compound, Head::Interest, Head::Principal];
