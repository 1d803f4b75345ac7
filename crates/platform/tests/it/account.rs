//! The own account: sessions, passwords with history and expiry, devices; what an administrator ends.

use std::collections::BTreeSet;

use axum::http::{HeaderValue, StatusCode};
use jiff::SignedDuration;
use platform::access::AccessRules;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, ALL, Answer, Browser, House, PASSWORD};

const SECOND: &str = "屋檐下的燕子去年就没有回来";
const THIRD: &str = "井台边的石榴今年开得特别早";

async fn house(db: platform::db::Db, rules: AccessRules) -> House {
    let mut settings = testbed::settings(&[]);
    settings.access = AccessRules { hashing: settings.access.hashing, ..rules };
    House::with(db, Vec::new(), settings, &[("boss", &[ALL]), ("lin", &[])]).await
}

async fn count(house: &House, sql: &'static str) -> i64 {
    house.app.db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

async fn change(browser: &mut Browser, old: &str, new: &str) -> Answer {
    browser.post_from("/password", "/password", &[("old", old), ("new", new), ("again", new)]).await
}

#[tokio::test]
async fn one_of_the_last_passwords_does_not_come_back_before_its_time() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules { password_history: 2, ..AccessRules::default() }).await;
        let mut lin = house.user("lin").await;
        assert_eq!(change(&mut lin, PASSWORD, SECOND).await.location(), "/");
        let back = change(&mut lin, SECOND, PASSWORD).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("one of your last 2"), "{}", back.text);
        assert_eq!(change(&mut lin, SECOND, THIRD).await.location(), "/");
        let back = change(&mut lin, THIRD, PASSWORD).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "two came between, it is still one of the last two");
        assert_eq!(change(&mut lin, THIRD, "码头上的吊车夜里也亮着灯火").await.location(), "/");
        let again = change(&mut lin, "码头上的吊车夜里也亮着灯火", PASSWORD).await;
        assert_eq!(again.location(), "/", "older than the last two: {}", again.text);
        let mut tx = house.app.db.read().await.unwrap();
        let kept = tx.fetch_all("select password_hash from password_history", args![]).await.unwrap();
        let kept: Vec<String> = kept.iter().map(|row| row.get("password_hash").unwrap()).collect();
        assert!(kept.len() == 4 && kept.iter().all(|hash| hash.starts_with("$argon2id$")), "only hashes: {kept:?}");
    }
}

#[tokio::test]
async fn a_password_that_a_reset_replaced_does_not_come_back_either() {
    let house = house(testbed::sqlite().await, AccessRules::default()).await;
    let mut boss = house.user("boss").await;
    let id = house.user_id("lin").await;
    let page = boss.post(&format!("/users/{id}/password"), &[]).await;
    let (_, rest) = page.text.split_once("<code class=\"rule\">").unwrap();
    let first = rest.split('<').next().unwrap().to_owned();
    let mut lin = house.browser();
    lin.log_in("lin", &first).await;
    let back = change(&mut lin, &first, PASSWORD).await;
    assert!(back.text.contains("one of your last 5"), "{}", back.text);
}

#[tokio::test]
async fn an_expired_password_opens_only_the_page_that_changes_it() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules { password_seconds: 90 * 24 * 3600, ..AccessRules::default() }).await;
        house.app.clock.advance(SignedDuration::from_hours(90 * 24) - SignedDuration::from_secs(1));
        let mut lin = house.user("lin").await;
        assert!(lin.get("/me").await.text.contains("To be changed by"));
        house.app.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(lin.get("/me").await.location(), "/password");
        let page = lin.get("/password").await.text;
        assert!(page.contains("as long as the institution") && missing_in(&page).is_empty(), "{page}");
        assert_eq!(change(&mut lin, PASSWORD, SECOND).await.location(), "/");
        assert_eq!(lin.get("/me").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_password_of_too_few_kinds_is_refused_with_the_number_that_the_policy_asks() {
    let house = house(testbed::sqlite().await, AccessRules { password_min_kinds: 2, ..AccessRules::default() }).await;
    let mut lin = house.user("lin").await;
    assert!(lin.get("/password").await.text.contains("At least 12 characters, of 2 kinds"));
    let plain = change(&mut lin, PASSWORD, SECOND).await;
    assert!(plain.text.contains("signs of at least 2 kinds"), "{}", plain.text);
    assert_eq!(change(&mut lin, PASSWORD, "屋檐下的燕子去年就没有回来2").await.location(), "/");
}

#[tokio::test]
async fn nobody_brings_a_session_along_into_a_log_in() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules::default()).await;
        // A token that the attacker made up and planted in the victim's browser.
        let planted = "ab".repeat(32);
        let mut victim = house.browser();
        victim.cookies.insert("loanward_session".to_owned(), planted.clone());
        assert_eq!(victim.log_in("lin", PASSWORD).await.location(), "/");
        assert_ne!(victim.cookies["loanward_session"], planted, "the log-in makes a token of its own");
        let mut attacker = house.browser();
        attacker.cookies.insert("loanward_session".to_owned(), planted);
        assert_eq!(attacker.get("/me").await.status, StatusCode::SEE_OTHER, "the planted one opens nothing");
        // A living session of the attacker's own, planted: the victim's log-in ends it and takes nothing over.
        let mut boss = house.user("boss").await;
        let theirs = boss.cookies["loanward_session"].clone();
        let before = boss.get("/me").await.hidden("_csrf").unwrap();
        victim.cookies.insert("loanward_session".to_owned(), theirs.clone());
        assert_eq!(victim.log_in("lin", PASSWORD).await.location(), "/");
        assert_ne!(victim.cookies["loanward_session"], theirs);
        assert_ne!(victim.get("/me").await.hidden("_csrf").unwrap(), before, "nor is the token of the forms");
        assert_eq!(boss.get("/me").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_person_sees_the_own_sessions_and_ends_all_others_at_once() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules::default()).await;
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0";
        let mut here = house.browser();
        here.headers.insert("user-agent", HeaderValue::from_static(edge));
        here.log_in("lin", PASSWORD).await;
        let (mut second, mut third) = (house.user("lin").await, house.user("lin").await);
        let mut other = house.user("boss").await;
        let page = here.get("/me").await.text;
        assert!(page.contains("Edge · Windows") && missing_in(&page).is_empty(), "{page}");
        assert_eq!(page.matches("/me/sessions/end\"").count(), 2, "two that can be ended, not the own one");
        assert_eq!(here.post("/me/sessions/end-others", &[]).await.location(), "/me");
        assert_eq!(here.get("/me").await.status, StatusCode::OK);
        for gone in [&mut second, &mut third] {
            assert_eq!(gone.get("/me").await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!(other.get("/me").await.status, StatusCode::OK, "other people stay");
        assert_eq!(here.post("/me/sessions/end-others", &[]).await.status, StatusCode::CONFLICT);
        let kept = "select count(*) as n from audit_entry where action = 'access.sessions_ended'";
        assert_eq!(count(&house, kept).await, 1);
    }
}

#[tokio::test]
async fn a_session_that_was_idle_for_too_long_is_not_listed() {
    let house = house(testbed::sqlite().await, AccessRules::default()).await;
    house.user("lin").await;
    house.app.clock.advance(SignedDuration::from_mins(31));
    let mut here = house.user("lin").await;
    assert!(!here.get("/me").await.text.contains("/me/sessions/end"), "only the own one is alive");
}

#[tokio::test]
async fn a_log_in_from_another_browser_is_told_and_the_known_one_is_not() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules::default()).await;
        let mut here = house.user("lin").await;
        let told = "select count(*) as n from notice where kind = 'new_device'";
        assert_eq!(count(&house, told).await, 0, "the first of all is not new");
        here.post("/logout", &[]).await;
        assert_eq!(here.log_in("lin", PASSWORD).await.location(), "/");
        assert_eq!(count(&house, told).await, 0, "known by its cookie");
        let device = here.cookies["loanward_device"].clone();
        let mut tx = house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select device from known_device", args![]).await.unwrap();
        drop(tx);
        assert_ne!(row.get::<String>("device").unwrap(), device, "only the fingerprint is kept");
        house.user("lin").await;
        assert_eq!(count(&house, told).await, 1);
        let notices = here.get("/notices").await.text;
        assert!(notices.contains("from a device that is new to it") && missing_in(&notices).is_empty(), "{notices}");
        // Another person at a browser that is known for somebody else.
        here.post("/logout", &[]).await;
        house.user("boss").await;
        here.log_in("boss", PASSWORD).await;
        assert_eq!(count(&house, told).await, 2, "new for this person");
    }
}

#[tokio::test]
async fn an_administrator_ends_the_sessions_of_a_person_with_a_reason() {
    for db in testbed::databases().await {
        let house = house(db, AccessRules::default()).await;
        let (mut boss, mut lin) = (house.user("boss").await, house.user("lin").await);
        let id = house.user_id("lin").await;
        let page = boss.get(&format!("/users/{id}")).await.text;
        assert!(page.contains("End all sessions") && missing_in(&page).is_empty(), "{page}");
        let end = format!("/users/{id}/sessions/end");
        assert_eq!(boss.post(&end, &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lin.get("/me").await.status, StatusCode::OK);
        assert_eq!(lin.post(&end, &[("reason", "x")]).await.status, StatusCode::FORBIDDEN);
        let done = boss.post(&end, &[("reason", "lost telephone")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lin.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(boss.post(&end, &[("reason", "again")]).await.status, StatusCode::CONFLICT, "none is alive");
        let mut kept = house.app.db.read().await.unwrap();
        let sql = "select reason from audit_entry where action = 'user.sessions_end'";
        let rows = kept.fetch_all(sql, args![]).await.unwrap();
        let reasons: BTreeSet<String> = rows.iter().map(|row| row.get("reason").unwrap()).collect();
        assert_eq!(reasons, BTreeSet::from(["lost telephone".to_owned()]));
    }
}
