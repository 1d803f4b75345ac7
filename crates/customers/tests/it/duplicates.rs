//! Duplicates: which pairs are listed and why, what is warned of, what a judgement does; on every database.

use axum::http::StatusCode;
use customers::bank_account::actions as accounts;
use customers::bank_account::model::{NewBankAccount, Purpose};
use customers::duplicate::actions;
use customers::{CustomerKind, NewCustomer};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

pub const PHONE: &str = "13900001234";
const LIST: &str = "/customers/duplicates";

pub fn code(error: ActionError) -> String {
    match error.refusal() {
        Some(refused) if refused.fields.is_empty() => refused.code.to_owned(),
        Some(refused) => refused.fields.iter().map(|field| field.code).collect::<Vec<_>>().join(","),
        None => error.to_string(),
    }
}

pub async fn opened(lender: &Lender, login: &str, new: &NewCustomer) -> (CustomerId, String) {
    let mut work = lender.work(login).await;
    let file = customers::open(&mut work, new).await.unwrap();
    work.commit().await.unwrap();
    (file.id, file.number)
}

/// A person of this manager, without a number.
pub async fn person(lender: &Lender, name: &str, phone: Option<&str>) -> (CustomerId, String) {
    let new = lender.person(name, None, phone, "lin").await;
    opened(lender, "lin", &new).await
}

async fn company(lender: &Lender, name: &str) -> (CustomerId, String) {
    let new = NewCustomer { kind: CustomerKind::Company, ..lender.person(name, None, None, "lin").await };
    opened(lender, "lin", &new).await
}

async fn account(lender: &Lender, id: CustomerId, number: &str) {
    let mut work = lender.work("lin").await;
    let new = NewBankAccount {
        holder: "梁文".to_owned(),
        bank: "测试银行".to_owned(),
        number: number.to_owned(),
        purpose: Purpose::Repay,
    };
    accounts::add(&mut work, id, &new).await.unwrap();
    work.commit().await.unwrap();
}

/// The pairs that somebody sees: numbers and score, in their order.
async fn listed(lender: &Lender, login: &str, query: &str) -> Vec<(String, String, i64)> {
    let mut browser = lender.browser(login).await;
    let page = browser.get(&format!("{LIST}{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(missing_in(&page.text), Vec::<String>::new());
    let mut found = Vec::new();
    for row in page.text.split("<tr").skip(2) {
        let numbers: Vec<String> = row
            .split(">C0")
            .skip(1)
            .map(|rest| format!("C0{}", rest.chars().take_while(char::is_ascii_digit).collect::<String>()))
            .collect();
        let score =
            row.split("num\">").nth(1).unwrap_or("").split('<').next().unwrap_or("").trim().parse().unwrap_or(0);
        if numbers.len() >= 2 {
            found.push((numbers[0].clone(), numbers[1].clone(), score));
        }
    }
    found
}

// Rule customer.duplicate.score
#[tokio::test]
async fn files_that_share_enough_are_listed_and_a_shared_phone_alone_is_not() {
    for lender in lenders().await {
        let one = person(&lender, "梁文", Some(PHONE)).await;
        // The same reading in other characters, and the same phone: 40 + 30.
        let other = person(&lender, "梁雯", Some("139-0000-1234")).await;
        // The whole family has one phone: 40.
        person(&lender, "马国强", Some(PHONE)).await;
        // The same name in traditional characters without anything else: 30.
        person(&lender, "馬國強", None).await;
        let firm = company(&lender, "衡川博远五金有限公司").await;
        let limited = company(&lender, "衡川博远五金有限责任公司").await;
        company(&lender, "衡川博远五金股份有限公司").await;
        let found = listed(&lender, "lin", "").await;
        let pairs: Vec<(&str, &str)> = found.iter().map(|(one, other, _)| (one.as_str(), other.as_str())).collect();
        let expected = [(one.1.as_str(), other.1.as_str()), (firm.1.as_str(), limited.1.as_str())];
        assert_eq!(pairs, expected, "the highest score first");
        assert_eq!(listed(&lender, "lin", "?kind=company").await.len(), 1);
        assert_eq!(listed(&lender, "lin", "?ground=phone").await.len(), 1);
        assert_eq!(listed(&lender, "lin", "?score.from=61").await.len(), 1, "70 is above 60, the firm is at it");
        assert_eq!(listed(&lender, "qian", "").await, [], "another manager's files are out of reach");
    }
}

#[tokio::test]
async fn an_account_tells_even_what_a_name_does_not_and_a_switchboard_tells_nothing() {
    for lender in lenders().await {
        let one = person(&lender, "梁文", None).await;
        let other = person(&lender, "梁文博", None).await;
        account(&lender, one.0, "6222020000000000011").await;
        account(&lender, other.0, "6222 0200 0000 0000 011").await;
        assert_eq!(listed(&lender, "lin", "?ground=account").await.len(), 1);
        // Twenty-one files under one phone: nobody's own.
        for _ in 0..21 {
            person(&lender, "马国强", Some(PHONE)).await;
        }
        assert_eq!(listed(&lender, "lin", "?ground=phone").await, []);
    }
}

// Rule customer.duplicate.warn
#[tokio::test]
async fn whoever_opens_a_file_is_told_of_the_one_there_and_may_say_that_it_is_somebody_else() {
    for lender in lenders().await {
        let there = person(&lender, "梁文", Some(PHONE)).await;
        let new = lender.person("梁雯", Some(&identity(1)), Some(PHONE), "lin").await;
        let mut work = lender.work("lin").await;
        let refused = actions::warn(&mut work, &new, false).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(refused.rule.as_deref(), Some("customer.duplicate.warn"));
        assert_eq!(refused.fields[0].details[0].1, format!("梁文 {}", there.1));
        actions::warn(&mut work, &new, true).await.unwrap();
        let else_phone = lender.person("梁雯", None, Some("13900009999"), "lin").await;
        actions::warn(&mut work, &else_phone, false).await.unwrap();
        drop(work);
        let mut work = lender.work("qian").await;
        let blind = NewCustomer { manager: lender.user("qian").await, team: None, ..new.clone() };
        actions::warn(&mut work, &blind, false).await.unwrap();
        drop(work);
        let mut browser = lender.browser("lin").await;
        let manager = lender.user("lin").await.to_string();
        let mut fields = vec![
            ("kind", "person"),
            ("name", "梁文"),
            ("identity_kind", "none"),
            ("phone", PHONE),
            ("manager", manager.as_str()),
        ];
        let back = browser.post_from("/customers/new", "/customers/new", &fields).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains(&format!("梁文 {}", there.1)), "{}", back.text);
        fields.push(("somebody_else", "on"));
        let done = browser.post_from("/customers/new", "/customers/new", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
}

// Rule customer.duplicate.apart
#[tokio::test]
async fn a_pair_judged_apart_is_listed_no_more_until_the_judgement_is_taken_back() {
    for lender in lenders().await {
        let one = person(&lender, "梁文", Some(PHONE)).await;
        let other = person(&lender, "梁雯", Some(PHONE)).await;
        let mut work = lender.work("lin").await;
        assert_eq!(code(actions::judge(&mut work, one.0, other.0, " ").await.unwrap_err()), "reason-empty");
        let number = "见身份证 990101199003071234";
        assert_eq!(code(actions::judge(&mut work, one.0, other.0, number).await.unwrap_err()), "datum-identifier");
        assert_eq!(code(actions::judge(&mut work, one.0, one.0, "x").await.unwrap_err()), "merge-itself");
        actions::judge(&mut work, other.0, one.0, "双胞胎姐妹，面谈核实").await.unwrap();
        let again = actions::judge(&mut work, one.0, other.0, "再认定").await.unwrap_err();
        assert_eq!(code(again), "merge-judged-already");
        work.commit().await.unwrap();
        assert_eq!(listed(&lender, "lin", "").await, []);
        assert_eq!(listed(&lender, "lin", "?view=apart").await.len(), 1);
        let mut work = lender.work("qian").await;
        let foreign = actions::end(&mut work, one.0, other.0, "不是我的客户").await.unwrap_err();
        assert_eq!(code(foreign), "customer-not-found");
        drop(work);
        let mut browser = lender.browser("lin").await;
        let form = format!("/customers/{}/apart?with={}", one.0, other.1);
        let page = browser.get(&form).await;
        assert!(page.text.contains("双胞胎姐妹") && page.text.contains("撤销认定"), "{}", page.text);
        let fields = [("with", other.1.as_str()), ("reason", "认错了")];
        let done = browser.post_from(&form, &format!("/customers/{}/apart/end", one.0), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(listed(&lender, "lin", "").await.len(), 1);
        let kept = lender.count("select count(*) as n from duplicate_judgement").await;
        assert_eq!(kept, 1, "what was judged stays as history");
    }
}

#[tokio::test]
async fn the_list_is_exported_with_the_rows_that_are_seen() {
    for lender in lenders().await {
        person(&lender, "梁文", Some(PHONE)).await;
        person(&lender, "梁雯", Some(PHONE)).await;
        let mut browser = lender.browser("lin").await;
        let (status, bytes) = browser.file(&format!("{LIST}/export.xlsx?view=open")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.starts_with(b"PK"), "a workbook");
        let mut reader = lender.browser("reader").await;
        assert_eq!(reader.get(LIST).await.status, StatusCode::FORBIDDEN);
    }
}
