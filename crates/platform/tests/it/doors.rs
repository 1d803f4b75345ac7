//! Log in and out, through HTTP, on every database.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use platform::access::store;
use platform::args;
use platform::testbed::{self, ALL, Answer, House, PASSWORD};

const NEW_PASSWORD: &str = "屋檐下的燕子去年就没有回来";

async fn houses() -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        all.push(House::over(db, Vec::new()).await);
    }
    all
}

async fn number(house: &House, sql: &'static str) -> i64 {
    house.app.db.read().await.unwrap().fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

fn session_cookie(answer: &Answer) -> String {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
    lines.filter(|line| line.starts_with("loanward_session=")).collect()
}

#[tokio::test]
async fn who_is_not_logged_in_is_sent_to_the_login_and_back() {
    for house in houses().await {
        let mut browser = house.browser();
        let sent = browser.get("/me?x=1").await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/login?next=%2Fme%3Fx%3D1"));
        let fields = [("user", "boss"), ("password", PASSWORD), ("next", "/me?x=1")];
        let done = browser.post_from("/login", "/login", &fields).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/me?x=1"), "{}", done.text);
        let cookie = session_cookie(&done);
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
            "{cookie}"
        );
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        let found = number(&house, "select count(*) as n from session").await;
        assert_eq!(found, 1);
        let stored =
            house.app.db.read().await.unwrap().fetch_one("select token_hash from session", args![]).await.unwrap();
        assert_ne!(
            stored.get::<String>("token_hash").unwrap(),
            browser.cookies["loanward_session"],
            "only the fingerprint is kept"
        );
    }
}

#[tokio::test]
async fn a_login_leads_to_no_other_site_and_its_cookie_is_secure_behind_tls() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    for next in ["//elsewhere.test/", "https://elsewhere.test/", "/\\elsewhere.test", "javascript:alert(1)"] {
        let mut browser = house.browser();
        browser.headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let fields = [("user", "boss"), ("password", PASSWORD), ("next", next)];
        let done = browser.post_from("/login", "/login", &fields).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/"), "{next}");
        assert!(session_cookie(&done).contains("; Secure"));
    }
}

#[tokio::test]
async fn a_refused_login_never_says_what_was_wrong() {
    let house =
        House::with(testbed::sqlite().await, Vec::new(), testbed::settings(&[]), &[("boss", &[ALL]), ("gone", &[])])
            .await;
    let gone = house.user_id("gone").await;
    let mut boss = house.user("boss").await;
    boss.post(&format!("/users/{gone}/disable"), &[("reason", "left")]).await;
    let mut pages = Vec::new();
    for (user, password) in [("boss", "wrong"), ("nobody", "wrong"), ("gone", PASSWORD), ("BOSS ", "wrong")] {
        let refused = house.browser().log_in(user, password).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let (_, sentence) = refused.text.split_once("role=\"alert\"").unwrap();
        pages.push(sentence.split("</h2>").next().unwrap().to_owned());
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:?}");
}

#[tokio::test]
async fn failures_lock_and_time_unlocks() {
    for house in houses().await {
        for _ in 0..5 {
            assert_eq!(house.browser().log_in("boss", "wrong").await.status, StatusCode::FORBIDDEN);
        }
        let locked = house.browser().log_in("boss", PASSWORD).await;
        assert_eq!(locked.status, StatusCode::FORBIDDEN, "the right password does not open a locked door");
        house.app.clock.advance(SignedDuration::from_secs(15 * 60 - 1));
        assert_eq!(house.browser().log_in("boss", PASSWORD).await.status, StatusCode::FORBIDDEN);
        house.app.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(house.browser().log_in("boss", PASSWORD).await.status, StatusCode::SEE_OTHER);
        assert_eq!(number(&house, "select failures as n from app_user").await, 0);
        let refused = "select count(*) as n from audit_entry where action = 'access.login_refused'";
        assert_eq!(number(&house, refused).await, 7, "every refusal is in the trail");
    }
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    for house in houses().await {
        let mut browser = house.user("boss").await;
        for _ in 0..20 {
            house.app.clock.advance(SignedDuration::from_mins(29));
            assert_eq!(browser.get("/me").await.status, StatusCode::OK, "used again and again it stays");
        }
        house.app.clock.advance(SignedDuration::from_mins(30));
        assert_eq!(browser.get("/me").await.status, StatusCode::SEE_OTHER, "idle for half an hour it ends");
        let mut browser = house.user("boss").await;
        for _ in 0..24 {
            house.app.clock.advance(SignedDuration::from_mins(29));
            browser.get("/me").await;
        }
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        house.app.clock.advance(SignedDuration::from_mins(24));
        assert_eq!(browser.get("/me").await.status, StatusCode::SEE_OTHER, "after twelve hours it ends however used");
    }
}

#[tokio::test]
async fn a_session_planted_before_the_login_is_worth_nothing() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let planted = "ab".repeat(32);
    let mut victim = house.browser();
    victim.cookies.insert("loanward_session".to_owned(), planted.clone());
    assert_eq!(victim.log_in("boss", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_ne!(victim.cookies["loanward_session"], planted);
    let mut thief = house.browser();
    thief.cookies.insert("loanward_session".to_owned(), planted);
    assert_eq!(thief.get("/me").await.status, StatusCode::SEE_OTHER);
    // A second log-in in the same browser ends the first session.
    let first = victim.cookies["loanward_session"].clone();
    victim.log_in("boss", PASSWORD).await;
    thief.cookies.insert("loanward_session".to_owned(), first);
    assert_eq!(thief.get("/me").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_login_form_without_its_cookie_or_from_elsewhere_is_refused() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let fields = [("user", "boss"), ("password", PASSWORD), ("_csrf", "x")];
    assert_eq!(house.browser().post_raw("/login", &fields).await.status, StatusCode::FORBIDDEN);
    let mut browser = house.browser();
    let page = browser.get("/login").await;
    let csrf = page.hidden("_csrf").unwrap();
    browser.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    let fields = [("user", "boss"), ("password", PASSWORD), ("_csrf", csrf.as_str())];
    assert_eq!(browser.post_raw("/login", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(number(&house, "select count(*) as n from session").await, 0);
}

#[tokio::test]
async fn a_first_password_is_changed_before_anything_else() {
    for house in houses().await {
        let mut boss = house.user("boss").await;
        let made =
            boss.post_from("/users/new", "/users/new", &[("login", "lin"), ("name", "林静怡"), ("place", "1")]).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.text);
        let (_, rest) = made.text.split_once("<code class=\"rule\">").unwrap();
        let password = rest.split('<').next().unwrap().to_owned();

        let mut lin = house.browser();
        assert_eq!(lin.log_in("lin", &password).await.location(), "/");
        assert_eq!(lin.get("/me").await.location(), "/password");
        let rows = [
            ("wrong", NEW_PASSWORD, NEW_PASSWORD, "current password is wrong"),
            (&*password, "short", "short", "at least 12 characters"),
            (&*password, "lin-lin-lin-lin", "lin-lin-lin-lin", "must not contain the user name"),
            (&*password, NEW_PASSWORD, PASSWORD, "two new passwords differ"),
            (&*password, &*password, &*password, "is the old one"),
        ];
        for (old, new, again, complaint) in rows {
            let refused =
                lin.post_from("/password", "/password", &[("old", old), ("new", new), ("again", again)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{complaint}");
            assert!(refused.text.contains(complaint), "{complaint}: {}", refused.text);
        }
        let before = lin.cookies["loanward_session"].clone();
        let fields = [("old", &*password), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)];
        let done = lin.post_from("/password", "/password", &fields).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/"), "{}", done.text);
        assert_ne!(lin.cookies["loanward_session"], before, "a new session for the new password");
        assert_eq!(lin.get("/me").await.status, StatusCode::OK);
        let mut old = house.browser();
        old.cookies.insert("loanward_session".to_owned(), before);
        assert_eq!(old.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(house.browser().log_in("lin", &password).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    for db in testbed::databases().await {
        let users: [(&str, &[&str]); 2] = [("boss", &[ALL]), ("lin", &[ALL])];
        let house = House::with(db, Vec::new(), testbed::settings(&[]), &users).await;
        let (mut boss, mut lin) = (house.user("boss").await, house.user("lin").await);
        let id = house.user_id("lin").await;
        let no_reason = boss.post(&format!("/users/{id}/disable"), &[("reason", " ")]).await;
        assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lin.get("/me").await.status, StatusCode::OK);
        let done = boss.post(&format!("/users/{id}/disable"), &[("reason", "left")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lin.get("/me").await.status, StatusCode::SEE_OTHER);
        assert_eq!(house.browser().log_in("lin", PASSWORD).await.status, StatusCode::FORBIDDEN);
        let own = house.user_id("boss").await;
        let own = boss.post(&format!("/users/{own}/disable"), &[("reason", "x")]).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "nobody shuts oneself out");
    }
}

#[tokio::test]
async fn people_log_out_and_end_their_other_sessions() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let (mut here, mut there) = (house.user("boss").await, house.user("boss").await);
    let page = here.get("/me").await;
    let other = page.hidden("session").expect("the other session can be ended");
    let done = here.post("/me/sessions/end", &[("session", &other)]).await;
    assert_eq!(done.location(), "/me", "{}", done.text);
    assert_eq!(there.get("/me").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/me").await.status, StatusCode::OK);
    let kept = here.cookies["loanward_session"].clone();
    assert_eq!(here.post("/logout", &[]).await.location(), "/login");
    here.cookies.insert("loanward_session".to_owned(), kept);
    assert_eq!(here.get("/me").await.status, StatusCode::SEE_OTHER, "a logged-out token is worth nothing");
}

#[tokio::test]
async fn the_language_is_kept_with_the_person() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let mut boss = house.user("boss").await;
    assert!(boss.get("/me").await.text.contains("<html lang=\"en\">"));
    assert_eq!(boss.get("/language/zh-CN?to=/me").await.location(), "/me");
    assert!(boss.get("/me").await.text.contains("<html lang=\"zh-CN\">"));
    assert!(house.user("boss").await.get("/me").await.text.contains("<html lang=\"zh-CN\">"));
    assert!(boss.get("/me?lang=en").await.text.contains("<html lang=\"en\">"));
    assert_eq!(boss.get("/language/de?to=/me").await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.get("/language/en?to=//elsewhere.test").await.location(), "/");
    let mut visitor = house.browser();
    assert!(visitor.get("/login").await.text.contains("<html lang=\"zh-CN\">"), "Chinese first");
    visitor.get("/language/en?to=/login").await;
    assert!(visitor.get("/login").await.text.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_language_chosen_at_the_door_stays_through_the_log_in_and_is_nobody_elses() {
    for db in testbed::databases().await {
        let house = House::with(db, Vec::new(), testbed::settings(&[]), &[("boss", &[ALL]), ("clerk", &[ALL])]).await;
        let mut boss = house.user("boss").await;
        boss.get("/language/en?to=/me").await;
        let mut shared = house.browser();
        shared.get("/language/zh-CN?to=/login").await;
        let wrong = [("user", "boss"), ("password", "wrong"), ("lang", "zh-CN")];
        let refused = shared.post_from("/login", "/login", &wrong).await;
        assert!(
            refused.text.contains("<html lang=\"zh-CN\">") && refused.text.contains("name=\"lang\" value=\"zh-CN\"")
        );
        let right = [("user", "boss"), ("password", PASSWORD), ("lang", "zh-CN")];
        shared.post_from("/login", "/login", &right).await;
        assert!(shared.get("/me").await.text.contains("<html lang=\"zh-CN\">"), "what the door was drawn in");
        assert!(boss.get("/me").await.text.contains("<html lang=\"zh-CN\">"), "kept with the account");
        shared.post("/logout", &[]).await;
        let mut clerk = house.user("clerk").await;
        clerk.get("/language/en?to=/me").await;
        assert!(!shared.get("/login").await.text.contains("name=\"lang\""), "the choice was spent");
        shared.post_from("/login", "/login", &[("user", "clerk"), ("password", PASSWORD)]).await;
        assert!(shared.get("/me").await.text.contains("<html lang=\"en\">"), "the next person keeps the own language");
    }
}

#[tokio::test]
async fn an_institution_is_set_up_once() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let mut tx = house.app.db.read().await.unwrap();
    assert_eq!(store::institution(&mut tx).await.unwrap(), "测试小贷公司");
    let grants = store::open_grants(&mut tx, 0).await.unwrap();
    assert_eq!(grants.len(), 1, "what set-up granted awaits a second person");
    assert_eq!((grants[0].state, grants[0].asked_by), (store::GrantState::Provisional, 0));
    drop(tx);
    let wish = platform::access::actions::SetUp {
        institution: "x".into(),
        head_office: "x".into(),
        opens_on: jiff::civil::date(2026, 1, 1),
        users: Vec::new(),
    };
    let again = platform::access::actions::set_up(&house.app, &wish).await.unwrap_err();
    assert_eq!(again.refusal().unwrap().code, "already-set-up");
}

/// A form of the boss, sent after the session had been idle too long.
async fn late(house: &House, browser: &mut testbed::Browser, name: &str) -> Answer {
    let form = browser.get("/branches").await;
    let (csrf, once) = (form.hidden("_csrf").unwrap(), form.hidden("_once").unwrap());
    house.app.clock.advance(SignedDuration::from_mins(31));
    browser.post_raw("/branches/new", &[("_csrf", &csrf), ("_once", &once), ("name", name), ("branch", "1")]).await
}

#[tokio::test]
async fn a_form_that_lost_its_session_is_offered_again_to_its_sender_only() {
    for db in testbed::databases().await {
        let users: &[(&str, &[&str])] = &[("boss", &[ALL]), ("clerk", &[ALL])];
        let house = House::with(db, Vec::new(), testbed::settings(&[]), users).await;
        let mut boss = house.user("boss").await;
        let sent = late(&house, &mut boss, "城东<分部>").await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/login?next=%2Fkept"));
        let cookie =
            sent.headers.get_all(header::SET_COOKIE).iter().find(|one| one.as_bytes().starts_with(b"loanward_kept="));
        assert!(cookie.unwrap().to_str().unwrap().contains("HttpOnly"));
        let stored = "select form_sealed from kept_form";
        let row = house.app.db.read().await.unwrap().fetch_one(stored, args![]).await.unwrap();
        let sealed = String::from_utf8_lossy(&row.get::<Vec<u8>>("form_sealed").unwrap()).into_owned();
        assert!(!sealed.contains("城东") && !sealed.contains("/branches"), "sealed, address and all");

        let mut clerk = house.user("clerk").await;
        clerk.cookies.insert("loanward_kept".to_owned(), boss.cookies["loanward_kept"].clone());
        let theirs = clerk.get("/kept").await;
        assert!(theirs.status == StatusCode::OK && !theirs.text.contains("城东"), "{}", theirs.text);
        assert_eq!(clerk.post("/kept/send", &[]).await.location(), "/kept");

        let done = boss.log_in("boss", PASSWORD).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let offered = boss.get("/kept").await;
        assert!(offered.text.contains("城东&#60;分部&#62;") && platform::locale::missing_in(&offered.text).is_empty());
        assert!(!offered.text.contains("name=\"_csrf\" value=\"\""));
        let (csrf, once) = (offered.hidden("_csrf").unwrap(), offered.hidden("_once").unwrap());
        let fields = [("_csrf", csrf.as_str()), ("_once", once.as_str()), ("name", "城东<分部>"), ("branch", "1")];
        let on = boss.post_raw("/kept/send", &fields).await;
        assert_eq!((on.status, on.location()), (StatusCode::TEMPORARY_REDIRECT, "/branches/new"));
        let made = boss.post_raw(on.location(), &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        assert!(boss.get("/branches").await.text.contains("城东&#60;分部&#62;"));
        assert!(!boss.get("/kept").await.text.contains("城东"), "sent on, it is kept no longer");
        boss.post_raw("/branches/new", &fields).await;
        assert_eq!(number(&house, "select count(*) as n from branch where name like '城东%'").await, 1);
    }
}

#[tokio::test]
async fn a_forged_a_secret_or_a_stale_form_is_not_kept() {
    let house = House::over(testbed::sqlite().await, Vec::new()).await;
    let kept = "select count(*) as n from kept_form";
    let mut boss = house.user("boss").await;
    let csrf = boss.get("/branches").await.hidden("_csrf").unwrap();
    house.app.clock.advance(SignedDuration::from_mins(31));
    boss.post_raw("/branches/new", &[("_csrf", "0".repeat(64).as_str()), ("name", "x")]).await;
    boss.post_raw("/password", &[("_csrf", &csrf), ("old", "x"), ("new", "y")]).await;
    boss.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    boss.post_raw("/branches/new", &[("_csrf", &csrf), ("name", "x")]).await;
    boss.headers.remove("sec-fetch-site");
    let nobody = house.browser().post_raw("/branches/new", &[("_csrf", &csrf), ("name", "x")]).await;
    assert_eq!(nobody.location(), "/login?next=%2F");
    assert_eq!(number(&house, kept).await, 0);
    let sent = boss.post_raw("/branches/new", &[("_csrf", &csrf), ("name", "x"), ("new_password", "hush")]).await;
    assert_eq!((sent.location(), number(&house, kept).await), ("/login?next=%2Fkept", 1));
    boss.log_in("boss", PASSWORD).await;
    assert!(!boss.get("/kept").await.text.contains("hush"));
    house.app.clock.advance(SignedDuration::from_mins(29));
    boss.get("/me").await;
    house.app.clock.advance(SignedDuration::from_mins(2));
    assert!(boss.get("/kept").await.hidden("_once").is_none(), "it waits as long as a session may be idle");
    let mut other = house.user("boss").await;
    late(&house, &mut other, "y").await;
    assert_eq!(number(&house, kept).await, 1, "what waited too long went");
}
