//! Repayments: what they change, in both clocks, and what is refused.

use finance::{Fen, RepaymentMode, TransactionKind};
use jiff::civil::{Date, date};
use platform::error::ActionError;
use servicing::loan::actions::apply;
use servicing::loan::model::{Channel, NewTransaction, Seen};
use servicing::position::model::Standing;
use servicing::repayment::actions::{NewRepayment, record, record_many};

use crate::house::{Lender, TODAY, plain};

pub fn money(on: Date, fen: i64) -> NewRepayment {
    NewRepayment {
        on,
        amount: Fen(fen),
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    }
}

fn code(error: ActionError) -> String {
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

#[tokio::test]
async fn a_loan_stands_in_the_ledger_on_the_day_it_is_paid_out() {
    // S2.10-05
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(TODAY)).await;
        let kept = lender.kept(loan.file.loan.key).await;
        assert_eq!((kept.standing, kept.principal, kept.as_of), (Standing::Current, Fen(10_000_000), TODAY));
        assert_eq!(kept.next_due, Fen(888_488));
        assert!(loan.file.loan.number.starts_with('J'), "{}", loan.file.loan.number);
    }
}

#[tokio::test]
async fn a_repayment_a_reversal_and_a_late_entry_keep_both_clocks() {
    // S2.10-06 S1-34
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await;
        let key = loan.file.loan.key;
        let overdue = lender.kept(key).await;
        // 09-20 lies 61 days back, on a worked Sunday: due 2026-09-20.
        assert_eq!((overdue.oldest_due_on, overdue.days_overdue(TODAY)), (Some(date(2026, 9, 20)), 61));
        let mut work = lender.work().await;
        let paid = record(&mut work, key, None, &money(date(2026, 9, 20), 888_488)).await.unwrap();
        work.commit().await.unwrap();
        let after = lender.kept(key).await;
        assert_eq!(after.days_overdue(TODAY), 31, "the first instalment was paid on its day after all");
        assert!(after.penalty < overdue.penalty);
        let mut tx = lender.app().db.read().await.unwrap();
        let history = servicing::loan::store::history(&mut tx, key).await.unwrap();
        let then = history
            .iter()
            .find(|row| row.from_on <= date(2026, 10, 1) && row.to_on.is_none_or(|to| to > date(2026, 10, 1)));
        assert_eq!(then.unwrap().overdue, Fen::ZERO, "on 1 October nothing was overdue, as is now known");
        drop(tx);
        let mut work = lender.work().await;
        let kind = TransactionKind::Reverse { target: u64::try_from(paid.id.0).unwrap() };
        let new = NewTransaction::new(TODAY, kind, Channel::Book);
        apply(&mut work, key, None, &new, "loan.reverse", "transaction_reversed").await.unwrap();
        work.commit().await.unwrap();
        let back = lender.kept(key).await;
        assert_eq!((back.days_overdue(TODAY), back.penalty), (61, overdue.penalty), "a reversal undoes every fen");
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_written() {
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await;
        let key = loan.file.loan.key;
        for (repayment, refusal) in [
            (money(TODAY, 0), "amount-not-positive"),
            (money(TODAY, -1), "amount-not-positive"),
            (money(TODAY.tomorrow().unwrap(), 100), "after-business-date"),
            (money(date(2026, 8, 19), 100), "replay.before-start"),
            (NewRepayment { mode: RepaymentMode::Settle, ..money(TODAY, 100) }, "replay.does-not-settle"),
        ] {
            let mut work = lender.work().await;
            let error = record(&mut work, key, None, &repayment).await.unwrap_err();
            assert_eq!(code(error), refusal);
        }
        let mut tx = lender.app().db.read().await.unwrap();
        let file = servicing::loan::store::load_file(&mut tx, key).await.unwrap().unwrap();
        assert_eq!(file.transactions.len(), 1, "only the disbursement");
    }
}

#[tokio::test]
async fn of_two_people_on_one_loan_one_is_told_that_it_changed() {
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await;
        let (key, version) = (loan.file.loan.key, loan.file.loan.version);
        let seen = Seen { version, at: lender.app().clock.now() };
        let mut work = lender.work().await;
        record(&mut work, key, Some(seen), &money(TODAY, 100_000)).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work().await;
        let late = record(&mut work, key, Some(seen), &money(TODAY, 100_000)).await.unwrap_err();
        let refused = late.refusal().unwrap();
        assert_eq!(refused.code, "loan-changed-by");
        let told = |name: &str| refused.details.iter().find(|(n, _)| *n == name).unwrap().1.clone();
        assert_eq!((told("kind"), told("amount")), ("repay".to_owned(), "1,000.00".to_owned()), "it says by what");
    }
}

#[tokio::test]
async fn a_batch_does_what_single_repayments_do() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let one = lender.loan(customer, plain(date(2026, 8, 20))).await.file.loan.key;
        let two = lender.loan(customer, plain(date(2026, 8, 20))).await.file.loan.key;
        let paid = [money(date(2026, 9, 20), 888_488), money(date(2026, 10, 20), 500_000), money(TODAY, 1_276_976)];
        for repayment in &paid {
            let mut work = lender.work().await;
            record(&mut work, one, None, repayment).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut work = lender.work().await;
        let batch: Vec<_> = paid.iter().map(|repayment| (two, repayment.clone())).collect();
        record_many(&mut work, &batch).await.unwrap();
        work.commit().await.unwrap();
        let (single, many) = (lender.kept(one).await, lender.kept(two).await);
        assert_eq!((single.principal, single.penalty, single.credit), (many.principal, many.penalty, many.credit));
        assert_eq!(single.oldest_due_on, many.oldest_due_on);
    }
}
