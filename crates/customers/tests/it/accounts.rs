//! Bank accounts through the browser: sealed, masked, verified by a second person, revealed against a reason.

use axum::http::StatusCode;
use customers::bank_account::model::BankAccountId;
use customers::{bank_account, open};
use platform::db::Db;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::Browser;

use crate::lender::{Lender, identity, lenders};

/// Passes Luhn's check; the second does not.
const GOOD: &str = "6222000000000000012";
const WRONG: &str = "6222000000000000013";

async fn file(lender: &Lender, name: &str, serial: u32, manager: &str) -> String {
    let new = lender.person(name, Some(&identity(serial)), None, manager).await;
    let mut work = lender.work(manager).await;
    let id = open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    format!("/customers/{id}")
}

/// The customer and the account of a path like `/customers/1/accounts/2`.
fn keys(path: &str) -> (CustomerId, BankAccountId) {
    let numbers: Vec<i64> = path.split('/').filter_map(|part| part.parse().ok()).collect();
    (CustomerId(numbers[0]), BankAccountId(numbers[1]))
}

async fn add(browser: &mut Browser, page: &str, number: &str) -> platform::testbed::Answer {
    let path = format!("{page}/accounts/new");
    let fields = [("holder", "梁文博"), ("bank", "衡川农商银行东湖支行"), ("number", number), ("purpose", "repay")];
    browser.post_from(&path, &path, &fields).await
}

/// The pages of the first account of a file.
async fn first(browser: &mut Browser, page: &str) -> String {
    let tab = browser.get(&format!("{page}?tab=accounts")).await.text;
    let (_, rest) = tab
        .split_once(&format!("{page}/accounts/"))
        .filter(|(_, rest)| !rest.starts_with("new"))
        .unwrap_or_else(|| {
            tab.split_once(&format!("{page}/accounts/new"))
                .and_then(|(_, rest)| rest.split_once(&format!("{page}/accounts/")))
                .unwrap()
        });
    format!("{page}/accounts/{}", rest.split('/').next().unwrap())
}

#[tokio::test]
async fn an_account_is_recorded_masked_and_revealed_against_a_reason() {
    //
    for lender in lenders().await {
        let page = file(&lender, "梁文博", 1, "lin").await;
        let mut lin = lender.browser("lin").await;
        assert_eq!(add(&mut lin, &page, "6222 0000 0000 0000 012").await.status, StatusCode::SEE_OTHER);
        let tab = lin.get(&format!("{page}?tab=accounts")).await.text;
        assert!(tab.contains("622200*********0012") && !tab.contains(GOOD) && !tab.contains("校验位不符"), "{tab}");
        let again = add(&mut lin, &page, GOOD).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.text.contains("档案里已有这个账号"), "however it is written: {}", again.text);
        let reveal = format!("{}/reveal", first(&mut lin, &page).await);
        let without = lin.post_from(&reveal, &reveal, &[("reason", " ")]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        let shown = lin.post_from(&reveal, &reveal, &[("reason", "核对放款账户")]).await;
        assert!(shown.text.contains(GOOD), "{}", shown.text);
        let kept = "select count(*) as n from audit_entry where action = 'personal.reveal.account' and reason = '核对放款账户'";
        assert_eq!(lender.count(kept).await, 1);
        let leaks = "select count(*) as n from audit_entry where after_json like '%6222000000000000012%'";
        assert_eq!(lender.count(leaks).await, 0);
        if let Db::Sqlite(file) = &lender.house.app.db {
            lender.house.app.db.close().await;
            for ending in ["", "-wal"] {
                let Ok(bytes) = std::fs::read(format!("{}{ending}", file.path().display())) else { continue };
                assert!(
                    !bytes.windows(GOOD.len()).any(|window| window == GOOD.as_bytes()),
                    "in clear in the file{ending}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_check_digit_that_does_not_fit_is_said_and_stops_nothing() {
    for lender in lenders().await {
        let page = file(&lender, "梁文博", 1, "lin").await;
        let mut lin = lender.browser("lin").await;
        assert_eq!(add(&mut lin, &page, WRONG).await.status, StatusCode::SEE_OTHER);
        assert!(lin.get(&page).await.text.contains("校验位不符，请核对"));
        let none = add(&mut lin, &page, "12a").await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("6 到 32 位") && none.text.contains("value=\"12a\""), "{}", none.text);
    }
}

#[tokio::test]
async fn whoever_entered_an_account_does_not_verify_it() {
    // rule bank_account.verify.second_person
    //
    for lender in lenders().await {
        let page = file(&lender, "梁文博", 1, "lin").await;
        let (mut lin, mut head) = (lender.browser("lin").await, lender.browser("head").await);
        add(&mut lin, &page, GOOD).await;
        let account = first(&mut lin, &page).await;
        let verify = format!("{account}/verify");
        assert!(!lin.get(&page).await.text.contains(&verify), "the verb is not there for whoever entered it");
        let own = lin.post_from(&verify, &verify, &[("reason", "银行卡原件")]).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        assert!(own.text.contains("bank_account.verify.second_person"), "{}", own.text);
        assert!(head.get(&page).await.text.contains(&verify));
        // rule service.no-second-person: a program that comes with a token is nobody's second pair of eyes.
        let mut work = lender.work("head").await;
        work.actor.service = true;
        let (customer, id) = keys(&account);
        let program = bank_account::actions::verify(&mut work, customer, id, "银行卡原件").await.unwrap_err();
        assert!(matches!(&program, ActionError::Refused(refused) if refused.code == "service-account"), "{program}");
        drop(work);
        let done = head.post_from(&verify, &verify, &[("reason", "银行卡原件")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let twice = head.post_from(&verify, &verify, &[("reason", "再核")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        let tab = lin.get(&page).await.text;
        assert!(tab.contains("已核验") && tab.contains("用户head") && tab.contains("银行卡原件"), "{tab}");
        let end = format!("{account}/end");
        assert_eq!(lin.post_from(&end, &end, &[("reason", "换卡")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(add(&mut lin, &page, GOOD).await.status, StatusCode::SEE_OTHER, "ended, the number may come anew");
    }
}

#[tokio::test]
async fn one_number_in_two_files_is_said_in_both_without_naming_the_other() {
    for lender in lenders().await {
        let (one, two) = (file(&lender, "梁文博", 1, "lin").await, file(&lender, "马国强", 2, "qian").await);
        let (mut lin, mut qian) = (lender.browser("lin").await, lender.browser("qian").await);
        add(&mut lin, &one, GOOD).await;
        assert!(!lin.get(&one).await.text.contains("他人档案"));
        add(&mut qian, &two, GOOD).await;
        let seen = lin.get(&one).await.text;
        assert!(seen.contains("他人档案里也有此账号") && !seen.contains("马国强"), "{seen}");
        let foreign = first(&mut qian, &two).await;
        for verb in ["reveal", "verify", "end"] {
            let answer = lin.get(&format!("{foreign}/{verb}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{verb}: not within the scope");
        }
    }
}

#[tokio::test]
async fn the_pages_are_complete_in_both_languages() {
    for lender in lenders().await {
        let page = file(&lender, "梁文博", 1, "lin").await;
        let (mut lin, mut head) = (lender.browser("lin").await, lender.browser("head").await);
        add(&mut lin, &page, GOOD).await;
        let account = first(&mut lin, &page).await;
        for lang in ["zh-CN", "en"] {
            head.get(&format!("/me?lang={lang}")).await;
            for path in [
                page.clone(),
                format!("{page}?tab=accounts"),
                format!("{page}?tab=timeline"),
                format!("{page}/accounts/new"),
                format!("{account}/verify"),
                format!("{account}/end"),
                format!("{account}/reveal"),
                format!("{page}/edit"),
                "/customers/new".to_owned(),
            ] {
                let shown = head.get(&path).await;
                assert_eq!(shown.status, StatusCode::OK, "{path}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {path}");
            }
        }
    }
}

// S2.19-07: the card of the desk is the account from which the customer repays.
#[tokio::test]
async fn the_account_that_repays_is_a_verified_one_else_the_newest_in_use() {
    for lender in lenders().await {
        let page = file(&lender, "梁文博", 1, "lin").await;
        let customer = CustomerId(page.rsplit('/').next().unwrap().parse().unwrap());
        let repays = async || {
            let mut tx = lender.house.app.db.read().await.unwrap();
            let mut found = bank_account::store::repaying(&mut tx, &[customer]).await.unwrap();
            found.remove(&customer).map(|account| account.masked)
        };
        assert_eq!(repays().await, None);
        let mut lin = lender.browser("lin").await;
        add(&mut lin, &page, GOOD).await;
        let older = first(&mut lin, &page).await;
        add(&mut lin, &page, WRONG).await;
        assert_eq!(repays().await.as_deref(), Some("622200*********0013"), "the newest");
        let mut work = lender.work("head").await;
        let (customer, id) = keys(&older);
        bank_account::actions::verify(&mut work, customer, id, "银行卡原件").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(repays().await.as_deref(), Some("622200*********0012"), "the verified one");
        let end = format!("{older}/end");
        assert_eq!(lin.post_from(&end, &end, &[("reason", "换卡")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(repays().await.as_deref(), Some("622200*********0013"), "what was ended repays nothing");
    }
}
