//! Recordings from a telephone system: kept with the contact that was let through, judged where none was.

use axum::http::StatusCode;
use collections::contact::actions::{NewOutcome, record};
use collections::contact::model::ContactResult;
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::telephone::actions::deliver;
use collections::telephone::judge::{self, NewJudgement};
use collections::telephone::model::CallState;
use collections::telephone::rules::Sent;
use customers::contact_point::actions as points;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use platform::args;
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::id::CustomerId;

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// As a telephone system sends it: with the country, which files leave out.
const NUMBER: &str = "+86 199 0000-0001";

/// A call as a telephone system records it, longer than a sealed piece.
fn sound(of: u8) -> Vec<u8> {
    let mut bytes = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
    bytes.resize(300_000, of);
    bytes
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

/// A debtor with a case.
async fn debtor(lender: &Lender) -> CustomerId {
    let customer = lender.customer("程一诺").await;
    lender.loan(customer, plain(date(2026, 10, 20), 12)).await;
    lender.close_until(date(2026, 12, 21)).await;
    customer
}

/// Hands a call in as the telephone system would; its answer.
async fn handed(lender: &Lender, call: &str, at: Timestamp, bytes: &[u8]) -> String {
    let mut work = lender.at("boss").await;
    let at = at.to_string();
    let sent = Sent { call, number: NUMBER, line: "", at: &at, seconds: "61" };
    let answer = deliver(&mut work, &sent, bytes).await;
    if answer.is_ok() {
        work.commit().await.unwrap();
    }
    code(answer)
}

// Rules `recording.delivered`, `recording.delivered-once`
#[tokio::test]
async fn a_handed_in_call_becomes_the_recording_of_its_contact_once_its_outcome_is_entered() {
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut work = lender.at("clerk").await;
        let point = points::list(&mut work, customer).await.unwrap()[0].id;
        let manner = Manner::by(Channel::Phone);
        let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
        let Shown::Number(_, pass) = reserve(&mut work, &ask).await.unwrap() else { panic!("refused") };
        let at = work.now;
        work.commit().await.unwrap();

        lender.app().clock.advance(SignedDuration::from_mins(5));
        assert_eq!(handed(&lender, "pbx/1", at, b"%PDF-1.7").await, "recording-kind");
        assert_eq!(handed(&lender, "pbx 1", at, &sound(7)).await, "call-key");
        let late = at.checked_add(SignedDuration::from_hours(2)).unwrap();
        assert_eq!(handed(&lender, "pbx/1", late, &sound(7)).await, "contact-future");
        assert_eq!(handed(&lender, "pbx/1", at, &sound(7)).await, "done");
        assert_eq!(handed(&lender, "pbx/1", at, &sound(7)).await, "done", "delivered twice");
        assert_eq!(handed(&lender, "pbx/1", at, &sound(8)).await, "call-another");
        assert_eq!(lender.count("select count(*) as n from delivered_call where state = 'waiting'").await, 1);
        assert_eq!(lender.count("select count(*) as n from delivered_call").await, 1);
        assert_eq!(lender.count("select count(*) as n from contact_recording").await, 0);

        let mut work = lender.at("clerk").await;
        let mut outcome = NewOutcome::of(customer, AllowanceId(pass.allowance.unwrap()), ContactResult::Refused);
        outcome.response = "拒绝".to_owned();
        let contact = record(&mut work, &outcome).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count("select count(*) as n from delivered_call where state = 'kept'").await, 1);
        assert_eq!(lender.count("select count(*) as n from delivered_call_piece").await, 0, "it went over");
        let mut work = lender.at("boss").await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
        let (_, calls) = collections::recording::actions::calls(&mut work, case).await.unwrap();
        let kept = calls.iter().find(|call| call.contact.id == contact).unwrap().recording.as_ref().unwrap();
        let id = kept.id.to_string();
        let (_, bytes) = collections::recording::actions::open(&mut work, case, &id).await.unwrap();
        assert!(bytes == sound(7), "as it was handed in");
        drop(work);

        // The same contact has its recording; another call about that time is one that nobody let through.
        assert_eq!(handed(&lender, "pbx/2", at, &sound(9)).await, "done");
        assert_eq!(lender.count("select count(*) as n from delivered_call where state = 'unmatched'").await, 1);
    }
}

// X-05, S2.5-38. Rules `recording.unmatched`, `recording.open`, `recording.retention`
#[tokio::test]
async fn a_call_that_nobody_let_through_is_judged_and_a_finding_of_whoever_called() {
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let at = lender.work().await.now;
        let fields =
            [("call", "pbx/9"), ("number", NUMBER), ("line", ""), ("started_at", &at.to_string()), ("seconds", "20")];
        let mut browser = lender.house.user("boss").await;
        let page = "/collections/lines";
        let taken = browser.upload_from(page, "/collections/calls", &fields, ("file", "9.wav", &sound(9))).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
        let home = taken.location().to_owned();
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get("/collections/calls").await.status, StatusCode::FORBIDDEN);
        assert_eq!(viewer.get(&format!("{home}/file")).await.status, StatusCode::FORBIDDEN);
        let list = in_both_languages(&mut browser, "/collections/calls").await;
        assert!(list.text.contains("pbx/9") && !list.text.contains("19900000001"), "{}", list.text);
        in_both_languages(&mut browser, &home).await;
        let (status, bytes) = browser.file(&format!("{home}/file")).await;
        assert_eq!((status, bytes == sound(9)), (StatusCode::OK, true));
        let looks = "select count(*) as n from audit_entry where action = 'recording.open'";
        assert_eq!(lender.count(looks).await, 1, "every look is in the trail");

        let id = home.rsplit('/').next().unwrap().to_owned();
        let clerk = lender.house.user_id("clerk").await;
        let new = NewJudgement {
            customer,
            caller: clerk,
            result: ContactResult::Refused,
            response: "对方称不方便".to_owned(),
        };
        let mut work = lender.at("boss").await;
        let other = NewJudgement { customer: CustomerId(7), ..new.clone() };
        assert_eq!(code(judge::outside(&mut work, &id, &other).await), "choice-invalid");
        let silent = NewJudgement { response: " ".to_owned(), ..new.clone() };
        assert_eq!(code(judge::outside(&mut work, &id, &silent).await), "contact-response");
        judge::outside(&mut work, &id, &new).await.unwrap();
        assert_eq!(code(judge::outside(&mut work, &id, &new).await), "call-settled");
        assert_eq!(code(judge::dismiss(&mut work, &id, "误拨").await), "call-settled");
        assert!(judge::list(&mut work, CallState::Unmatched).await.unwrap().is_empty());
        work.commit().await.unwrap();
        let mut tx = lender.app().db.read().await.unwrap();
        let sql = "select collector_id from conduct_finding where rule = 'recording.unmatched'";
        let finding = tx.fetch_one(sql, args![]).await.unwrap();
        assert_eq!(finding.get::<i64>("collector_id").unwrap(), clerk.0, "of whoever called");
        drop(tx);
        let counted = "select count(*) as n from contact_allowance where origin = 'outside' and connected = 1";
        assert_eq!(lender.count(counted).await, 1, "it counts for the limits of the day");
        assert_eq!(lender.count("select count(*) as n from contact_recording").await, 1);

        // A call of a number that no file holds: none of collection. Its sound goes when its years are over.
        let mut work = lender.at("boss").await;
        let at = at.to_string();
        let sent = Sent { call: "pbx/10", number: "02087654321", line: "", at: &at, seconds: "5" };
        let other = deliver(&mut work, &sent, &sound(1)).await.unwrap().to_string();
        assert_eq!(code(judge::outside(&mut work, &other, &new).await), "choice-invalid", "in no file");
        assert_eq!(code(judge::dismiss(&mut work, &other, " ").await), "field-empty");
        judge::dismiss(&mut work, &other, "供应商来电").await.unwrap();
        work.tx.execute("update delivered_call set made_on = '2024-01-01'", args![]).await.unwrap();
        work.commit().await.unwrap();
        let page = format!("/collections/calls/{other}/dismiss");
        in_both_languages(&mut browser, &page).await;
        lender.close_until(date(2026, 12, 22)).await;
        assert_eq!(lender.count("select count(*) as n from delivered_call_piece").await, 0);
    }
}

// Rule `recording.unmatched`: a number that no file holds is judged by whoever judges for a branch.
#[tokio::test]
async fn a_call_of_a_number_in_no_file_is_seen_in_a_branch() {
    for lender in Lender::with_near_everywhere().await {
        let at = lender.work().await.now.to_string();
        let sent = Sent { call: "pbx/11", number: "02087654321", line: "", at: &at, seconds: "5" };
        let mut work = lender.at("boss").await;
        let id = deliver(&mut work, &sent, &sound(1)).await.unwrap().to_string();
        work.commit().await.unwrap();
        let mut near = lender.house.user("near").await;
        let list = in_both_languages(&mut near, "/collections/calls").await;
        assert!(list.text.contains("pbx/11") && !list.text.contains("02087654321"), "{}", list.text);
        let page = format!("/collections/calls/{id}/dismiss");
        let done = near.post_from(&page, &page, &[("reason", "供应商来电")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
}

// Rules `recording.delivered`, `recording.retention`: the close looks again at what missed its outcome, and takes away
// no sound of a debt that is still owed.
#[tokio::test]
async fn a_call_that_missed_its_outcome_is_kept_by_the_close_and_stays_while_something_is_owed() {
    for lender in Lender::everywhere().await {
        let customer = debtor(&lender).await;
        let mut work = lender.at("clerk").await;
        let point = points::list(&mut work, customer).await.unwrap()[0].id;
        let manner = Manner::by(Channel::Phone);
        let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
        let Shown::Number(_, pass) = reserve(&mut work, &ask).await.unwrap() else { panic!("refused") };
        let at = work.now;
        work.commit().await.unwrap();
        lender.app().clock.advance(SignedDuration::from_mins(5));
        assert_eq!(handed(&lender, "pbx/20", at, &sound(3)).await, "done");
        let set = async |sql: &'static str| {
            let mut tx = lender.app().db.write().await.unwrap();
            tx.execute(sql, args![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        set("update delivered_call set made_on = '2020-01-01'").await;
        lender.close_until(date(2026, 12, 22)).await;
        assert_eq!(lender.count("select count(*) as n from delivered_call where erased_on is null").await, 1, "owed");
        // As if call and outcome had been entered at one moment, neither seeing the other.
        set("update delivered_call set state = 'unmatched'").await;
        let mut work = lender.at("clerk").await;
        let mut outcome = NewOutcome::of(customer, AllowanceId(pass.allowance.unwrap()), ContactResult::Refused);
        outcome.response = "拒绝".to_owned();
        record(&mut work, &outcome).await.unwrap();
        work.commit().await.unwrap();
        set("update delivered_call set state = 'waiting'").await;
        lender.close_until(date(2026, 12, 23)).await;
        assert_eq!(lender.count("select count(*) as n from delivered_call where state = 'kept'").await, 1);
        assert_eq!(lender.count("select count(*) as n from contact_recording").await, 1);
    }
}
