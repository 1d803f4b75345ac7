//! The proofs of the close go over what a day touched and round the rest of the book (rule `proof.share`).

use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::args;
use platform::close::Closed;
use platform::db::AssertSqlSafe;
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record};

use crate::house::{Lender, TODAY, plain};

/// Days of a round in these tests; the shipped policy takes more.
const ROUND: i64 = 4;

/// Twelve loans on which nothing happens by itself for weeks, in a house whose proofs take four days for a round; the
/// first close, which proves everything, is through.
async fn quiet_book() -> Vec<(Lender, Vec<LoanKey>)> {
    quiet_book_with(&[
        ("proof_round_days,days 1..,30", &format!("proof_round_days,days 1..,{ROUND}")),
        ("proof_least_loans,count 1..,1000", "proof_least_loans,count 1..,1"),
    ])
    .await
}

/// The same with these parameters put in place of the shipped ones.
async fn quiet_book_with(changes: &[(&str, &str)]) -> Vec<(Lender, Vec<LoanKey>)> {
    let mut all = Vec::new();
    for db in platform::testbed::databases().await {
        let mut files = platform::testbed::packs();
        let parameters = files.get_mut("common/parameters.csv").unwrap();
        for (shipped, ours) in changes {
            assert!(parameters.contains(shipped), "{shipped}");
            *parameters = parameters.replace(shipped, ours);
        }
        let lender = Lender::with(db, files).await;
        let mut keys = Vec::new();
        for n in 0..12 {
            let customer = lender.customer(&format!("客户{n}")).await;
            keys.push(lender.loan(customer, plain(date(2026, 11, 18))).await.file.loan.key);
        }
        let closed = lender.close_until(day(1)).await;
        assert_eq!(closed, Closed::Through { sealed: vec![TODAY] });
        all.push((lender, keys));
    }
    all
}

fn day(after: i64) -> Date {
    finance::add_days(TODAY, after).unwrap()
}

/// Changes one amount of a loan in a cache, by so much.
async fn tamper(lender: &Lender, (table, column): (&str, &str), key: LoanKey, by: i64) {
    let mut tx = lender.app().db.write().await.unwrap();
    let still = if table == "loan_position_history" { " and superseded_at is null and to_on is null" } else { "" };
    let first = if table == "loan_instalment" { " and no = 1" } else { "" };
    let sql =
        format!("update {table} set {column} = {column} + $1 where customer_id = $2 and loan_id = $3{still}{first}");
    assert_eq!(tx.execute(AssertSqlSafe(sql), args![by, key.customer, key.loan]).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

/// What can be wrong with a loan, and the proofs that see it.
const WRONG: [((&str, &str), &[&str]); 4] = [
    (("loan_position", "principal_fen"), &["schedule-sums", "positions-replayed", "history-agrees"]),
    (("loan_position", "overdue_interest_fen"), &["positions-replayed", "history-agrees"]),
    (("loan_instalment", "principal_due_fen"), &["schedule-sums"]),
    (("loan_position_history", "principal_fen"), &["history-agrees"]),
];

fn red(closed: Closed) -> Option<Vec<String>> {
    match closed {
        Closed::Blocked { mut red, .. } => {
            red.sort();
            Some(red)
        }
        Closed::Through { .. } | Closed::Stopped { .. } => None,
    }
}

fn sorted(names: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn what_nothing_touched_is_found_within_a_round() {
    // proof.share
    for (lender, keys) in quiet_book().await {
        let mut on = 1;
        for (place, (what, proofs)) in [0, 5, 8, 11].into_iter().zip(WRONG) {
            tamper(&lender, what, keys[place], 1).await;
            let mut waited = 0;
            let found = loop {
                on += 1;
                waited += 1;
                if let Some(red) = red(lender.close_until(day(on)).await) {
                    break red;
                }
                assert!(waited <= ROUND, "{what:?} of loan {place} is not found in a round");
            };
            assert_eq!(found, sorted(proofs), "{what:?}");
            // A day that is run again proves the same loans again.
            assert_eq!(red(lender.close_until(day(on)).await), Some(found));
            tamper(&lender, what, keys[place], -1).await;
            assert_eq!(red(lender.close_until(day(on)).await), None, "mended");
        }
        let mut tx = lender.app().db.read().await.unwrap();
        let rows =
            tx.fetch_all("select whole, after_customer from proof_share order by from_on", args![]).await.unwrap();
        let whole: Vec<bool> = rows.iter().map(|row| row.get("whole").unwrap()).collect();
        assert!(whole[0] && whole[1..].iter().filter(|whole| **whole).count() <= 1, "all of it at first: {whole:?}");
        let begins: Vec<i64> = rows.iter().map(|row| row.get("after_customer").unwrap()).collect();
        assert!(begins[1..].iter().filter(|after| **after == -1).count() >= 2, "round and round: {begins:?}");
    }
}

#[tokio::test]
async fn the_sample_that_is_replayed_takes_other_loans_every_day() {
    // proof.share: the share is the whole book of twelve every day; three of them are replayed.
    let sample = [("proof_replay_sample,count 1..,50", "proof_replay_sample,count 1..,3")];
    for (lender, keys) in quiet_book_with(&sample).await {
        // Position and history damaged alike: only the replay sees it.
        for table in ["loan_position", "loan_position_history"] {
            tamper(&lender, (table, "overdue_interest_fen"), keys[4], 1).await;
        }
        let turns = i64::try_from(keys.len()).unwrap() / 3 + 1;
        let mut found = None;
        for on in 2..=1 + turns {
            found = red(lender.close_until(day(on)).await);
            if found.is_some() {
                break;
            }
        }
        assert_eq!(found, Some(vec!["positions-replayed".to_owned()]), "within {turns} days");
    }
}

#[tokio::test]
async fn what_the_day_touched_is_found_the_same_day() {
    // proof.share
    for (lender, keys) in quiet_book().await {
        let mut on = 1;
        for (what, proofs) in WRONG {
            // The last of the book: the round begins with the first.
            let key = keys[11];
            let mut work = lender.work().await;
            let paid = NewRepayment {
                on: day(on),
                amount: Fen(1_000),
                mode: RepaymentMode::Regular,
                allocation: Vec::new(),
                channel: Channel::Cash,
                note: None,
                business_key: None,
            };
            record(&mut work, key, None, &paid).await.unwrap();
            work.commit().await.unwrap();
            tamper(&lender, what, key, 1).await;
            on += 1;
            let found = red(lender.close_until(day(on)).await).expect("found the same day");
            for proof in proofs {
                assert!(found.iter().any(|name| name == proof), "{what:?}: {found:?}");
            }
            tamper(&lender, what, key, -1).await;
            assert_eq!(red(lender.close_until(day(on)).await), None, "mended");
        }
    }
}

#[tokio::test]
async fn differences_that_nobody_made_turn_the_totals_red_the_same_day() {
    // proof.share
    for (lender, keys) in quiet_book().await {
        let mut work = lender.work().await;
        let paid = NewRepayment {
            on: day(1),
            amount: Fen(1_000),
            mode: RepaymentMode::Regular,
            allocation: Vec::new(),
            channel: Channel::Cash,
            note: None,
            business_key: None,
        };
        record(&mut work, keys[3], None, &paid).await.unwrap();
        let servicing::position::model::LoanPosition { grade, .. } =
            servicing::position::store::find(&mut work.tx, keys[3]).await.unwrap().unwrap();
        work.tx
            .execute(
                "insert into loan_total_change (business_date, branch_id, product, bucket, class, status, loans, \
                 principal_fen, overdue_principal_fen, overdue_interest_fen) \
                 values ($1, 1, 'nothing', $2, $3, 'current', 0, 500, 0, 0)",
                args![day(1), grade.bucket, grade.class],
            )
            .await
            .unwrap();
        work.commit().await.unwrap();
        assert_eq!(red(lender.close_until(day(2)).await), Some(sorted(&["totals-foot"])));
        platform::rebuild::write(lender.app(), &mut |_| {}).await.unwrap();
        assert_eq!(red(lender.close_until(day(2)).await), None, "mended from the facts");
        assert_eq!(red(lender.close_until(day(6)).await), None);
    }
}
