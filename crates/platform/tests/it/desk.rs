//! The desk in the browser: home, duties, contact form, approvals, close, calendar, rules, in both languages.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::approval::{self, ApprovalKind, Request};
use platform::close::{self, Batch, CloseDay, CloseStep, Isolated};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::{BranchId, CustomerId};
use platform::locale::missing_in;
use platform::testbed::{self, Browser, House};
use platform::work::Work;
use platform::{args, calendar, duty};
use serde_json::json;
use std::sync::Arc;

use crate::institution::{Lending, by, case, over, system};

/// A step that isolates one loan.
struct Broken;

impl CloseStep for Broken {
    fn name(&self) -> &'static str {
        "due"
    }
    fn order(&self) -> i32 {
        100
    }
    fn batch<'a>(&'a self, _: &'a mut Work, _: CloseDay, _: CustomerId) -> BoxFuture<'a, Result<Batch, ActionError>> {
        let isolated = Isolated {
            customer: CustomerId(5),
            branch: BranchId(1),
            subject: "loan:5".to_owned(),
            code: "schedule-sum".to_owned(),
            rule: "close.proof.schedule_sum".to_owned(),
            detail: "450000.00 / 450000.01".to_owned(),
            whom: "丰禾<陶瓷>".to_owned(),
            number: "J005".to_owned(),
            amount: None,
            link: "/loans/5".to_owned(),
        };
        Box::pin(async move { Ok(Batch { last: None, considered: 1, touched: 0, isolated: vec![isolated] }) })
    }
}

fn waiver() -> ApprovalKind {
    ApprovalKind {
        kind: "waiver",
        title: "approval-waiver",
        action: "waiver.approve",
        mend: |approval| format!("/things/{}", approval.subject),
        approved: |_, _| Box::pin(async { Ok(()) }),
        refused: |_, _| Box::pin(async { Ok(()) }),
    }
}

pub async fn desk(db: platform::db::Db) -> House {
    let house =
        over(db, Lending { steps: vec![Arc::new(Broken)], approvals: vec![waiver()], ..Lending::default() }).await;
    let mut work = system(&house.app).await;
    duty::open(&mut work, "loan.overdue", &[case(11, date(2026, 11, 20), None)]).await.unwrap();
    duty::open(&mut work, "instalment.upcoming", &[case(12, date(2026, 11, 27), None)]).await.unwrap();
    work.tx
        .execute("insert into setting (name, value) values ('institution.contact', $1)", args!["0571-0000"])
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut work = by(&house, "manager").await;
    let request = Request::new(
        "waiver",
        CustomerId(11),
        "loan:11".to_owned(),
        "减免 J011".to_owned(),
        json!({"amount_fen": 5, "reason": "疾病"}),
    );
    approval::submit(&mut work, request.amount(finance::Fen(5))).await.unwrap();
    work.commit().await.unwrap();
    house
}

/// Opens a page in both languages: it exists and every word of it has a message.
async fn reads(browser: &mut Browser, path: &str) -> String {
    let mut last = String::new();
    for lang in ["en", "zh-CN"] {
        // The language is the person's; it stays chosen.
        browser.get(&format!("/me?lang={lang}")).await;
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{path}");
        last = answer.text;
    }
    last
}

fn link(page: &str, start: &str) -> String {
    let (_, rest) = page.split_once(&format!("\"{start}")).unwrap_or_else(|| panic!("{start} in {page}"));
    format!("{start}{}", rest.split('"').next().unwrap().replace("&#38;", "&"))
}

#[tokio::test]
async fn a_reminder_is_worked_from_home_to_evidence() {
    // S4-09, S1-35, X-08
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut tx = house.app.db.write().await.unwrap();
        calendar::move_business_date(&mut tx, date(2026, 11, 20), date(2026, 11, 23), jiff::Timestamp::UNIX_EPOCH)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut credit = house.user("credit").await;
        let home = reads(&mut credit, "/").await;
        assert!(home.contains("逾期早期提醒"), "{home}");
        let bulk = link(&home, "/duties/0/");
        let one = reads(&mut credit, &bulk).await;
        let form = link(&one, &format!("{bulk}/contact"));
        let shown = reads(&mut credit, &form).await;
        assert!(shown.contains("1,200.00") && shown.contains("0571-0000"), "the text of the policy stands there");
        let path = format!("{bulk}/contact");
        let about = [("of", "11"), ("subject", "loan:11")];
        let wrong = credit.post_from(&form, &path, &[about[0], about[1], ("response", "好")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text.contains("请选择联系方式") && wrong.text.contains(">好<"),
            "what was typed stays: {}",
            wrong.text
        );
        let whole = [
            about[0],
            about[1],
            ("at", "2026-11-20T16:00"),
            ("channel", "sms"),
            ("contacted", "本人"),
            ("reached", "yes"),
            ("response", "明天还"),
        ];
        let sent = credit.post_from(&form, &path, &whole).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, bulk.as_str()), "{}", sent.text);
        let done = reads(&mut credit, &bulk).await;
        assert!(done.contains("已完成"), "{done}");
        let mut risk = house.user("risk").await;
        assert_eq!(risk.get(&bulk).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn every_count_opens_a_list_of_exactly_its_rows() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut boss = house.user("head").await;
        reads(&mut boss, "/duties").await;
        for view in ["near", "late", "today", "week", "now", "open", "closed"] {
            reads(&mut boss, &format!("/duties?view={view}&whose=mine")).await;
        }
        let file = boss.get("/duties/export.xlsx?view=open").await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(file.headers["content-type"].to_str().unwrap().contains("spreadsheetml"));
    }
}

#[tokio::test]
async fn an_approval_is_read_returned_and_agreed_on_its_page() {
    //
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut head = house.user("head").await;
        let list = reads(&mut head, "/approvals").await;
        let page = link(&list, "/approvals/11/");
        let shown = reads(&mut head, &page).await;
        assert!(shown.contains("疾病") && shown.contains("0.05"), "{shown}");
        let mut maker = house.user("manager").await;
        let own = reads(&mut maker, &page).await;
        assert!(own.contains("自己提交的事项不能自己审批") && !own.contains("value=\"approve\""));
        let seen = [("verdict", "return"), ("seen", "1"), ("missing", "收入证明：缺近三个月")];
        let returned = head.post_from(&page, &page, &seen).await;
        assert_eq!(returned.status, StatusCode::SEE_OTHER, "{}", returned.text);
        assert!(reads(&mut maker, "/").await.contains("收入证明"), "the maker finds at home what to mend");
        assert!(reads(&mut maker, &page).await.contains("缺近三个月"));
        let back = maker.post_from(&page, &page, &[("verdict", "withdraw")]).await;
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        let mut credit = house.user("credit").await;
        assert_eq!(credit.get(&page).await.status, StatusCode::NOT_FOUND, "others do not see it");
    }
}

#[tokio::test]
async fn the_close_is_started_blocked_answered_and_sealed_on_its_page() {
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut boss = house.user("boss").await;
        let before = reads(&mut boss, "/close").await;
        assert!(
            before.contains("尚未核对") && !before.contains("相符 0"),
            "nothing is said to agree before it was compared"
        );
        let started = boss.post_from("/close", "/close/start", &[("day", "2026-11-20")]).await;
        assert_eq!(started.status, StatusCode::SEE_OTHER, "{}", started.text);
        wait(&house, close::RunState::Blocked).await;
        let page = reads(&mut boss, "/close").await;
        assert!(page.contains("丰禾") && !page.contains("<陶瓷>") && page.contains("450000.01"), "{page}");
        let answer = [("customer", "5"), ("subject", "loan:5"), ("reason", "待更正")];
        let sent = boss.post("/close/2026-11-20/acknowledge", &answer).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        boss.post_from("/close", "/close/start", &[("day", "2026-11-20")]).await;
        wait(&house, close::RunState::Sealed).await;
        assert!(reads(&mut boss, "/close").await.contains("2026-11-21"));
        reads(&mut boss, "/close/history").await;
        assert!(reads(&mut boss, "/close/history?day=2026-11-20").await.contains("待更正"));
        reads(&mut boss, "/close/progress").await;
        let future = boss.post("/close/start", &[("day", "2026-11-21")]).await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY, "a day that is not over");
    }
}

async fn wait(house: &House, state: close::RunState) {
    for _ in 0..400 {
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        let mut tx = house.app.db.read().await.unwrap();
        let run = close::store::run(&mut tx, date(2026, 11, 20)).await.unwrap();
        let free = close::store::lease(&mut tx).await.unwrap().is_none();
        if free && run.is_some_and(|run| run.state == state) {
            return;
        }
    }
    panic!("the close never became {state:?}");
}

#[tokio::test]
async fn rules_articles_and_the_calendar_are_read_by_those_who_may() {
    //
    for db in testbed::databases().await {
        let house = desk(db).await;
        let mut risk = house.user("risk").await;
        let overview = reads(&mut risk, "/policies").await;
        assert!(overview.contains("C-04"), "the register of ambiguities with the choice made");
        assert!(reads(&mut risk, "/policies/tables/overdue_bucket").await.contains("[1..30]"), "cells as written");
        let rates = reads(&mut risk, "/policies/tables/provision_rate").await;
        assert!(rates.contains("0.00%") && !rates.contains("cel:"), "shares in percent, parameters by title: {rates}");
        let mut credit = house.user("credit").await;
        let plain = reads(&mut credit, "/policies/articles/overdue.early-reminder").await;
        assert!(plain.contains("early_reminder_working_days") && !plain.contains("href=\"/policies/tables"));
        let unsure = reads(&mut risk, "/policies/articles/penalty-2003-251").await;
        assert!(unsure.contains("notebox watch"), "whoever cites it is told to read the text first");
        let cited = reads(&mut risk, "/policies/articles/microloan-2024.npl").await;
        assert!(cited.contains("href=\"/policies/tables/") && cited.contains("microloan "), "rules and versions");
        assert!(!cited.contains("notebox watch"));
        assert_eq!(credit.get("/policies").await.status, StatusCode::FORBIDDEN);
        // Rules of a law that began after the version did: the version in force cites it as it reads today.
        let later = reads(&mut risk, "/policies/articles/microloan-cost-2025").await;
        assert!(later.contains("2025-12-24</time> – 至今") && !later.contains("没有规则引用"), "{later}");
        assert_eq!(credit.get("/policies/articles/none").await.status, StatusCode::NOT_FOUND);
        let mut finance = house.user("finance").await;
        let year = reads(&mut finance, "/calendar?year=2026").await;
        assert!(year.contains("国庆节") && year.contains("2027"), "and the missing year is named");
        let set = [("on", "2026-11-24"), ("kind", "holiday"), ("name", "店庆")];
        let sent = finance.post_from("/calendar", "/calendar/day", &set).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert!(reads(&mut finance, "/calendar").await.contains("店庆"));
        assert_eq!(credit.post("/calendar/day", &set).await.status, StatusCode::FORBIDDEN);
    }
}
