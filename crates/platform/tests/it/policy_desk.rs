//! The policy desk in the browser and through its use cases: edit, check, compare, submit, approve, read.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use jiff::civil::date;
use platform::approval::{self, ApprovalId, Verdict};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::policies::compare::{self, Asked, Effect, Group, Measure, Member, PolicySubjects};
use platform::policies::draft::actions as drafts;
use platform::policies::{self, reading};
use platform::testbed::{self, Browser, House};
use platform::work::Work;
use policy::Value;

use crate::institution::{Lending, by, over, system};

/// Ten loans: days overdue and principal.
const BOOK: [(i64, i64); 10] = [
    (0, 100_000),
    (0, 200_000),
    (1, 300_000),
    (30, 400_000),
    (31, 500_000),
    (45, 600_000),
    (60, 700_000),
    (89, 800_000),
    (90, 900_000),
    (400, 1_000_000),
];

struct Book;

impl Book {
    fn facts(asked: &Asked, (days, amount): (i64, i64)) -> Vec<Option<Value>> {
        let fact = |name: &&str| Some(Value::Integer(if *name == "overdue_days" { days } else { amount }));
        asked.facts.iter().map(fact).collect()
    }
}

impl PolicySubjects for Book {
    fn name(&self) -> &'static str {
        "loan"
    }
    fn title(&self) -> &'static str {
        "compare-loans"
    }
    fn facts(&self) -> &'static [&'static str] {
        &["amount_fen", "overdue_days"]
    }
    fn past_facts(&self) -> &'static [&'static str] {
        &["overdue_days"]
    }
    fn effects(&self) -> &'static [Effect] {
        &[Effect { decision: "npl", output: "npl", measure: Measure::MoneyWhere, title: "compare-npl" }]
    }
    fn groups<'a>(&'a self, _: &'a mut Work, asked: &'a Asked) -> BoxFuture<'a, Result<Vec<Group>, ActionError>> {
        let group = |one: &(i64, i64)| Group { facts: Book::facts(asked, *one), count: 1, amount_fen: one.1 };
        Box::pin(async move { Ok(BOOK.iter().map(group).collect()) })
    }
    fn members<'a>(
        &'a self,
        _: &'a mut Work,
        asked: &'a Asked,
        _: &'a [Group],
        after: (i64, i64),
        limit: i64,
    ) -> BoxFuture<'a, Result<Vec<Member>, ActionError>> {
        let member = |(id, one): (i64, &(i64, i64))| Member {
            customer: id,
            id,
            label: format!("J{id:03}"),
            href: format!("/loans/{id}"),
            amount_fen: one.1,
            facts: Book::facts(asked, *one),
        };
        Box::pin(async move {
            let all = (1..).zip(&BOOK).filter(|(id, _)| (*id, *id) > after).map(member);
            Ok(all.take(usize::try_from(limit).unwrap_or(0).min(4)).collect())
        })
    }
}

async fn house(db: platform::db::Db) -> House {
    over(db, Lending { subjects: vec![Arc::new(Book)], ..Lending::default() }).await
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

/// A page in both languages, every word of it with a message.
async fn reads(browser: &mut Browser, path: &str) -> String {
    let mut last = String::new();
    for lang in ["en", "zh-CN"] {
        browser.get(&format!("/me?lang={lang}")).await;
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{path}");
        last = answer.text;
    }
    last
}

/// The revision that a page carries.
fn revision(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"revision\" value=\"").expect("a revision");
    rest.split('"').next().unwrap().to_owned()
}

async fn begun(browser: &mut Browser) -> String {
    browser.get("/me?lang=zh-CN").await;
    let answer = browser.post_from("/policies", "/policies/drafts", &[("title", "收紧分类")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().to_owned()
}

/// Narrows special mention to day 30 and widens substandard to begin at day 31.
const NARROW: [(&str, &str); 2] = [("r1c1", "[1..30]"), ("r2c1", "[31..param.doubtful_min_overdue_days)")];

#[tokio::test]
async fn a_rule_is_changed_compared_submitted_approved_and_rules_from_its_day() {
    // S1-01, S5.4-05, S5.4-06; rules `policy.draft`, `policy.compare`, `policy.read`
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut rules = house.user("rules").await;
        let draft = begun(&mut rules).await;
        let table = format!("{draft}/tables/asset_class");
        let page = reads(&mut rules, &table).await;
        assert!(
            page.contains("param.npl_min_overdue_days") && page.contains("自检通过") || page.contains("没有缺口"),
            "{page}"
        );
        // One cell alone leaves a gap, and the check says where.
        let seen = revision(&page);
        let first = [("revision", seen.as_str()), NARROW[0]];
        let answer = rules.post_from(&table, &table, &first).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = reads(&mut rules, &table).await;
        assert!(page.contains("缺口 1") && page.contains("31..89"), "{page}");
        let draft_page = reads(&mut rules, &draft).await;
        assert!(draft_page.contains("请先处理自检问题"), "{draft_page}");
        let seen = revision(&page);
        rules.post_from(&table, &table, &[("revision", seen.as_str()), NARROW[1]]).await;
        let page = reads(&mut rules, &table).await;
        assert!(page.contains("缺口 0") && page.contains("[1..30]"), "{page}");
        // It has a day, and is compared.
        let draft_page = reads(&mut rules, &draft).await;
        let seen = revision(&draft_page);
        let head = |on: &'static str| [("title", "收紧分类"), ("note", "早认不良"), ("day", on)];
        for (on, status) in [("2026-11-20", StatusCode::UNPROCESSABLE_ENTITY), ("2026-12-01", StatusCode::SEE_OTHER)] {
            let [a, b, c] = head(on);
            let answer =
                rules.post_from(&draft, &format!("{draft}/head"), &[("revision", seen.as_str()), a, b, c]).await;
            assert_eq!(answer.status, status, "{on}: {}", answer.text);
        }
        let seen = revision(&reads(&mut rules, &draft).await);
        let early = rules.post_from(&draft, &format!("{draft}/submit"), &[("revision", &seen)]).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "not compared yet");
        let report = compared(&mut rules, &draft).await;
        // 31, 45, 60, 89 days: four loans of 26,000 yuan go from special mention to substandard.
        assert!(report.contains("变动 4") && report.contains("26,000.00"), "{report}");
        assert!(report.contains("不良余额"), "{report}");
        let submitted = rules.post_from(&draft, &format!("{draft}/submit"), &[("revision", &seen)]).await;
        assert_eq!(submitted.status, StatusCode::SEE_OTHER, "{}", submitted.text);
        let approval = submitted.location().to_owned();
        let page = reads(&mut rules, &approval).await;
        assert!(page.contains("/policies/comparisons/") && page.contains("变动笔数"), "the report is attached: {page}");
        // Its maker does not approve, and cannot change what waits.
        let own = rules.post_from(&approval, &approval, &[("verdict", "approve"), ("seen", "1")]).await;
        assert_ne!(own.status, StatusCode::SEE_OTHER);
        let after = rules.post_from(&draft, &table, &[("revision", seen.as_str()), NARROW[0]]).await;
        assert_eq!(after.status, StatusCode::CONFLICT);
        for (login, version) in [("risk", "1"), ("chief", "2")] {
            let mut checker = house.user(login).await;
            let answer = checker
                .post_from(&approval, &approval, &[("verdict", "approve"), ("seen", version), ("opinion", "同意")])
                .await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.text);
        }
        let mut work = system(&house.app).await;
        for (on, class) in [(date(2026, 11, 30), "special_mention"), (date(2026, 12, 1), "substandard")] {
            let rules = policies::in_force(&mut work, on).await.unwrap();
            let case = [("overdue_days".to_owned(), Value::Integer(31))].into();
            let found = rules.edition(on).decide("asset_class", &case).unwrap();
            assert_eq!(found.text("asset_class"), Some(class), "{on}");
        }
        drop(work);
        read_by_staff(&house).await;
    }
}

/// Compares and waits for the report.
async fn compared(browser: &mut Browser, draft: &str) -> String {
    let answer = browser.post_from(draft, &format!("{draft}/compare"), &[("months", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let report = answer.location().to_owned();
    for _ in 0..200 {
        let page = browser.get(&report).await;
        if !page.text.contains("/progress") {
            let rows = reads(browser, &format!("{report}/rows?decision=asset_class&from=special_mention")).await;
            assert!(rows.contains("J005") && !rows.contains("J009"), "{rows}");
            let book = browser.get(&format!("{report}/rows.xlsx?decision=asset_class")).await;
            assert_eq!(book.status, StatusCode::OK);
            return reads(browser, &report).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the comparison did not end");
}

/// Everybody confirms, the page tells who has not.
async fn read_by_staff(house: &House) {
    let mut work = system(&house.app).await;
    let spans = policies::store::approved_spans(&mut work.tx).await.unwrap();
    let version = spans.last().unwrap().id;
    let all = reading::staff(&mut work).await.unwrap().len();
    drop(work);
    let place = format!("/policies/versions/{version}");
    let mut credit = house.user("credit").await;
    let page = reads(&mut credit, &place).await;
    assert!(page.contains("我已阅读本版本") && page.contains("改为"), "{page}");
    let answer = credit.post_from(&place, &format!("{place}/read"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!reads(&mut credit, &place).await.contains("我已阅读本版本"));
    let mut rules = house.user("rules").await;
    let page = reads(&mut rules, &place).await;
    assert!(page.contains(&format!("{} 人未阅", all - 1)), "{page}");
    // What was superseded stays readable.
    let before = format!("/policies/versions/{}", spans[0].id);
    assert!(reads(&mut rules, &before).await.contains("asset_class"));
    assert!(
        reads(&mut rules, &format!("{before}/tables/asset_class")).await.contains("[1..param.npl_min_overdue_days)")
    );
    let overview = reads(&mut rules, "/policies").await;
    assert!(overview.contains(&format!("1 / {all}")), "{overview}");
    reads(&mut rules, "/policies/switches").await;
}

#[tokio::test]
async fn bad_input_is_refused_with_its_place_and_remedy() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut rules = house.user("rules").await;
        let draft = begun(&mut rules).await;
        let table = format!("{draft}/tables/asset_class");
        let mut post = async |fields: &[(&str, &str)]| {
            let seen = revision(&rules.get(&table).await.text);
            let mut sent = vec![("revision", seen.as_str())];
            sent.extend_from_slice(fields);
            let answer = rules.post_from(&table, &table, &sent).await;
            (answer.status, answer.text, rules.get(&table).await.text)
        };
        // An empty cell, a misspelt word, a missing article: each with row and column.
        for (cell, typed, told) in [
            ("r1c1", "", "第 2 行 逾期天数"),
            ("r1c1", "thirty", "此处应为"),
            ("r1c2", "special_mentoin", "第 2 行 五级分类"),
            ("r1c3", "", "缺少条款"),
            ("r1c3", "no.such-article", "不在登记簿中"),
            ("r1c1", "[1..param.npl_min_days)", "npl_min_overdue_days"),
        ] {
            let (status, _, page) = post(&[(cell, typed)]).await;
            assert_eq!(status, StatusCode::SEE_OTHER);
            assert!(page.contains(told), "{cell} {typed:?}: {page}");
            post(&[("op", "restore")]).await;
        }
        // A text of a million characters.
        let (status, page, _) = post(&[("r1c4", &"x".repeat(1_000_000))]).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert!(page.contains("第 2 行第 5 列有 1000000 字"), "{page}");
        // A row that can never take effect, and a row too many.
        let (_, _, page) = post(&[("op", "copy:1")]).await;
        assert!(page.contains("重叠 1"), "{page}");
        // Two people: the second is told who was first.
        let stale = rules.post_from(&table, &table, &[("revision", "1"), ("r0c4", "x")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text.contains("已于") && stale.text.contains("改动本草案"), "{}", stale.text);
        // A table of the law.
        let fixed = rules.get(&format!("{draft}/tables/npl")).await;
        assert_eq!(fixed.status, StatusCode::CONFLICT, "{}", fixed.text);
        assert_eq!(rules.get("/policies/drafts/7").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_parameter_may_only_tighten_the_law() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut rules = house.user("rules").await;
        let draft = begun(&mut rules).await;
        let mut work = system(&house.app).await;
        let on = date(2026, 12, 1);
        let in_force = policies::in_force(&mut work, on).await.unwrap();
        let law = in_force.pack().parameters().iter().find(|one| {
            one.direction == Some(policy::Direction::Max)
                && in_force.pack().is_law(one.place.file.split('/').next().unwrap())
        });
        let law = law.expect("the law has a greatest value").clone();
        drop(work);
        let place = format!("{draft}/parameters/{}", law.name);
        assert!(reads(&mut rules, &place).await.contains("法律规定不高于"));
        let limit = law.value.to_text().parse::<i64>().unwrap();
        let (above, below) = ((limit + 1).to_string(), (limit - 1).to_string());
        let stale =
            rules.post_from(&place, &format!("{place}?seen=9"), &[("value", "1"), ("article", &law.article)]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
        for (value, status) in [(&above, StatusCode::UNPROCESSABLE_ENTITY), (&below, StatusCode::SEE_OTHER)] {
            let fields = [("value", value.as_str()), ("article", law.article.as_str())];
            let answer = rules.post_from(&place, &format!("{place}?seen=1"), &fields).await;
            assert_eq!(answer.status, status, "{value}: {}", answer.text);
            if status == StatusCode::UNPROCESSABLE_ENTITY {
                assert!(
                    answer.text.contains("比法律底线宽松") && answer.text.contains("/policies/articles/"),
                    "{}",
                    answer.text
                );
            }
        }
        let page = reads(&mut rules, &draft).await;
        assert!(page.contains(&format!("{limit} 改为 {below}")), "{page}");
    }
}

#[tokio::test]
async fn a_table_goes_out_and_in_as_excel_csv_and_dmn() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut rules = house.user("rules").await;
        let draft = begun(&mut rules).await;
        let table = format!("{draft}/tables/overdue_bucket");
        for form in ["xlsx", "csv", "dmn"] {
            assert_eq!(rules.get(&format!("{table}/file/{form}")).await.status, StatusCode::OK, "{form}");
        }
        assert_eq!(rules.get(&format!("{table}/file/exe")).await.status, StatusCode::NOT_FOUND);
        let csv = rules.get(&format!("{table}/file/csv")).await.text;
        let dmn = rules.get(&format!("{table}/file/dmn")).await.text;
        let changed = csv.replace("[1..30]", "[1..29]").replace("[31..60]", "[30..60]");
        for (name, text, told) in [("b.csv", &changed, "[1..29]"), ("b.dmn", &dmn, "[1..30]")] {
            let answer = import(&mut rules, &table, name, text.as_bytes()).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{name}: {}", answer.text);
            assert!(rules.get(&table).await.text.contains(told), "{name}");
        }
        // A wrong cell comes in and is marked; a file that is no table, or a hostile one, does not come in at all.
        let wrong = csv.replace("[1..30]", "[1..x]");
        import(&mut rules, &table, "b.csv", wrong.as_bytes()).await;
        assert!(rules.get(&table).await.text.contains("第 2 行 逾期天数"));
        let bomb = "<!DOCTYPE a [<!ENTITY x \"y\">]><definitions>&x;</definitions>";
        for bytes in [bomb.as_bytes(), b"PK\x03\x04", b"a,b\n", csv.replace("bucket", "pail").as_bytes()] {
            let answer = import(&mut rules, &table, "b.csv", bytes).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        }
    }
}

async fn import(browser: &mut Browser, table: &str, name: &str, bytes: &[u8]) -> testbed::Answer {
    let page = browser.get(table).await;
    let (csrf, revision) = (page.hidden("_csrf").unwrap(), revision(&page.text));
    let mut body = Vec::new();
    for (field, value) in [("_csrf", csrf.as_str()), ("_once", "x"), ("revision", revision.as_str())] {
        body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--b--\r\n");
    let request = Request::post(format!("{table}/import")).header("content-type", "multipart/form-data; boundary=b");
    browser.send(request, Body::from(body)).await
}

#[tokio::test]
async fn a_refused_draft_opens_again_and_another_version_in_between_is_told() {
    //
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut work = by(&house, "rules").await;
        let one = ready(&mut work).await;
        let two = ready(&mut work).await;
        work.commit().await.unwrap();
        for id in [one.0, two.0] {
            let mut work = by(&house, "rules").await;
            let comparison = compare::actions::start(&mut work, id, 0).await.unwrap();
            work.commit().await.unwrap();
            compare::actions::run(house.app.clone(), comparison).await;
        }
        let mut work = by(&house, "rules").await;
        let asked = drafts::submit(&mut work, one).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&house, "risk").await;
        let verdict = Verdict { seen: 1, opinion: "再议".to_owned(), missing: Vec::new() };
        approval::reject(&mut work, CustomerId(0), asked, &verdict).await.unwrap();
        work.commit().await.unwrap();
        let mut work = by(&house, "rules").await;
        let again = (one.0, drafts::checked(&mut work, one.0).await.unwrap().draft.revision);
        let asked = drafts::submit(&mut work, again).await.unwrap();
        work.commit().await.unwrap();
        agree(&house, asked).await;
        let mut work = by(&house, "rules").await;
        assert_eq!(code(drafts::submit(&mut work, two).await), "draft-base-moved");
    }
}

/// A draft with a change and a day; its key and revision.
async fn ready(work: &mut Work) -> (i64, i64) {
    let id = drafts::begin(work, "收紧").await.unwrap();
    let narrowed = drafts::edit_table(work, (id, 1), "asset_class", |mut table| {
        for (cell, text) in NARROW {
            let (row, column) = cell.trim_start_matches('r').split_once('c').unwrap();
            table.set(row.parse().unwrap(), column.parse().unwrap(), text)?;
        }
        Ok(table)
    });
    let revision = narrowed.await.unwrap().revision;
    let draft = drafts::set_head(work, (id, revision), ("收紧", ""), Some(date(2026, 12, 1))).await.unwrap();
    (id, draft.revision)
}

async fn agree(house: &House, asked: ApprovalId) {
    for (login, seen) in [("risk", 1), ("chief", 2)] {
        let mut work = by(house, login).await;
        let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
        approval::approve(&mut work, CustomerId(0), asked, &verdict).await.unwrap();
        work.commit().await.unwrap();
    }
}

/// As if an older program had installed the rules: a parameter is lacking, another reads otherwise.
async fn aged(house: &House) {
    let mut work = system(&house.app).await;
    let row = work.tx.fetch_one("select id, files_json from policy_version", platform::args![]).await.unwrap();
    let text = row.get::<String>("files_json").unwrap();
    let mut files: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
    let parameters = files.get_mut("common/parameters.csv").unwrap();
    let lines = parameters.lines().filter(|line| !line.starts_with("document_remind_days,"));
    let older = lines.map(|line| {
        line.replace("scorecard_review_months,months 1..60,12,", "scorecard_review_months,months 1..60,6,")
    });
    *parameters = older.map(|line| line + "\n").collect();
    let text = serde_json::to_string(&files).unwrap();
    let sql = "update policy_version set files_json = $1";
    work.tx.execute(sql, platform::args![text]).await.unwrap();
    work.commit().await.unwrap();
}

// Rule policy.shipped: what an upgraded program brings is drafted, compared and approved like every change.
#[tokio::test]
async fn rules_of_an_upgraded_program_are_taken_over_through_a_draft() {
    for db in testbed::databases().await {
        let house = house(db).await;
        aged(&house).await;
        let mut rules = house.user("rules").await;
        let page = reads(&mut rules, "/policies").await;
        assert!(page.contains("程序附带的制度有更新") && page.contains("与现行不同：common"), "{page}");
        let mut work = by(&house, "rules").await;
        let on = work.business_date;
        let before = policies::in_force(&mut work, on).await.unwrap();
        assert!(before.edition(on).integer("document_remind_days").is_err(), "the older rules lack it");
        drop(work);
        let made = rules.post_from("/policies", "/policies/drafts/shipped", &[("title", "升级")]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let draft = made.location().to_owned();
        let page = reads(&mut rules, &draft).await;
        assert!(page.contains("document_remind_days") && page.contains("scorecard_review_months"), "{page}");
        let id: i64 = draft.rsplit('/').next().unwrap().parse().unwrap();
        let mut work = by(&house, "rules").await;
        let day = date(2026, 12, 1);
        let ready = drafts::set_head(&mut work, (id, 1), ("升级", ""), Some(day)).await.unwrap();
        let comparison = compare::actions::start(&mut work, id, 0).await.unwrap();
        work.commit().await.unwrap();
        compare::actions::run(house.app.clone(), comparison).await;
        let mut work = by(&house, "rules").await;
        let asked = drafts::submit(&mut work, (id, ready.revision)).await.unwrap();
        work.commit().await.unwrap();
        agree(&house, asked).await;
        let mut work = by(&house, "rules").await;
        let after = policies::in_force(&mut work, day).await.unwrap();
        assert_eq!(after.edition(day).integer("document_remind_days").unwrap(), 30);
        assert_eq!(after.edition(day).integer("scorecard_review_months").unwrap(), 12);
        assert!(policies::in_force(&mut work, on).await.unwrap().edition(on).integer("document_remind_days").is_err());
        assert_eq!(code(drafts::begin_with_shipped(&mut work, "再来").await), "draft-empty");
        drop(work);
        assert!(!reads(&mut rules, "/policies").await.contains("程序附带的制度有更新"));
        let mut chief = house.user("chief").await;
        assert!(!chief.get("/policies").await.text.contains("drafts/shipped"), "who may not draft is offered nothing");
    }
}

// Rule policy.compare: a comparison whose process was killed does not stay "running".
#[tokio::test]
async fn a_comparison_whose_process_is_gone_has_broken_off() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut browser = house.user("rules").await;
        let draft = begun(&mut browser).await;
        let draft: i64 = draft.rsplit('/').next().unwrap().parse().unwrap();
        let mut work = by(&house, "rules").await;
        let id = compare::actions::start(&mut work, draft, 0).await.unwrap();
        work.commit().await.unwrap();
        let state = async || {
            let mut work = system(&house.app).await;
            compare::store::load(&mut work.tx, id).await.unwrap().unwrap().state
        };
        assert_eq!(state().await, compare::store::ComparisonState::Running);
        for (expires, expected) in [
            ("2999-01-01T00:00:00.000Z", compare::store::ComparisonState::Running),
            ("2020-01-01T00:00:00.000Z", compare::store::ComparisonState::Failed),
        ] {
            let mut work = system(&house.app).await;
            let at: jiff::Timestamp = expires.parse().unwrap();
            let sql = "insert into server_node (node, holder, machine, work, started_at, seen_at, expires_at) \
                       values ($1, 'x', 'm', 'serve', $2, $2, $2) on conflict (node) do update set \
                       expires_at = excluded.expires_at";
            work.tx.execute(sql, platform::args![(id >> 12) & 0x3ff, at]).await.unwrap();
            work.commit().await.unwrap();
            assert_eq!(state().await, expected, "{expires}");
        }
        let shown = reads(&mut browser, &format!("/policies/comparisons/{id}")).await;
        assert!(shown.contains("运行它的程序已停止"), "{shown}");
    }
}

// S1-01; rules `policy.read`, `duty.policy_reading`
#[tokio::test]
async fn everybody_is_asked_to_read_the_rules_in_force_until_they_confirm() {
    for db in testbed::databases().await {
        let house = house(db).await;
        let mut work = system(&house.app).await;
        let all = i64::try_from(reading::staff(&mut work).await.unwrap().len()).unwrap();
        let version = policies::store::version_on(&mut work.tx, date(2026, 11, 20)).await.unwrap().unwrap();
        drop(work);
        let count = async |state: &'static str| -> i64 {
            let mut tx = house.app.db.read().await.unwrap();
            let sql = "select count(*) as n from duty where kind = 'policy_reading' and state = $1";
            tx.fetch_one(sql, platform::args![state]).await.unwrap().get("n").unwrap()
        };
        platform::close::run(&house.app, date(2026, 11, 20), 0, &mut |_| {}).await.unwrap();
        assert_eq!(count("open").await, all);
        // It stands on one's own desk, leads to the version, and ends with the confirmation alone.
        let place = format!("/policies/versions/{version}");
        let mut credit = house.user("credit").await;
        let desk = reads(&mut credit, "/").await;
        assert!(desk.contains("阅读现行制度") && desk.contains(&place), "{desk}");
        assert!(desk.contains("机构自身事务") && !desk.contains("0 / 0"), "it has no cases to count: {desk}");
        let answer = credit.post_from(&place, &format!("{place}/read"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!((count("open").await, count("done").await), (all - 1, 1), "one's own only");
        assert!(!reads(&mut credit, "/").await.contains("阅读现行制度"));
        // Somebody leaves; nobody is asked twice.
        let mut work = system(&house.app).await;
        let left = "update app_user set state = 'disabled' where login = 'manager'";
        work.tx.execute(left, Vec::new()).await.unwrap();
        work.commit().await.unwrap();
        platform::close::run(&house.app, date(2026, 11, 21), 0, &mut |_| {}).await.unwrap();
        let stands = (count("open").await, count("done").await, count("cancelled").await);
        assert_eq!(stands, (all - 2, 1, 1));
        // Given to somebody else, a duty is still the one that this person is asked by; who came back is asked again.
        let reader = house.user_id("credit").await;
        let mut work = system(&house.app).await;
        let given = "update duty set owner_id = $1 where kind = 'policy_reading' and state = 'open'";
        work.tx.execute(given, platform::args![reader]).await.unwrap();
        work.tx.execute("update app_user set state = 'active' where login = 'manager'", Vec::new()).await.unwrap();
        work.commit().await.unwrap();
        for day in [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)] {
            platform::close::run(&house.app, day, 0, &mut |_| {}).await.unwrap();
        }
        let stands = (count("open").await, count("done").await, count("cancelled").await);
        assert_eq!(stands, (all - 1, 1, 1), "one a person, not one a day");
    }
}
