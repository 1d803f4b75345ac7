//! Thousands of random requests by many people at once: no number of them gets more through than the rule permits.

use std::collections::BTreeMap;
use std::sync::Arc;

use collections::contact::model::ContactResult;
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve, settle};
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPointId, NewContactPoint, SourceRoute};
use jiff::SignedDuration;
use jiff::civil::date;
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::id::{CustomerId, UserId};

use crate::lender::{Lender, plain};

const PEOPLE: i64 = 4;
const NUMBERS: [&str; 3] = ["19900000011", "19900000012", "19900000013"];
const COLLECTORS: i64 = 25;
const REQUESTS: usize = 30;
const DAYS: i64 = 2;

/// A small generator of numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// What a collector saw himself, apart from what any table says.
#[derive(Debug, Clone, Copy)]
struct Through {
    person: CustomerId,
    number: usize,
    day: i64,
    id: AllowanceId,
    result: Option<ContactResult>,
}

/// Four debtors who share three numbers.
async fn debtors(lender: &Lender) -> Vec<(CustomerId, Vec<ContactPointId>)> {
    let mut all = Vec::new();
    for serial in 0..PEOPLE {
        let customer = lender.customer(&format!("甲{serial}")).await;
        lender.loan(customer, plain(date(2026, 8, 20), 12)).await;
        let mut work = lender.at("boss").await;
        let mut phones = Vec::new();
        for number in NUMBERS {
            let new = NewContactPoint {
                relation: None,
                kind: ContactKind::Phone,
                value: number.to_owned(),
                route: SourceRoute::Customer,
                consented: true,
                main: false,
            };
            phones.push(points::add(&mut work, customer, &new).await.unwrap());
        }
        work.commit().await.unwrap();
        all.push((customer, phones));
    }
    all
}

/// One collector: asks, dials, and enters what came of most of it.
async fn collector(
    lender: Arc<Lender>,
    debtors: Arc<Vec<(CustomerId, Vec<ContactPointId>)>>,
    serial: i64,
    day: i64,
) -> Vec<Through> {
    let seed = serial * 7 + day * 1_001 + 1;
    let mut dice = Dice(u64::try_from(seed).unwrap());
    let mut through = Vec::new();
    for _ in 0..REQUESTS {
        let (customer, phones) = &debtors[dice.throw(debtors.len())];
        let number = dice.throw(NUMBERS.len());
        let purpose = [Purpose::Collect, Purpose::Care, Purpose::Verify][dice.throw(3)];
        let manner = Manner::by(Channel::Phone);
        let ask = Ask { customer: *customer, point: phones[number], purpose, manner, reason: "联系".to_owned() };
        let mut work = lender.desk(UserId(1_000 + serial)).await;
        let shown = reserve(&mut work, &ask).await.unwrap();
        work.commit().await.unwrap();
        let Shown::Number(_, pass) = shown else { continue };
        let id = AllowanceId(pass.allowance.unwrap());
        tokio::task::yield_now().await;
        let mut result = None;
        // Some never say what came of it.
        if dice.throw(10) < 8 {
            let said = [ContactResult::Promised, ContactResult::NoAnswer, ContactResult::PoweredOff][dice.throw(3)];
            let mut work = lender.desk(UserId(1_000 + serial)).await;
            settle(&mut work, *customer, id, said).await.unwrap();
            work.commit().await.unwrap();
            result = Some(said);
        }
        through.push(Through { person: *customer, number, day, id, result });
    }
    through
}

async fn attack(lender: Lender) {
    let debtors = Arc::new(debtors(&lender).await);
    let lender = Arc::new(lender);
    let mut seen: Vec<Through> = Vec::new();
    for day in 0..DAYS {
        let tasks: Vec<_> = (0..COLLECTORS)
            .map(|serial| tokio::spawn(collector(Arc::clone(&lender), Arc::clone(&debtors), serial, day)))
            .collect();
        for task in tasks {
            seen.extend(task.await.unwrap());
        }
        // In the evening the supervisor has the rest entered; all of it was answered, the worst that could be.
        let mut work = lender.at("boss").await;
        for one in seen.iter_mut().filter(|one| one.result.is_none()) {
            settle(&mut work, one.person, one.id, ContactResult::Refused).await.unwrap();
            one.result = Some(ContactResult::Refused);
        }
        work.commit().await.unwrap();
        lender.app().clock.advance(SignedDuration::from_hours(24));
    }
    let (mut calls, mut dials) = (BTreeMap::new(), BTreeMap::new());
    for one in &seen {
        match one.result.unwrap().connected() {
            true => *calls.entry((one.person, one.day)).or_insert(0) += 1,
            false => *dials.entry((one.number, one.day)).or_insert(0) += 1,
        }
    }
    assert!(calls.values().all(|count| *count <= 3), "effective calls per person and day: {calls:?}");
    assert!(dials.values().all(|count| *count <= 6), "unanswered dials per number and day: {dials:?}");
    assert!(calls.len() > 2 && !dials.is_empty(), "the attack reached the limits: {calls:?} {dials:?}");
    let passed = i64::try_from(seen.len()).unwrap();
    assert_eq!(
        lender.count("select count(*) as n from contact_allowance").await,
        passed,
        "no allowance without its caller"
    );
    assert_eq!(
        lender.count("select count(*) as n from contact_allowance where settled_at is null").await,
        0,
        "no outcome lost"
    );
    let asked = COLLECTORS * i64::try_from(REQUESTS).unwrap() * DAYS;
    assert_eq!(lender.count("select count(*) as n from contact_check").await, asked, "every answer is kept");
    assert_eq!(lender.count("select count(*) as n from contact_check where allowed = 1").await, passed);
    assert_eq!(lender.count("select count(*) as n from conduct_finding where kind = 'refused'").await, asked - passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_number_of_people_at_once_gets_more_through_on_sqlite() {
    // X-05 S2.5-21
    attack(Lender::over(platform::testbed::sqlite().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_number_of_people_at_once_gets_more_through_on_postgresql() {
    // X-05 S2.5-21
    if let Some(db) = platform::testbed::postgres().await {
        attack(Lender::over(db).await).await;
    }
}
