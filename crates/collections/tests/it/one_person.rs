//! Two files of one person: the limits of contact, flags, loans and cases are counted over both; on every database.

use axum::http::StatusCode;
use collections::contact::actions::{NewOutcome, record};
use collections::contact::model::ContactResult;
use collections::guard::hours_actions::{AgreedHours, agree_hours, confirm_hours};
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::stop_flag::model::{NewStopFlag, StopKind};
use customers::contact_point::actions as points;
use customers::contact_point::model::{ContactKind, ContactPointId, NewContactPoint, SourceRoute};
use customers::merge::actions::{self as merges, Wish};
use jiff::civil::{Date, date};
use platform::approval::{self, ApprovalId, Verdict};
use platform::contact_gate::{Channel, Manner, Pass, Purpose, Shown};
use platform::id::CustomerId;

use crate::lender::{Lender, plain};

const LOAN_FROM: Date = date(2026, 8, 20);

/// An overdue debtor with a phone that nobody else has.
async fn debtor(lender: &Lender, name: &str, phone: &str) -> (CustomerId, ContactPointId) {
    let customer = lender.customer(name).await;
    lender.loan(customer, plain(LOAN_FROM, 12)).await;
    let mut work = lender.at("boss").await;
    let new = NewContactPoint {
        relation: None,
        kind: ContactKind::Phone,
        value: phone.to_owned(),
        route: SourceRoute::Customer,
        consented: true,
        main: true,
    };
    let own = points::list(&mut work, customer).await.unwrap()[0].id;
    points::end(&mut work, customer, own, "空号").await.unwrap();
    let point = points::add(&mut work, customer, &new).await.unwrap();
    work.commit().await.unwrap();
    (customer, point)
}

async fn asked(lender: &Lender, login: &str, (customer, point): (CustomerId, ContactPointId)) -> Result<Pass, String> {
    let mut work = lender.at(login).await;
    let ask = Ask {
        customer,
        point,
        purpose: Purpose::Collect,
        manner: Manner::by(Channel::Phone),
        reason: "催收到期款项".to_owned(),
    };
    let shown = reserve(&mut work, &ask).await.unwrap();
    work.commit().await.unwrap();
    match shown {
        Shown::Number(_, pass) => Ok(pass),
        Shown::Refused { rule, .. } => Err(rule),
    }
}

async fn called(lender: &Lender, whom: (CustomerId, ContactPointId)) -> Result<(), String> {
    let pass = asked(lender, "boss", whom).await?;
    let mut work = lender.at("boss").await;
    let mut outcome = NewOutcome::of(whom.0, AllowanceId(pass.allowance.unwrap()), ContactResult::Refused);
    outcome.response = "拒绝还款".to_owned();
    record(&mut work, &outcome).await.unwrap();
    work.commit().await.unwrap();
    Ok(())
}

async fn agreed(lender: &Lender, whose: CustomerId, id: ApprovalId) {
    let mut work = lender.at("clerk").await;
    work.actor.roles = vec!["risk_dept".to_owned()];
    let seen = approval::store::load(&mut work.tx, whose, id).await.unwrap().unwrap().version;
    let verdict = Verdict { seen, opinion: "已核".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, whose, id, &verdict).await.unwrap();
    work.commit().await.unwrap();
}

/// Makes one file of two, as two people agree to it.
pub async fn merged(lender: &Lender, gone: CustomerId, into: CustomerId) {
    let mut work = lender.at("boss").await;
    let wish = Wish { gone, into, reason: "面谈核实为同一人".to_owned() };
    let one = merges::request(&mut work, &wish).await.unwrap();
    work.commit().await.unwrap();
    agreed(lender, gone, one.approval.unwrap()).await;
}

async fn undone(lender: &Lender, gone: CustomerId) {
    let mut work = lender.at("boss").await;
    let one = merges::request_undo(&mut work, gone, "经查为两人").await.unwrap();
    work.commit().await.unwrap();
    agreed(lender, gone, one.undo_approval.unwrap()).await;
}

// X-05 X-06. Rule customer.merge.person
#[tokio::test]
async fn an_allowance_used_on_one_file_is_used_on_the_other() {
    for lender in Lender::everywhere().await {
        let one = debtor(&lender, "甲", "19900000077").await;
        let other = debtor(&lender, "甲又名", "19900000088").await;
        called(&lender, one).await.unwrap();
        called(&lender, one).await.unwrap();
        called(&lender, other).await.unwrap();
        merged(&lender, one.0, other.0).await;
        // Three connected calls a day to one person, over all debts: two here and one there.
        for whom in [one, other] {
            for login in ["boss", "clerk"] {
                assert_eq!(asked(&lender, login, whom).await, Err("contact.calls-per-day".to_owned()), "{login}");
            }
        }
        undone(&lender, one.0).await;
        called(&lender, other).await.unwrap();
        called(&lender, one).await.unwrap();
        assert_eq!(asked(&lender, "boss", one).await, Err("contact.calls-per-day".to_owned()), "his own three");
        called(&lender, other).await.unwrap();
    }
}

// X-05 X-06. Rule customer.merge.person
#[tokio::test]
async fn an_outcome_owed_in_one_file_is_owed_in_the_other_and_a_flag_stops_both() {
    for lender in Lender::everywhere().await {
        let one = debtor(&lender, "甲", "19900000077").await;
        let other = debtor(&lender, "甲又名", "19900000088").await;
        merged(&lender, one.0, other.0).await;
        asked(&lender, "boss", one).await.unwrap();
        assert_eq!(asked(&lender, "boss", other).await, Err("contact.outcome-first".to_owned()));
        let mut work = lender.at("boss").await;
        let flag =
            NewStopFlag {
                kind: StopKind::Dispute, reason: "金额有异议".to_owned(), evidence: "投诉单7".to_owned()
            };
        collections::stop_flag::set(&mut work, one.0, &flag).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(asked(&lender, "clerk", other).await, Err("contact.stop-flag".to_owned()));
        undone(&lender, one.0).await;
        assert!(asked(&lender, "clerk", other).await.is_ok(), "two people again");
    }
}

// Rules `contact.hours-confirmed`, customer.merge.person
#[tokio::test]
async fn a_statement_in_one_file_hides_no_confirmed_time_zone_of_the_other() {
    for lender in Lender::everywhere().await {
        let one = debtor(&lender, "甲", "19900000077").await;
        let other = debtor(&lender, "甲又名", "19900000088").await;
        merged(&lender, one.0, other.0).await;
        let states = async |customer: CustomerId, time_zone: Option<&str>| {
            let mut work = lender.at("boss").await;
            let hours =
                AgreedHours {
                    time_zone: time_zone.map(str::to_owned), hours: None, evidence: "常住地证明".to_owned()
                };
            agree_hours(&mut work, customer, &hours).await.unwrap();
            work.commit().await.unwrap();
        };
        states(one.0, Some("Europe/London")).await;
        let record = lender.count("select max(id) as n from contact_hours").await.to_string();
        let mut work = lender.at("clerk").await;
        confirm_hours(&mut work, one.0, &record, "已回电核对").await.unwrap();
        work.commit().await.unwrap();
        // 07:59 in London, the middle of the afternoon in China.
        lender.app().clock.set("2026-11-20T07:59:00Z".parse().unwrap());
        let quiet = Err("contact.quiet-hours".to_owned());
        assert_eq!(asked(&lender, "boss", other).await, quiet);
        states(other.0, None).await;
        assert_eq!(asked(&lender, "boss", other).await, quiet, "nothing was agreed that opens it");
        assert_eq!(asked(&lender, "boss", one).await, quiet);
    }
}

// Rules customer.merge.person, customer.merge.gone
#[tokio::test]
async fn loans_and_exposure_of_both_stand_on_the_surviving_page_and_repayments_go_on() {
    for lender in Lender::everywhere().await {
        let one = debtor(&lender, "甲", "19900000077").await;
        let other = debtor(&lender, "甲又名", "19900000088").await;
        let mut browser = lender.house.user("boss").await;
        let number = |text: &str, of: i64| {
            text.split("href=\"/loans/").skip(1).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).count()
                as i64
                - of
        };
        let before = browser.get(&format!("/customers/{}?tab=loans", other.0)).await;
        assert_eq!(number(&before.text, 1), 0, "{}", before.text);
        merged(&lender, one.0, other.0).await;
        let both = browser.get(&format!("/customers/{}?tab=loans", other.0)).await;
        assert_eq!(number(&both.text, 2), 0, "{}", both.text);
        let own = browser.get(&format!("/customers/{}?tab=loans", one.0)).await;
        assert_eq!(number(&own.text, 1), 0, "the file that went shows its own");
        let group = browser.get(&format!("/customers/{}/group", other.0)).await;
        assert_eq!(group.status, StatusCode::OK);
        assert_eq!(number(&group.text, 2), 0, "one party with two loans: {}", group.text);
        let opening = browser.get(&format!("/loans/new?customer={}", one.0)).await;
        assert_eq!(opening.status, StatusCode::CONFLICT, "{}", opening.text);
        let mut work = lender.at("boss").await;
        let row =
            work.tx.fetch_one("select loan_id from loan_view where customer_id = $1", platform::args![one.0]).await;
        let loan: servicing::loan::model::LoanId = row.unwrap().get("loan_id").unwrap();
        drop(work);
        let page = format!("/loans/{loan}/repayments/new");
        let form = browser.get(&page).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.text);
        lender.close_until(date(2026, 11, 23)).await;
        let mut work = lender.at("boss").await;
        let cases = "select number from collection_case order by customer_id";
        let cases = work.tx.fetch_all(cases, platform::args![]).await.unwrap();
        assert_eq!(cases.len(), 2, "each file keeps its own case");
        let id: i64 = {
            let sql = "select id from collection_case where customer_id = $1";
            work.tx.fetch_one(sql, platform::args![other.0]).await.unwrap().get("id").unwrap()
        };
        drop(work);
        // Days have passed: the log-in of before is over.
        let mut browser = lender.house.user("boss").await;
        let case = browser.get(&format!("/collections/cases/{id}")).await;
        assert!(case.text.contains(&format!("/customers/{}?tab=cases", one.0)), "{}", case.text);
    }
}
