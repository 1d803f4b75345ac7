//! A loan opened at the desk: preview, guards, a further loan under the contract, a further drawdown, security.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::locale::missing_in;
use platform::testbed::Browser;

use crate::house::{Lender, plain};

const NEW: [(&str, &str); 9] = [
    ("product", "business_equal"),
    ("contract", "new"),
    ("principal", "100,000.00"),
    ("rate_kind", "year"),
    ("rate", "12"),
    ("start_on", "2026-11-20"),
    ("periods", "12"),
    ("purpose", "进货周转"),
    ("security", "credit"),
];

fn with<'a>(customer: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> =
        NEW.into_iter().filter(|(name, _)| changed.iter().all(|(n, _)| n != name)).collect();
    all.push(("customer", customer));
    all.extend_from_slice(changed);
    all
}

async fn at(browser: &mut Browser, customer: &str, fields: &[(&str, &str)]) -> platform::testbed::Answer {
    let form = format!("/loans/new?customer={customer}");
    browser.post_from(&form, "/loans", fields).await
}

#[tokio::test]
async fn a_loan_is_seen_before_it_is_opened_and_stands_in_the_ledger_at_once() {
    // S2.10-05 S2.19-04
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let form = browser.get(&format!("/loans/new?customer={customer}")).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.text);
        assert_eq!(missing_in(&form.text), Vec::<String>::new());
        let shown = at(&mut browser, &customer, &with(&customer, &[("step", "preview")])).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        for figure in ["8,884.88", "8,884.85", "6,618.53", "106,618.53", "12.00 %", "2027-11-20"] {
            assert!(shown.text.contains(figure), "{figure} in the preview");
        }
        assert!(!browser.get("/loans").await.text.contains("100,000.00"), "nothing was written");
        let saved = at(&mut browser, &customer, &with(&customer, &[("step", "save")])).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = browser.get(saved.location()).await;
        assert!(page.text.contains("8,884.88") && page.text.contains("甲"), "{}", page.text);
        assert!(browser.get("/loans").await.text.contains("100,000.00"));
        let file = browser.get(&format!("/customers/{customer}")).await;
        assert!(file.text.contains(&format!("/loans/new?customer={customer}")), "the way in is on the customer page");
    }
}

/// What is typed, the id of the complaint, and words in it.
type Wrong<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn what_makes_no_sense_is_told_beside_its_field_with_its_rule() {
    // S2.3-08: absurd terms, the cap, dates. S5.2-04: nobody without a preference is lent to below the floor (`loan.rate-floor`)
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let rows: [Wrong; 16] = [
            (&[("principal", "0")], "f-principal-error", "应大于零"),
            (&[("principal", "-5")], "f-principal-error", "应大于零"),
            (&[("principal", "一千")], "f-principal-error", "一千"),
            (&[("principal", "10000000000000")], "f-principal-error", "terms.amount-too-large"),
            (&[("rate", "")], "f-rate-error", "请填写"),
            (&[("rate", "abc")], "f-rate-error", "abc"),
            (&[("rate", "24.5")], "f-rate-error", "24.50 %"),
            (&[("rate", "2.99")], "f-rate-error", "低于下限 3.00 %"),
            (&[("rate_kind", "month"), ("rate", "21")], "f-rate-error", "25.20 %"),
            (&[("periods", "1201")], "f-periods-error", "terms.too-many-periods"),
            (&[("periods", "")], "f-periods-error", "terms.no-term"),
            (
                &[("periods", ""), ("maturity_on", "2026-11-20")],
                "f-maturity_on-error",
                "terms.maturity-not-after-start",
            ),
            (&[("start_on", "2026-11-21")], "f-start_on-error", "fact.effective-date"),
            (&[("signed_on", "2026-11-20"), ("start_on", "2026-11-19")], "f-signed_on-error", "loan.signed"),
            (&[("drawn", "100,000.01")], "f-drawn-error", "loan.contract-amount"),
            (&[("contract_amount", "99,999.99")], "f-principal-error", "loan.contract-amount"),
        ];
        for (changed, field, words) in rows {
            let answer = at(&mut browser, &customer, &with(&customer, changed)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}: {}", answer.text);
            assert!(answer.text.contains(field), "{changed:?} is told at {field}: {}", answer.text);
            assert!(answer.text.contains(words), "{changed:?} says {words}");
            assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{changed:?}");
        }
        let absent = at(&mut browser, &customer, &with(&customer, &[("product", "flat_legacy")])).await;
        assert_eq!(absent.status, StatusCode::UNPROCESSABLE_ENTITY, "a legacy product is not offered");
        assert!(browser.get(&format!("/customers/{customer}")).await.text.matches("/loans/new").count() > 0);
        assert!(!browser.get("/loans").await.text.contains("进货周转"));
    }
}

#[tokio::test]
async fn a_second_loan_stands_under_the_contract_until_it_is_used_up() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let first = at(
            &mut browser,
            &customer,
            &with(&customer, &[("contract_amount", "150,000.00"), ("contract_number", "HT-2026-1")]),
        )
        .await;
        assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
        let form = browser.get(&format!("/loans/new?customer={customer}")).await;
        assert!(form.text.contains("HT-2026-1") && form.text.contains("50,000.00"), "{}", form.text);
        let at_option = form.text.find("HT-2026-1").unwrap();
        let option = form.text[..at_option].rfind("value=\"").unwrap();
        let contract: String = form.text[option + 7..].chars().take_while(|c| *c != '"').collect();
        let more =
            at(&mut browser, &customer, &with(&customer, &[("contract", &contract), ("principal", "50,000.01")])).await;
        assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(more.text.contains("50,000.00"), "{}", more.text);
        let second =
            at(&mut browser, &customer, &with(&customer, &[("contract", &contract), ("principal", "50,000.00")])).await;
        assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
        let again = browser.get(&format!("/loans/new?customer={customer}")).await;
        assert!(!again.text.contains("HT-2026-1"), "a used-up contract is not offered");
        let same = at(&mut browser, &customer, &with(&customer, &[("contract_number", "HT-2026-1")])).await;
        assert!(same.status.is_client_error(), "a contract number is given once: {}", same.status);
    }
}

#[tokio::test]
async fn the_rest_of_a_loan_is_paid_out_later_and_no_more() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let opened =
            at(&mut browser, &customer, &with(&customer, &[("drawn", "60,000.00"), ("start_on", "2026-11-10")])).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        let loan = opened.location().to_owned();
        let page = browser.get(&loan).await;
        assert!(page.text.contains(&format!("{loan}/drawdowns/new")), "{}", page.text);
        let (form, target) = (format!("{loan}/drawdowns/new"), format!("{loan}/drawdowns"));
        assert!(browser.get(&form).await.text.contains("40,000.00"));
        let over = browser.post_from(&form, &target, &[("amount", "40,000.01"), ("on", "2026-11-20")]).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", over.text);
        let drawn = browser.post_from(&form, &target, &[("amount", "40,000.00"), ("on", "2026-11-20")]).await;
        assert_eq!(drawn.status, StatusCode::SEE_OTHER, "{}", drawn.text);
        let page = browser.get(&loan).await;
        assert!(!page.text.contains("/drawdowns/new"), "nothing is left to draw");
        assert!(page.text.contains("100,000.00"));
    }
}

#[tokio::test]
async fn security_is_entered_with_the_loan_or_later_and_released_with_a_reason() {
    // S2.10-06: the ledger follows a change of security on the same day
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let fields = with(
            &customer,
            &[("guarantor", "乙某"), ("guarantee_kind", "joint"), ("guarantee_until", "2029-11-20"), ("step", "save")],
        );
        let opened = at(&mut browser, &customer, &fields).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        let loan = opened.location().to_owned();
        let terms = format!("{loan}?tab=terms");
        let page = browser.get(&terms).await;
        assert!(page.text.contains("乙某") && page.text.contains("连带责任保证"), "{}", page.text);
        let (form, target) = (format!("{loan}/securities/new"), format!("{loan}/securities"));
        let version = browser.get(&form).await.hidden("version").unwrap();
        let wrong = browser.post_from(&form, &target, &[("kind", "mortgage"), ("who", ""), ("amount", "x")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let house =
            [("kind", "mortgage"), ("who", "示例路 1 号房产"), ("amount", "800,000.00"), ("version", &*version)];
        let added = browser.post_from(&form, &target, &house).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let page = browser.get(&terms).await;
        assert!(page.text.contains("示例路 1 号房产") && page.text.contains("800,000.00"), "{}", page.text);
        assert!(browser.get("/loans").await.text.contains("组合"), "the ledger says so on the same day");
        // Somebody who had the earlier state on the screen is told.
        let late = browser.post_from(&form, &target, &house).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        let at_end = page.text.find("/end\"").unwrap();
        let begin = page.text[..at_end].rfind("/loans/").unwrap();
        let end = page.text[begin..at_end + 4].to_owned();
        let version = page.hidden("version").unwrap();
        let unsaid = browser.post_from(&terms, &end, &[("reason", " "), ("version", &version)]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        let ended = browser.post_from(&terms, &end, &[("reason", "已换押"), ("version", &version)]).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
        assert!(browser.get(&terms).await.text.contains("2026-11-20 解除"));
    }
}

#[tokio::test]
async fn only_those_who_may_pay_out_open_loans_and_only_for_their_customers() {
    //
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let customer = lender.customer("甲").await;
    let loan = lender.loan(customer, plain(date(2026, 8, 20))).await.file.loan.key.loan;
    let mut own = lender.house.user("own").await;
    let form = own.get(&format!("/loans/new?customer={customer}")).await;
    assert_eq!(form.status, StatusCode::FORBIDDEN);
    assert_eq!(own.get(&format!("/loans/{loan}/drawdowns/new")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(own.get(&format!("/loans/{loan}/securities/new")).await.status, StatusCode::FORBIDDEN);
    let mut boss = lender.house.user("boss").await;
    assert_eq!(boss.get("/loans/new?customer=999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.get("/loans/new?customer=abc").await.status, StatusCode::NOT_FOUND);
    let english = boss.get(&format!("/loans/new?customer={customer}&lang=en")).await;
    assert_eq!(missing_in(&english.text), Vec::<String>::new());
}

#[tokio::test]
async fn a_balloon_a_custom_plan_and_a_down_payment_are_seen_and_kept() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let agreed = ("product", "business_agreed");
        // 30 % of 100,000 is left for the end: 70,000 in equal instalments and interest on all of it.
        let balloon = [agreed, ("method", "balloon"), ("residual", "30,000.00"), ("step", "preview")];
        let shown = at(&mut browser, &customer, &with(&customer, &balloon)).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(shown.text.contains("30,000.00") && shown.text.contains("100,000.00"), "{}", shown.text);
        let plan = "2026-12-20 40,000.00\n2027-03-20\t60,000.00\t1,800.00";
        let custom = [agreed, ("method", "custom"), ("plan", plan), ("periods", "")];
        let opened = at(&mut browser, &customer, &with(&customer, &custom)).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        let page = browser.get(opened.location()).await;
        for figure in ["2026-12-20", "2027-03-20", "61,800.00", "41,000.00"] {
            assert!(page.text.contains(figure), "{figure}: {}", page.text);
        }
        let car = with(
            &customer,
            &[agreed, ("method", "equal_principal"), ("down_payment", "20,000.00"), ("step", "preview")],
        );
        let shown = at(&mut browser, &customer, &car).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        // 80,000 over 12 instalments: 6,666.67, the first with 1 % interest.
        assert!(shown.text.contains("20,000.00") && shown.text.contains("7,466.67"), "{}", shown.text);
        let wrong: [Wrong; 5] = [
            (&[agreed, ("method", "custom"), ("plan", "2026-12-20 40,000.00")], "f-plan-error", "40000.00"),
            (&[agreed, ("method", "custom"), ("plan", "2026-12-20 x")], "f-plan-error", "1: 2026-12-20 x"),
            (&[agreed, ("method", "balloon")], "f-residual-error", "二者选一"),
            (&[agreed, ("method", "balloon"), ("residual", "100,000.01")], "f-residual-error", "100000.01"),
            (
                &[agreed, ("method", "equal_principal"), ("down_payment", "100,000.00")],
                "f-down_payment-error",
                "100000.00",
            ),
        ];
        for (changed, field, words) in wrong {
            let answer = at(&mut browser, &customer, &with(&customer, changed)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}");
            assert!(answer.text.contains(field) && answer.text.contains(words), "{changed:?}: {}", answer.text);
            assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{changed:?}");
        }
    }
}

#[tokio::test]
async fn a_customer_manager_prepares_a_loan_and_finance_pays_it_out() {
    // S1-34: business prepares, finance pays
    for lender in Lender::everywhere().await {
        let customer = lender.customer_of("甲", "prepare").await.to_string();
        let mut manager = lender.house.user("prepare").await;
        manager.get("/loans?lang=zh-CN").await;
        let form = manager.get(&format!("/loans/new?customer={customer}")).await;
        assert!(form.text.contains("登记借款（待放款）"), "{}", form.text);
        let prepared = at(&mut manager, &customer, &with(&customer, &[("step", "save")])).await;
        assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);
        let loan = prepared.location().to_owned();
        let page = manager.get(&loan).await;
        assert!(page.text.contains("未放款") && !page.text.contains("/drawdowns/new"), "{}", page.text);
        assert_eq!(missing_in(&page.text), Vec::<String>::new());
        let (way, target) = (format!("{loan}/drawdowns/new"), format!("{loan}/drawdowns"));
        assert_eq!(manager.get(&way).await.status, StatusCode::FORBIDDEN);
        let mut boss = lender.house.user("boss").await;
        boss.get("/loans?lang=zh-CN").await;
        assert!(boss.get(&loan).await.text.contains(&way));
        let paid = boss.post_from(&way, &target, &[("amount", "100,000.00"), ("on", "2026-11-20")]).await;
        assert_eq!(paid.status, StatusCode::SEE_OTHER, "{}", paid.text);
        let page = manager.get(&loan).await;
        assert!(page.text.contains("8,884.88") && !page.text.contains("未放款"), "{}", page.text);
    }
}

#[tokio::test]
async fn whoever_answers_for_a_loan_is_a_related_party_of_its_customer() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let id = customer.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let backed = [
            ("guarantor", "乙某"),
            ("guarantee_kind", "joint"),
            ("thing", "示例路 1 号"),
            ("thing_kind", "pledge"),
            ("owner", "丙某"),
        ];
        for _ in 0..2 {
            let opened = at(&mut browser, &id, &with(&id, &backed)).await;
            assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        }
        let mut tx = lender.app().db.read().await.unwrap();
        let parties = customers::relation::store::of_customer(&mut tx, customer).await.unwrap();
        let mut found: Vec<_> = parties.iter().map(|one| (one.name.as_str(), one.kind.as_str())).collect();
        found.sort_unstable();
        assert_eq!(found, [("丙某", "pledgor"), ("乙某", "guarantor")], "each once, though there are two loans");
        let guarantor = parties.iter().find(|one| one.name == "乙某").unwrap();
        let rows = tx.fetch_all("select relation_id from guarantee", Vec::new()).await.unwrap();
        let linked: Vec<i64> = rows.iter().map(|row| row.get("relation_id").unwrap()).collect();
        assert_eq!(linked, [guarantor.id.0; 2]);
    }
}

#[tokio::test]
async fn two_guarantors_of_one_name_are_told_apart_by_their_numbers() {
    // `relation.same-person`
    const ONE: &str = "990101199001010019";
    const OTHER: &str = "990101199102020021";
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        let id = customer.to_string();
        let mut browser = lender.house.user("boss").await;
        browser.get("/loans?lang=zh-CN").await;
        let backed = |kind, number| {
            let guarantor = [("guarantor", "乙某"), ("guarantee_kind", "joint")];
            [&guarantor[..], &[("guarantor_identity_kind", kind), ("guarantor_identity", number)]].concat()
        };
        for number in [ONE, OTHER, ONE] {
            let opened = at(&mut browser, &id, &with(&id, &backed("resident-id", number))).await;
            assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
        }
        let of_whom = async || {
            let mut tx = lender.app().db.read().await.unwrap();
            let rows = tx.fetch_all("select relation_id from guarantee order by id", Vec::new()).await.unwrap();
            rows.iter().map(|row| row.get("relation_id").unwrap()).collect::<Vec<i64>>()
        };
        let linked = of_whom().await;
        assert!(linked[0] == linked[2] && linked[0] != linked[1], "{linked:?}");
        // A name alone no longer says who is meant; a wrong number, and one without its kind, are told beside it.
        for (kind, number, words) in [
            ("none", "", "有多位关系人叫“乙某”"),
            ("resident-id", "990101199001010010", "校验码不符"),
            ("none", ONE, "请选择是哪种证件"),
        ] {
            let refused = at(&mut browser, &id, &with(&id, &backed(kind, number))).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", refused.text);
            assert!(refused.text.contains(words), "{words}: {}", refused.text);
        }
        assert_eq!(of_whom().await.len(), 3, "nothing was written");
        // The same on the loan's own page.
        let page = browser.get("/loans").await.text;
        let at = page.find("/loans/9").unwrap_or_else(|| page.find("href=\"/loans/").unwrap() + 6);
        let loan: String = page[at + 7..].chars().take_while(char::is_ascii_digit).collect();
        let (form, target) = (format!("/loans/{loan}/securities/new"), format!("/loans/{loan}/securities"));
        let version = browser.get(&form).await.hidden("version").unwrap();
        let unsure = [("kind", "joint"), ("who", "乙某"), ("identity_kind", "none"), ("version", &*version)];
        let refused = browser.post_from(&form, &target, &unsure).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("有多位关系人叫“乙某”"), "{}", refused.text);
    }
}
