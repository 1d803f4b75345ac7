//! Training of the staff on every database: what a post needs is asked for by the close, entered by somebody else, and
//! counts for its time.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, Browser, House};
use platform::training::{actions, rules};

use crate::institution::{Lending, over, system};

async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

/// Makes somebody a collector.
async fn collector(house: &House, login: &str) -> i64 {
    let user = house.user_id(login).await;
    let mut work = system(&house.app).await;
    let now = work.now;
    let sql = "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, 0)";
    work.tx.execute(sql, args![user, "collection_officer", now]).await.unwrap();
    work.commit().await.unwrap();
    user.0
}

/// A page in both languages, every word of it with a message; the Chinese one.
async fn shown(browser: &mut Browser, page: &str) -> String {
    let mut last = String::new();
    for lang in ["en", "zh-CN"] {
        browser.get(&format!("/me?lang={lang}")).await;
        let answer = browser.get(page).await;
        assert_eq!((answer.status, missing_in(&answer.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        last = answer.text;
    }
    last
}

async fn enter(browser: &mut Browser, person: &str, form: &str, topic: &str, hours: &str, on: &str) -> StatusCode {
    let fields = [
        ("person", person),
        ("form", form),
        ("topic", topic),
        ("title", "催收法律基础"),
        ("held_on", on),
        ("hours", hours),
        ("result", "passed"),
    ];
    browser.post_from("/trainings/new", "/trainings/new", &fields).await.status
}

const OPEN: &str = "select count(*) as n from duty where kind = 'staff_training' and state = 'open' \
                    and owner_role = 'collection_manager' and due_on = '2026-12-18'";

// S2.3-03. Rules training.topics, training.record, training.lacking, duty.staff_training
#[tokio::test]
async fn a_collector_is_trained_and_judged_by_another_or_stands_on_the_list() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let credit = collector(&house, "credit").await.to_string();
        let boss = house.user_id("boss").await.to_string();
        platform::close::run(&house.app, date(2026, 11, 20), 0, &mut |_| {}).await.unwrap();
        assert_eq!(count(&house, OPEN).await, 1, "asked once, for the one collector");
        platform::close::run(&house.app, date(2026, 11, 21), 0, &mut |_| {}).await.unwrap();
        let all = "select count(*) as n from duty where kind = 'staff_training'";
        assert_eq!(count(&house, all).await, 1, "and not once a day");
        let mut browser = house.user("boss").await;
        let lacking = shown(&mut browser, "/trainings/lacking").await;
        for words in ["《民法典》", "《公司法》", "分析与判断", "谈判", "催收人员的素质"] {
            assert!(lacking.contains(words), "{words}: {lacking}");
        }
        shown(&mut browser, &format!("/trainings/new?person={credit}&topic=civil_code&form=course")).await;
        // Wrong ones: nobody, an unknown topic, a course without hours, a day to come, one's own.
        for (person, topic, hours, on) in [
            ("999", "civil_code", "8", "2026-11-20"),
            (credit.as_str(), "marriage_law", "8", "2026-11-20"),
            (credit.as_str(), "civil_code", "0", "2026-11-20"),
            (credit.as_str(), "civil_code", "8", "2026-11-30"),
        ] {
            let status = enter(&mut browser, person, "course", topic, hours, on).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{person} {topic} {hours} {on}");
        }
        let own = enter(&mut browser, &boss, "course", "civil_code", "8", "2026-11-20").await;
        assert_eq!(own, StatusCode::CONFLICT, "nobody enters the own training");
        // A course is no judgement: the last of the five closes the duty.
        for (form, topic, hours) in [
            ("course", "civil_code", "8"),
            ("course", "company_law", "4"),
            ("judgement", "analysis", "0"),
            ("judgement", "communication", "0"),
            ("course", "negotiation", "6"),
        ] {
            let status = enter(&mut browser, &credit, form, topic, hours, "2026-11-20").await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{form} {topic}");
        }
        assert_eq!(count(&house, OPEN).await, 1, "negotiation was taught and not judged");
        let status = enter(&mut browser, &credit, "judgement", "negotiation", "0", "2026-11-21").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let done = "select count(*) as n from duty where kind = 'staff_training' and state = 'done'";
        assert_eq!((count(&house, OPEN).await, count(&house, done).await), (0, 1));
        assert!(!shown(&mut browser, "/trainings/lacking").await.contains("分析与判断"));
        assert!(shown(&mut browser, "/trainings?view=valid").await.contains("催收法律基础"));
        // The other people see neither list.
        assert_eq!(house.user("manager").await.get("/trainings").await.status, StatusCode::FORBIDDEN);
        let trail = "select count(*) as n from audit_entry where action = 'training.record'";
        assert_eq!(count(&house, trail).await, 6);
    }
}

// S2.3-03. Rules training.record, training.valid
#[tokio::test]
async fn what_was_taken_back_or_is_too_old_counts_no_more() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let credit = collector(&house, "credit").await.to_string();
        let mut browser = house.user("boss").await;
        let course =
            async |browser: &mut Browser, on: &str| enter(browser, &credit, "course", "company_law", "4", on).await;
        // Two years and a day ago: it is kept, and counts no more.
        assert_eq!(course(&mut browser, "2024-11-19").await, StatusCode::SEE_OTHER);
        let until = "select count(*) as n from staff_training where valid_until = '2026-11-19'";
        assert_eq!(count(&house, until).await, 1);
        assert!(shown(&mut browser, "/trainings?view=expired").await.contains("催收法律基础"));
        let lacks = async || {
            let mut work = system(&house.app).await;
            let needs = actions::needs(&mut work).await.unwrap();
            assert_eq!(rules::topics(&needs).len(), 5);
            let everybody = platform::access::DataScope::everything();
            let found = actions::lacks(&mut work, &needs, everybody).await.unwrap();
            found.first().map(|(_, lacking)| lacking.len())
        };
        assert_eq!(lacks().await, Some(5));
        // To the day two years ago: today is its last day.
        assert_eq!(course(&mut browser, "2024-11-20").await, StatusCode::SEE_OTHER);
        assert_eq!(lacks().await, Some(4));
        let id = count(&house, "select id as n from staff_training where valid_until = '2026-11-20'").await;
        let back = format!("/trainings/{id}/back");
        shown(&mut browser, &back).await;
        let silent = browser.post_from(&back, &back, &[("note", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reason = [("note", "登记错人")];
        assert_eq!(browser.post_from(&back, &back, &reason).await.status, StatusCode::SEE_OTHER);
        assert_eq!(lacks().await, Some(5));
        assert_eq!(browser.post_from(&back, &back, &reason).await.status, StatusCode::CONFLICT, "once");
        assert_eq!(count(&house, "select count(*) as n from staff_training").await, 3, "both rows stay");
        let mut work = system(&house.app).await;
        let left = "update app_user set state = 'disabled' where login = 'credit'";
        work.tx.execute(left, Vec::new()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lacks().await, None, "who left lacks nothing");
    }
}
