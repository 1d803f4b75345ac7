//! The day close over loans: buckets, classes, duties, isolation, proofs.

use finance::{Fen, LprTerms, Method, Rate, RateTerms, Repricing, Tenor, Terms};
use jiff::civil::{Date, date};
use platform::access::DataScope;
use platform::args;
use platform::close::{CloseDay, CloseStep as _, Closed};
use platform::id::CustomerId;
use platform::page::list::{ListQuery, ListSpec};
use platform::testbed::packs;
use servicing::day_close::positions::Positions;
use servicing::ledger::standpoint::{Standpoint, non_performing};
use servicing::ledger::store::{self as ledger, Breadth};
use servicing::loan::actions::open_many;
use servicing::loan::model::LoanKey;
use servicing::position::model::Standing;
use servicing::repayment::actions::{NewRepayment, record};

use crate::house::{Lender, TODAY, new_loan, plain};

/// Cash, for what is due.
fn money(on: Date, amount: Fen) -> NewRepayment {
    NewRepayment {
        on,
        amount,
        mode: finance::RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: servicing::loan::model::Channel::Cash,
        note: None,
        business_key: None,
    }
}

async fn duties(lender: &Lender, kind: &str) -> Vec<(Date, String)> {
    let mut tx = lender.app().db.read().await.unwrap();
    tx.fetch_all(
        "select d.due_on, m.state from duty d join duty_member m on m.duty_id = d.id where d.kind = $1 order by d.due_on, m.state",
        args![kind],
    )
    .await
    .unwrap()
    .iter()
    .map(|row| (row.get("due_on").unwrap(), row.get("state").unwrap()))
    .collect()
}

/// A loan whose first instalment fell due so many days before today.
fn due_days_ago(days: i64) -> Terms {
    let due = finance::add_days(TODAY, -days).unwrap();
    let mut terms = Terms::new(Method::Bullet, Fen(10_000_000), date(2025, 6, 2), 1, Rate::per_year(120_000_000));
    terms.maturity_on = Some(due);
    terms.periods = None;
    terms
}

#[tokio::test]
async fn buckets_and_classes_change_on_their_day() {
    // S4-07 S2.5-29 S5.4-02 S5.4-03 position.bucket position.class position.next-event
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let cases = [
            (0, "current", "normal"),
            (1, "d1_30", "special_mention"),
            (30, "d1_30", "special_mention"),
            (31, "d31_60", "special_mention"),
            (60, "d31_60", "special_mention"),
            (61, "d61_90", "special_mention"),
            (89, "d61_90", "special_mention"),
            (90, "d61_90", "substandard"),
            (91, "d91_up", "substandard"),
            (180, "d91_up", "substandard"),
            (181, "d91_up", "doubtful"),
            (360, "d91_up", "doubtful"),
            (361, "d91_up", "loss"),
        ];
        let mut loans = Vec::new();
        for (days, _, _) in cases {
            // One day before, so that the close itself must see the edge.
            loans.push(lender.loan(customer, due_days_ago(days - 1)).await.file.loan.key);
        }
        let tomorrow = TODAY.tomorrow().unwrap();
        assert_eq!(lender.close_until(tomorrow).await, Closed::Through { sealed: vec![TODAY] });
        for (key, (days, bucket, class)) in loans.iter().zip(cases) {
            let kept = lender.kept(*key).await;
            assert_eq!(
                (kept.days_overdue(tomorrow), kept.grade.bucket.as_str(), kept.grade.class.as_str()),
                (u32::try_from(days).unwrap(), bucket, class)
            );
        }
    }
}

#[tokio::test]
async fn what_is_overdue_of_the_open_book_is_one_figure_by_totals_and_by_loans() {
    // The home page shows it to whoever sees a branch and to whoever sees their own loans.
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        for days in [-20, 0, 9, 45] {
            lender.loan(customer, due_days_ago(days)).await;
        }
        let later = finance::add_days(TODAY, 3).unwrap();
        assert!(matches!(lender.close_until(later).await, Closed::Through { .. }));
        let mut tx = lender.app().db.read().await.unwrap();
        let manager: i64 =
            tx.fetch_one("select max(manager_id) as manager from loan", args![]).await.unwrap().get("manager").unwrap();
        let scope = |branch, manager| DataScope { branch, team: 0, manager };
        let all = ledger::open_book(&mut tx, DataScope::everything()).await.unwrap();
        assert_eq!(all.0, Fen(40_000_000));
        assert!(all.1 > Fen(30_000_000), "three are due with their interest");
        for one in [scope(1, 0), scope(1, manager), scope(0, manager)] {
            assert_eq!(ledger::open_book(&mut tx, one).await.unwrap(), all, "{one:?}");
        }
        assert_eq!(ledger::open_book(&mut tx, scope(1, manager + 1_000)).await.unwrap(), (Fen(0), Fen(0)));
    }
}

#[tokio::test]
async fn a_tab_counts_the_same_loans_by_totals_and_by_loans() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let mut settled = Vec::new();
        for days in [-20, -5, 0, 9, 100] {
            settled.push(lender.loan(customer, due_days_ago(days)).await.file.loan.key);
        }
        assert!(matches!(lender.close_until(date(2026, 11, 21)).await, Closed::Through { .. }));
        // One is settled after the totals of the last day were written.
        let mut work = lender.work().await;
        let whole = finance::RepaymentMode::Settle;
        let repayment = NewRepayment { mode: whole, ..money(date(2026, 11, 21), Fen(20_000_000)) };
        record(&mut work, settled[0], None, &repayment).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work().await;
        let from = Standpoint::load(&mut work).await.unwrap();
        let mut tx = lender.app().db.read().await.unwrap();
        let manager: i64 =
            tx.fetch_one("select max(manager_id) as manager from loan", args![]).await.unwrap().get("manager").unwrap();
        let scope = |branch, manager| DataScope { branch, team: 0, manager };
        // view | how many loans
        let rows = [("", 5), ("open", 4), ("overdue", 3), ("week", 1), ("npl", 1), ("written-off", 0), ("settled", 1)];
        for (view, loans) in rows {
            for one in [DataScope::everything(), scope(1, 0), scope(1, manager), scope(0, manager)] {
                let counted = ledger::count_of_view(&mut tx, view, one, &from).await.unwrap();
                assert_eq!(counted, loans, "{view} {one:?}");
                let mut alone = ListQuery::of(&ListSpec::default());
                view.clone_into(&mut alone.view);
                let asked = ledger::conditions(&alone, one, &from);
                // Whatever is read first, the sums are the same.
                let mut sums = Vec::new();
                for breadth in [Breadth::Book, Breadth::Few, Breadth::Named] {
                    assert_eq!(ledger::count(&mut tx, &asked, breadth).await.unwrap(), loans, "{view} {one:?}");
                    sums.push(ledger::totals(&mut tx, &asked, breadth, from.on).await.unwrap());
                }
                assert_eq!(sums[0].loans, loans, "{view} {one:?}");
                assert!(sums.iter().all(|sum| *sum == sums[0]), "{view} {one:?}: {sums:?}");
            }
            let none = ledger::count_of_view(&mut tx, view, scope(2, 0), &from).await.unwrap();
            assert_eq!(none, 0, "{view}: of a branch without loans");
        }
    }
}

#[tokio::test]
async fn the_day_brings_its_duties_and_money_ends_them() {
    // S4-09 S2.19-02 S1-35
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        // Due on Friday 2026-11-20, unpaid.
        let key = lender.loan(customer, plain(date(2026, 10, 20))).await.file.loan.key;
        // Due in a week: reminders 7, 3 and 1 days before.
        lender.loan(customer, plain(date(2026, 10, 28))).await;
        lender.close_until(date(2026, 11, 21)).await;
        assert_eq!(lender.kept(key).await.days_overdue(date(2026, 11, 21)), 1);
        let early = duties(&lender, "early_reminder").await;
        assert_eq!(early, [(date(2026, 11, 25), "open".to_owned())], "three working days after Friday: Wednesday");
        let unpaid = duties(&lender, "unpaid_list").await;
        assert_eq!(unpaid.len(), 1, "the unpaid list of the day");
        let reminders = duties(&lender, "repayment_reminder").await;
        assert!(reminders.contains(&(date(2026, 11, 21), "open".to_owned())), "seven days before: {reminders:?}");
        let mut work = lender.work().await;
        record(&mut work, key, None, &money(date(2026, 11, 21), Fen(889_000))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.kept(key).await.standing, Standing::Current);
        assert_eq!(duties(&lender, "early_reminder").await[0].1, "done", "the money is the evidence");
    }
}

#[tokio::test]
async fn a_maturing_loan_gets_its_notice() {
    // S2.2-02
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let mut terms = due_days_ago(0);
        terms.maturity_on = Some(date(2026, 12, 11));
        lender.loan(customer, terms).await;
        lender.close_until(date(2026, 11, 21)).await;
        assert_eq!(duties(&lender, "maturity_notice").await.len(), 1, "twenty days before maturity");
    }
}

#[tokio::test]
async fn a_loan_that_cannot_be_computed_is_isolated_and_the_others_go_on() {
    // position.replay
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let good = lender.loan(customer, plain(date(2026, 10, 20))).await.file.loan.key;
        let mut floating = plain(date(2026, 10, 20));
        floating.rate = RateTerms::Lpr(LprTerms { tenor: Tenor::OneYear, add_bp: 100, reprice: Repricing::January });
        let stuck = lender.loan(customer, floating).await.file.loan.key;
        // The repricing of 1 January needs an LPR that nobody has published yet.
        let closed = lender.close_until(date(2027, 1, 3)).await;
        let Closed::Blocked { day, unanswered, red } = closed else { panic!("{closed:?}") };
        assert_eq!((day, unanswered, red.len()), (date(2026, 12, 31), 1, 0), "{red:?}");
        let mut work = lender.work().await;
        platform::close::acknowledge(&mut work, day, stuck.customer, &stuck.subject(), "等待公布 LPR").await.unwrap();
        work.commit().await.unwrap();
        assert!(lender.kept(good).await.as_of > date(2026, 12, 1));
    }
}

#[tokio::test]
async fn a_month_of_closes_equals_a_fresh_replay() {
    // position.growth
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let key = lender.loan(customer, plain(date(2026, 8, 20))).await.file.loan.key;
        lender.close_until(date(2026, 12, 20)).await;
        let kept = lender.kept(key).await;
        let mut work = lender.work().await;
        let engine = servicing::position::engine::Engine::load(&mut work, kept.as_of).await.unwrap();
        let file = servicing::loan::store::load_file(&mut work.tx, key).await.unwrap().unwrap();
        let fresh = engine.kept(&file, &engine.replay(&file, kept.as_of, None).unwrap(), None);
        assert_eq!(kept, fresh);
        // What is shown today is the closed expression over the kept lines, equal to a replay of today.
        let today = engine.replay(&file, date(2026, 12, 20), None).unwrap();
        let (penalty, compound) = servicing::position::rules::grown(&kept, date(2026, 12, 20));
        assert_eq!((penalty, compound), (today.outstanding.penalty, today.outstanding.compound));
        assert!(penalty.is_positive());
    }
}

/// Every loan's first instalment falls due today: tomorrow all of them change.
async fn many(lender: &Lender, customer: CustomerId, loans: usize) -> Vec<LoanKey> {
    let manager = lender.house.user_id("boss").await;
    let mut work = lender.work().await;
    let new: Vec<_> = (0..loans).map(|_| new_loan(customer, manager, plain(date(2026, 10, 20)))).collect();
    let keys = open_many(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    keys
}

#[tokio::test]
async fn a_customer_with_more_loans_than_a_batch_is_closed_whole() {
    for lender in Lender::everywhere().await {
        let few = lender.customer("甲").await;
        let many_of_them = lender.customer("乙").await;
        let last = lender.customer("丙").await;
        let mut keys = many(&lender, few, 3).await;
        keys.extend(many(&lender, many_of_them, 450).await);
        keys.extend(many(&lender, last, 2).await);
        let tomorrow = TODAY.tomorrow().unwrap();
        assert_eq!(lender.close_until(tomorrow).await, Closed::Through { sealed: vec![TODAY] });
        let mut tx = lender.app().db.read().await.unwrap();
        let kept = servicing::position::store::load(&mut tx, &keys).await.unwrap();
        let late: Vec<_> = kept.iter().filter(|p| p.as_of != tomorrow || p.days_overdue(tomorrow) != 1).collect();
        assert_eq!((kept.len(), late.len()), (455, 0));
    }
}

#[tokio::test]
async fn batches_of_any_size_take_every_loan_once() {
    for lender in Lender::everywhere().await {
        for (name, loans) in [("甲", 3), ("乙", 1), ("丙", 4), ("丁", 2)] {
            let customer = lender.customer(name).await;
            many(&lender, customer, loans).await;
        }
        let day = CloseDay::of(TODAY).unwrap();
        for size in 1..=11 {
            // Nothing is committed: every size begins with the same book.
            let mut work = lender.work().await;
            let (step, mut after, mut considered) = (Positions::of_batches(size), CustomerId(-1), 0);
            loop {
                let batch = step.batch(&mut work, day, after).await.unwrap();
                considered += batch.considered;
                let Some(last) = batch.last else { break };
                assert!(last > after, "a mark that rises");
                after = last;
            }
            assert_eq!(considered, 10, "batches of {size}");
        }
    }
}

#[tokio::test]
async fn a_total_that_was_tampered_with_turns_its_proof_red() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        lender.loan(customer, plain(date(2026, 10, 20))).await;
        let second = date(2026, 11, 22);
        assert!(matches!(lender.close_until(second).await, Closed::Through { .. }));
        let mut tx = lender.app().db.write().await.unwrap();
        // The sum stays; one bucket is named otherwise.
        let sql = "update loan_total set bucket = 'd31_60' where business_date = '2026-11-21'";
        assert!(tx.execute(sql, args![]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        let closed = lender.close_until(date(2026, 11, 23)).await;
        let Closed::Blocked { day, red, .. } = closed else { panic!("{closed:?}") };
        assert_eq!((day, red), (second, vec!["totals-foot".to_owned()]));
        // Mended from the facts, the day is sealed.
        platform::rebuild::write(lender.app(), &mut |_| {}).await.unwrap();
        assert!(matches!(lender.close_until(date(2026, 11, 23)).await, Closed::Through { .. }));
    }
}

#[tokio::test]
async fn what_is_non_performing_says_the_policy() {
    // class.npl S5.4-05
    for lender in Lender::everywhere().await {
        let facts = platform::policies::dictionary(&lender.app().capabilities).unwrap();
        let shipped = policy::Pack::load(&packs(), "microloan", &facts).unwrap();
        assert_eq!(non_performing(&shipped, TODAY), ["doubtful", "loss", "substandard"]);
        let mut files = packs();
        let table = files.get_mut("law-cn/tables/npl.csv").unwrap();
        *table = table.replace("N1,\"\"\"normal\"\",\"\"special_mention\"\"\"", r#"N1,"< ""doubtful""""#);
        *table = table.replace(r#"N2,">= ""substandard""""#, r#"N2,">= ""doubtful""""#);
        let stricter = policy::Pack::load(&files, "microloan", &facts).unwrap();
        let customer = lender.customer("甲").await;
        lender.loan(customer, due_days_ago(100)).await;
        lender.loan(customer, due_days_ago(200)).await;
        for (pack, loans) in [(&shipped, 2), (&stricter, 1)] {
            let from = Standpoint { on: TODAY, non_performing: non_performing(pack, TODAY) };
            let mut asked = ListQuery::of(&ListSpec::default());
            "npl".clone_into(&mut asked.view);
            let mut work = lender.work().await;
            let scope = work.authorise("loan.view").unwrap();
            let found =
                ledger::count(&mut work.tx, &ledger::conditions(&asked, scope, &from), Breadth::of(&asked, scope))
                    .await
                    .unwrap();
            assert_eq!(found, loans, "{:?}", from.non_performing);
        }
        let nothing = Standpoint { on: TODAY, non_performing: Vec::new() };
        let mut asked = ListQuery::of(&ListSpec::default());
        "npl".clone_into(&mut asked.view);
        let mut work = lender.work().await;
        let scope = work.authorise("loan.view").unwrap();
        let found =
            ledger::count(&mut work.tx, &ledger::conditions(&asked, scope, &nothing), Breadth::Few).await.unwrap();
        assert_eq!(found, 0, "before any rule says so nothing is non-performing");
    }
}
