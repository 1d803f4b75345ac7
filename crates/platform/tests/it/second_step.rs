//! The second step of a log-in: enrolled, asked for, replayed, lost, required by the policy.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use platform::access::AccessRules;
use platform::app::Settings;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, ALL, Answer, Browser, House, PASSWORD, totp_code};

const PAGE: &str = "/me/second-step";

async fn house(db: platform::db::Db) -> House {
    let users: [(&str, &[&str]); 3] = [("boss", &[ALL]), ("lin", &[]), ("mei", &[ALL])];
    House::with(db, Vec::new(), testbed::settings(&[]), &users).await
}

fn second(house: &House) -> i64 {
    house.app.clock.now().as_second()
}

/// Enrols a device as a person does; the secret and the recovery codes.
async fn enrol(house: &House, browser: &mut Browser) -> (String, Vec<String>) {
    assert_eq!(browser.post_from(PAGE, &format!("{PAGE}/begin"), &[]).await.location(), PAGE);
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("<svg class=\"qr\"") && missing_in(&page).is_empty(), "{page}");
    let secret = between(&page, "<code class=\"rule\">", "</code>")[0].replace(' ', "");
    let wrong = browser.post_from(PAGE, &format!("{PAGE}/confirm"), &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let code = totp_code(&secret, second(house));
    let shown = browser.post_from(PAGE, &format!("{PAGE}/confirm"), &[("code", &code)]).await;
    assert!(shown.status == StatusCode::OK && missing_in(&shown.text).is_empty(), "{}", shown.text);
    (secret, between(&shown.text, "<code class=\"rule\">", "</code>"))
}

fn between(text: &str, from: &str, to: &str) -> Vec<String> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).map(str::to_owned).collect()
}

async fn enter(browser: &mut Browser, code: &str) -> Answer {
    browser.post_from("/login/code", "/login/code", &[("code", code)]).await
}

async fn count(house: &House, sql: &'static str) -> i64 {
    house.app.db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

#[tokio::test]
async fn an_enrolled_device_is_asked_for_and_a_code_is_taken_once() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut first = house.user("lin").await;
        let (secret, recovery) = enrol(&house, &mut first).await;
        assert_eq!(recovery.len(), 10);
        let mut tx = house.app.db.read().await.unwrap();
        let row = tx.fetch_one("select secret_sealed from totp", args![]).await.unwrap();
        let sealed = row.get::<Vec<u8>>("secret_sealed").unwrap();
        drop(tx);
        assert!(!String::from_utf8_lossy(&sealed).contains(&secret), "the secret lies sealed");

        let mut browser = house.browser();
        let asked = browser.log_in("lin", PASSWORD).await;
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, "/login/code?next=%2F"));
        assert!(!browser.cookies.contains_key("loanward_session"), "the password alone opens nothing");
        assert!(browser.get("/me").await.location().starts_with("/login"));
        let page = browser.get("/login/code").await.text;
        assert!(page.contains("autocomplete=\"one-time-code\"") && missing_in(&page).is_empty(), "{page}");
        // The code with which the device was enrolled was taken then.
        let used = totp_code(&secret, second(&house));
        let replayed = enter(&mut browser, &used).await;
        assert_eq!(replayed.status, StatusCode::FORBIDDEN, "{}", replayed.text);
        house.app.clock.advance(SignedDuration::from_secs(30));
        let code = totp_code(&secret, second(&house));
        let waited = browser.cookies["loanward_step"].clone();
        assert_eq!(enter(&mut browser, &code).await.location(), "/");
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        // Whoever saw the code and holds the cookie comes too late, and so does a second log-in with it.
        let mut thief = house.browser();
        thief.cookies.insert("loanward_step".to_owned(), waited);
        assert_eq!(enter(&mut thief, &code).await.status, StatusCode::FORBIDDEN);
        thief.log_in("lin", PASSWORD).await;
        assert_eq!(enter(&mut thief, &code).await.status, StatusCode::FORBIDDEN);
        assert!(thief.get("/me").await.location().starts_with("/login"));
    }
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_is_kept_as_a_digest_only() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let (_, recovery) = enrol(&house, &mut house.user("lin").await).await;
        let mut browser = house.browser();
        browser.log_in("lin", PASSWORD).await;
        let typed = recovery[3].to_uppercase().replace('-', " ");
        assert_eq!(enter(&mut browser, &typed).await.location(), "/", "however it is written");
        assert!(browser.get(PAGE).await.text.contains("<dd class=\"num\">9</dd>"));
        let mut again = house.browser();
        again.log_in("lin", PASSWORD).await;
        assert_eq!(enter(&mut again, &recovery[3]).await.status, StatusCode::FORBIDDEN);
        let mut tx = house.app.db.read().await.unwrap();
        let kept = tx.fetch_all("select code_hash from recovery_code", args![]).await.unwrap();
        let kept: Vec<String> = kept.iter().map(|row| row.get("code_hash").unwrap()).collect();
        assert!(kept.len() == 10 && kept.iter().all(|hash| hash.len() == 64), "{kept:?}");
        drop(tx);
        let trail = "select count(*) as n from audit_entry where action = 'access.login' \
                     and after_json like '%\"second_step\":\"recovery\"%'";
        assert_eq!(count(&house, trail).await, 1, "the trail says by what");
    }
}

#[tokio::test]
async fn wrong_codes_lock_like_wrong_passwords_and_a_right_password_does_not_forgive_them() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let (secret, _) = enrol(&house, &mut house.user("lin").await).await;
        house.app.clock.advance(SignedDuration::from_secs(60));
        let mut browser = house.browser();
        for n in 0..5 {
            if n == 3 {
                browser.log_in("lin", PASSWORD).await;
            } else if n == 0 {
                assert!(browser.log_in("lin", PASSWORD).await.location().starts_with("/login/code"));
            }
            let refused = enter(&mut browser, "000000").await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{n}: {}", refused.text);
        }
        let locked = "select count(*) as n from app_user where login = 'lin' and locked_until is not null";
        assert_eq!(count(&house, locked).await, 1);
        let right = totp_code(&secret, second(&house));
        assert_eq!(enter(&mut browser, &right).await.status, StatusCode::FORBIDDEN, "the log-in waits no longer");
        assert_eq!(house.browser().log_in("lin", PASSWORD).await.status, StatusCode::FORBIDDEN);
        house.app.clock.advance(SignedDuration::from_mins(16));
        browser.log_in("lin", PASSWORD).await;
        let right = totp_code(&secret, second(&house));
        assert_eq!(enter(&mut browser, &right).await.location(), "/", "the lock opens by itself");
    }
}

#[tokio::test]
async fn a_log_in_waits_five_minutes_for_its_code() {
    let house = house(testbed::sqlite().await).await;
    let (secret, _) = enrol(&house, &mut house.user("lin").await).await;
    let mut browser = house.browser();
    browser.log_in("lin", PASSWORD).await;
    house.app.clock.advance(SignedDuration::from_mins(5));
    let late = enter(&mut browser, &totp_code(&secret, second(&house))).await;
    assert!(late.status == StatusCode::FORBIDDEN && late.text.contains("请重新登录"), "{}", late.text);
}

#[tokio::test]
async fn a_log_in_that_waits_for_its_code_ends_with_the_sessions() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let (secret, _) = enrol(&house, &mut house.user("lin").await).await;
        let mut browser = house.browser();
        browser.log_in("lin", PASSWORD).await;
        let id = house.user_id("lin").await;
        house.user("boss").await.post(&format!("/users/{id}/password"), &[]).await;
        house.app.clock.advance(SignedDuration::from_secs(30));
        let late = enter(&mut browser, &totp_code(&secret, second(&house))).await;
        assert_eq!(late.status, StatusCode::FORBIDDEN, "the password that opened it holds no longer: {}", late.text);
    }
}

#[tokio::test]
async fn another_administrator_resets_a_lost_device_and_nobody_the_own_one() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut lin = house.user("lin").await;
        enrol(&house, &mut lin).await;
        let mut boss = house.user("boss").await;
        let (boss_id, lin_id) = (house.user_id("boss").await, house.user_id("lin").await);
        enrol(&house, &mut boss).await;
        let own = boss.post(&format!("/users/{boss_id}/second-step/reset"), &[("reason", "x")]).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "{}", own.text);
        let reset = format!("/users/{lin_id}/second-step/reset");
        assert_eq!(boss.post(&reset, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = boss.post(&reset, &[("reason", "telephone lost")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lin.get("/me").await.status, StatusCode::SEE_OTHER, "all sessions end");
        assert_eq!(lin.log_in("lin", PASSWORD).await.location(), "/", "the password alone again");
        assert!(lin.get("/notices").await.text.contains("second step"), "and the person is told");
        assert_eq!(boss.post(&reset, &[("reason", "again")]).await.status, StatusCode::CONFLICT);
        assert_eq!(count(&house, "select count(*) as n from recovery_code").await, 10, "only the boss's are left");
    }
}

#[tokio::test]
async fn a_role_that_must_have_it_comes_no_further_without() {
    for db in testbed::databases().await {
        let settings = testbed::settings(&[]);
        let must = vec![ALL.to_owned()];
        let access = AccessRules { second_step_roles: must, recovery_codes: 4, ..settings.access.clone() };
        let users: [(&str, &[&str]); 2] = [("boss", &[ALL]), ("lin", &[])];
        let house = House::with(db, Vec::new(), Settings { access, ..settings }, &users).await;
        assert_eq!(house.user("lin").await.get("/me").await.status, StatusCode::OK, "others need none");
        let mut boss = house.user("boss").await;
        assert_eq!(boss.get("/me").await.location(), PAGE);
        assert_eq!(boss.get("/users").await.location(), PAGE);
        let (secret, _) = enrol(&house, &mut boss).await;
        assert_eq!(boss.get("/users").await.status, StatusCode::OK);
        house.app.clock.advance(SignedDuration::from_secs(30));
        let code = totp_code(&secret, second(&house));
        let off = boss.post(&format!("{PAGE}/off"), &[("code", &code)]).await;
        assert_eq!(off.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(off.text.contains("must have a second step"), "{}", off.text);
        let codes = boss.post(&format!("{PAGE}/codes"), &[("code", &code)]).await;
        assert_eq!(between(&codes.text, "<code class=\"rule\">", "</code>").len(), 4, "{}", codes.text);
        let again = boss.post(&format!("{PAGE}/codes"), &[("code", &code)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code is taken once here too");
    }
}

#[tokio::test]
async fn who_need_not_have_it_turns_it_off_with_a_code() {
    let house = house(testbed::sqlite().await).await;
    let mut lin = house.user("lin").await;
    let (secret, _) = enrol(&house, &mut lin).await;
    assert_eq!(lin.post(&format!("{PAGE}/off"), &[("code", "123")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.app.clock.advance(SignedDuration::from_secs(30));
    let code = totp_code(&secret, second(&house));
    assert_eq!(lin.post(&format!("{PAGE}/off"), &[("code", &code)]).await.location(), PAGE);
    assert_eq!(house.browser().log_in("lin", PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn the_way_through_the_second_step_leads_to_no_other_site_and_takes_no_forged_form() {
    let house = house(testbed::sqlite().await).await;
    let (secret, _) = enrol(&house, &mut house.user("lin").await).await;
    house.app.clock.advance(SignedDuration::from_secs(30));
    let mut browser = house.browser();
    let fields = [("user", "lin"), ("password", PASSWORD), ("next", "//elsewhere.test/")];
    let asked = browser.post_from("/login", "/login", &fields).await;
    assert!(asked.headers.get_all(header::SET_COOKIE).iter().any(|line| line.to_str().unwrap().contains("HttpOnly")));
    let code = totp_code(&secret, second(&house));
    let forged = browser.post_raw("/login/code", &[("code", &code), ("_csrf", "x")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let fields = [("code", code.as_str()), ("next", "//elsewhere.test/")];
    let done = browser.post_from("/login/code", "/login/code", &fields).await;
    assert_eq!(done.location(), "/", "{}", done.text);
}
