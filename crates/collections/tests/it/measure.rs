//! The measures of collecting over a small book whose figures were computed by hand; costs, rewards and penalties, reports.

use axum::http::StatusCode;
use collections::case::actions as cases;
use collections::case::store as case_store;
use collections::cause::actions as causes;
use collections::cause::model::{NewDiagnosis, Talk};
use collections::cost::actions as costs;
use collections::cost::model::NewCost;
use collections::legal::actions as legal;
use collections::legal::model::{MeansKind, NewMeans};
use collections::measure::figures::{self, Figures};
use collections::measure::model::{By, Kind, Period, Tally};
use collections::merit::actions as merits;
use collections::merit::model::{Side, Wish};
use collections::progress::actions as reports;
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::access::{Actor, DataScope, Origin, Scope};
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::work::Work;
use servicing::loan::model::{Channel, LoanKey};
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::guard_pages::{address, in_both_languages};
use crate::lender::{Lender, plain};

/// The first instalment falls due on 2026-11-20; each of them is 8,884.88: 1,000.00 interest of 100,000.00 at one per cent a
/// month, and 7,884.88 principal.
const START: Date = date(2026, 10, 20);
const INSTALMENT: i64 = 888_488;
const NOVEMBER: Period = Period { from: date(2026, 11, 1), to: date(2026, 11, 30) };
const DECEMBER: Period = Period { from: date(2026, 12, 1), to: date(2026, 12, 10) };

/// Three debtors who all miss the first instalment: the first pays it whole, the second in part, the third nothing.
struct Book {
    lender: Lender,
    debtors: [(CustomerId, LoanKey); 3],
}

impl Book {
    async fn over(lender: Lender) -> Self {
        let mut debtors = Vec::new();
        for name in ["程一诺", "魏二", "苏三"] {
            let customer = lender.customer(name).await;
            debtors.push((customer, lender.loan(customer, plain(START, 12)).await.file.loan.key));
        }
        let book = Self { lender, debtors: debtors.try_into().unwrap() };
        book.lender.close_until(date(2026, 11, 25)).await;
        // Of two people each has cases; the second's cause is learned on the day.
        book.pay(0, 2_000_000).await;
        let mut work = book.lender.at("boss").await;
        let collector = book.lender.house.user_id("collector").await;
        for debtor in [1, 2] {
            let case = book.case(&mut work, debtor).await;
            cases::transfer(&mut work, case, collector, "hard_case", "专人催收").await.unwrap();
        }
        let case = book.case(&mut work, 1).await;
        let found = NewDiagnosis { causes: vec!["c3".to_owned()], evidence: "流水".to_owned(), talk: Talk::Held };
        causes::diagnose(&mut work, case, &found).await.unwrap();
        work.commit().await.unwrap();
        book.lender.close_until(date(2026, 11, 28)).await;
        book.pay(1, 300_000).await;
        book.lender.close_until(date(2026, 12, 10)).await;
        book
    }

    async fn everywhere() -> Vec<Self> {
        let mut all = Vec::new();
        for lender in Lender::everywhere().await {
            all.push(Self::over(lender).await);
        }
        all
    }

    async fn case(&self, work: &mut Work, debtor: usize) -> collections::case::model::CaseId {
        case_store::all_of(&mut work.tx, self.debtors[debtor].0).await.unwrap()[0].key.case
    }

    async fn pay(&self, debtor: usize, fen: i64) {
        let mut work = self.lender.work().await;
        let new = NewRepayment {
            on: work.business_date,
            amount: Fen(fen),
            mode: RepaymentMode::Regular,
            allocation: Vec::new(),
            channel: Channel::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, self.debtors[debtor].1, None, &new).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn reading(&self) -> Work {
        Work::read(self.lender.app(), Actor::system(Origin::Setup)).await.unwrap()
    }

    async fn figures(&self, period: Period, by: By) -> Figures {
        let mut work = self.reading().await;
        figures::load(&mut work, DataScope::everything(), period, by).await.unwrap()
    }

    /// What the payments of a loan paid of instalments that were overdue, by replay: another way to the same figure.
    async fn paid_of_overdue(&self, debtor: usize) -> i64 {
        let mut work = self.reading().await;
        let today = work.business_date;
        let file = servicing::loan::store::load_file(&mut work.tx, self.debtors[debtor].1).await.unwrap().unwrap();
        let position = Engine::load(&mut work, today).await.unwrap().replay(&file, today, None).unwrap();
        let due = |no: u32| position.instalments.iter().find(|one| one.no == no).map(|one| one.due_on);
        let owed = position.allocations.iter().filter(|one| {
            matches!(one.target, finance::Target::Interest | finance::Target::Principal)
                && one.instalment.and_then(due).is_some_and(|on| on < one.on)
        });
        owed.map(|one| one.amount.0).sum()
    }
}

fn sums(t: &Tally) -> [i64; 6] {
    [t.opening_loans, t.opening.0, t.fresh.0, t.recovered.0, t.other.0, t.closing.0]
}

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().unwrap_or_else(|| panic!("{error}"));
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

// Rules measure.recovery, measure.reduction, measure.roll, measure.curve. S4-27, S4-28
#[tokio::test]
async fn the_figures_of_a_small_book_are_those_computed_by_hand() {
    for book in Book::everywhere().await {
        assert_eq!(book.paid_of_overdue(0).await, INSTALMENT);
        let part = book.paid_of_overdue(1).await;
        // 300,000 less the penalty of seven days on 7,884.88 at 18 % a year, and what compounds on 1,000.00.
        assert!((296_000..300_000).contains(&part), "{part}");
        let november = book.figures(NOVEMBER, By::Collector).await;
        let all = 3 * INSTALMENT;
        let left = all - INSTALMENT - part;
        assert_eq!(sums(&november.whole), [0, 0, all, INSTALMENT + part, 0, left]);
        let rate =
            i64::try_from((i128::from(INSTALMENT + part) * 1_000_000_000 + i128::from(all) / 2) / i128::from(all));
        assert_eq!(november.whole.recovery_rate(), rate.ok());
        assert_eq!(november.whole.reduction_rate(), None, "nothing stood at the beginning: no data");
        // Every figure is the sum of its rows.
        for (kind, sum) in [(Kind::Fresh, all), (Kind::Recovered, INSTALMENT + part), (Kind::Closing, left)] {
            let rows = november.entries.iter().filter(|entry| entry.kind == kind);
            assert_eq!(rows.map(|entry| entry.amount.0).sum::<i64>(), sum, "{kind:?}");
        }
        // Two cases stand with the collector at the end: what fell overdue, came in and is left of them stands together.
        let collector = book.lender.house.user_id("collector").await.to_string();
        assert_eq!(november.groups[&collector].recovered, Fen(part));
        assert_eq!(november.groups[&collector].fresh, Fen(2 * INSTALMENT));
        assert_eq!(november.groups[&collector].closing, Fen(left));
        let by_cause = book.figures(NOVEMBER, By::Cause).await;
        assert_eq!((by_cause.groups["c3"].recovered, by_cause.groups["c3"].fresh), (Fen(part), Fen(INSTALMENT)));
        assert_eq!(by_cause.groups[""].fresh, Fen(2 * INSTALMENT), "no cause is known of the others");
        // The curve: of three cases, what came by the seventh day and by the fifteenth.
        let curve = &book.figures(DECEMBER_WITH_NOVEMBER, By::Branch).await.curves["1"];
        let at =
            |days| curve.iter().find(|point| point.days == days).map(|one| (one.cases, one.due.0, one.recovered.0));
        assert_eq!(at(7), Some((3, all, INSTALMENT + part)));
        assert_eq!(at(30), Some((0, 0, 0)));
    }
}

const DECEMBER_WITH_NOVEMBER: Period = Period { from: date(2026, 11, 1), to: date(2026, 12, 10) };

// Rule measure.recovery: money on the day on which the next instalment falls overdue. S4-27
#[tokio::test]
async fn a_debtor_one_instalment_behind_recovers_what_is_paid_on_the_day_after_the_next() {
    for book in Book::everywhere().await {
        let due = {
            let mut work = book.reading().await;
            let file = servicing::loan::store::load_file(&mut work.tx, book.debtors[2].1).await.unwrap().unwrap();
            let today = work.business_date;
            let position = Engine::load(&mut work, today).await.unwrap().replay(&file, today, None).unwrap();
            position.instalments.iter().find(|one| one.no == 2).unwrap().due_on
        };
        let day = due.tomorrow().unwrap();
        book.lender.close_until(day).await;
        book.pay(2, 1_000_000).await;
        let paid = book.paid_of_overdue(2).await;
        let whole = book.figures(Period { from: day, to: day }, By::Branch).await;
        let own = |kind| {
            let rows = whole.entries.iter().filter(|one| one.kind == kind && one.customer == book.debtors[2].0);
            rows.map(|one| one.amount.0).sum::<i64>()
        };
        assert_eq!((own(Kind::Opening), own(Kind::Fresh), own(Kind::Recovered)), (INSTALMENT, INSTALMENT, paid));
        assert_eq!(own(Kind::Closing), 2 * INSTALMENT - paid);
    }
}

// Rules measure.reduction, measure.roll; for a past period the same on any later day. S4-28
#[tokio::test]
async fn a_past_period_comes_to_the_same_on_a_later_day() {
    for book in Book::everywhere().await {
        let before = book.figures(NOVEMBER, By::Collector).await;
        book.pay(2, 2_000_000).await;
        let december = book.figures(DECEMBER, By::Bucket).await;
        let part = book.paid_of_overdue(1).await;
        let stood = 2 * INSTALMENT - part;
        let left = INSTALMENT - part;
        assert_eq!(sums(&december.whole), [2, stood, 0, INSTALMENT, 0, left]);
        let fallen = i128::from(stood - left) * 1_000_000_000;
        assert_eq!(
            december.whole.reduction_rate().map(i128::from),
            Some((fallen + i128::from(stood) / 2) / i128::from(stood))
        );
        assert_eq!((december.whole.cured, december.whole.cure_rate()), (1, Some(500_000_000)));
        let rolled: Vec<_> = december.rolls.iter().map(|one| (one.from.as_str(), one.to.as_str(), one.loans)).collect();
        assert_eq!(rolled, [("d1_30", "cured", 1), ("d1_30", "d1_30", 1)]);
        book.lender.close_until(date(2026, 12, 12)).await;
        let after = book.figures(NOVEMBER, By::Collector).await;
        assert_eq!((before.whole, before.groups, before.entries), (after.whole, after.groups, after.entries));
    }
}

// Rule measure.reduction: non-performing principal, by the classes of the policy. S4-28
#[tokio::test]
async fn non_performing_principal_is_measured_by_itself() {
    for lender in Lender::everywhere().await {
        // One instalment of 101,000.00, due on 2026-08-21: more than ninety days overdue.
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(date(2026, 7, 21), 1)).await.file.loan.key;
        lender.close_until(date(2026, 11, 22)).await;
        let book = Book { lender, debtors: [(customer, key); 3] };
        let days = Period { from: date(2026, 11, 22), to: date(2026, 11, 22) };
        let whole = book.figures(days, By::Branch).await.whole;
        assert_eq!((whole.bad_opening.0, whole.bad_closing.0), (10_000_000, 10_000_000));
        assert_eq!((whole.opening.0, whole.bad_reduction_rate()), (10_100_000, Some(0)));
        book.pay(0, 12_000_000).await;
        let whole = book.figures(days, By::Branch).await.whole;
        assert_eq!(sums(&whole), [1, 10_100_000, 0, 10_100_000, 0, 0]);
        assert_eq!((whole.bad_closing.0, whole.bad_reduction_rate()), (0, Some(1_000_000_000)));
        assert_eq!((whole.recovery_rate(), whole.cure_rate()), (Some(1_000_000_000), Some(1_000_000_000)));
    }
}

// Rules cost.kinds, cost.record, cost.check, cost.once, measure.cost. S4-29
#[tokio::test]
async fn a_cost_counts_when_it_stands_and_is_corrected_by_another_record() {
    for book in Book::everywhere().await {
        let new = |fen: i64| NewCost {
            kind: "postage".to_owned(),
            amount: Fen(fen),
            spent_on: date(2026, 12, 3),
            note: "EMS".to_owned(),
        };
        let mut work = book.lender.at("clerk").await;
        let case = book.case(&mut work, 2).await;
        let small = costs::record(&mut work, case, &new(2_200)).await.unwrap();
        let large = costs::record(&mut work, case, &new(50_001)).await.unwrap().to_string();
        assert_eq!(code(costs::decide(&mut work, &large, true, "").await), "cost-own");
        work.commit().await.unwrap();
        let cost = async || book.figures(DECEMBER, By::Branch).await.whole.cost.0;
        assert_eq!(cost().await, 2_200, "what waits for a checker does not count");
        let mut work = book.lender.at("boss").await;
        assert_eq!(code(costs::decide(&mut work, &large, false, " ").await), "field-empty");
        costs::decide(&mut work, &large, true, "").await.unwrap();
        assert_eq!(code(costs::decide(&mut work, &large, true, "").await), "cost-state-changed");
        work.commit().await.unwrap();
        assert_eq!(cost().await, 52_201);
        // What was checked is not lowered without a check, and a refused correction changes nothing.
        let mut work = book.lender.at("clerk").await;
        let lower = costs::correct(&mut work, &large, &new(100)).await.unwrap().to_string();
        assert_eq!(code(costs::correct(&mut work, &large, &new(200)).await), "cost-state-changed");
        work.commit().await.unwrap();
        assert_eq!(cost().await, 52_201);
        let mut work = book.lender.at("boss").await;
        costs::decide(&mut work, &lower, false, "无凭证").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(cost().await, 52_201);
        let mut work = book.lender.at("clerk").await;
        let waits = costs::record(&mut work, case, &new(60_000)).await.unwrap().to_string();
        let instead = costs::correct(&mut work, &waits, &new(59_000)).await.unwrap().to_string();
        work.commit().await.unwrap();
        let mut work = book.lender.at("boss").await;
        let alone = costs::decide(&mut work, &waits, true, "").await;
        assert_eq!(code(alone), "cost-state-changed", "its correction is decided, not what it corrects");
        costs::decide(&mut work, &instead, false, "无凭证").await.unwrap();
        costs::decide(&mut work, &waits, false, "无凭证").await.unwrap();
        assert_eq!(code(costs::correct(&mut work, &waits, &new(1)).await), "cost-state-changed", "it was refused");
        work.commit().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let next = costs::correct(&mut work, &small.to_string(), &new(0)).await.unwrap();
        assert_eq!(code(costs::correct(&mut work, &small.to_string(), &new(1)).await), "cost-state-changed");
        assert_ne!(next, small);
        work.commit().await.unwrap();
        assert_eq!(cost().await, 50_001, "taken back");
        assert_eq!(book.lender.count("select count(*) as n from collection_cost").await, 6, "nothing is deleted");
        book.pay(2, 2_000_000).await;
        let whole = book.figures(DECEMBER, By::Branch).await.whole;
        let rate = (50_001_i64 * 1_000_000_000 + INSTALMENT / 2) / INSTALMENT;
        assert_eq!(whole.cost_rate(), Some(rate));
    }
}

async fn decide(book: &Book, login: &str, roles: &[&str], merit: &str) -> Result<(), ActionError> {
    let mut work = book.lender.at(login).await;
    work.actor.roles = roles.iter().map(|role| (*role).to_owned()).collect();
    let one = merits::load(&mut work, merit, collections::merit::MERIT_VIEW).await.unwrap();
    let seen =
        approval::store::load(&mut work.tx, CustomerId(0), one.approval.unwrap()).await.unwrap().unwrap().version;
    let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
    let done = approval::approve(&mut work, CustomerId(0), one.approval.unwrap(), &verdict).await;
    match &done {
        Ok(_) => work.commit().await.unwrap(),
        Err(_) => work.tx.rollback().await.unwrap(),
    }
    done.map(drop)
}

// Rules merit.propose, merit.other, merit.once, merit.figures, merit.kinds, duty.merit_rectify, approval.merit. S4-30, S4-31
#[tokio::test]
async fn a_criticism_is_proposed_decided_by_another_and_put_right_by_its_day() {
    for book in Book::everywhere().await {
        let collector = book.lender.house.user_id("collector").await;
        let wish = |kind: &str, amount: Option<i64>, by: Option<Date>| Wish {
            person: collector,
            kind: kind.to_owned(),
            amount: amount.map(Fen),
            reason: "十一月清收率低于标准".to_owned(),
            period: NOVEMBER,
            rectify_by: by,
        };
        let mut work = book.lender.at("collector").await;
        assert_eq!(code(merits::propose(&mut work, &wish("praise", None, None)).await), "merit-own");
        work.tx.rollback().await.unwrap();
        let mut work = book.lender.at("clerk").await;
        let kinds =
            merits::kinds(platform::policies::in_force(&mut work, DECEMBER.to).await.unwrap().edition(DECEMBER.to));
        let sides: Vec<_> = kinds.unwrap().into_iter().map(|kind| (kind.side, kind.id)).collect();
        assert!(sides.contains(&(Side::Penalty, "criticism".to_owned())) && sides.len() == 9, "{sides:?}");
        assert!(
            sides.contains(&(Side::Penalty, "referral".to_owned())),
            "a referral to the prosecutors is kept like any other"
        );
        assert_eq!(code(merits::propose(&mut work, &wish("bonus", None, None)).await), "field-empty");
        let id =
            merits::propose(&mut work, &wish("criticism", None, Some(date(2026, 12, 20)))).await.unwrap().to_string();
        work.commit().await.unwrap();
        assert!(decide(&book, "clerk", &["general_manager"], &id).await.is_err(), "never the maker");
        assert_eq!(code(decide(&book, "collector", &["general_manager"], &id).await), "merit-own");
        decide(&book, "boss", &["general_manager"], &id).await.unwrap();
        let open =
            "select count(*) as n from duty where kind = 'merit_rectify' and state = 'open' and due_on = '2026-12-20'";
        assert_eq!(book.lender.count(open).await, 1);
        let mut work = book.lender.at("collector").await;
        let whose = "select owner_id from duty where kind = 'merit_rectify'";
        let owner: i64 = work.tx.fetch_one(whose, Vec::new()).await.unwrap().get("owner_id").unwrap();
        assert_eq!(owner, collector.0, "whoever is concerned rectifies, nobody else of the role");
        assert_eq!(code(merits::carry_out(&mut work, &id, "已整改").await), "merit-own");
        work.tx.rollback().await.unwrap();
        let mut work = book.lender.at("boss").await;
        let one = merits::load(&mut work, &id, collections::merit::MERIT_VIEW).await.unwrap();
        assert_eq!(one.figures.recovered, Fen(book.paid_of_overdue(1).await), "the figures of November");
        merits::carry_out(&mut work, &id, "已整改，见台账").await.unwrap();
        assert_eq!(code(merits::carry_out(&mut work, &id, "再次").await), "merit-state-now");
        work.commit().await.unwrap();
        let done = "select count(*) as n from duty where kind = 'merit_rectify' and state = 'done'";
        assert_eq!(book.lender.count(done).await, 1);
    }
}

// Rules progress.due, progress.period, progress.once, progress.figures, progress.seen, duty.recovery_report. S4-32
#[tokio::test]
async fn every_week_a_report_is_asked_for_frozen_and_seen_by_another() {
    for book in Book::everywhere().await {
        let asked = "select count(*) as n from duty where kind = 'recovery_report' and state = 'open'";
        // The weeks that ended on 11-22, 11-29 and 12-06.
        assert_eq!(book.lender.count(asked).await, 3);
        let mut work = book.lender.at("clerk").await;
        assert_eq!(code(reports::make(&mut work, "2026-11-24", "清收一笔", "继续").await), "progress-no-period");
        assert_eq!(code(reports::make(&mut work, "2026-12-07", "清收一笔", "继续").await), "progress-no-period");
        assert_eq!(code(reports::make(&mut work, "2026-11-23", "清收一笔", " ").await), "field-empty");
        let id = reports::make(&mut work, "2026-11-23", "清收一笔", "继续").await.unwrap().to_string();
        assert_eq!(code(reports::make(&mut work, "2026-11-23", "再报", "继续").await), "progress-reported");
        assert_eq!(code(reports::see(&mut work, &id, "").await), "progress-own");
        work.commit().await.unwrap();
        assert_eq!(book.lender.count(asked).await, 2, "the report is the evidence of its week");
        let week = Period { from: date(2026, 11, 23), to: date(2026, 11, 29) };
        let whole = book.figures(week, By::Branch).await.whole;
        book.pay(2, 2_000_000).await;
        let mut work = book.lender.at("boss").await;
        let one = reports::load(&mut work, &id, collections::progress::PROGRESS_SEE).await.unwrap();
        assert_eq!(one.content.whole, whole);
        assert_eq!(one.content.whole.recovered.0, INSTALMENT + book.paid_of_overdue(1).await);
        reports::see(&mut work, &id, "抓紧").await.unwrap();
        assert_eq!(code(reports::see(&mut work, &id, "").await), "progress-seen-already");
        work.commit().await.unwrap();
    }
}

// Rules measure.promises, measure.frequency, measure.contacts, measure.pattern. S4-13, S2.5-11
#[tokio::test]
async fn contacts_and_their_pattern_are_counted_by_form() {
    for book in Book::everywhere().await {
        let customer = book.debtors[2].0;
        let mut browser = book.lender.house.user("boss").await;
        let ask = address(
            &browser.get(&format!("/customers/{customer}?tab=reach")).await,
            &format!("/customers/{customer}/reach/"),
        );
        let shown = browser.post_from(&ask, &ask, &[("channel", "phone"), ("reason", "催收")]).await;
        let outcome = address(&shown, &format!("/customers/{customer}/outcomes/"));
        let mut fields = vec![("result", "promised"), ("response", "周末前还"), ("seconds", "30"), ("pattern", "p99")];
        let refused = browser.post_from(&outcome, &outcome, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "no such pattern");
        fields[3].1 = "p2";
        assert_eq!(browser.post_from(&outcome, &outcome, &fields).await.status, StatusCode::SEE_OTHER);
        book.pay(2, 2_000_000).await;
        let found = book.figures(DECEMBER, By::Branch).await;
        assert_eq!((found.whole.contacts, found.whole.connected), (1, 1));
        let one = &found.patterns[0];
        assert_eq!((one.pattern.as_str(), one.contacts, one.reached, one.promises), ("p2", 1, 1, 1));
        assert_eq!(one.recovered, Fen(INSTALMENT));
        let page = in_both_languages(&mut browser, "/measures?from=2026-12-01&to=2026-12-10").await;
        assert!(page.text.contains("职业欠款人"), "{}", page.text);
    }
}

// S4-27, S4-28, S4-29, S4-32: the whole walk by pages, with what is typed wrongly.
#[tokio::test]
async fn the_pages_show_group_drill_and_refuse_in_words() {
    for book in Book::everywhere().await {
        let mut boss = book.lender.house.user("boss").await;
        let days = "from=2026-11-01&to=2026-12-10";
        for by in ["branch", "collector", "cause", "step", "bucket", "product"] {
            let page = in_both_languages(&mut boss, &format!("/measures?{days}&by={by}")).await;
            assert!(page.text.contains("清收率") && page.text.contains("data-chart"), "{}", page.text);
        }
        for of in Kind::ALL {
            in_both_languages(&mut boss, &format!("/measures/rows?{days}&by=cause&of={}", of.as_str())).await;
        }
        let rows = boss.get(&format!("/measures/rows?{days}&by=cause&of=recovered&group=c3&lang=zh-CN")).await;
        assert!(rows.text.contains("魏二") && !rows.text.contains("程一诺"), "{}", rows.text);
        for file in ["/measures/export.xlsx", "/measures/rows/export.xlsx"] {
            assert_eq!(boss.get(&format!("{file}?{days}&by=step")).await.status, StatusCode::OK, "{file}");
        }
        for wrong in ["from=x", "from=2026-12-02&to=2026-12-01", "to=2027-01-01", "from=2001-01-01", "by=%3Cb%3E"] {
            let page = boss.get(&format!("/measures?{wrong}")).await;
            assert!(page.status.is_client_error() && missing_in(&page.text).is_empty(), "{wrong}: {}", page.status);
            assert!(!page.text.contains("<b>\""), "{wrong}");
        }
        let mut viewer = book.lender.house.user("viewer").await;
        for path in ["/measures", "/measures/rows", "/collections/merits", "/collections/progress"] {
            assert_eq!(viewer.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        costs_by_form(&book).await;
        merits_by_form(&book).await;
        reports_by_form(&book).await;
    }
}

async fn costs_by_form(book: &Book) {
    let mut work = book.lender.work().await;
    let case = book.case(&mut work, 2).await;
    work.tx.rollback().await.unwrap();
    let mut clerk = book.lender.house.user("clerk").await;
    let new = format!("/collections/cases/{case}/costs/new");
    in_both_languages(&mut clerk, &new).await;
    let bad = [("kind", "bribe"), ("amount", "x"), ("spent_on", "yesterday"), ("note", "")];
    assert_eq!(clerk.post_from(&new, &new, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let good = [("kind", "travel"), ("amount", "800.00"), ("spent_on", "2026-12-02"), ("note", "<i>火车票</i>")];
    assert_eq!(clerk.post_from(&new, &new, &good).await.status, StatusCode::SEE_OTHER);
    let mut boss = book.lender.house.user("boss").await;
    let list = in_both_languages(&mut boss, "/collections/costs").await;
    assert!(list.text.contains("差旅费") && !list.text.contains("<i>火车票"), "{}", list.text);
    let mut links = list.text.split("href=\"").filter_map(|rest| rest.split('"').next());
    let check = links.find(|link| link.ends_with("/check")).unwrap().to_owned();
    in_both_languages(&mut boss, &check).await;
    assert_eq!(boss.post_from(&check, &check, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(boss.post_from(&check, &check, &[("accepted", "yes")]).await.status, StatusCode::SEE_OTHER);
    let correct = check.replace("/check", "/correct");
    in_both_languages(&mut clerk, &correct).await;
    assert_eq!(clerk.post_from(&correct, &correct, &good[..3]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(clerk.post_from(&correct, &correct, &good).await.status, StatusCode::SEE_OTHER);
    in_both_languages(&mut boss, "/collections/costs?view=all").await;
}

async fn merits_by_form(book: &Book) {
    let mut clerk = book.lender.house.user("clerk").await;
    in_both_languages(&mut clerk, "/collections/merits").await;
    let new = "/collections/merits/new";
    in_both_languages(&mut clerk, new).await;
    let person = book.lender.house.user_id("collector").await.to_string();
    let mut fields = vec![
        ("person", person.as_str()),
        ("kind", "bonus"),
        ("amount", "many"),
        ("reason", "大额清收"),
        ("figures_from", "2026-11-01"),
        ("figures_to", "2026-11-30"),
        ("rectify_by", ""),
    ];
    assert_eq!(clerk.post_from(new, new, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    fields[2].1 = "500.00";
    let made = clerk.post_from(new, new, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.location().to_owned();
    in_both_languages(&mut clerk, &page).await;
    let back = clerk.post_from(&page, &format!("{page}/withdraw"), &[]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    in_both_languages(&mut clerk, "/collections/merits?view=all").await;
    assert!(book.lender.count("select count(*) as n from collection_merit where state = 'refused'").await == 1);
}

async fn reports_by_form(book: &Book) {
    let mut clerk = book.lender.house.user("clerk").await;
    let new = "/collections/progress/new";
    in_both_languages(&mut clerk, new).await;
    let empty = clerk.post_from(new, new, &[("progress", ""), ("next_steps", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = clerk.post_from(new, new, &[("progress", "本周清收"), ("next_steps", "<b>继续</b>")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.location().to_owned();
    let shown = in_both_languages(&mut clerk, &page).await;
    assert!(!shown.text.contains("<b>继续"), "{}", shown.text);
    for file in ["report.pdf", "report.xlsx"] {
        assert_eq!(clerk.get(&format!("{page}/{file}")).await.status, StatusCode::OK, "{file}");
    }
    let mut boss = book.lender.house.user("boss").await;
    let see = format!("{page}/see");
    in_both_languages(&mut boss, &see).await;
    assert_eq!(boss.post_from(&see, &see, &[("opinion", "阅")]).await.status, StatusCode::SEE_OTHER);
    in_both_languages(&mut boss, "/collections/progress").await;
}

// Rules measure.preservation, measure.cost. S2.3-25, S4-29
#[tokio::test]
async fn the_hours_from_an_urgent_cause_to_the_application_are_measured() {
    for book in Book::everywhere().await {
        let key = book.debtors[2].1;
        let mut work = book.lender.at("boss").await;
        let case = book.case(&mut work, 2).await;
        let found =
            NewDiagnosis { causes: vec!["c8".to_owned()], evidence: "人去楼空".to_owned(), talk: Talk::Missing };
        causes::diagnose(&mut work, case, &found).await.unwrap();
        work.commit().await.unwrap();
        book.lender.app().clock.advance(jiff::SignedDuration::from_mins(26 * 60 + 40));
        let mut work = book.lender.at("boss").await;
        legal::open(&mut work, key).await.unwrap();
        let short = legal::look(&mut work, key).await.unwrap().lists.short;
        for (version, item) in (1..).zip(&short) {
            legal::keep_evidence(&mut work, key, version, item, "档案柜 3").await.unwrap();
        }
        let version = legal::look(&mut work, key).await.unwrap().file.unwrap().version;
        let means = NewMeans {
            kind: MeansKind::Preservation,
            on: work.business_date,
            authority: "测试区人民法院".to_owned(),
            reference: String::new(),
            amount: None,
            cost: Fen(30_000),
        };
        legal::take_means(&mut work, key, version, &means).await.unwrap();
        work.commit().await.unwrap();
        let whole = book.figures(DECEMBER, By::Branch).await.whole;
        assert_eq!((whole.preserved, whole.preservation_hours()), (1, Some(26)), "whole hours that passed");
        assert_eq!(whole.cost, Fen(30_000), "the means of the law cost too");
        assert_eq!(whole.cost_rate(), None, "of nothing recovered there is no share");
        let mut work = book.lender.at("boss").await;
        let traced = "insert into trace_step (customer_id, id, case_id, step, happened_on, searched, query, authority, \
             result, finding, cost_fen, next_step, effective_on, recorded_at, recorded_by) values ($1, 1, $2, 'registry', \
             '2026-12-05', 'name', '工商登记', '', 'nothing', '', 1500, '', '2026-12-05', '2026-12-05T02:00:00.000Z', 1)";
        work.tx.execute(traced, platform::args![key.customer, case]).await.unwrap();
        work.commit().await.unwrap();
        let found = book.figures(DECEMBER, By::Branch).await;
        assert_eq!((found.whole.cost, found.groups["1"].cost), (Fen(31_500), Fen(31_500)), "and so does tracing");
        let none = DataScope { branch: 99, ..DataScope::everything() };
        let mut work = book.reading().await;
        assert_eq!(figures::load(&mut work, none, DECEMBER, By::Branch).await.unwrap().whole.cost, Fen::ZERO);
    }
}

// S4-27: the data scope.
#[tokio::test]
async fn a_branch_sees_its_own_figures_only() {
    for book in Book::everywhere().await {
        let mut work = book.lender.at("boss").await;
        let scope = DataScope { branch: 99, ..DataScope::everything() };
        let none = figures::load(&mut work, scope, NOVEMBER, By::Branch).await.unwrap();
        assert_eq!(sums(&none.whole), [0; 6]);
        assert_eq!(none.entries, []);
        let grants = [("measure.view".to_owned(), Scope::Branch)];
        work.actor.grants = grants.into_iter().collect();
        assert_eq!(code(reports::make(&mut work, "", "x", "y").await), "denied");
    }
}
