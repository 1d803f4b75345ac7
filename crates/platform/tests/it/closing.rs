//! The day close: killed anywhere and started again, run twice, blocked, caught up, one at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use jiff::civil::{Date, date};
use platform::args;
use platform::close::{
    self, Batch, CloseDay, CloseProof, CloseStep, Closed, Isolated, LEASE, ProofResult, ProofUnit, store,
};
use platform::db::{Db, Migration};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId};
use platform::testbed::{self, House};
use platform::work::Work;
use platform::{audit, calendar, duty};

use crate::institution::{Lending, by, case, over, system};

const D: Date = date(2026, 11, 20);
const LOANS: i64 = 7;
const TABLES: &[Migration] = &[Migration {
    version: 1,
    name: "loan",
    sql: "create table loan (customer_id bigint not null primary key, days bigint not null, seen_on date_text not null);",
}];

/// A fault of the test: at the n-th batch of a run, counted over all steps.
#[derive(Default)]
struct Fault {
    batches: AtomicU32,
    at: AtomicU32,
    panics: std::sync::atomic::AtomicBool,
}

impl Fault {
    fn strike(&self) -> Result<(), ActionError> {
        let this = self.batches.fetch_add(1, Ordering::SeqCst) + 1;
        if this != self.at.load(Ordering::SeqCst) {
            return Ok(());
        }
        assert!(!self.panics.load(Ordering::SeqCst), "the machine died");
        Err(ActionError::Internal("the disk was full".to_owned()))
    }
}

/// Counts a day on every loan, two customers a batch; customer 5 cannot be worked on when told so.
struct Age {
    name: &'static str,
    order: i32,
    fault: Arc<Fault>,
    broken: Arc<AtomicI64>,
    stop: Arc<std::sync::atomic::AtomicBool>,
}

impl CloseStep for Age {
    fn name(&self) -> &'static str {
        self.name
    }
    fn order(&self) -> i32 {
        self.order
    }
    fn expected<'a>(&'a self, _: &'a mut Work, _: CloseDay) -> BoxFuture<'a, Result<u64, ActionError>> {
        Box::pin(async { Ok(LOANS.unsigned_abs()) })
    }
    fn batch<'a>(
        &'a self,
        work: &'a mut Work,
        day: CloseDay,
        after: CustomerId,
    ) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async move {
            assert_eq!(work.business_date, day.to, "people are on the next day");
            let rows = work
                .tx
                .fetch_all(
                    "select customer_id from loan where customer_id > $1 order by customer_id limit 2",
                    args![after],
                )
                .await?;
            let mut batch = Batch::default();
            for row in rows {
                let customer: i64 = row.get("customer_id")?;
                batch.last = Some(CustomerId(customer));
                batch.considered += 1;
                if customer == self.broken.load(Ordering::SeqCst) {
                    batch.isolated.push(broken_loan(customer));
                    continue;
                }
                work.tx
                    .execute(
                        "update loan set days = days + 1, seen_on = $1 where customer_id = $2",
                        args![day.to, customer],
                    )
                    .await?;
                batch.touched += 1;
            }
            if self.stop.swap(false, Ordering::SeqCst) {
                work.tx.execute("update close_run set stop_asked = 1", args![]).await?;
            }
            // After the work, so that a kill here must undo it.
            self.fault.strike()?;
            Ok(batch)
        })
    }
}

fn broken_loan(customer: i64) -> Isolated {
    Isolated {
        customer: CustomerId(customer),
        branch: BranchId(1),
        subject: format!("loan:{customer}"),
        code: "schedule-sum".to_owned(),
        rule: "close.proof.schedule_sum".to_owned(),
        detail: "450000.00 / 450000.01".to_owned(),
        whom: "宜兴丰禾".to_owned(),
        number: "J005".to_owned(),
        amount: None,
        link: "/loans/5".to_owned(),
    }
}

/// Right holds what left says.
struct Sums(Arc<AtomicI64>);

impl CloseProof for Sums {
    fn name(&self) -> &'static str {
        "sums"
    }
    fn order(&self) -> i32 {
        100
    }
    fn check<'a>(&'a self, _: &'a mut Work, _: CloseDay) -> BoxFuture<'a, Result<ProofResult, ActionError>> {
        let right = self.0.load(Ordering::SeqCst);
        Box::pin(async move { Ok(ProofResult::compare("贷款本金", ProofUnit::Fen, 100, right, "/loans")) })
    }
}

/// A book of seven loans with two steps and one proof.
struct Bench {
    house: House,
    fault: Arc<Fault>,
    broken: Arc<AtomicI64>,
    right: Arc<AtomicI64>,
    stop: Arc<std::sync::atomic::AtomicBool>,
}

impl Bench {
    async fn over(db: Db) -> Self {
        let (fault, broken, right) =
            (Arc::new(Fault::default()), Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(100)));
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let step = |name, order| -> Arc<dyn CloseStep> {
            let (fault, broken, stop) = (Arc::clone(&fault), Arc::clone(&broken), Arc::clone(&stop));
            Arc::new(Age { name, order, fault, broken, stop })
        };
        let lending = Lending {
            steps: vec![step("second", 200), step("first", 100)],
            proofs: vec![Arc::new(Sums(Arc::clone(&right)))],
            migrations: TABLES,
            ..Lending::default()
        };
        let house = over(db, lending).await;
        let mut work = system(&house.app).await;
        let rows = (1..=LOANS).map(|customer| args![customer, 0_i64, D]).collect();
        work.tx.write_rows("insert into loan (customer_id, days, seen_on)", "", rows).await.unwrap();
        duty::open(&mut work, "instalment.unpaid", &[case(11, D, None)]).await.unwrap();
        work.commit().await.unwrap();
        Self { house, fault, broken, right, stop }
    }

    async fn close(&self, until: Date) -> Result<Closed, ActionError> {
        close::run(&self.house.app, until, 0, &mut |_| {}).await
    }

    /// Everything that a close makes, without keys, moments and hashes.
    async fn state(&self) -> Vec<String> {
        let mut tx = self.house.app.db.read().await.unwrap();
        let queries: [&'static str; 6] = [
            "select customer_id, days, seen_on from loan order by customer_id",
            "select from_on, to_on, state from close_run order by from_on",
            "select from_on, step, place, after_customer, expected, considered, touched, batches, done from close_step_mark order by from_on, place",
            "select from_on, name, left_value, right_value, red from close_proof order by from_on, name",
            "select customer_id, from_on, subject, step, reason from close_isolated order by customer_id, from_on",
            "select current_on, sealed_on from business_day",
        ];
        let mut all = Vec::new();
        for query in queries {
            all.extend(tx.fetch_all(query, args![]).await.unwrap().iter().map(|row| format!("{:?}", row.values())));
        }
        all
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

#[tokio::test]
async fn a_day_is_closed_in_order_and_closing_again_changes_nothing() {
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        let mut told = Vec::new();
        let closed =
            close::run(&bench.house.app, D, 0, &mut |p| told.push((p.step.clone(), p.considered))).await.unwrap();
        assert_eq!(closed, Closed::Through { sealed: vec![D] });
        let steps: Vec<&str> = told.iter().map(|t| t.0.as_str()).collect();
        let expected = ["first", "first", "first", "first", "first", "second", "second", "second", "second", "second"];
        assert_eq!(steps[..10], expected);
        let rest = ["exam-time-up", "policy-reading", "staff-training", "duty-escalate", "sums", "seal"];
        assert_eq!(steps[10..], rest, "each proof is told by its name");
        assert_eq!(told[9].1, 7);
        let once = bench.state().await;
        assert_eq!(bench.close(D).await.unwrap(), Closed::Through { sealed: Vec::new() });
        assert_eq!(bench.state().await, once, "run twice, same result");
        let found = audit::verify(&bench.house.app.db).await.unwrap();
        assert_eq!((found.broken, found.roots), (None, 1));
    }
}

#[tokio::test]
async fn killed_at_any_batch_and_started_again_it_ends_as_if_nothing_had_happened() {
    for db in [testbed::sqlite().await] {
        let whole = Bench::over(db).await;
        whole.close(D).await.unwrap();
        let expected = whole.state().await;
        for panics in [false, true] {
            for at in 1..=10 {
                let bench = Arc::new(Bench::over(testbed::sqlite().await).await);
                kill_and_restart(&bench, at, panics).await;
                assert_eq!(bench.state().await, expected, "killed at batch {at}, panic: {panics}");
            }
        }
    }
    if let Some(db) = testbed::postgres().await {
        let bench = Arc::new(Bench::over(db).await);
        kill_and_restart(&bench, 6, true).await;
        assert_eq!(bench.close(D).await.unwrap(), Closed::Through { sealed: Vec::new() });
        let row = bench.state().await;
        assert!(row.iter().filter(|line| line.contains("Int(2)")).count() >= 7, "both steps ran once on all: {row:?}");
    }
}

/// Dies at a batch; whoever starts again waits for the lease of a dead runner, not for that of a failed one.
async fn kill_and_restart(bench: &Arc<Bench>, at: u32, panics: bool) {
    bench.fault.at.store(at, Ordering::SeqCst);
    bench.fault.panics.store(panics, Ordering::SeqCst);
    let runner = Arc::clone(bench);
    let ended = tokio::spawn(async move { runner.close(D).await }).await;
    if panics {
        assert!(ended.is_err(), "it died");
        assert_eq!(code(bench.close(D).await), "close-running", "a dead runner's lease holds until it is over");
        bench.house.app.clock.advance(LEASE);
    } else {
        assert!(ended.unwrap().unwrap_err().to_string().contains("disk"));
        let mut tx = bench.house.app.db.read().await.unwrap();
        let run = store::run(&mut tx, D).await.unwrap().unwrap();
        assert_eq!((run.state, run.problem.contains("disk")), (close::RunState::Failed, true));
    }
    assert_eq!(bench.close(D).await.unwrap(), Closed::Through { sealed: vec![D] });
}

#[tokio::test]
async fn a_red_proof_keeps_the_day_open_until_it_is_green() {
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        bench.right.store(99, Ordering::SeqCst);
        let held = bench.close(date(2026, 11, 22)).await.unwrap();
        assert_eq!(held, Closed::Blocked { day: D, red: vec!["sums".to_owned()], unanswered: 0 });
        let mut tx = bench.house.app.db.read().await.unwrap();
        assert_eq!(calendar::business_date(&mut tx).await.unwrap(), date(2026, 11, 21), "people work on");
        assert_eq!(calendar::store::sealed_on(&mut tx).await.unwrap(), None);
        let proofs = store::proofs(&mut tx, D).await.unwrap();
        assert_eq!(proofs[0].result.difference(), 1);
        drop(tx);
        bench.right.store(100, Ordering::SeqCst);
        let closed = bench.close(date(2026, 11, 22)).await.unwrap();
        let days = vec![D, date(2026, 11, 21), date(2026, 11, 22)];
        assert_eq!(closed, Closed::Through { sealed: days }, "and catches up over several days");
        let mut tx = bench.house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select min(days) as least, max(days) as most from loan", args![]).await.unwrap();
        assert_eq!((row.get::<i64>("least").unwrap(), row.get::<i64>("most").unwrap()), (6, 6));
        assert_eq!(calendar::store::sealed_on(&mut tx).await.unwrap(), Some(date(2026, 11, 22)));
    }
}

#[tokio::test]
async fn a_broken_loan_is_isolated_and_answered_for_with_a_reason() {
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        bench.broken.store(5, Ordering::SeqCst);
        let held = bench.close(D).await.unwrap();
        assert_eq!(held, Closed::Blocked { day: D, red: Vec::new(), unanswered: 1 });
        let mut work = by(&bench.house, "credit").await;
        assert_eq!(code(close::acknowledge(&mut work, D, CustomerId(5), "loan:5", "已知").await), "denied");
        drop(work);
        let mut work = by(&bench.house, "head").await;
        assert_eq!(code(close::acknowledge(&mut work, D, CustomerId(5), "loan:5", " ").await), "close-reason");
        assert_eq!(
            code(close::acknowledge(&mut work, D, CustomerId(6), "loan:6", "已知").await),
            "close-nothing-isolated"
        );
        // A branch answers for its own loans and sees no others.
        let own = std::mem::replace(&mut work.actor.branch, BranchId(2));
        let others = close::acknowledge(&mut work, D, CustomerId(5), "loan:5", "已知").await;
        assert_eq!(code(others), "close-nothing-isolated");
        assert!(store::isolated(&mut work.tx, D, 2, 10).await.unwrap().is_empty());
        work.actor.branch = own;
        close::acknowledge(&mut work, D, CustomerId(5), "loan:5", "展期计划待更正").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(bench.close(D).await.unwrap(), Closed::Through { sealed: vec![D] });
        let mut work = system(&bench.house.app).await;
        let rows = store::isolated(&mut work.tx, D, own.0, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].acknowledged, Some(("用户head".to_owned(), "展期计划待更正".to_owned())));
        assert_eq!(close::mended(&mut work, CustomerId(5), "loan:5").await.unwrap(), 1);
    }
}

#[tokio::test]
async fn it_stops_after_the_step_when_asked_and_goes_on_from_there() {
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        let mut work = by(&bench.house, "credit").await;
        assert_eq!(code(close::ask_stop(&mut work, D).await), "denied");
        drop(work);
        bench.stop.store(true, Ordering::SeqCst);
        assert_eq!(bench.close(D).await.unwrap(), Closed::Stopped { day: D });
        let mut tx = bench.house.app.db.read().await.unwrap();
        let marks = store::marks(&mut tx, D).await.unwrap();
        assert_eq!(marks.iter().map(|mark| (mark.step.as_str(), mark.done)).collect::<Vec<_>>(), [("first", true)]);
        drop(tx);
        assert_eq!(bench.close(D).await.unwrap(), Closed::Through { sealed: vec![D] });
        let mut tx = bench.house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select min(days) as least, max(days) as most from loan", args![]).await.unwrap();
        assert_eq!((row.get::<i64>("least").unwrap(), row.get::<i64>("most").unwrap()), (2, 2));
    }
}

#[tokio::test]
async fn the_close_sends_a_duty_that_stands_too_long_to_the_next_role() {
    //
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        // Due on Friday the 20th, escalates one working day later: on the cut-over to Monday the 23rd.
        for (until, escalated) in [(date(2026, 11, 21), None), (date(2026, 11, 22), Some(date(2026, 11, 23)))] {
            bench.close(until).await.unwrap();
            let mut tx = bench.house.app.db.read().await.unwrap();
            let row = tx.fetch_one("select escalated_on from duty where kind = 'unpaid_list'", args![]).await.unwrap();
            assert_eq!(row.get::<Option<Date>>("escalated_on").unwrap(), escalated, "{until}");
        }
        let mut work = by(&bench.house, "head").await;
        let eye = duty::Eye::of(&work.actor, crate::institution::everything());
        let counts = duty::counts::counts(&mut work.tx, &eye, date(2026, 11, 23)).await.unwrap();
        // Besides the duty to read the rules in force, which is not late.
        assert_eq!((counts.late, counts.open), (1, 2), "the supervisor has it now");
    }
}

#[tokio::test]
async fn only_one_runner_at_a_time() {
    for db in testbed::databases().await {
        let bench = Bench::over(db).await;
        let (left, right) = tokio::join!(bench.close(D), bench.close(D));
        let through = [&left, &right]
            .iter()
            .filter(|r| matches!(r, Ok(Closed::Through { sealed }) if !sealed.is_empty()))
            .count();
        assert_eq!(through, 1, "{left:?} {right:?}");
        let mut tx = bench.house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select min(days) as least, max(days) as most from loan", args![]).await.unwrap();
        assert_eq!((row.get::<i64>("least").unwrap(), row.get::<i64>("most").unwrap()), (2, 2));
    }
}
