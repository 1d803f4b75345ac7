//! Rebuilding: caches equal to the facts after a life of closes and changes, tampering found by name, and mended.

use std::collections::BTreeSet;

use finance::{ExtensionScope, Fen, Head, LprTerms, RateTerms, Repricing, RestDays, Tenor, TransactionKind};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use platform::args;
use platform::close::Closed;
use platform::db::AssertSqlSafe;
use platform::rebuild::{self, Found};
use servicing::loan::actions::apply;
use servicing::loan::model::{Channel, LoanKey, NewTransaction};
use servicing::repayment::actions::{NewRepayment, record};

use crate::house::{Lender, TODAY, plain};

/// What a comparison found, and the rows that differ as `table row column`.
async fn verify(lender: &Lender) -> (Found, Vec<String>) {
    let mut rows = Vec::new();
    let found = rebuild::verify(lender.app(), &mut |progress| {
        rows.extend(progress.differences.iter().map(|d| format!("{} {} {}", d.table, d.row, d.column)));
    })
    .await
    .unwrap();
    (found, rows)
}

async fn write(lender: &Lender) -> Found {
    rebuild::write(lender.app(), &mut |_| {}).await.unwrap()
}

/// A second passes: two moments of the record clock are told apart.
fn tick(lender: &Lender) {
    lender.app().clock.advance(SignedDuration::from_secs(1));
}

async fn pay(lender: &Lender, key: LoanKey, on: Date, amount: i64) -> servicing::loan::actions::Applied {
    tick(lender);
    let mut work = lender.work().await;
    let repayment = NewRepayment {
        on,
        amount: Fen(amount),
        mode: finance::RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::Cash,
        note: None,
        business_key: None,
    };
    let applied = record(&mut work, key, None, &repayment).await.unwrap();
    work.commit().await.unwrap();
    applied
}

async fn change(lender: &Lender, key: LoanKey, kind: TransactionKind) {
    tick(lender);
    let mut work = lender.work().await;
    let on = work.business_date;
    let new = NewTransaction::new(on, kind, Channel::Book);
    apply(&mut work, key, None, &new, "loan.edit", "loan_changed").await.unwrap();
    work.commit().await.unwrap();
}

/// Ten weeks of closes with repayments, a reversal, an extension, a waiver, a write-off and money of days gone by.
pub async fn lived(lender: &Lender) -> Vec<LoanKey> {
    let customer = lender.customer("甲").await;
    let other = lender.customer("乙").await;
    let mut keys = Vec::new();
    for (of, start_on) in [
        (customer, date(2026, 8, 20)),
        (customer, date(2026, 9, 25)),
        (customer, date(2025, 11, 28)),
        (other, date(2026, 10, 20)),
        (other, date(2026, 3, 2)),
    ] {
        tick(lender);
        keys.push(lender.loan(of, plain(start_on)).await.file.loan.key);
    }
    let mut moved = plain(date(2026, 9, 26));
    moved.rest_days = RestDays::Forward;
    keys.push(lender.loan(other, moved).await.file.loan.key);
    close(lender, date(2026, 11, 24)).await;
    pay(lender, keys[0], date(2026, 11, 24), 900_000).await;
    // Money that came in before two closes.
    pay(lender, keys[0], date(2026, 11, 22), 500_000).await;
    let wrong = pay(lender, keys[3], date(2026, 11, 24), 888_488).await;
    close(lender, date(2026, 12, 2)).await;
    let target = u64::try_from(wrong.id.0).unwrap();
    change(lender, keys[3], TransactionKind::Reverse { target }).await;
    let waived = TransactionKind::Waive { head: Head::Penalty, amount: Fen(100), instalment: None };
    change(lender, keys[0], waived).await;
    let scope = ExtensionScope::LastInstalment;
    let longer = finance::Extension { until: date(2027, 12, 1), scope, rate: None };
    change(lender, keys[1], TransactionKind::Extend(longer)).await;
    change(lender, keys[4], TransactionKind::WriteOff).await;
    close(lender, date(2026, 12, 20)).await;
    pay(lender, keys[4], date(2026, 12, 3), 10_000).await;
    close(lender, date(2027, 1, 4)).await;
    keys
}

async fn close(lender: &Lender, until: Date) {
    let closed = lender.close_until(until).await;
    assert!(matches!(closed, Closed::Through { .. }), "{closed:?}");
}

async fn damage(lender: &Lender, sql: &'static str) {
    let mut tx = lender.app().db.write().await.unwrap();
    assert!(tx.execute(sql, args![]).await.unwrap() > 0, "nothing damaged by {sql}");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn after_a_life_of_closes_the_caches_are_what_the_facts_say() {
    for lender in Lender::everywhere().await {
        lived(&lender).await;
        let (found, rows) = verify(&lender).await;
        assert_eq!(rows, Vec::<String>::new());
        assert_eq!((found.differing, found.unjudged), (0, 0));
        assert_eq!(found.considered, 6 + 45 + 1, "six loans, 45 days that ended and the one under way");
        // Mending what is whole changes nothing.
        let before = dump(&lender).await;
        assert_eq!(write(&lender).await.differing, 0);
        assert_eq!(dump(&lender).await, before);
    }
}

/// Every cache as text.
async fn dump(lender: &Lender) -> Vec<String> {
    let mut tx = lender.app().db.read().await.unwrap();
    let mut all = Vec::new();
    for (table, order) in [
        ("loan_position", "customer_id, loan_id"),
        ("loan_instalment", "customer_id, loan_id, no"),
        ("loan_position_history", "customer_id, loan_id, from_on, recorded_at"),
        ("loan_total", "business_date, branch_id, product, bucket, class, status"),
        ("loan_total_change", "business_date, branch_id, product, bucket, class, status"),
        // Days of which nothing is left stay as rows of nothing until they are written anew.
        ("loan_received where entries <> 0", "effective_on, branch_id, kind"),
        ("loan_maturing where loans <> 0", "maturity_on, branch_id"),
    ] {
        let sql = format!("select * from {table} order by {order}");
        let rows = tx.fetch_all(AssertSqlSafe(sql), args![]).await.unwrap();
        all.extend(rows.iter().map(|row| format!("{table} {:?}", row.values())));
    }
    all
}

#[tokio::test]
async fn every_damage_is_named_and_mended() {
    // position.replay
    for lender in Lender::everywhere().await {
        lived(&lender).await;
        let whole = dump(&lender).await;
        let damages: [(&str, &[&str]); 12] = [
            (
                "update loan_position set principal_fen = principal_fen + 1 where status = 'overdue'",
                &["loan_position ", " principal_fen"],
            ),
            ("update loan_position set next_event_on = null where status = 'overdue'", &[" next_event_on"]),
            ("delete from loan_instalment where no = 7", &["loan_instalment ", " row"]),
            ("update loan_instalment set interest_paid_fen = 5 where no = 12", &[" interest_paid_fen"]),
            (
                "update loan_position_history set class = 'loss' where superseded_at is null and from_on < '2026-12-01'",
                &["loan_position_history ", " class"],
            ),
            ("update loan_position_history set principal_fen = 1 where superseded_at is not null", &["known "]),
            (
                "update loan_position_history set to_on = '2026-12-31' where to_on is null and superseded_at is null",
                &[" to_on"],
            ),
            (
                "update loan_total set principal_fen = principal_fen + 100 where business_date = '2026-12-01'",
                &["loan_total 2026-12-01 ", " principal_fen"],
            ),
            ("delete from loan_total where business_date = '2026-11-30'", &["loan_total 2026-11-30 "]),
            (
                "update loan_total_change set loans = loans + 1 where business_date = '2026-12-02'",
                &["loan_total_change 2026-12-02 ", " loans"],
            ),
            ("update loan_received set amount_fen = amount_fen - 1", &["loan_received ", " amount_fen"]),
            ("delete from loan_maturing", &["loan_maturing "]),
        ];
        for (sql, _) in damages {
            damage(&lender, sql).await;
        }
        let damaged = dump(&lender).await;
        let (_, rows) = verify(&lender).await;
        for (sql, names) in damages {
            for name in names {
                assert!(rows.iter().any(|row| row.contains(name)), "{sql}: no {name} in {rows:?}");
            }
        }
        assert_eq!(dump(&lender).await, damaged, "a comparison writes nothing");
        assert!(write(&lender).await.differing > 0);
        assert_eq!(verify(&lender).await.1, Vec::<String>::new());
        // Only the position's own clock of writing and version tell that something was mended.
        let clocked = |rows: Vec<String>| rows.into_iter().filter(|row| !row.starts_with("loan_position "));
        let (mended, whole): (BTreeSet<_>, BTreeSet<_>) =
            (clocked(dump(&lender).await).collect(), clocked(whole).collect());
        let changed: Vec<&String> = mended.symmetric_difference(&whole).collect();
        assert_eq!(changed, Vec::<&String>::new(), "history, schedules and totals are as they were, in both clocks");
    }
}

#[tokio::test]
async fn lost_and_stray_rows_are_found() {
    for lender in Lender::everywhere().await {
        let keys = lived(&lender).await;
        damage(&lender, "delete from loan_position where status = 'written-off-tracked'").await;
        damage(&lender, "delete from loan_position_history where from_on > '2026-12-24'").await;
        damage(
            &lender,
            "insert into loan_instalment select 9000000000000000000, loan_id, no, from_on, to_on, nominal_due_on, due_on, \
             principal_due_fen, principal_paid_fen, principal_waived_fen, principal_moved_fen, interest_due_fen, \
             interest_paid_fen, interest_waived_fen, interest_moved_fen, outstanding_fen, cleared_on, provisional \
             from loan_instalment where no = 1",
        )
        .await;
        let (_, rows) = verify(&lender).await;
        for part in ["loan_position loan", "loan_position_history loan", "loan_instalment loan"] {
            assert!(rows.iter().any(|row| row.starts_with(part)), "{part} in {rows:?}");
        }
        assert!(write(&lender).await.differing > 0);
        assert_eq!(verify(&lender).await.1, Vec::<String>::new());
        assert_eq!(lender.kept(keys[4]).await.standing.as_str(), "written-off-tracked");
        let mut tx = lender.app().db.read().await.unwrap();
        let row =
            tx.fetch_one("select count(*) as n from audit_entry where action like 'rebuild.%'", args![]).await.unwrap();
        assert!(row.get::<i64>("n").unwrap() >= 3, "begin, a batch, the end");
    }
}

#[tokio::test]
async fn another_calendar_reaches_every_loan_with_the_next_close() {
    // position.basis
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let mut moved = plain(date(2026, 10, 26));
        moved.rest_days = RestDays::Forward;
        let follows = lender.loan(customer, moved).await.file.loan.key;
        let fixed = lender.loan(customer, plain(date(2026, 10, 26))).await.file.loan.key;
        let mut floating = plain(date(2026, 10, 26));
        floating.rate = RateTerms::Lpr(LprTerms { tenor: Tenor::OneYear, add_bp: 100, reprice: Repricing::January });
        lender.loan(customer, floating).await;
        close(&lender, TODAY.tomorrow().unwrap()).await;
        assert_eq!(lender.kept(follows).await.next_due_on, Some(date(2026, 11, 26)));
        tick(&lender);
        let mut work = lender.work().await;
        platform::calendar::set_day(&mut work, date(2026, 11, 26), Some(true), "临时休息").await.unwrap();
        work.commit().await.unwrap();
        let (found, rows) = verify(&lender).await;
        assert_eq!((found.differing, rows), (0, Vec::new()), "what waits for the next close is not wrong");
        close(&lender, date(2026, 11, 22)).await;
        assert_eq!(lender.kept(follows).await.next_due_on, Some(date(2026, 11, 27)));
        assert_eq!(lender.kept(fixed).await.next_due_on, Some(date(2026, 11, 26)));
        assert_eq!(verify(&lender).await.0.differing, 0);
    }
}
