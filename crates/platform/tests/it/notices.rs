//! Notices through the browser: who is told, once, of what; what falls away; nobody sees another's.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::approval::{self, ApprovalKind, Request};
use platform::close::{self, Batch, CloseDay, CloseStep};
use platform::error::ActionError;
use platform::event::BoxFuture;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::{self, Browser, House};
use platform::work::Work;
use platform::{args, duty};
use serde_json::json;
use std::sync::Arc;

use crate::institution::{Lending, by, case, over, system};

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

async fn lending(db: platform::db::Db) -> House {
    over(db, Lending { approvals: vec![waiver()], ..Lending::default() }).await
}

/// The manager asks for a waiver; small ones need the supervisor only.
async fn ask(house: &House, subject: &str, fen: i64) -> String {
    let mut work = by(house, "manager").await;
    let title = format!("减免 {subject}");
    let request = Request::new("waiver", CustomerId(11), subject.to_owned(), title, json!({"amount_fen": fen}));
    let id = approval::submit(&mut work, request.amount(finance::Fen(fen))).await.unwrap();
    work.commit().await.unwrap();
    format!("/approvals/11/{id}")
}

/// The number at the bell; 0 when there is none.
async fn bell(browser: &mut Browser) -> i64 {
    let page = browser.get("/me").await.text;
    let (_, bell) = page.split_once("class=\"bell\"").expect("a bell on every page");
    let (bell, _) = bell.split_once("</a>").unwrap();
    bell.split_once("<sup>").map_or(0, |(_, n)| n.split('<').next().unwrap().parse().unwrap())
}

async fn reads(browser: &mut Browser, path: &str) -> String {
    let mut shown = String::new();
    for lang in ["en", "zh-CN"] {
        let joint = if path.contains('?') { '&' } else { '?' };
        let answer = browser.get(&format!("{path}{joint}lang={lang}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{path}");
        shown = answer.text;
    }
    shown
}

/// The first notice on a page.
fn first(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/notices/").expect("a notice");
    format!("/notices/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn an_approval_is_told_to_its_step_then_to_its_maker_and_falls_away_when_decided() {
    for db in testbed::databases().await {
        let house = lending(db).await;
        let page = ask(&house, "J011", 5).await;
        let (mut head, mut manager) = (house.user("head").await, house.user("manager").await);
        assert_eq!((bell(&mut head).await, bell(&mut manager).await), (1, 0), "the maker is not told of the own act");
        assert_eq!(bell(&mut house.user("credit").await).await, 0, "who cannot decide is not told");
        let list = reads(&mut head, "/notices").await;
        assert!(list.contains("减免等您审批：J011"), "{list}");
        let agreed = head.post_from(&page, &page, &[("verdict", "approve"), ("seen", "1")]).await;
        assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
        assert_eq!((bell(&mut head).await, bell(&mut manager).await), (0, 1), "decided: nothing waits any more");
        let list = reads(&mut manager, "/notices").await;
        assert!(list.contains("减免已同意：J011"), "{list}");
        let opened = manager.get(&first(&list)).await;
        assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, page.as_str()));
        assert_eq!(bell(&mut manager).await, 0, "going there is reading it");
    }
}

#[tokio::test]
async fn a_long_chain_tells_each_step_when_its_turn_comes() {
    for db in testbed::databases().await {
        let house = lending(db).await;
        let page = ask(&house, "J011", 500_000).await;
        let (mut head, mut chief) = (house.user("head").await, house.user("chief").await);
        assert_eq!((bell(&mut head).await, bell(&mut chief).await), (1, 0));
        head.post_from(&page, &page, &[("verdict", "approve"), ("seen", "1")]).await;
        assert_eq!((bell(&mut head).await, bell(&mut chief).await), (0, 1));
        let back = [("verdict", "return"), ("seen", "2"), ("missing", "收入证明：缺")];
        assert_eq!(chief.post_from(&page, &page, &back).await.status, StatusCode::SEE_OTHER);
        assert_eq!(bell(&mut chief).await, 0);
        let mut manager = house.user("manager").await;
        assert!(reads(&mut manager, "/notices").await.contains("减免退回补正"));
    }
}

#[tokio::test]
async fn notices_are_marked_one_by_one_and_together_and_belong_to_one_person() {
    for db in testbed::databases().await {
        let house = lending(db).await;
        ask(&house, "J011", 5).await;
        ask(&house, "J012", 5).await;
        let mut head = house.user("head").await;
        assert_eq!(bell(&mut head).await, 2);
        let one = first(&reads(&mut head, "/notices").await);
        let mark = format!("{one}/mark");
        head.post(&mark, &[("to", "read")]).await;
        assert_eq!(bell(&mut head).await, 1);
        head.post(&mark, &[("to", "unread")]).await;
        assert_eq!(bell(&mut head).await, 2);
        let mut chief = house.user("chief").await;
        assert_eq!(chief.get(&one).await.status, StatusCode::NOT_FOUND, "another's notice does not exist");
        assert_eq!(chief.post(&mark, &[("to", "read")]).await.status, StatusCode::NOT_FOUND);
        chief.post("/notices/read", &[]).await;
        assert_eq!(bell(&mut head).await, 2, "reading all reads the own ones");
        let all = head.post("/notices/read", &[]).await;
        assert_eq!((all.status, all.location()), (StatusCode::SEE_OTHER, "/notices"));
        assert_eq!(bell(&mut head).await, 0);
        assert!(reads(&mut head, "/notices").await.contains("没有通知"));
        assert!(reads(&mut head, "/notices?view=read&kind=approval_waits").await.contains("J012"));
        assert!(!reads(&mut head, "/notices?view=all&kind=duty_assigned").await.contains("J012"));
    }
}

#[tokio::test]
async fn a_notice_stands_and_falls_with_what_it_tells() {
    for db in testbed::databases().await {
        let house = lending(db).await;
        let mut work = by(&house, "manager").await;
        let request = Request::new("waiver", CustomerId(11), "loan:11".to_owned(), "减免 J011".to_owned(), json!({}));
        approval::submit(&mut work, request.amount(finance::Fen(5))).await.unwrap();
        work.tx.rollback().await.unwrap();
        assert_eq!(bell(&mut house.user("head").await).await, 0, "rolled back: nothing happened, nothing is told");
    }
}

#[tokio::test]
async fn a_duty_that_changes_hands_is_told_and_an_escalated_one_once_however_often_the_step_runs() {
    for db in testbed::databases().await {
        let house = lending(db).await;
        let mut work = system(&house.app).await;
        duty::open(&mut work, "loan.overdue", &[case(11, date(2026, 11, 20), None)]).await.unwrap();
        let row = work.tx.fetch_one("select customer_id, id, owner_role from duty limit 1", args![]).await.unwrap();
        let (customer, id): (i64, i64) = (row.get("customer_id").unwrap(), row.get("id").unwrap());
        work.tx
            .execute(
                "update duty set escalate_on = '2026-11-21', escalate_to = 'credit_supervisor' where id = $1",
                args![id],
            )
            .await
            .unwrap();
        work.commit().await.unwrap();
        assert_eq!(row.get::<String>("owner_role").unwrap(), "credit_dept");
        let (mut head, mut credit) = (house.user("head").await, house.user("credit").await);
        let to = house.user_id("credit").await.to_string();
        let given = head.post(&format!("/duties/{customer}/{id}/assign"), &[("to", &to), ("user", &to)]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        let list = reads(&mut credit, "/notices").await;
        assert!(list.contains("分派给您的任务"), "{list}");
        assert_eq!(credit.get(&first(&list)).await.location(), format!("/duties/{customer}/{id}"));
        let steps = platform::capability::Capability::close_steps(&platform::house::Platform);
        let step = steps.into_iter().find(|step| step.name() == "duty-escalate").unwrap();
        let day = CloseDay::of(date(2026, 11, 20)).unwrap();
        for _ in 0..2 {
            let mut work = system(&house.app).await;
            step.batch(&mut work, day, CustomerId(-1)).await.unwrap();
            work.commit().await.unwrap();
        }
        assert_eq!(bell(&mut head).await, 1);
        assert!(reads(&mut head, "/notices").await.contains("2026-11-21 有 1 项"));

        // The duty is excused: on the next day nobody has to look at what was told of it.
        let read = first(&reads(&mut credit, "/notices?view=read").await);
        credit.post(&format!("{read}/mark"), &[("to", "unread")]).await;
        assert_eq!(bell(&mut credit).await, 1);
        let key = format!("{customer}-{id}");
        let fields = [("key", key.as_str()), ("step", "do"), ("reason", "系统补录"), ("rule", "house.duties")];
        assert_eq!(head.post("/duties/batch/excuse", &fields).await.status, StatusCode::SEE_OTHER);
        let mut work = system(&house.app).await;
        step.batch(&mut work, CloseDay::of(date(2026, 11, 21)).unwrap(), CustomerId(-1)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!((bell(&mut head).await, bell(&mut credit).await), (0, 0), "what is over needs no look");
        assert!(
            reads(&mut credit, "/notices?view=read").await.contains("已了结"),
            "and can be told from what was read"
        );
    }
}

/// A step that breaks, with a customer's name in its words.
struct Broken;

impl CloseStep for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }
    fn order(&self) -> i32 {
        100
    }
    fn batch<'a>(&'a self, _: &'a mut Work, _: CloseDay, _: CustomerId) -> BoxFuture<'a, Result<Batch, ActionError>> {
        Box::pin(async { Err(ActionError::Internal("丰禾陶瓷 cannot be read".to_owned())) })
    }
}

#[tokio::test]
async fn a_close_that_breaks_off_is_told_once_to_those_who_close_without_a_name() {
    for db in testbed::databases().await {
        let house = over(db, Lending { steps: vec![Arc::new(Broken)], ..Lending::default() }).await;
        for _ in 0..2 {
            close::run(&house.app, date(2026, 11, 20), 0, &mut |_| ()).await.unwrap_err();
        }
        let mut finance = house.user("finance").await;
        assert_eq!(bell(&mut finance).await, 1);
        let list = reads(&mut finance, "/notices").await;
        assert!(list.contains("2026-11-20 的日终中断") && !list.contains("丰禾"), "{list}");
        assert_eq!(finance.get(&first(&list)).await.location(), "/close");
        assert_eq!(bell(&mut house.user("manager").await).await, 0);
    }
}
