//! The pages: ledger, loan, why, repayment, in both languages, for those who may.

use axum::http::StatusCode;
use jiff::civil::date;
use platform::locale::missing_in;

use crate::house::{Lender, plain};

#[tokio::test]
async fn every_page_is_complete_in_both_languages() {
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("<b>甲</b>").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
        let mut browser = lender.house.user("boss").await;
        for lang in ["zh-CN", "en"] {
            for path in [
                format!("/loans?lang={lang}"),
                format!("/loans?view=overdue&lang={lang}"),
                format!("/loans/{loan}?lang={lang}"),
                format!("/loans/{loan}?tab=transactions&lang={lang}"),
                format!("/loans/{loan}?tab=terms&lang={lang}"),
                format!("/loans/{loan}?tab=history&lang={lang}"),
                format!("/loans/{loan}?as_of=2026-10-01&lang={lang}"),
                format!("/loans/{loan}/why/overdue?lang={lang}"),
                format!("/loans/{loan}/why/penalty-1?lang={lang}"),
                format!("/loans/{loan}/why/interest-2?lang={lang}"),
                format!("/loans/{loan}/why/class?lang={lang}"),
                format!("/loans/{loan}/why/provision?lang={lang}"),
                format!("/loans/{loan}/what-if?lang={lang}"),
                format!("/loans/{loan}/what-if?kind=rate&lang={lang}"),
                format!("/loans/{loan}/what-if?kind=extend&lang={lang}"),
                format!("/loans/{loan}/repayments/new?lang={lang}"),
                format!("/loans/{loan}/quote?lang={lang}"),
                format!("/?lang={lang}"),
            ] {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
                assert_eq!(missing_in(&answer.text), Vec::<String>::new(), "{path}");
                assert!(!answer.text.contains("<b>甲</b>"), "{path} escapes names");
            }
        }
    }
}

#[tokio::test]
async fn a_repayment_goes_through_the_form_once() {
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
        let mut browser = lender.house.user("clerk").await;
        let form = format!("/loans/{loan}/repayments/new");
        let target = format!("/loans/{loan}/repayments");
        let version = browser.get(&form).await.hidden("version").unwrap();
        let good = [
            ("amount", "1,000.00"),
            ("on", "2026-11-20"),
            ("mode", "regular"),
            ("channel", "cash"),
            ("version", version.as_str()),
        ];
        let wrong = browser
            .post_from(
                &form,
                &target,
                &[("amount", "一千"), ("on", "2026-02-30"), ("mode", "regular"), ("channel", "cash")],
            )
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("一千") && wrong.text.contains("2026-02-30"), "what was typed is kept");
        let future = browser
            .post_from(
                &form,
                &target,
                &[("amount", "5"), ("on", "2026-11-21"), ("mode", "regular"), ("channel", "cash")],
            )
            .await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", future.text);
        // The same form twice: one repayment, and both lead to its receipt.
        let opened = browser.get(&form).await;
        let (csrf, once) = (opened.hidden("_csrf").unwrap(), opened.hidden("_once").unwrap());
        let mut fields = vec![("_csrf", csrf.as_str()), ("_once", once.as_str())];
        fields.extend_from_slice(&good);
        let first = browser.post_raw(&target, &fields).await;
        let second = browser.post_raw(&target, &fields).await;
        assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "{}", first.text);
        assert_eq!(first.location(), second.location());
        let receipt = browser.get(first.location()).await;
        assert!(receipt.text.contains("1,000.00"), "{}", receipt.text);
        // Somebody with the old version on the screen is told.
        let late = browser.post(&target, &good).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
    }
}

#[tokio::test]
async fn a_stranger_sees_nothing_of_others_loans() {
    //
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan;
        let mut browser = lender.house.user("own").await;
        let page = browser.get(&format!("/loans/{}", loan.key.loan)).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        let list = browser.get("/loans").await;
        assert!(!list.text.contains(&loan.number));
        let post = browser
            .post(
                &format!("/loans/{}/repayments", loan.key.loan),
                &[("amount", "1"), ("on", "2026-11-20"), ("mode", "regular"), ("channel", "cash")],
            )
            .await;
        assert_eq!(post.status, StatusCode::NOT_FOUND);
        let export = browser.get("/loans/export.xlsx").await;
        assert_eq!(export.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn every_paper_prints() {
    // S2.19-04
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
    let mut browser = lender.house.user("boss").await;
    let target = format!("/loans/{loan}/repayments");
    let fields = [("amount", "1,000.00"), ("on", "2026-11-20"), ("mode", "regular"), ("channel", "cash")];
    let paid = browser.post(&target, &fields).await;
    for path in [
        format!("/loans/{loan}/schedule.pdf"),
        format!("/loans/{loan}/statement.pdf"),
        format!("/loans/{loan}/derivation.pdf?tab=overdue"),
        format!("/loans/{loan}/derivation.pdf?tab=penalty"),
        format!("/loans/{loan}/derivation.pdf?tab=principal"),
        format!("{}/receipt.pdf", paid.location()),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert!(answer.text.starts_with("%PDF-"), "{path}");
    }
}

#[tokio::test]
async fn the_drawer_holds_the_rate_against_the_cap_and_leads_to_the_articles() {
    // `loan.rate-cap`
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
    let mut browser = lender.house.user("boss").await;
    let overdue = browser.get(&format!("/loans/{loan}/why/overdue?lang=zh-CN")).await;
    assert_eq!(overdue.status, StatusCode::OK);
    assert!(overdue.text.contains("24.00"), "the cap of the day of signing: {}", overdue.text);
    let class = browser.get(&format!("/loans/{loan}/why/class")).await;
    for (what, answer) in [("overdue", &overdue), ("class", &class)] {
        let (_, after) = answer.text.split_once("href=\"/policies/articles/").expect(what);
        let (article, _) = after.split_once('"').expect(what);
        let page = browser.get(&format!("/policies/articles/{article}")).await;
        assert_eq!(page.status, StatusCode::OK, "{what}: {article}");
    }
}

#[tokio::test]
async fn whoever_comes_second_reads_who_changed_the_loan_and_how() {
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
        let (form, target) = (format!("/loans/{loan}/repayments/new"), format!("/loans/{loan}/repayments"));
        let mut clerk = lender.house.user("clerk").await;
        let mut boss = lender.house.user("boss").await;
        boss.get("/loans?lang=zh-CN").await;
        for (lang, told) in [("zh-CN", "登记了还款 1,000.00 元"), ("en", "Repayment, 1,000.00 yuan")] {
            clerk.get(&format!("/loans?lang={lang}")).await;
            let seen = clerk.get(&form).await.hidden("version").unwrap();
            let money = [("amount", "1000"), ("on", "2026-11-20"), ("mode", "regular"), ("channel", "cash")];
            let with = |version: &str| {
                let all = money.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
                all.chain([("version".to_owned(), version.to_owned())]).collect::<Vec<_>>()
            };
            let fields = with(&boss.get(&form).await.hidden("version").unwrap());
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(boss.post_from(&form, &target, &fields).await.status, StatusCode::SEE_OTHER);
            let fields = with(&seen);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let late = clerk.post_from(&form, &target, &fields).await;
            assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
            assert!(late.text.contains(told) && late.text.contains("用户boss"), "{told}: {}", late.text);
            assert_eq!(missing_in(&late.text), Vec::<String>::new());
        }
    }
}
