//! Recordings of calls: asked for where the policy wants them, opened by few, taken away when their time is over.

use axum::http::StatusCode;
use collections::contact::actions::{NewOutcome, record};
use collections::contact::model::ContactResult;
use collections::guard::model::AllowanceId;
use collections::guard::{Ask, reserve};
use collections::recording::actions as recordings;
use customers::contact_point::actions as points;
use finance::RepaymentMode;
use jiff::civil::date;
use platform::args;
use platform::contact_gate::{Channel, Manner, Purpose, Shown};
use platform::error::ActionError;
use platform::testbed::{self, packs};
use servicing::loan::model::Channel as Paid;
use servicing::position::engine::Engine;
use servicing::repayment::actions::{NewRepayment, record as repay};

use crate::guard_pages::in_both_languages;
use crate::lender::{Lender, plain};

/// A call as telephones record it, longer than a sealed piece.
fn sound() -> Vec<u8> {
    let mut bytes = b"RIFF\x24\0\0\0WAVEfmt ".to_vec();
    bytes.resize(300_000, 7);
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

// X-05, S4-18, S4-06. Rules `contact.feedback`, `recording.required`, `recording.once`, `recording.open`, `recording.retention`, `duty.recording_missing`
#[tokio::test]
async fn a_call_has_its_recording_which_few_open_and_the_close_takes_away() {
    for db in testbed::databases().await {
        let mut texts = packs();
        let wanted = "recording_required,flag,true,,,house.collection-law,house,,接通的通话须存录音,Recordings\n";
        texts.get_mut("microloan/parameters.csv").unwrap().push_str(wanted);
        let lender = Lender::with_packs(db, texts).await;
        let customer = lender.customer("程一诺").await;
        let loan = lender.loan(customer, plain(date(2026, 10, 20), 12)).await.file.loan.key;
        lender.close_until(date(2026, 12, 21)).await;
        let mut work = lender.at("clerk").await;
        let case = collections::case::store::open_of(&mut work.tx, customer).await.unwrap().unwrap().key.case;
        let point = points::list(&mut work, customer).await.unwrap()[0].id;
        let manner = Manner::by(Channel::Phone);
        let ask = Ask { customer, point, purpose: Purpose::Collect, manner, reason: "催收".to_owned() };
        let Shown::Number(_, pass) = reserve(&mut work, &ask).await.unwrap() else { panic!("refused") };
        let mut outcome = NewOutcome::of(customer, AllowanceId(pass.allowance.unwrap()), ContactResult::Refused);
        outcome.response = "拒绝".to_owned();
        let contact = record(&mut work, &outcome).await.unwrap().to_string();
        work.commit().await.unwrap();
        let open = "select count(*) as n from duty where kind = 'recording_missing' and state = 'open'";
        assert_eq!(lender.count(open).await, 1, "the policy wants the recording");

        let told = "select count(*) as n from notice where kind = 'collection_fed_back'";
        assert_eq!(lender.count(told).await, 1, "whoever brought the debtor in is told on the day");

        let home = format!("/collections/cases/{case}/recordings");
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &home).await;
        assert!(page.text.contains("缺录音"), "{}", page.text);
        let fields = [("contact", contact.as_str())];
        let paper = browser.upload_from(&home, &home, &fields, ("file", "a.wav", b"%PDF-1.7")).await;
        assert_eq!(paper.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", paper.text);
        let kept = browser.upload_from(&home, &home, &fields, ("file", "a.wav", &sound())).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        assert_eq!(lender.count(open).await, 0, "kept is done");
        let mut work = lender.at("clerk").await;
        assert_eq!(code(recordings::keep(&mut work, case, &contact, &sound()).await), "recording-kept");
        assert_eq!(code(recordings::keep(&mut work, case, "7", &sound()).await), "choice-invalid");
        let (_, calls) = recordings::calls(&mut work, case).await.unwrap();
        let id = calls[0].recording.as_ref().unwrap().id.to_string();
        drop(work);

        let file = format!("{home}/{id}/file");
        let (status, bytes) = browser.file(&file).await;
        assert_eq!((status, bytes == sound()), (StatusCode::OK, true), "as it was handed in");
        let mut viewer = lender.house.user("viewer").await;
        assert_eq!(viewer.get(&home).await.status, StatusCode::OK, "that it is there is no secret");
        assert_eq!(viewer.get(&file).await.status, StatusCode::FORBIDDEN);
        let looks = "select count(*) as n from audit_entry where action = 'recording.open'";
        assert_eq!(lender.count(looks).await, 1, "every look is in the trail");

        // Its years are over, and the debt is still owed; then it is settled.
        let mut work = lender.work().await;
        work.tx.execute("update contact_recording set made_on = '2024-01-01'", args![]).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 12, 22)).await;
        let pieces = "select count(*) as n from contact_recording_piece";
        assert_eq!(lender.count(pieces).await, 2, "kept until the debt is settled");
        let mut work = lender.work().await;
        let on = work.business_date;
        let held = servicing::loan::store::load_file(&mut work.tx, loan).await.unwrap().unwrap();
        let owed = Engine::load(&mut work, on).await.unwrap().replay(&held, on, None).unwrap().outstanding;
        let new = NewRepayment {
            on,
            amount: owed.total().unwrap(),
            mode: RepaymentMode::Settle,
            allocation: Vec::new(),
            channel: Paid::BankTransfer,
            note: None,
            business_key: None,
        };
        repay(&mut work, loan, None, &new).await.unwrap();
        work.commit().await.unwrap();
        lender.close_until(date(2026, 12, 23)).await;
        assert_eq!(lender.count(pieces).await, 0);
        let mut work = lender.at("boss").await;
        assert_eq!(code(recordings::open(&mut work, case, &id).await), "recording-erased");
        drop(work);
        // Two days later the session is over: logged in anew.
        let mut browser = lender.house.user("boss").await;
        let page = in_both_languages(&mut browser, &home).await;
        assert!(page.text.contains("已于 2026-12-23 删除"), "{}", page.text);
    }
}
