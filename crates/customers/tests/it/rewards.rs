//! Referral rewards on every database: proposed by the first payout, asked for, agreed to, paid; once, not for oneself.

use axum::http::StatusCode;
use customers::lead::convert::{self, Conversion};
use customers::lead::model::Origin;
use customers::lead::source;
use customers::reward::model::{Reward, RewardState};
use customers::reward::{actions, store};
use platform::approval::{self, Verdict};
use platform::event::Event;
use platform::id::CustomerId;
use platform::locale::missing_in;
use serde_json::json;

use crate::leads::{lead, taken};
use crate::lender::{Lender, identity, lenders};

pub async fn customer(lender: &Lender, name: &str, serial: u32) -> CustomerId {
    let mut work = lender.work("lin").await;
    let new = lender.person(name, Some(&identity(serial)), None, "lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

/// Somebody whom this customer referred.
pub async fn referred(lender: &Lender, name: &str, serial: u32, referrer: CustomerId) -> CustomerId {
    let mut new = lead(lender, name, "lin").await;
    new.origin = Origin { channel: "word_of_mouth".to_owned(), referrer: Some(referrer), ..Origin::default() };
    let id = taken(lender, "lin", &new).await.unwrap();
    let number =
        customers::identity::IdentityNo::parse(customers::identity::IdentityKind::ResidentId, &identity(serial));
    let wish = Conversion { identity: number.ok(), manager: None, existing: None, somebody_else: true };
    let mut work = lender.work("lin").await;
    let file = convert::convert(&mut work, &id.to_string(), &wish).await.unwrap();
    work.commit().await.unwrap();
    file
}

pub async fn pay_out(lender: &Lender, customer: CustomerId) {
    happened(lender, customer, "loan_disbursed", json!({"loan": "77", "paid_out": true, "first": true})).await;
}

async fn happened(lender: &Lender, customer: CustomerId, kind: &'static str, payload: serde_json::Value) {
    let mut work = lender.system().await;
    let effective_on = work.business_date;
    let event = Event { kind, customer, subject: "loan:77".to_owned(), effective_on, payload };
    work.emit(event).await.unwrap();
    work.commit().await.unwrap();
}

async fn reward_of(lender: &Lender, customer: CustomerId) -> Option<Reward> {
    let mut tx = lender.house.app.db.read().await.unwrap();
    store::of_customer(&mut tx, customer).await.unwrap()
}

async fn approve(lender: &Lender, one: &Reward) {
    let mut work = lender.work("zong").await;
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, one.customer, one.approval.unwrap(), &verdict).await.unwrap();
    work.commit().await.unwrap();
}

// S1-06. Rules reward.propose, reward.chain, duty.reward_request, duty.reward_pay, approval.referral_reward
#[tokio::test]
async fn a_first_payout_brings_a_reward_once_and_it_is_asked_for_agreed_to_and_paid() {
    for lender in lenders().await {
        let old = customer(&lender, "梁文", 3).await;
        let new = referred(&lender, "何雨", 4, old).await;
        pay_out(&lender, old).await;
        assert_eq!(reward_of(&lender, old).await, None, "nobody referred this one");
        pay_out(&lender, new).await;
        pay_out(&lender, new).await;
        let one = reward_of(&lender, new).await.unwrap();
        assert_eq!((one.state, one.amount.0, one.referrer, one.loan), (RewardState::Proposed, 20_000, old, 77));
        assert_eq!(lender.count("select count(*) as n from referral_reward").await, 1, "once");
        let asked = "select count(*) as n from duty where kind = 'reward_request' and state = 'open'";
        assert_eq!(lender.count(asked).await, 1);
        let own = format!("/rewards/{}", one.id);
        let mut browser = lender.browser("lin").await;
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in ["/rewards".to_owned(), own.clone(), format!("{own}/request"), format!("{own}/drop")] {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let request = format!("{own}/request");
        let done = browser.post_from(&request, &request, &[("note", "面谈核对推荐人")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(asked).await, 0);
        let mut work = lender.work("cai").await;
        assert!(actions::pay(&mut work, &one.id.to_string(), "P1").await.is_err(), "not agreed to yet");
        drop(work);
        let waiting = reward_of(&lender, new).await.unwrap();
        approve(&lender, &waiting).await;
        let to_pay = "select count(*) as n from duty where kind = 'reward_pay' and state = 'open'";
        assert_eq!(lender.count(to_pay).await, 1);
        let mut finance = lender.browser("cai").await;
        let pay = format!("{own}/pay");
        assert_eq!(
            finance.post_from(&pay, &pay, &[("payment_ref", "")]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let done = finance.post_from(&pay, &pay, &[("payment_ref", "202611000012")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(to_pay).await, 0);
        assert_eq!(reward_of(&lender, new).await.unwrap().state, RewardState::Paid);
        let (status, pdf) = finance.file(&format!("{own}/slip.pdf")).await;
        assert_eq!((status, &pdf[..4]), (StatusCode::OK, b"%PDF".as_slice()));
        let twice = finance.post_from(&pay, &pay, &[("payment_ref", "202611000013")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
    }
}

// S1-06. Rules reward.propose, reward.staff, reward.chain
#[tokio::test]
async fn nobody_is_rewarded_for_an_old_customer_and_a_namesake_of_a_colleague_is_explained() {
    for lender in lenders().await {
        let old = customer(&lender, "梁文", 3).await;
        let known = customer(&lender, "何雨", 4).await;
        // A customer who was there already is referred to no avail.
        let mut again = lead(&lender, "何雨", "lin").await;
        again.customer = Some(known);
        again.origin = Origin { channel: "word_of_mouth".to_owned(), referrer: Some(old), ..Origin::default() };
        let id = taken(&lender, "lin", &again).await.unwrap();
        let wish = Conversion { identity: None, manager: None, existing: None, somebody_else: false };
        let mut work = lender.work("lin").await;
        convert::convert(&mut work, &id.to_string(), &wish).await.unwrap();
        assert!(!source::of_customer(&mut work.tx, known).await.unwrap()[0].opening);
        work.commit().await.unwrap();
        pay_out(&lender, known).await;
        assert_eq!(reward_of(&lender, known).await, None);
        // The referrer bears the name of a colleague.
        let user = lender.user("qian").await;
        let mut work = lender.system().await;
        let sql = "update app_user set name = '梁文' where id = $1";
        work.tx.execute(sql, platform::args![user]).await.unwrap();
        work.commit().await.unwrap();
        let new = referred(&lender, "苏青", 5, old).await;
        pay_out(&lender, new).await;
        let one = reward_of(&lender, new).await.unwrap();
        assert!(one.namesake);
        let mut work = lender.work("lin").await;
        let key = one.id.to_string();
        assert!(actions::request(&mut work, &key, " ").await.is_err(), "says who it is");
        actions::request(&mut work, &key, "与员工同名，证件不同").await.unwrap();
        assert!(actions::give_up(&mut work, &key, "不符").await.is_err(), "waits already");
        work.commit().await.unwrap();
        let other = referred(&lender, "江岚", 6, old).await;
        pay_out(&lender, other).await;
        let one = reward_of(&lender, other).await.unwrap();
        let mut work = lender.work("lin").await;
        actions::give_up(&mut work, &one.id.to_string(), "推荐人不愿领取").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(reward_of(&lender, other).await.unwrap().state, RewardState::Dropped);
        let open = "select count(*) as n from duty where kind = 'reward_request' and state = 'open'";
        assert_eq!(lender.count(open).await, 0);
    }
}

// S1-06. Rules reward.propose, reward.reversal
#[tokio::test]
async fn only_the_first_payout_brings_a_reward_and_its_reversal_takes_it_back() {
    for lender in lenders().await {
        let old = customer(&lender, "梁文", 3).await;
        let open = "select count(*) as n from duty where kind = 'reward_request' and state = 'open'";
        // Whoever borrowed before brings nothing, whatever is said of the source afterwards.
        let known = customer(&lender, "何雨", 4).await;
        let origin = Origin { channel: "word_of_mouth".to_owned(), referrer: Some(old), ..Origin::default() };
        let mut work = lender.work("lin").await;
        source::record(&mut work, known, &origin).await.unwrap();
        work.commit().await.unwrap();
        happened(&lender, known, "loan_disbursed", json!({"loan": "78", "paid_out": true, "first": false})).await;
        assert_eq!(reward_of(&lender, known).await, None, "a later payout");
        // The payout is taken back before anything is paid.
        let new = referred(&lender, "苏青", 5, old).await;
        pay_out(&lender, new).await;
        let one = reward_of(&lender, new).await.unwrap();
        happened(&lender, new, "transaction_reversed", json!({"loan": "77", "paid_out": true})).await;
        assert_eq!(reward_of(&lender, new).await.unwrap().state, RewardState::Proposed, "a repayment was reversed");
        happened(&lender, new, "transaction_reversed", json!({"loan": "77", "paid_out": false})).await;
        assert_eq!(reward_of(&lender, new).await, None);
        assert_eq!(lender.count(open).await, 0, "nobody is asked any more");
        let mut work = lender.work("lin").await;
        assert!(actions::request(&mut work, &one.id.to_string(), "面谈核对").await.is_err());
        drop(work);
        // The true first payout brings one, asked for and then taken back: nobody can agree to it.
        pay_out(&lender, new).await;
        let two = reward_of(&lender, new).await.unwrap();
        assert_ne!(one.id, two.id);
        let mut work = lender.work("lin").await;
        actions::request(&mut work, &two.id.to_string(), "面谈核对").await.unwrap();
        work.commit().await.unwrap();
        let waiting = reward_of(&lender, new).await.unwrap();
        happened(&lender, new, "transaction_reversed", json!({"loan": "77", "paid_out": false})).await;
        let mut work = lender.work("zong").await;
        let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
        let refused = approval::approve(&mut work, two.customer, waiting.approval.unwrap(), &verdict).await;
        assert_eq!(refused.unwrap_err().refusal().unwrap().code, "reward-lapsed");
    }
}

/// A reward of this customer's first payout that was asked for, agreed to and paid.
async fn paid(lender: &Lender, customer: CustomerId) -> Reward {
    pay_out(lender, customer).await;
    let one = reward_of(lender, customer).await.unwrap();
    let mut work = lender.work("lin").await;
    actions::request(&mut work, &one.id.to_string(), "面谈核对").await.unwrap();
    work.commit().await.unwrap();
    approve(lender, &reward_of(lender, customer).await.unwrap()).await;
    let mut work = lender.work("cai").await;
    actions::pay(&mut work, &one.id.to_string(), "202611000020").await.unwrap();
    work.commit().await.unwrap();
    reward_of(lender, customer).await.unwrap()
}

// S1-06. Rules reward.recovery, duty.reward_recover
#[tokio::test]
async fn a_paid_reward_whose_payout_is_taken_back_is_recovered_once_and_by_its_number() {
    for lender in lenders().await {
        let old = customer(&lender, "梁文", 3).await;
        let new = referred(&lender, "苏青", 5, old).await;
        let one = paid(&lender, new).await;
        let open = "select count(*) as n from duty where kind = 'reward_recover' and state = 'open'";
        let mut work = lender.work("cai").await;
        let early = customers::reward::recover(&mut work, &one.id.to_string(), "R1").await.unwrap_err();
        assert_eq!(early.refusal().unwrap().code, "reward-state", "nothing is to be had back yet");
        drop(work);
        let back = json!({"loan": "77", "paid_out": false});
        happened(&lender, new, "transaction_reversed", back.clone()).await;
        happened(&lender, new, "transaction_reversed", back.clone()).await;
        assert_eq!(lender.count(open).await, 1, "once");
        // A first loan after all: it is earned, and nothing is asked back.
        pay_out(&lender, new).await;
        assert_eq!(lender.count(open).await, 0);
        assert_eq!(lender.count("select count(*) as n from referral_reward").await, 1);
        assert!(!reward_of(&lender, new).await.unwrap().to_recover());
        happened(&lender, new, "transaction_reversed", back).await;
        assert!(reward_of(&lender, new).await.unwrap().to_recover());
        let own = format!("/rewards/{}", one.id);
        let recover = format!("{own}/recover");
        let mut finance = lender.browser("cai").await;
        for lang in ["zh-CN", "en"] {
            finance.get(&format!("/me?lang={lang}")).await;
            for page in [&own, &recover] {
                let shown = finance.get(page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let empty = finance.post_from(&recover, &recover, &[("recovery_ref", "")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let payer = finance.post_from(&recover, &recover, &[("recovery_ref", "202611000031")]).await;
        assert_eq!(payer.status, StatusCode::CONFLICT, "whoever paid it: {}", payer.text);
        assert!(reward_of(&lender, new).await.unwrap().to_recover());
        let mut other = lender.browser("kuai").await;
        let done = other.post_from(&recover, &recover, &[("recovery_ref", "202611000031")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let had = "select count(*) as n from referral_reward where recovered_on is not null and state = 'paid' \
                   and recovery_ref = '202611000031'";
        assert_eq!((lender.count(had).await, lender.count(open).await > 0), (1, false), "kept, and nobody is asked");
        let twice = finance.post_from(&recover, &recover, &[("recovery_ref", "202611000032")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        // The money is back: the next first payout may bring a reward.
        pay_out(&lender, new).await;
        assert_eq!(reward_of(&lender, new).await.unwrap().state, RewardState::Proposed);
    }
}
