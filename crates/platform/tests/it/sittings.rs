//! The bank of questions and exams drawn from it, on every database: written by one, approved by another, drawn and scored
//! by the system, with no answer told before the end.

use axum::http::StatusCode;
use jiff::SignedDuration;
use jiff::civil::date;
use platform::args;
use platform::exam::bank::actions as bank;
use platform::exam::bank::model::NewQuestion;
use platform::locale::missing_in;
use platform::sheets::{self, Limits};
use platform::testbed::{self, Browser, House};
use serde_json::json;

use crate::institution::{Lending, by, over, system};

async fn count(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.app.db.read().await.unwrap();
    tx.fetch_one(sql, args![]).await.unwrap().get("n").unwrap()
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

fn question(topic: &str, number: usize) -> NewQuestion {
    NewQuestion {
        topic: topic.to_owned(),
        asked: format!("{topic} 第{number}题"),
        choices: ["甲项", "乙项", "丙项"].map(str::to_owned).to_vec(),
        right: "B".to_owned(),
        points: 2,
        source: format!("依据{number}"),
    }
}

/// Writes so many questions of a topic and has them approved by another.
async fn fill(house: &House, topic: &str, many: usize) {
    let mut keys = Vec::new();
    let mut work = by(house, "boss").await;
    for number in 1..=many {
        keys.push(bank::write(&mut work, &question(topic, number)).await.unwrap());
    }
    work.commit().await.unwrap();
    let mut work = by(house, "chief").await;
    for key in keys {
        bank::approve(&mut work, &key.to_string()).await.unwrap();
    }
    work.commit().await.unwrap();
}

// S5.6-11. Rule exam.question
#[tokio::test]
async fn a_question_is_written_by_one_approved_by_another_and_never_changed() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut boss = house.user("boss").await;
        let fields = |right: &'static str, topic: &'static str| {
            let choices = ("choices", "一年\r\n二年\r\n\r\n三年");
            let points = ("points", "2");
            [
                ("topic", topic),
                ("asked", "一般诉讼时效期间是多久？"),
                choices,
                ("right", right),
                points,
                ("source", "《民法典》第一百八十八条"),
            ]
        };
        for (right, topic) in [("D", "civil_code"), ("", "civil_code"), ("C", "marriage_law")] {
            let refused = boss.post_from("/exam-questions/new", "/exam-questions/new", &fields(right, topic)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{right} {topic}");
        }
        let good = fields("c", "civil_code");
        let done = boss.post_from("/exam-questions/new", "/exam-questions/new", &good).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let id = count(&house, "select id as n from exam_question where right_letters = 'C'").await;
        let place = format!("/exam-questions/{id}");
        let approve = format!("{place}/approve");
        assert!(shown(&mut boss, "/exam-questions?view=draft").await.contains("一般诉讼时效期间是多久"));
        shown(&mut boss, &place).await;
        assert_eq!(
            boss.post_from("/exam-questions/new", &approve, &[]).await.status,
            StatusCode::CONFLICT,
            "one's own"
        );
        let mut chief = house.user("chief").await;
        assert_eq!(chief.post_from(&place, &approve, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(chief.post(&approve, &[]).await.status, StatusCode::CONFLICT, "once");
        assert!(shown(&mut boss, "/exam-questions?view=approved").await.contains("一般诉讼时效期间是多久"));
        assert_eq!(house.user("credit").await.get(&place).await.status, StatusCode::FORBIDDEN);
        let retire = format!("{place}/retire");
        shown(&mut boss, &retire).await;
        let silent = boss.post_from(&retire, &retire, &[("note", " ")]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reason = [("note", "法律已修订")];
        assert_eq!(boss.post_from(&retire, &retire, &reason).await.status, StatusCode::SEE_OTHER);
        assert_eq!(boss.post_from(&retire, &retire, &reason).await.status, StatusCode::CONFLICT, "once");
        assert!(shown(&mut boss, "/exam-questions?view=retired").await.contains("一般诉讼时效期间是多久"));
        let same = "select count(*) as n from exam_question where right_letters = 'C' and points = 2";
        assert_eq!(count(&house, same).await, 1, "the question itself stays what it was");
        let trail = "select count(*) as n from audit_entry where action in ('question.write', 'question.approve', \
                     'question.retire')";
        assert_eq!(count(&house, trail).await, 3);
    }
}

// S5.6-11. Rule exam.question: by workbook, whole or not at all.
#[tokio::test]
async fn a_bank_goes_out_as_a_workbook_and_comes_in_as_drafts() {
    let house = over(testbed::sqlite().await, Lending::default()).await;
    fill(&house, "civil_code", 3).await;
    let mut boss = house.user("boss").await;
    shown(&mut boss, "/exam-questions/import").await;
    let (status, bytes) = boss.file("/exam-questions/workbook.xlsx").await;
    assert_eq!(status, StatusCode::OK);
    let page = "/exam-questions/import";
    let sent = boss.upload_from(page, page, &[], ("file", "bank.xlsx", &bytes)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let all = "select count(*) as n from exam_question";
    let drafts = "select count(*) as n from exam_question q where not exists \
                  (select 1 from exam_question_step s where s.question_id = q.id)";
    assert_eq!((count(&house, all).await, count(&house, drafts).await), (6, 3));
    let book = sheets::read("bank.xlsx", &bytes, &Limits::default()).unwrap();
    let lines: Vec<Vec<String>> = book.sheets[0]
        .rows
        .iter()
        .map(|row| (1..=11).map(|column| row.cell(column).map(sheets::Cell::shown).unwrap_or_default()).collect())
        .collect();
    let csv =
        |lines: &[Vec<String>]| lines.iter().map(|line| line.join(",")).collect::<Vec<_>>().join("\r\n").into_bytes();
    assert_eq!(lines.len(), 4);
    // A wrong answer and a wrong topic in the last two rows: both cells are named, nothing comes in.
    let mut broken = lines.clone();
    broken[2][7] = "E".to_owned();
    broken[3][8] = "婚姻法".to_owned();
    let refused = boss.upload_from(page, page, &[], ("file", "bank.csv", &csv(&broken))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("H3") && refused.text.contains("I4"), "{}", refused.text);
    for bytes in [csv(&lines[1..]), csv(&lines[..1]), b"PK\x03\x04 no workbook".to_vec()] {
        let refused = boss.upload_from(page, page, &[], ("file", "bank.csv", &bytes)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    }
    assert_eq!(count(&house, all).await, 6);
}

/// The answers to all questions of a paper, as the page sends them.
fn answers(letter: &str) -> Vec<(String, String)> {
    (1..=20).map(|place| (format!("answer-{place}"), letter.to_owned())).collect()
}

async fn send(browser: &mut Browser, place: &str, verb: &str, answers: &[(String, String)]) -> StatusCode {
    let mut fields: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("verb", verb));
    browser.post_from(place, place, &fields).await.status
}

// S5.6-11. Rules exam.paper, exam.sitting, exam.score, exam.again, exam.proves
#[tokio::test]
async fn a_paper_is_drawn_answered_scored_and_kept_and_proves_what_the_policy_says() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut credit = house.user("credit").await;
        let paper = [("paper", "collection_law")];
        let begin = async |browser: &mut Browser| browser.post_from("/exam-sittings", "/exam-sittings", &paper).await;
        assert_eq!(begin(&mut credit).await.status, StatusCode::CONFLICT, "the bank is empty");
        fill(&house, "civil_code", 14).await;
        fill(&house, "conduct", 9).await;
        assert_eq!(begin(&mut house.user("boss").await).await.status, StatusCode::CONFLICT, "who sees the answers");
        let none = credit.post_from("/exam-sittings", "/exam-sittings", &[("paper", "none")]).await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
        shown(&mut credit, "/exam-sittings").await;
        let begun = begin(&mut credit).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        let place = begun.location().to_owned();
        assert_eq!(begin(&mut credit).await.status, StatusCode::CONFLICT, "one at a time");
        // The paper is there, its answers are not: neither on the page nor for a program.
        let page = shown(&mut credit, &place).await;
        assert!(page.contains("answer-20") && !page.contains("answer-21") && !page.contains("依据1"), "{page}");
        let mut program = house.program("credit", &["self"]).await;
        let data = program.get(&place).await.json();
        assert_eq!(data["questions"].as_array().unwrap().len(), 20);
        assert!(data["questions"][0]["right"].is_null() && data["questions"][0]["source"].is_null(), "{data}");
        assert_eq!(data["state"], "open");
        // Others see that it is under way, and nothing of the paper.
        let other = shown(&mut house.user("boss").await, &place).await;
        assert!(!other.contains("第1题") && !other.contains("answer-1"), "{other}");
        assert_eq!(house.user("manager").await.get(&place).await.status, StatusCode::NOT_FOUND);
        // What is kept stays; what the paper does not offer is refused and changes nothing.
        assert_eq!(send(&mut credit, &place, "keep", &answers("A")).await, StatusCode::SEE_OTHER);
        for (name, letter) in [("answer-1", "F"), ("answer-21", "A"), ("answer-x", "A"), ("answer-1", "AB")] {
            let wrong = [(name.to_owned(), letter.to_owned())];
            assert_eq!(send(&mut credit, &place, "keep", &wrong).await, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        let body = json!({"answer": ["3-B", "4-B"], "verb": "keep"});
        assert_eq!(program.post(&place, &body).await.status, StatusCode::OK);
        let data = program.get(&place).await.json();
        let chosen = |at: usize| data["questions"][at]["chosen"].as_str().unwrap_or_default().to_owned();
        assert_eq!((chosen(0), chosen(2), chosen(3)), ("A".to_owned(), "B".to_owned(), "B".to_owned()));
        // Two wrong of twenty: 36 of 40 points.
        let mut all = answers("B");
        all[0].1 = "C".to_owned();
        all[19].1 = String::new();
        assert_eq!(send(&mut credit, &place, "hand_in", &all).await, StatusCode::SEE_OTHER);
        let done = shown(&mut credit, &place).await;
        assert!(done.contains("依据1") && done.contains("36 / 40"), "{done}");
        assert_eq!(program.get(&place).await.json()["points"], 36);
        assert_eq!(credit.post(&place, &[("verb", "hand_in")]).await.status, StatusCode::CONFLICT, "once");
        let scored =
            "select count(*) as n from staff_exam where right_answers = 18 and questions = 20 and recorded_by = 0";
        assert_eq!(count(&house, scored).await, 1);
        let proven = "select count(*) as n from staff_training where form = 'judgement' and topic = 'civil_code' \
                      and passed = 1 and recorded_by = 0";
        assert_eq!(count(&house, proven).await, 1);
        // Every answer that was kept stays, the last one counts.
        let kept = "select count(*) as n from exam_answer where place = 1";
        assert_eq!(count(&house, kept).await, 2);
        let mut boss = house.user("boss").await;
        assert!(shown(&mut boss, "/exams?view=passed").await.contains("催收法律与规范"));
        assert!(shown(&mut boss, &place).await.contains("第1题"), "the record stands for those who see the exams");
        assert_eq!(begin(&mut credit).await.status, StatusCode::CONFLICT, "not again so soon");
        let mut work = system(&house.app).await;
        let past = "update exam_sitting set effective_on = '2026-11-10'";
        work.tx.execute(past, args![]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(begin(&mut credit).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(&house, "select max(turn) as n from exam_sitting").await, 2);
    }
}

// S5.6-11. Rule exam.sitting: the clock of the server ends it.
#[tokio::test]
async fn what_was_kept_in_time_counts_and_nothing_later() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        fill(&house, "civil_code", 11).await;
        fill(&house, "conduct", 9).await;
        let paper = [("paper", "collection_law")];
        let mut places = Vec::new();
        for login in ["credit", "manager"] {
            let mut browser = house.user(login).await;
            let begun = browser.post_from("/exam-sittings", "/exam-sittings", &paper).await;
            places.push(begun.location().to_owned());
            let some = answers("B")[..15].to_vec();
            assert_eq!(send(&mut browser, &places[places.len() - 1], "keep", &some).await, StatusCode::SEE_OTHER);
        }
        house.app.clock.advance(SignedDuration::from_mins(60));
        let mut credit = house.user("credit").await;
        let page = shown(&mut credit, &places[0]).await;
        assert!(!page.contains("answer-1") && !page.contains("第1题"), "the paper is taken away");
        assert_eq!(send(&mut credit, &places[0], "keep", &answers("B")).await, StatusCode::CONFLICT);
        assert_eq!(send(&mut credit, &places[0], "hand_in", &answers("B")).await, StatusCode::SEE_OTHER);
        let late = "select count(*) as n from exam_hand_in h join staff_exam e on e.id = h.exam_id \
                    where h.way = 'time_up' and e.right_answers = 15";
        assert_eq!(count(&house, late).await, 1);
        // The close ends what nobody handed in, once.
        for day in [20, 21] {
            platform::close::run(&house.app, date(2026, 11, day), 0, &mut |_| {}).await.unwrap();
        }
        assert_eq!(count(&house, late).await, 2);
        assert_eq!(count(&house, "select count(*) as n from staff_exam").await, 2);
        let mut manager = house.user("manager").await;
        assert!(shown(&mut manager, &places[1]).await.contains("30 / 40"));
    }
}

// S5.6-11. Rule exam.paper: nobody is asked what that person wrote or approved.
#[tokio::test]
async fn whoever_wrote_a_question_is_not_asked_it() {
    let house = over(testbed::sqlite().await, Lending::default()).await;
    fill(&house, "civil_code", 11).await;
    fill(&house, "conduct", 9).await;
    let credit = house.user_id("credit").await;
    let mut work = system(&house.app).await;
    let theirs = "update exam_question set recorded_by = $1 where asked = 'conduct 第9题'";
    work.tx.execute(theirs, args![credit]).await.unwrap();
    work.commit().await.unwrap();
    let paper = [("paper", "collection_law")];
    let few = house.user("credit").await.post_from("/exam-sittings", "/exam-sittings", &paper).await;
    assert_eq!(few.status, StatusCode::CONFLICT, "eight of nine are left");
    let other = house.user("manager").await.post_from("/exam-sittings", "/exam-sittings", &paper).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER, "{}", other.text);
}
