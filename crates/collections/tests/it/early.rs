//! Collections that start before anything is overdue: a death, a disappearance, a called loan; on both databases.

use axum::http::StatusCode;
use collections::case::model::{Case, CaseState, CloseReason};
use collections::case::store as cases;
use collections::contact::actions::{NewOutcome, record as outcome};
use collections::contact::model::ContactResult;
use collections::early::actions::{end, record};
use collections::early::model::{EarlyStartId, NewStart, StartKind};
use collections::early::store;
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::obligor::actions as obligors;
use collections::obligor::model::Owes;
use collections::stop_flag::actions as flags;
use collections::stop_flag::model::{NewStopFlag, StopFlagId, StopKind};
use customers::contact_point::actions as points;
use customers::contact_point::model::ContactKind;
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use finance::{Extension, ExtensionScope, Fen, RepaymentMode, TransactionKind};
use jiff::civil::{Date, date};
use platform::args;
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::CustomerId;
use serde_json::json;
use servicing::loan::actions::apply;
use servicing::loan::model::{Channel as Money, LoanKey, NewTransaction};
use servicing::loan::store::load_file;
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};
use servicing::security::actions as securities;
use servicing::security::model::{GuaranteeKind, NewSecurity};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// The day on which the test house begins, a Friday.
const TODAY: Date = date(2026, 11, 20);

fn code(error: &ActionError) -> String {
    match error.refusal() {
        Some(refused) if refused.fields.is_empty() => refused.code.to_owned(),
        Some(refused) => refused.fields.iter().map(|field| field.code).collect::<Vec<_>>().join(","),
        None => error.to_string(),
    }
}

async fn open_case(lender: &Lender, customer: CustomerId) -> Option<Case> {
    let mut tx = lender.app().db.read().await.unwrap();
    cases::open_of(&mut tx, customer).await.unwrap()
}

async fn texts(lender: &Lender, sql: &'static str) -> Vec<String> {
    let mut tx = lender.app().db.read().await.unwrap();
    let rows = tx.fetch_all(sql, args![]).await.unwrap();
    rows.iter().map(|row| row.get("text").unwrap()).collect()
}

const OPENED: &str = "select e.reason || ':' || e.to_value as text from collection_case_event e \
     where e.kind = 'opened' order by e.id";
const CLOSED: &str = "select closed_reason as text from collection_case where closed_on is not null order by id";

async fn started(lender: &Lender, customer: CustomerId, kind: StartKind) -> Result<EarlyStartId, String> {
    let mut work = lender.at("boss").await;
    let new = NewStart {
        kind,
        happened_on: TODAY,
        reason: "搬离住所，去向不明".to_owned(),
        evidence: "走访记录 2026-11".to_owned(),
    };
    let id = record(&mut work, customer, &new).await.map_err(|error| code(&error))?;
    work.commit().await.unwrap();
    Ok(id)
}

async fn died(lender: &Lender, customer: CustomerId) -> StopFlagId {
    let mut work = lender.at("boss").await;
    let flag = NewStopFlag { kind: StopKind::Death, reason: "病故".to_owned(), evidence: "死亡证明".to_owned() };
    let id = flags::set(&mut work, customer, &flag).await.unwrap();
    work.commit().await.unwrap();
    id
}

async fn reached(lender: &Lender, customer: CustomerId) {
    let mut work = lender.at("boss").await;
    let all = points::list(&mut work, customer).await.unwrap();
    let point = all.iter().find(|point| point.kind == ContactKind::Phone).unwrap().id;
    let manner = Manner::by(Channel::Phone);
    let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
    let Shown::Number(_, pass) = reserve(&mut work, &ask).await.unwrap() else { panic!("refused") };
    let mut said = NewOutcome::of(customer, AllowanceId(pass.allowance.unwrap()), ContactResult::CallAgain);
    said.response = "在外地打工".to_owned();
    outcome(&mut work, &said).await.unwrap();
    work.commit().await.unwrap();
}

async fn pay(lender: &Lender, key: LoanKey, amount: Fen) {
    let mut work = lender.work().await;
    let new = NewRepayment {
        on: work.business_date,
        amount,
        mode: RepaymentMode::Regular,
        allocation: Vec::new(),
        channel: Money::BankTransfer,
        note: None,
        business_key: None,
    };
    repay(&mut work, key, None, &new).await.unwrap();
    work.commit().await.unwrap();
}

// S2.3-01. Rules `case.start-early`, `duty.case_started`: a disappearance opens a case at once, the close keeps it although
// nothing is overdue and asks for no number of contacts, and a contact with the borrower ends it.
#[tokio::test]
async fn a_borrower_who_disappears_has_a_case_until_reached() {
    for lender in Lender::everywhere().await {
        let nobody = lender.customer("无借据").await;
        assert_eq!(started(&lender, nobody, StartKind::Missing).await, Err("early-no-loan".to_owned()));
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(TODAY, 12)).await;
        assert_eq!(started(&lender, customer, StartKind::Unable).await, Err("early-not-matured".to_owned()));
        started(&lender, customer, StartKind::Missing).await.unwrap();
        assert_eq!(started(&lender, customer, StartKind::Missing).await, Err("early-stands".to_owned()));
        assert_eq!(texts(&lender, OPENED).await, ["missing:none"]);
        let analysis = "select count(*) as n from duty where kind = 'case_analysis' and state = 'open'";
        assert_eq!(lender.count(analysis).await, 1);

        // A Monday passes, on which the ladder would ask.
        lender.close_until(date(2026, 11, 24)).await;
        assert!(open_case(&lender, customer).await.is_some());
        assert_eq!(lender.count("select count(*) as n from contact_requirement").await, 0);
        assert_eq!(lender.count(analysis).await, 1, "asked once");
        reached(&lender, customer).await;
        let ended = "select ended_reason as text from early_start";
        assert_eq!(texts(&lender, ended).await, ["contact"]);
        lender.close_until(date(2026, 11, 25)).await;
        assert!(open_case(&lender, customer).await.is_none());
        assert_eq!(texts(&lender, CLOSED).await, ["adjusted"]);
        assert_eq!(lender.count(analysis).await, 0, "nothing is left to do");
    }
}

// S2.3-01. Rule `case.start-early`: a death opens a case whether it is recorded before the loan, while it runs or is
// overdue; money that leaves nothing overdue does not end it, taking the death back does.
#[tokio::test]
async fn a_dead_borrower_has_a_case_until_the_death_is_taken_back_or_the_loan_is_settled() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        let flag = died(&lender, customer).await;
        assert_eq!(texts(&lender, OPENED).await, ["dead:none"], "on its due day nothing is overdue");
        // Known before there was a loan: the close opens the case.
        let before = lender.customer("钱二宁").await;
        died(&lender, before).await;
        assert!(open_case(&lender, before).await.is_none());
        let short = lender.loan(before, plain(TODAY, 12)).await.file.loan.key;

        lender.close_until(date(2026, 11, 24)).await;
        assert_eq!(open_case(&lender, customer).await.unwrap().rung, "remind", "now it is overdue as well");
        assert_eq!(open_case(&lender, before).await.unwrap().rung, "none");
        assert_eq!(texts(&lender, OPENED).await, ["dead:none", "dead:none"]);
        assert_eq!(
            lender.count("select count(*) as n from contact_requirement r where r.outcome is null").await,
            lender
                .count(
                    "select count(*) as n from contact_requirement r where r.outcome is null and r.customer_id in \
                (select v.customer_id from loan_view v where v.status = 'overdue')"
                )
                .await,
            "asked about what is overdue alone"
        );
        pay(&lender, key, Fen(950_000)).await;
        let stays = open_case(&lender, customer).await.unwrap();
        assert_eq!(stays.rung, "none", "money brought it down");
        lender.close_until(date(2026, 11, 25)).await;
        assert_eq!(open_case(&lender, customer).await.unwrap().key, stays.key);

        let mut work = lender.at("clerk").await;
        flags::lift(&mut work, customer, flag, "同名，系误登").await.unwrap();
        work.commit().await.unwrap();
        let mut tx = lender.app().db.read().await.unwrap();
        let closed = cases::find(&mut tx, stays.key.case).await.unwrap().unwrap();
        let on = date(2026, 11, 25);
        assert_eq!(closed.state, CaseState::Closed { on, reason: CloseReason::Adjusted });
        drop(tx);
        let mut work = lender.work().await;
        let engine = Engine::load(&mut work, on).await.unwrap();
        let file = load_file(&mut work.tx, short).await.unwrap().unwrap();
        let owed = engine.replay(&file, on, None).unwrap().outstanding.total().unwrap();
        let whole = NewRepayment {
            on,
            amount: owed,
            mode: RepaymentMode::Settle,
            allocation: Vec::new(),
            channel: Money::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, short, None, &whole).await.unwrap();
        work.commit().await.unwrap();
        assert!(open_case(&lender, before).await.is_none(), "the estate paid: nothing is left to collect");
    }
}

// S2.3-01, A-30. Rule `case.start-early`: a called loan, and a matured one that cannot be paid, before they are overdue.
#[tokio::test]
async fn a_called_or_hopeless_loan_has_a_case_before_it_is_overdue() {
    for lender in Lender::everywhere().await {
        let called = lender.customer("程一诺").await;
        let key = lender.loan(called, plain(TODAY, 12)).await.file.loan.key;
        let mut work = lender.work().await;
        let new = NewTransaction::new(TODAY, TransactionKind::Accelerate, Money::Book);
        apply(&mut work, key, None, &new, "loan.accelerate", "loan_accelerated").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(texts(&lender, OPENED).await, ["recalled:none"]);
        let matured = lender.customer("钱二宁").await;
        lender.loan(matured, plain(date(2026, 10, 20), 1)).await;
        started(&lender, matured, StartKind::Unable).await.unwrap();
        assert_eq!(texts(&lender, OPENED).await, ["recalled:none", "matured:none"]);
        lender.close_until(date(2026, 11, 24)).await;
        for customer in [called, matured] {
            assert_eq!(open_case(&lender, customer).await.unwrap().rung, "remind", "overdue by now, the same case");
        }
        assert_eq!(texts(&lender, OPENED).await.len(), 2);
    }
}

// S2.3-01. Rule `case.start-early`: new terms agreed since a call end it, and with it what kept the case.
#[tokio::test]
async fn a_called_loan_with_new_terms_keeps_no_case() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(TODAY, 12)).await.file.loan.key;
        let mut work = lender.work().await;
        let new = NewTransaction::new(TODAY, TransactionKind::Accelerate, Money::Book);
        apply(&mut work, key, None, &new, "loan.accelerate", "loan_accelerated").await.unwrap();
        work.commit().await.unwrap();
        assert!(open_case(&lender, customer).await.is_some());
        let longer = Extension { until: date(2028, 11, 20), rate: None, scope: ExtensionScope::LastInstalment };
        let mut work = lender.work().await;
        let new = NewTransaction::new(TODAY, TransactionKind::Extend(longer), Money::Book);
        apply(&mut work, key, None, &new, "loan.extend", "loan_extended").await.unwrap();
        work.commit().await.unwrap();
        assert!(open_case(&lender, customer).await.is_none());
        assert_eq!(texts(&lender, CLOSED).await, ["adjusted"]);
    }
}

// S2.3-01. Rule `case.start-early`: recorded and ended on pages and by programs, by those who work cases.
#[tokio::test]
async fn a_start_is_recorded_and_ended_on_the_pages() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        lender.loan(customer, plain(TODAY, 12)).await;
        let form = format!("/customers/{customer}/early-starts/new");
        let mut browser = lender.house.user("boss").await;
        in_both_languages(&mut browser, &form).await;
        let file = in_both_languages(&mut browser, &format!("/customers/{customer}?tab=cases")).await;
        assert!(file.text.contains(&form), "{}", file.text);
        let bad = [("kind", "gone"), ("early_on", "2027-01-01"), ("reason", " "), ("evidence", "")];
        assert_eq!(browser.post_from(&form, &form, &bad).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let good = [
            ("kind", "ended"),
            ("early_on", "2026-11-20"),
            ("reason", "<b>解除合同</b>"),
            ("evidence", "解除通知 2026-8"),
        ];
        let saved = browser.post_from(&form, &form, &good).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let case = open_case(&lender, customer).await.unwrap().key.case;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}")).await;
        assert!(page.text.contains("&lt;b&gt;解除合同") && !page.text.contains("<b>解除合同"), "{}", page.text);
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.post(&form, &good).await.status, StatusCode::FORBIDDEN);

        let mut program = lender.house.program("boss", &["case.view", "case.work", "customer.view"]).await;
        let list = format!("/customers/{customer}/early-starts");
        let told = program.get(&list).await.json();
        assert_eq!((told[0]["kind"].as_str(), told[0]["ended_on"].as_str()), (Some("ended"), None));
        let id = told[0]["id"].as_str().unwrap().to_owned();
        let way = format!("{list}/{id}/end");
        let refused = program.post(&way, &json!({"reason": " "})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        in_both_languages(&mut browser, &way).await;
        let ended = program.post(&way, &json!({"reason": "恢复履行"})).await;
        assert!(ended.status.is_success(), "{}", ended.text);
        assert!(open_case(&lender, customer).await.is_none());
        let told = program.get(&list).await.json();
        assert_eq!(told[0]["ended_reason"], "恢复履行");
        let mut work = lender.at("boss").await;
        let start = store::of_customer(&mut work.tx, customer).await.unwrap().remove(0).id;
        assert_eq!(code(&end(&mut work, customer, start, "再次").await.unwrap_err()), "early-not-found");
    }
}

// S2.5-23. Rule `obligor.not-due`: who secures a loan of which nothing is due is told so, and nothing is left to legal.
#[tokio::test]
async fn a_guarantor_of_what_is_not_due_does_not_answer_yet() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("程一诺").await;
        let key = lender.loan(customer, plain(TODAY, 12)).await.file.loan.key;
        let mut work = lender.at("boss").await;
        for name in ["顾年", "马国强"] {
            let new = NewRelation {
                kind: RelationKind::Guarantor,
                name: name.to_owned(),
                identity: None,
                share_ppm: None,
                since: TODAY,
                consented_on: None,
                note: None,
            };
            relations::add(&mut work, customer, &new).await.unwrap();
        }
        let guarantor = "顾年".to_owned();
        let new = NewSecurity::Guarantee { kind: GuaranteeKind::Joint, guarantor, amount: None, until: None };
        securities::add(&mut work, key, None, new).await.unwrap();
        work.commit().await.unwrap();
        started(&lender, customer, StartKind::Missing).await.unwrap();
        let stands = async || {
            let mut work = lender.at("boss").await;
            let found = obligors::of(&mut work, customer).await.unwrap();
            let owes = |name: &str| found.iter().find(|one| one.name == name).map(|one| one.owes);
            (owes("顾年"), owes("马国强"))
        };
        assert_eq!(stands().await, (Some(Owes::NotDue), Some(Owes::Unclear)), "the other has no contract in writing");
        let case = open_case(&lender, customer).await.unwrap().key.case;
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &format!("/collections/cases/{case}/obligors")).await;
        assert!(page.text.contains("尚无到期债务"), "{}", page.text);
        // Once an instalment is overdue, the guarantee answers.
        lender.close_until(date(2026, 12, 22)).await;
        assert_eq!(stands().await, (Some(Owes::Yes), Some(Owes::Unclear)));
    }
}

#[tokio::test]
async fn a_case_without_arrears_has_the_fewest_days_on_every_database() {
    // S2.3-01, S2.5-21: the order of the list is the same on both databases.
    for lender in Lender::everywhere().await {
        let late = lender.customer("乙逾期").await;
        lender.loan(late, plain(date(2026, 8, 20), 12)).await;
        let early = lender.customer("甲失联").await;
        lender.loan(early, plain(TODAY, 12)).await;
        started(&lender, early, StartKind::Missing).await.unwrap();
        lender.close_until(date(2026, 11, 21)).await;
        let mut program = lender.house.program("boss", &["case.view"]).await;
        for (sort, expected) in [("-days", ["乙逾期", "甲失联"]), ("days", ["甲失联", "乙逾期"])] {
            let told = program.get(&format!("/collections/cases?view=open&sort={sort}")).await.json();
            let rows = told["rows"].as_array().unwrap();
            let names: Vec<&str> = rows.iter().filter_map(|row| row["customer"].as_str()).collect();
            assert_eq!(names, expected, "{sort}: {told}");
        }
    }
}
