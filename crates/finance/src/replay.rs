//! Replay (重放): terms and transactions give the position on a date.

use jiff::civil::Date;

use crate::calendar::Context;
use crate::error::ReplayError;
use crate::ledger::Ledger;
use crate::observe::{Observer, Silent};
use crate::position::Position;
use crate::terms::Terms;
use crate::transaction::{Transaction, TransactionKind};

/// The position that transactions give on a date (重放).
///
/// Transactions may come in any order of dates; those of one day take effect in the order of the list.
/// Later ones than `as_of` are not looked at, reversed ones take no effect from the day of their reversal on.
/// Back-dating and reversal are just another list.
///
/// # Errors
/// Terms or transactions that make no sense, each with its numbers: see [`crate::TermsError`] and [`ReplayError`].
///
/// # Examples
/// ```
/// use finance::{Calendar, Context, Fen, Method, Rate, RateTable, Status, Terms, Transaction, TransactionKind, replay};
/// use jiff::civil::date;
/// let terms = Terms::new(Method::EqualInstalment, Fen(10_000_000), date(2025, 1, 15), 12, Rate::per_year(120_000_000));
/// let (calendar, rates) = (Calendar::default(), RateTable::default());
/// let context = Context { calendar: &calendar, rates: &rates };
/// let mut transactions = vec![
///     Transaction::new(1, date(2025, 1, 15), TransactionKind::Disburse { amount: Fen(10_000_000) }),
///     Transaction::new(2, date(2025, 2, 15), TransactionKind::repay(Fen(888_488))),
/// ];
/// let position = replay(&terms, &context, &transactions, date(2025, 3, 16)).unwrap();
/// assert_eq!(position.status, Status::Overdue); // the second instalment was due the day before
/// assert_eq!(position.days_overdue, 1);
/// assert_eq!(position.outstanding.principal, Fen(9_211_512));
/// transactions.push(Transaction::new(3, date(2025, 3, 15), TransactionKind::repay(Fen(888_488)))); // back-dated
/// assert_eq!(replay(&terms, &context, &transactions, date(2025, 3, 16)).unwrap().status, Status::Current);
/// ```
pub fn replay(
    terms: &Terms,
    context: &Context,
    transactions: &[Transaction],
    as_of: Date,
) -> Result<Position, ReplayError> {
    walk(terms, context, transactions, as_of, Silent)?.close(as_of).map_err(ReplayError::Terms)
}

/// Walks a ledger through the transactions up to a date.
pub(crate) fn walk<'a, O: Observer>(
    terms: &'a Terms,
    context: &'a Context<'a>,
    transactions: &[Transaction],
    as_of: Date,
    observer: O,
) -> Result<Ledger<'a, O>, ReplayError> {
    let mut ledger = Ledger::new(terms, context, observer, false)?;
    let in_effect = in_effect(transactions, as_of)?;
    ledger.expect(in_effect.len());
    for transaction in in_effect {
        ledger.apply(transaction)?;
    }
    if as_of < terms.start_on {
        return Ok(ledger);
    }
    ledger.advance(as_of)?;
    Ok(ledger)
}

/// The transactions that take effect up to a date, in order, without reversals and what they undo.
fn in_effect(transactions: &[Transaction], as_of: Date) -> Result<Vec<&Transaction>, ReplayError> {
    let mut ids: Vec<u64> = transactions.iter().map(|transaction| transaction.id).collect();
    ids.sort_unstable();
    if let Some(pair) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(ReplayError::DuplicateId { id: pair[0] });
    }
    let mut undone: Vec<u64> = Vec::new();
    let known = transactions.iter().filter(|transaction| transaction.on <= as_of);
    for transaction in known.clone() {
        let TransactionKind::Reverse { target } = transaction.kind else { continue };
        let id = transaction.id;
        if undone.contains(&target) {
            return Err(ReplayError::AlreadyReversed { id, target });
        }
        let reversible = transactions
            .iter()
            .any(|other| other.id == target && !matches!(other.kind, TransactionKind::Reverse { .. }));
        if !reversible {
            return Err(ReplayError::NothingToReverse { id, target });
        }
        undone.push(target);
    }
    let mut kept: Vec<&Transaction> = Vec::with_capacity(transactions.len());
    kept.extend(known.filter(|t| !matches!(t.kind, TransactionKind::Reverse { .. }) && !undone.contains(&t.id)));
    if !kept.is_sorted_by_key(|transaction| transaction.on) {
        kept.sort_by_key(|transaction| transaction.on);
    }
    Ok(kept)
}
