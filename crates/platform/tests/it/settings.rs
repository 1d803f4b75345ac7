//! The institution's settings through the browser: who may, what shows, what is kept, two people at once.

use axum::http::StatusCode;
use platform::access::Scope;
use platform::args;
use platform::institution;
use platform::locale::missing_in;
use platform::testbed::{self, ALL, House};

async fn houses() -> Vec<House> {
    let mut all = Vec::new();
    for db in testbed::databases().await {
        let mut settings = testbed::settings(&[("clerk", &[("user.view", Scope::Institution)])]);
        settings.roles = settings.roles.with(ALL, &[("settings.manage", Scope::Institution)]);
        let people: [(&str, &[&str]); 3] = [("boss", &[ALL]), ("deputy", &[ALL]), ("clerk", &["clerk"])];
        all.push(House::with(db, Vec::new(), settings, &people).await);
    }
    all
}

const WISH: [(&str, &str); 5] = [
    ("name", "衡川<b>惠民</b>小额贷款有限公司"),
    ("code", "HC01"),
    ("credit_code", "91350100m000100y43"),
    ("address", "衡川市东湖路 12 号"),
    ("contact", "0000-000 0000"),
];

#[tokio::test]
async fn what_is_saved_shows_on_every_page_and_is_kept_with_who_changed_it() {
    for house in houses().await {
        let mut boss = house.user("boss").await;
        for lang in ["en", "zh-CN"] {
            let page = boss.get(&format!("/institution?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.text);
            assert_eq!(missing_in(&page.text), Vec::<String>::new());
        }
        let seen = boss.get("/institution").await.hidden("seen").unwrap();
        let fields: Vec<(&str, &str)> = WISH.into_iter().chain([("seen", seen.as_str())]).collect();
        let saved = boss.post_from("/institution", "/institution", &fields).await;
        assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/institution"), "{}", saved.text);
        let page = boss.get("/institution").await.text;
        assert!(page.contains("用户boss于 2026-11-20 16:30 改动"), "{page}");
        let elsewhere = boss.get("/me").await.text;
        assert!(elsewhere.contains("衡川&#60;b&#62;惠民") || elsewhere.contains("衡川&lt;b&gt;惠民"), "{elsewhere}");
        let mut tx = house.app.db.read().await.unwrap();
        let (stands, _) = institution::load(&mut tx).await.unwrap();
        assert_eq!((stands.credit_code.as_str(), stands.code.as_str()), ("91350100M000100Y43", "HC01"));
        let kept = "select count(*) as n from audit_entry where action = 'institution.change' and before_json like '%测试小贷公司%'";
        assert_eq!(tx.fetch_one(kept, args![]).await.unwrap().get::<i64>("n").unwrap(), 1);
    }
}

#[tokio::test]
async fn two_people_at_once_are_one_success_and_one_clear_answer_and_a_clerk_is_refused() {
    for house in houses().await {
        let (mut boss, mut deputy) = (house.user("boss").await, house.user("deputy").await);
        let seen = boss.get("/institution").await.hidden("seen").unwrap();
        let fields: Vec<(&str, &str)> = WISH.into_iter().chain([("seen", seen.as_str())]).collect();
        assert_eq!(boss.post("/institution", &fields).await.status, StatusCode::SEE_OTHER);
        let other = [("name", "别的名字"), ("contact", "1"), ("seen", seen.as_str())];
        let late = deputy.post("/institution", &other).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
        let wrong = [("name", ""), ("contact", ""), ("credit_code", "12"), ("seen", "2")];
        let back = deputy.post("/institution", &wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("value=\"12\""), "what was typed is kept: {}", back.text);
        let mut clerk = house.user("clerk").await;
        assert_eq!(clerk.get("/institution").await.status, StatusCode::FORBIDDEN);
        assert_eq!(clerk.post("/institution", &fields).await.status, StatusCode::FORBIDDEN);
        let mut tx = house.app.db.read().await.unwrap();
        assert!(institution::load(&mut tx).await.unwrap().0.name.contains("惠民"));
    }
}
