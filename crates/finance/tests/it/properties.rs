//! What holds for every loan: no fen lost or made, closed expressions equal replay, order and splitting change nothing.

use finance::*;
use proptest::prelude::*;

use crate::arbitrary::{loan, terms, with_context};

/// Drops transactions that the engine refuses, so that long lists stay meaningful.
fn accepted(terms: &Terms, context: &Context, list: &[Transaction], as_of: jiff::civil::Date) -> Vec<Transaction> {
    let mut kept = list.to_vec();
    loop {
        match replay(terms, context, &kept, as_of) {
            Err(error) => match error.transaction() {
                Some(id) => kept.retain(|transaction| transaction.id != id),
                None if kept.len() > 1 => drop(kept.pop()),
                None => return Vec::new(),
            },
            Ok(_) => return kept,
        }
    }
}

fn money_in(list: &[Transaction], as_of: jiff::civil::Date) -> i64 {
    let amounts = list.iter().filter(|t| t.on <= as_of).map(|t| match &t.kind {
        TransactionKind::Repay(repayment) => repayment.amount.0,
        TransactionKind::Recover { amount, .. } => amount.0,
        _ => 0,
    });
    amounts.sum()
}

/// What the quote of a day names is what the position owes, and settles the loan for good.
fn settles(terms: &Terms, context: &Context, list: &[Transaction], on: jiff::civil::Date) -> Result<(), TestCaseError> {
    let Ok(quote) = quote_settlement(terms, context, list, on) else { return Ok(()) };
    let Ok(position) = replay(terms, context, list, on) else { return Ok(()) };
    prop_assert_eq!(quote.amounts.principal, position.outstanding.principal);
    prop_assert_eq!(quote.amounts.interest, position.outstanding.interest, "on {}", on);
    prop_assert_eq!(quote.amounts.penalty, position.outstanding.penalty);
    if quote.total.is_positive() {
        let mut list = list.to_vec();
        let settle = Repayment { amount: quote.total, mode: RepaymentMode::Settle, allocation: vec![] };
        list.push(Transaction::new(7_777, on, TransactionKind::Repay(settle)));
        let after = replay(terms, context, &list, on).unwrap();
        prop_assert_eq!((after.status, after.credit), (Status::Settled, Fen::ZERO));
        let later = replay(terms, context, &list, add_days(on, 400).unwrap()).unwrap();
        prop_assert_eq!(later.status, Status::Settled);
        prop_assert_eq!(later.outstanding, Amounts::default());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn a_schedule_pays_back_the_principal_and_nothing_is_negative(terms in terms()) {
        with_context(|context| {
            let Ok(plan) = schedule(&terms, context) else { return Ok(()) };
            let principal: i64 = plan.instalments.iter().map(|line| line.principal.0).sum();
            let interest: i64 = plan.instalments.iter().map(|line| line.interest.0).sum();
            prop_assert_eq!(Fen(principal), terms.principal);
            prop_assert_eq!(Fen(interest), plan.total_interest);
            prop_assert_eq!(plan.instalments.last().unwrap().balance, Fen::ZERO);
            for line in &plan.instalments {
                prop_assert!(line.principal.0 >= 0 && line.interest.0 >= 0, "{line:?}");
            }
            prop_assert!(plan.instalments.windows(2).all(|pair| pair[0].nominal_due_on < pair[1].nominal_due_on));
            prop_assert!(plan.instalments.windows(2).all(|pair| pair[0].to_on == pair[1].from_on));
            Ok(())
        })?;
    }

    #[test]
    fn no_fen_is_lost_or_made((terms, list, as_of) in loan(25)) {
        with_context(|context| {
            let list = accepted(&terms, context, &list, as_of);
            let Ok(position) = replay(&terms, context, &list, as_of) else { return Ok(()) };
            let allocated: i64 = position.allocations.iter().map(|line| line.amount.0).sum();
            prop_assert_eq!(allocated, money_in(&list, as_of), "money in = money allocated");
            prop_assert!(position.allocations.iter().all(|line| line.amount.is_positive()));
            if position.written_off.is_none() {
                let left: i64 = position.instalments.iter().map(|row| row.principal.outstanding().0).sum();
                prop_assert_eq!(Fen(left), position.outstanding.principal, "rows = balance");
            }
            for head in Head::ALL {
                let [all, due, overdue] =
                    [position.outstanding, position.due, position.overdue].map(|amounts| amounts.get(head).0);
                prop_assert!(overdue >= 0 && due >= overdue && all >= due, "{head:?} {all} {due} {overdue}");
            }
            prop_assert_eq!(position.days_overdue > 0, position.oldest_unpaid_due_on.is_some());
            Ok(())
        })?;
    }

    #[test]
    fn the_closed_expression_equals_replay((terms, list, as_of) in loan(15), ahead in 1_i64..40) {
        with_context(|context| {
            let list: Vec<Transaction> =
                accepted(&terms, context, &list, as_of).into_iter().filter(|t| t.on <= as_of).collect();
            let Ok(position) = replay(&terms, context, &list, as_of) else { return Ok(()) };
            for days in [1, ahead] {
                let later = add_days(as_of, days).unwrap();
                if let Some(closed) = position.on(later) {
                    prop_assert_eq!(closed, replay(&terms, context, &list, later).unwrap());
                } else {
                    prop_assert!(position.next_change_on.is_some_and(|change| change <= later));
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_called_loan_owes_the_same_and_all_of_it_is_due((terms, list, as_of) in loan(12), ahead in 1_i64..400) {
        with_context(|context| {
            let list: Vec<Transaction> =
                accepted(&terms, context, &list, as_of).into_iter().filter(|t| t.on <= as_of).collect();
            let Ok(before) = replay(&terms, context, &list, as_of) else { return Ok(()) };
            let mut called = list.clone();
            called.push(Transaction::new(999, as_of, TransactionKind::Accelerate));
            let Ok(after) = replay(&terms, context, &called, as_of) else { return Ok(()) };
            // Credit is used for what falls due; nothing else becomes less or more.
            let used = before.credit.0 - after.credit.0;
            let owed = |p: &Position| p.outstanding.principal.0 + p.outstanding.interest.0 + p.outstanding.fee.0;
            prop_assert!(used >= 0 && owed(&after) <= owed(&before), "{} {}", owed(&after), owed(&before));
            if used == 0 {
                prop_assert_eq!(after.outstanding, before.outstanding);
            }
            prop_assert_eq!(after.due.principal, after.outstanding.principal);
            prop_assert_eq!(after.due.interest, after.outstanding.interest);
            prop_assert_eq!((after.next_due, after.accrued_interest), (None, Fen::ZERO));
            // No contract interest any more; what is late costs no less than before.
            let later = add_days(as_of, ahead).unwrap();
            let (then, uncalled) = (replay(&terms, context, &called, later), replay(&terms, context, &list, later));
            if let (Ok(then), Ok(uncalled)) = (then, uncalled) {
                prop_assert_eq!(then.outstanding.interest, after.outstanding.interest);
                let suspends = |t: &Transaction| matches!(t.kind, TransactionKind::Suspend { .. } | TransactionKind::Misuse { .. });
                if before.credit.is_zero() && !list.iter().any(suspends) && terms.overdue.compound.is_none() {
                    prop_assert!(then.outstanding.penalty >= uncalled.outstanding.penalty);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_reversed_transaction_never_happened((terms, list, as_of) in loan(12), which in 0_usize..12) {
        with_context(|context| {
            let list = accepted(&terms, context, &list, as_of);
            let Some(target) = list.get(which).map(|transaction| transaction.id) else { return Ok(()) };
            let without: Vec<Transaction> = list.iter().filter(|t| t.id != target).cloned().collect();
            let mut reversed = list.clone();
            reversed.push(Transaction::new(999, as_of, TransactionKind::Reverse { target }));
            prop_assert_eq!(replay(&terms, context, &reversed, as_of), replay(&terms, context, &without, as_of));
            Ok(())
        })?;
    }

    #[test]
    fn explaining_changes_nothing((terms, list, as_of) in loan(12)) {
        with_context(|context| {
            let list = accepted(&terms, context, &list, as_of);
            let Ok(position) = replay(&terms, context, &list, as_of) else { return Ok(()) };
            let (explained, lines) = explain_replay(&terms, context, &list, as_of).unwrap();
            prop_assert_eq!(&explained, &position);
            prop_assert!(lines.iter().all(|line| !line.source.is_empty()));
            for row in position.instalments.iter().filter(|row| row.penalty.due.is_positive()) {
                prop_assert!(position.written_off.is_some() || lines.iter().any(|line| {
                    line.head == Head::Penalty && line.instalment == row.no && line.amount == Some(row.penalty.due)
                }), "no line for {row:?}");
            }
            Ok(())
        })?;
    }

    #[test]
    fn one_payment_in_two_parts_on_a_day_is_the_same((terms, list, as_of) in loan(8), cut in 1_i64..99) {
        with_context(|context| {
            let mut list = accepted(&terms, context, &list, as_of);
            let regular = |t: &&Transaction| matches!(&t.kind, TransactionKind::Repay(r)
                if r.mode == RepaymentMode::Regular && r.allocation.is_empty() && r.amount.0 > 100);
            let mut split_terms = terms.clone();
            split_terms.prepayment.excess = Excess::Credit;
            let Some(whole) = list.iter().find(regular).cloned() else { return Ok(()) };
            let Ok(once) = replay(&split_terms, context, &list, as_of) else { return Ok(()) };
            let TransactionKind::Repay(repayment) = &whole.kind else { return Ok(()) };
            let first = Fen(repayment.amount.0 * cut / 100).max(Fen(1));
            let rest = Fen(repayment.amount.0 - first.0);
            let at = list.iter().position(|t| t.id == whole.id).unwrap();
            list[at].kind = TransactionKind::repay(first);
            list.insert(at + 1, Transaction::new(5_000, whole.on, TransactionKind::repay(rest)));
            let twice = replay(&split_terms, context, &list, as_of).unwrap();
            // Another order may apply to the second part once the first has ended the delay.
            if split_terms.allocation.overdue_order.is_none() {
                let bearing = |p: &Position| (p.outstanding, p.credit, p.days_overdue, p.status);
                prop_assert_eq!(bearing(&once), bearing(&twice));
            }
            Ok(())
        })?;
    }

    #[test]
    fn splitting_a_period_changes_no_interest(terms in terms(), days in 0_i64..1_000) {
        with_context(|context| {
            let mut terms = terms;
            terms.method = Method::InterestOnly;
            terms.grace = Grace::default();
            let RateTerms::Fixed(rate) = terms.rate else { return Ok(()) };
            let Ok(plan) = schedule(&terms, context) else { return Ok(()) };
            let end = plan.instalments.last().unwrap().due_on;
            let drawn = Transaction::new(1, terms.start_on, TransactionKind::Disburse { amount: terms.principal });
            let same = Transaction::new(2, add_days(terms.start_on, days).unwrap(), TransactionKind::ChangeRate { rate });
            let whole = replay(&terms, context, std::slice::from_ref(&drawn), end).unwrap();
            let split = replay(&terms, context, &[drawn, same], end).unwrap();
            let interest = |p: &Position| p.instalments.iter().map(|row| row.interest.due).collect::<Vec<_>>();
            prop_assert_eq!(interest(&whole), interest(&split));
            Ok(())
        })?;
    }

    #[test]
    fn the_quote_settles((terms, list, as_of) in loan(10)) {
        with_context(|context| {
            let list: Vec<Transaction> =
                accepted(&terms, context, &list, as_of).into_iter().filter(|t| t.on <= as_of).collect();
            let Ok(now) = replay(&terms, context, &list, as_of) else { return Ok::<(), TestCaseError>(()) };
            // Mistakes live on the days where something falls due.
            let due = now.next_due.map(|next| next.on);
            let days = [Some(as_of), due, due.and_then(|on| add_days(on, 1))];
            for on in days.into_iter().flatten() {
                settles(&terms, context, &list, on)?;
            }
            Ok(())
        })?;
    }

    #[test]
    fn everything_reads_as_it_was_written((terms, list, as_of) in loan(10)) {
        with_context(|context| {
            let text = serde_json::to_string(&(&terms, &list)).unwrap();
            prop_assert_eq!(serde_json::from_str::<(Terms, Vec<Transaction>)>(&text).unwrap(), (terms.clone(), list.clone()));
            let list = accepted(&terms, context, &list, as_of);
            let Ok(position) = replay(&terms, context, &list, as_of) else { return Ok(()) };
            let text = serde_json::to_string(&position).unwrap();
            prop_assert_eq!(serde_json::from_str::<Position>(&text).unwrap(), position);
            Ok(())
        })?;
    }
}
