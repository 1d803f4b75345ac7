//! Cases, promises, causes and the frequency of contact over a loan book: opened by the close, moved by money.

use collections::case::actions as cases;
use collections::case::model::{Case, CaseState};
use collections::case::store;
use collections::cause::actions as causes;
use collections::cause::model::{Capacity, NewDiagnosis, Talk};
use collections::promise::actions as promises;
use collections::promise::model::NewPromise;
use finance::{Fen, RepaymentMode};
use jiff::civil::{Date, date};
use platform::access::{Actor, Origin, Scope};
use platform::args;
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use servicing::loan::model::{Channel, LoanKey};
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::lender::{Lender, plain};

/// The first instalment falls due on 2026-11-20, where the test house begins: the first day overdue is 11-21, a Saturday.
const START: Date = date(2026, 10, 20);

async fn case_of(lender: &Lender, customer: CustomerId) -> Option<Case> {
    let mut tx = lender.app().db.read().await.unwrap();
    store::open_of(&mut tx, customer).await.unwrap()
}

async fn texts(lender: &Lender, sql: &'static str) -> Vec<String> {
    let mut tx = lender.app().db.read().await.unwrap();
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter().map(|row| row.get("text").unwrap()).collect()
}

async fn pay(lender: &Lender, key: LoanKey, amount: Fen) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: work.business_date,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Channel::BankTransfer,
        note: None,
        business_key: None,
    };
    repay(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// A person who works cases in the branch.
async fn as_collector(lender: &Lender, login: &str) -> Work {
    let user = lender.house.user_id(login).await;
    let mut actor = Actor::system(Origin::Console);
    actor.user = Some(user);
    for action in [collections::CASE_VIEW, collections::CASE_WORK, collections::CASE_ASSIGN] {
        actor.grants.insert(action.to_owned(), Scope::Institution);
    }
    Work::begin(lender.app(), actor).await.unwrap()
}

/// Gives a role by hand: the test house has none of the ladder's.
async fn give_role(lender: &Lender, login: &str, role: &'static str) -> UserId {
    let user = lender.house.user_id(login).await;
    let mut work = lender.work().await;
    let now = work.now;
    work.tx
        .execute(
            "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, 0)",
            args![user, role, now],
        )
        .await
        .unwrap();
    work.commit().await.unwrap();
    user
}

// Rules `case.open`, `case.close`, `case.rung`, `case.owner`, `case.level`, `duty.case_assignment`, `duty.case_assessment`,
// `duty.case_letter`. S2.3-02, S2.5-02, S4-08, S4-11
#[tokio::test]
async fn one_case_a_customer_opened_by_the_close_and_ended_by_money_at_once() {
    for lender in Lender::everywhere().await {
        let clerk = give_role(&lender, "clerk", "credit_dept").await;
        let viewer = give_role(&lender, "viewer", "collection_officer").await;
        let customer = lender.customer("程一诺").await;
        let first = lender.loan(customer, plain(START, 12)).await.file.loan.key;
        let second = lender.loan(customer, plain(START, 6)).await.file.loan.key;
        lender.close_until(date(2026, 11, 20)).await;
        assert_eq!(case_of(&lender, customer).await, None);

        lender.close_until(date(2026, 11, 21)).await;
        let case = case_of(&lender, customer).await.unwrap();
        assert_eq!((case.rung.as_str(), case.state.owner()), ("remind", Some(clerk)));
        assert_eq!(case.number, "A2026000001");

        // A quiet day writes nothing about it.
        lender.close_until(date(2026, 11, 22)).await;
        assert_eq!(case_of(&lender, customer).await.unwrap().version, case.version);

        // 31 days: the credit department goes on, the capacity is to be assessed. 61 days: a collector takes it.
        lender.close_until(date(2026, 12, 21)).await;
        let case = case_of(&lender, customer).await.unwrap();
        assert_eq!((case.rung.as_str(), case.state.owner()), ("assess", Some(clerk)));
        lender.close_until(date(2027, 1, 20)).await;
        let case = case_of(&lender, customer).await.unwrap();
        assert_eq!((case.rung.as_str(), case.state.owner()), ("formal_letter", Some(viewer)));
        let open = "select kind as text from duty where state = 'open' and kind like 'case%' order by kind";
        assert_eq!(texts(&lender, open).await, ["case_analysis", "case_assessment", "case_letter"]);
        // S1-37, rule `duty.personal_visit`: the longer it lasts, the more personal; money ends it.
        let visit = "select state as text from duty where kind = 'personal_visit'";
        assert_eq!(texts(&lender, visit).await, ["open"]);

        let assigned = "select state as text from duty where kind = 'case_assignment'";
        assert_eq!(texts(&lender, assigned).await, ["done"], "a case with a collector has its dedicated person");

        pay(&lender, first, Fen(3_000_000)).await;
        assert!(case_of(&lender, customer).await.is_some(), "the other loan is still overdue");
        pay(&lender, second, Fen(6_000_000)).await;
        assert_eq!(case_of(&lender, customer).await, None);
        assert_eq!(texts(&lender, open).await, Vec::<String>::new());
        assert_ne!(texts(&lender, visit).await, ["open"]);
        let told = "select kind || ':' || reason as text from collection_case_event order by id";
        assert_eq!(
            texts(&lender, told).await,
            ["opened:overdue", "rung:days", "rung:days", "transferred:ladder", "closed:repaid"]
        );

        // Run again: no second case while nothing is overdue.
        lender.close_until(date(2027, 1, 21)).await;
        assert_eq!(texts(&lender, "select number as text from collection_case").await.len(), 1);
    }
}

// Rules `case.lock`, `case.transfer`. S2.3-02
#[tokio::test]
async fn a_case_is_worked_by_one_at_a_time_and_given_away_for_a_reason_of_the_policy() {
    for lender in Lender::everywhere().await {
        give_role(&lender, "clerk", "credit_dept").await;
        let boss = give_role(&lender, "boss", "credit_dept").await;
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(START, 12)).await;
        lender.close_until(date(2026, 11, 21)).await;
        let case = case_of(&lender, customer).await.unwrap().key.case;

        let mut work = as_collector(&lender, "clerk").await;
        cases::take(&mut work, case).await.unwrap();
        work.commit().await.unwrap();
        let mut work = as_collector(&lender, "boss").await;
        assert_eq!(code(cases::take(&mut work, case).await), "case-locked");
        cases::unlock(&mut work, case).await.unwrap();
        cases::take(&mut work, case).await.unwrap();
        assert_eq!(code(cases::transfer(&mut work, case, boss, "because", "").await), "case-no-such-reason");
        cases::transfer(&mut work, case, boss, "hard_case", "多头负债").await.unwrap();
        assert_eq!(code(cases::transfer(&mut work, case, boss, "workload", "").await), "case-already-owner");
        work.commit().await.unwrap();
        let state = case_of(&lender, customer).await.unwrap().state;
        assert_eq!(state, CaseState::Open { owner: Some(boss), lock: None });
    }
}

fn code<T>(result: Result<T, ActionError>) -> String {
    match result {
        Ok(_) => "done".to_owned(),
        Err(error) => {
            let refused = error.refusal().expect("a refusal");
            refused.fields.first().map_or(refused.code, |field| field.code).to_owned()
        }
    }
}

// Rules `promise.one`, `promise.latest`, `promise.kept`, `duty.promise_due`, `duty.promise_broken`. S2.5-01, S2.5-32
#[tokio::test]
async fn money_and_time_decide_what_becomes_of_a_promise() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(START, 12)).await.file.loan.key;
        lender.close_until(date(2026, 11, 23)).await;
        let case = case_of(&lender, customer).await.unwrap().key.case;
        let promise = |amount: i64, on: Date, hour: i8| NewPromise {
            amount: Fen(amount),
            due_at: platform::clock::civil_moment(on.at(hour, 0, 0, 0)).unwrap(),
            promised_by: "本人".to_owned(),
            words: "周一到账".to_owned(),
        };
        let states = "select state as text from promise order by id";

        let mut work = as_collector(&lender, "clerk").await;
        let made = promises::make(&mut work, case, &promise(300_000, date(2026, 12, 1), 18)).await;
        assert_eq!(code(made), "promise-too-late");
        let made = promises::make(&mut work, case, &promise(300_000, date(2026, 11, 23), 8)).await;
        assert_eq!(code(made), "promise-past");
        let made = promises::make(&mut work, case, &promise(90_000_000, date(2026, 11, 24), 18)).await;
        assert_eq!(code(made), "promise-too-much");
        promises::make(&mut work, case, &promise(300_000, date(2026, 11, 24), 18)).await.unwrap();
        let made = promises::make(&mut work, case, &promise(100_000, date(2026, 11, 25), 18)).await;
        assert_eq!(code(made), "promise-standing");
        work.commit().await.unwrap();

        // A part in time, and then its moment passes: part kept, and somebody must look after it.
        pay(&lender, key, Fen(100_000)).await;
        assert_eq!(texts(&lender, states).await, ["open"]);
        lender.close_until(date(2026, 11, 26)).await;
        assert_eq!(texts(&lender, states).await, ["part-kept"]);
        let duty = "select state as text from duty where kind = 'promise_broken'";
        assert_eq!(texts(&lender, duty).await, ["open"]);

        // All of the next one comes in time: kept in the transaction of the money.
        let mut work = as_collector(&lender, "clerk").await;
        promises::make(&mut work, case, &promise(200_000, date(2026, 11, 27), 18)).await.unwrap();
        work.commit().await.unwrap();
        pay(&lender, key, Fen(200_000)).await;
        assert_eq!(texts(&lender, states).await, ["part-kept", "kept"]);
    }
}

// Rules `cause.primary`, `cause.gate`, `cause.capacity`, `duty.case_preservation`. S2.3-05, S2.3-06, S2.3-14, S2.3-27, S2.5-13
#[tokio::test]
async fn a_plan_waits_for_cause_and_talk_and_the_gravest_cause_is_preserved_at_once() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(START, 12)).await;
        lender.close_until(date(2026, 12, 21)).await;
        let case = case_of(&lender, customer).await.unwrap();
        let diagnosis = |codes: &[&str], talk| NewDiagnosis {
            causes: codes.iter().map(|code| (*code).to_owned()).collect(),
            evidence: "流水与谈话".to_owned(),
            talk,
        };
        let mut work = as_collector(&lender, "clerk").await;
        assert_eq!(code(causes::plan_allowed(&mut work, case.key).await), "cause-none");
        let nothing = NewDiagnosis { evidence: " ".to_owned(), ..diagnosis(&["c2"], Talk::Held) };
        assert_eq!(code(causes::diagnose(&mut work, case.key.case, &nothing).await), "field-empty");
        let found = causes::diagnose(&mut work, case.key.case, &diagnosis(&["c1", "c3"], Talk::NotYet)).await;
        assert_eq!(found.unwrap(), "c3");
        assert_eq!(code(causes::plan_allowed(&mut work, case.key).await), "cause-talk-needed");
        causes::diagnose(&mut work, case.key.case, &diagnosis(&["c3"], Talk::Held)).await.unwrap();
        causes::plan_allowed(&mut work, case.key).await.unwrap();
        causes::diagnose(&mut work, case.key.case, &diagnosis(&["c3", "c8"], Talk::Missing)).await.unwrap();
        let capacity = Capacity { income: Fen(600_000), living: Fen(350_000), evidence: "工资流水".to_owned() };
        causes::assess(&mut work, case.key.case, &capacity).await.unwrap();
        work.commit().await.unwrap();
        let kinds = "select kind || ':' || state as text from duty where kind like 'case_p%' or kind = 'case_assessment' order by kind";
        assert_eq!(texts(&lender, kinds).await, ["case_assessment:done", "case_preservation:open"]);
    }
}

// Rules `case.frequency`, `duty.case_legal_intake`, `duty.contacts_week`, `duty.contacts_day`. S4-13, S4-14
#[tokio::test]
async fn each_monday_asks_for_the_contacts_of_the_week_and_says_what_was_missed() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(START, 12)).await;
        // 2026-11-23 is a Monday: once a week at 1–30 days.
        lender.close_until(date(2026, 11, 23)).await;
        let asked = "select from_on || ':' || cast(required as text) || ':' || coalesce(outcome, '') as text \
             from contact_requirement order by from_on";
        assert_eq!(texts(&lender, asked).await, ["2026-11-23:1:"]);
        // Somebody who owes nothing was not to be called: that excuses nobody from calling the debtor.
        let mut work = lender.work().await;
        let at: jiff::Timestamp = "2026-11-25T02:00:00Z".parse().unwrap();
        let sql = "insert into conduct_finding (customer_id, id, kind, rule, article, detail, channel, party, collector_id, \
             branch_id, manager_id, happened_at, found_at) \
             values ($1, 2, 'refused', 'contact.calls-per-day', '', '', 'phone', 'consented', 1, 1, 1, $2, $3)";
        work.tx.execute(sql, platform::args![customer, at, at]).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 11, 30)).await;
        assert_eq!(texts(&lender, asked).await, ["2026-11-23:1:missed", "2026-11-30:1:"]);
        let members = "select m.state as text from duty_member m join duty d on d.id = m.duty_id \
             where d.kind = 'contacts_week' order by d.due_on";
        assert_eq!(texts(&lender, members).await, ["cancelled", "open"]);
        // X-05, C-45: on a day of the second week the limit of a day refused a call; nobody missed anything.
        let mut work = lender.work().await;
        let at: jiff::Timestamp = "2026-12-02T02:00:00Z".parse().unwrap();
        let sql = "insert into conduct_finding (customer_id, id, kind, rule, article, detail, channel, party, collector_id, \
             branch_id, manager_id, happened_at, found_at) \
             values ($1, 1, 'refused', 'contact.calls-per-day', '', '', 'phone', 'debtor', 1, 1, 1, $2, $3)";
        work.tx.execute(sql, platform::args![customer, at, at]).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 12, 7)).await;
        assert_eq!(texts(&lender, asked).await[1], "2026-11-30:1:excused");
        // 91 days overdue is 2027-02-19: every day from then on.
        lender.close_until(date(2027, 2, 20)).await;
        let intake = "select state as text from duty where kind = 'case_legal_intake'";
        assert_eq!(texts(&lender, intake).await, ["open"]);
        let daily = "select from_on as text from contact_requirement where from_on = until_on order by from_on";
        assert_eq!(texts(&lender, daily).await, ["2027-02-19", "2027-02-20"]);
    }
}

// Rules `template.script_remind`, `template.script_assess`, `template.script_formal_letter`, `template.script_clear`,
// `template.script_promise`: the desk shows what to say. S2.3-02, S2.3-23: pages over a case in both languages
#[tokio::test]
async fn pages_of_cases_say_everything_in_both_languages() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(START, 12)).await;
        lender.close_until(date(2026, 12, 21)).await;
        let case = case_of(&lender, customer).await.unwrap().key.case;
        let mut visitor = lender.house.user("boss").await;
        let pages = [
            "/collections/cases".to_owned(),
            "/collections/cases?view=nobody".to_owned(),
            format!("/collections/cases/{case}"),
            "/collections/promises".to_owned(),
            "/collections/frequency".to_owned(),
            format!("/customers/{customer}"),
            format!("/collections/work?case={case}"),
            "/collections/work".to_owned(),
        ];
        for lang in ["zh-CN", "en"] {
            for page in &pages {
                let mark = if page.contains('?') { '&' } else { '?' };
                let shown = visitor.get(&format!("{page}{mark}lang={lang}")).await;
                assert_eq!(shown.status, 200, "{page}");
                assert_eq!(platform::locale::missing_in(&shown.text), Vec::<String>::new(), "{page} {lang}");
            }
        }
    }
}

#[tokio::test]
async fn the_desk_shows_a_case_that_is_taken_while_somebody_else_writes() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(START, 12)).await;
        lender.close_until(date(2026, 12, 21)).await;
        let case = case_of(&lender, customer).await.unwrap().key.case;
        let desk = format!("/collections/work?case={case}");
        let mut visitor = lender.house.user("boss").await;
        assert_eq!(visitor.get(&desk).await.status, 200, "it takes the case");
        let writing = lender.app().db.write().await.unwrap();
        let shown = tokio::time::timeout(std::time::Duration::from_secs(20), visitor.get(&desk)).await;
        assert_eq!(shown.expect("it waits for no turn at writing").status, 200);
        drop(writing);
    }
}

// S2.3-02
#[tokio::test]
async fn cases_picked_in_the_list_are_handed_over_together() {
    for lender in Lender::everywhere().await {
        give_role(&lender, "clerk", "credit_dept").await;
        let boss = give_role(&lender, "boss", "credit_dept").await;
        let mut keys = Vec::new();
        for name in ["程一诺", "钱二宁"] {
            let customer = lender.customer(name).await;
            lender.loan(customer, plain(START, 12)).await;
            keys.push(customer);
        }
        lender.close_until(date(2026, 11, 21)).await;
        let mut cases = Vec::new();
        for customer in &keys {
            cases.push(case_of(&lender, *customer).await.unwrap().key.case.to_string());
        }
        let mut desk = lender.house.user("boss").await;
        desk.get("/me?lang=zh-CN").await;
        assert!(!desk.get("/collections/cases").await.text.contains("负面信息"));
        let mut work = lender.at("boss").await;
        let watched = customers::watch::model::NewEntry {
            list: "negative_news".to_owned(),
            reason: "多头借款".to_owned(),
            from: work.business_date,
            until: None,
        };
        customers::watch::actions::enter(&mut work, keys[0], &watched).await.unwrap();
        work.commit().await.unwrap();
        let list = desk.get("/collections/cases").await;
        assert!(list.text.contains("/collections/cases/batch/transfer"), "{}", list.text);
        assert_eq!(list.text.matches("负面信息").count(), 1, "on a watch list");
        let to = boss.to_string();
        let fields = [
            ("key", cases[0].as_str()),
            ("key", cases[1].as_str()),
            ("to", to.as_str()),
            ("reason", "workload"),
            ("words", "客户多"),
            ("step", "do"),
        ];
        let done = desk.post("/collections/cases/batch/transfer", &fields).await;
        let report = desk.get(done.location()).await;
        let own = texts(&lender, "select cast(owner_id as text) as text from collection_case order by id").await;
        assert_eq!(own, [to.clone(), to.clone()], "{} {}", done.text, report.text);
        // Nobody is given what is theirs already, and a letter before its day is refused with the reason.
        let again = desk.post("/collections/cases/batch/transfer", &fields).await;
        assert!(desk.get(again.location()).await.text.contains("未办"), "{}", again.text);
        let letter = [("key", cases[0].as_str()), ("kind", "dunning"), ("step", "try")];
        let tried = desk.post("/collections/cases/batch/letters", &letter).await;
        assert!(tried.text.contains("不能办"), "{}", tried.text);
        let letter = [("key", cases[0].as_str()), ("kind", "guarantor"), ("step", "try")];
        let refused = desk.post("/collections/cases/batch/letters", &letter).await;
        assert_eq!(refused.status.as_u16(), 422, "a letter to a guarantor is written one by one");
    }
}
