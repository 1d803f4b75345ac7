//! Exams of the staff on every database: entered by somebody else, scored by the policy, corrected by another entry.

use axum::http::StatusCode;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{self, Browser, House};

use crate::institution::{Lending, over};

async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
}

/// The list in both languages, every word of it with a message; the Chinese one.
async fn list(browser: &mut Browser, view: &str) -> String {
    let mut last = String::new();
    for lang in ["en", "zh-CN"] {
        browser.get(&format!("/me?lang={lang}")).await;
        for page in [format!("/exams?view={view}"), "/exams/new".to_owned()] {
            let answer = browser.get(&page).await;
            assert_eq!((answer.status, missing_in(&answer.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            last = if page.ends_with("new") { last } else { answer.text };
        }
    }
    last
}

// S5.6-11. Rules exam.score, exam.record
#[tokio::test]
async fn an_exam_of_twenty_questions_is_entered_by_another_scored_and_corrected() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let (credit, boss) = (house.user_id("credit").await.to_string(), house.user_id("boss").await.to_string());
        let mut browser = house.user("boss").await;
        let exam = |person: &str, right: &str, on: &str| {
            let fields = [("person", person), ("title", "信贷业务技能"), ("held_on", on), ("right", right)];
            fields.map(|(name, value)| (name, value.to_owned())).to_vec()
        };
        let mut send = async |fields: Vec<(&'static str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post_from("/exams/new", "/exams/new", &fields).await
        };
        for (person, right, on) in [
            ("999", "20", "2026-11-20"),
            (credit.as_str(), "21", "2026-11-20"),
            (credit.as_str(), "20", "2026-11-21"),
            (credit.as_str(), "x", ""),
        ] {
            let refused = send(exam(person, right, on)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{person} {right} {on}");
        }
        let own = send(exam(&boss, "20", "2026-11-20")).await;
        assert_eq!(own.status, StatusCode::CONFLICT, "nobody enters the own result");
        let done = send(exam(&credit, "20", "2026-11-20")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let full = "select count(*) as n from staff_exam where right_answers * points_each = 40 and questions = 20";
        assert_eq!(count(&house, full).await, 1, "forty points in all");
        let shown = list(&mut browser, "passed").await;
        assert!(shown.contains("信贷业务技能"), "{shown}");
        assert_eq!(house.user("credit").await.get("/exams").await.status, StatusCode::FORBIDDEN);
        // It was eleven: a correction with its reason, and the first entry stays. The person has left meanwhile.
        let mut tx = house.app.db.write().await.unwrap();
        tx.execute("update app_user set state = 'disabled' where login = 'credit'", args![]).await.unwrap();
        tx.commit().await.unwrap();
        let first = count(&house, "select id as n from staff_exam").await;
        let correct = format!("/exams/{first}/correct");
        assert_eq!(browser.get(&correct).await.status, StatusCode::OK);
        let silent = browser.post_from(&correct, &correct, &[("right", "11"), ("note", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = [("right", "11"), ("note", "复核答题卡")];
        assert_eq!(browser.post_from(&correct, &correct, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post_from(&correct, &correct, &fields).await.status, StatusCode::CONFLICT, "once");
        assert_eq!(count(&house, "select count(*) as n from staff_exam").await, 2);
        assert!(!list(&mut browser, "passed").await.contains("信贷业务技能"), "22 points are not enough");
        assert!(list(&mut browser, "failed").await.contains("复核答题卡"));
        let trail = "select count(*) as n from audit_entry where action in ('exam.record', 'exam.correct')";
        assert_eq!(count(&house, trail).await, 2);
    }
}
