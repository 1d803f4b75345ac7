//! Questions about a loan: what would follow, why so much is set aside, what stands between the lines and a figure.

use axum::http::StatusCode;
use finance::{Fen, Method, Rate, Terms};
use jiff::civil::date;
use platform::locale::missing_in;
use servicing::repayment::actions::record;

use crate::house::{Lender, TODAY, plain};
use crate::repayments::money;

#[tokio::test]
async fn a_prepayment_another_rate_and_an_extension_are_seen_and_nothing_is_written() {
    for lender in Lender::everywhere().await {
        // 120,000 at 12 % in 12 equal parts of principal: interest 1,200 + 1,100 + … + 100 = 7,800.
        let terms = Terms::new(Method::EqualPrincipal, Fen(12_000_000), TODAY, 12, Rate::per_year(120_000_000));
        let loan = lender.loan(lender.customer("甲").await, terms).await.file.loan;
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let here = format!("/loans/{}/what-if", loan.key.loan);
        assert!(clerk.get(&format!("/loans/{}", loan.key.loan)).await.text.contains(&here));
        let rows: [(&str, &[&str]); 4] = [
            // 60,000 over six months: 600 + … + 100 = 2,100.
            ("kind=prepay&amount=60000&mode=shorten", &["本金 60,000.00", "7,800.00", "2,100.00", "2027-05-20"]),
            // 60,000 over twelve: half of 7,800; the first instalment 5,000 + 600.
            ("kind=prepay&amount=60,000.00&mode=reduce", &["3,900.00", "5,600.00", "11,200.00"]),
            ("kind=rate&rate=6", &["3,900.00", "10,600.00"]),
            ("kind=extend&until=2028-05-20&scope=remaining", &["2028-05-20", "18"]),
        ];
        for (question, figures) in rows {
            let page = clerk.get(&format!("{here}?{question}&on=2026-11-20")).await;
            assert_eq!(page.status, StatusCode::OK, "{question}: {}", page.text);
            for figure in figures {
                assert!(page.text.contains(figure), "{question} says {figure}: {}", page.text);
            }
            assert_eq!(missing_in(&page.text), Vec::<String>::new(), "{question}");
            assert!(!page.text.contains("超过"), "{question} is within the rules: {}", page.text);
        }
        // A question may go beyond what the rules allow: it is answered, and what they would refuse stands above.
        for (question, said) in [
            ("kind=extend&until=2029-05-20&scope=remaining", "超过现行制度允许的 2028-11-19"),
            ("kind=rate&rate=37", "超过上限"),
        ] {
            let page = clerk.get(&format!("{here}?{question}&on=2026-11-20")).await;
            assert!(page.status == StatusCode::OK && page.text.contains(said), "{question}: {}", page.text);
        }
        for (question, field) in [
            ("kind=prepay&amount=60000&mode=shorten&on=2026-11-19", "f-on-error"),
            ("kind=prepay&mode=shorten&on=2026-11-20", "f-amount-error"),
            ("kind=prepay&amount=-1&mode=shorten&on=2026-11-20", "f-amount-error"),
            ("kind=rate&rate=x&on=2026-11-20", "f-rate-error"),
            ("kind=extend&until=2027-11-20&scope=remaining&on=2026-11-20", "f-until-error"),
            ("kind=extend&until=2028-05-20&scope=some&on=2026-11-20", "f-scope-error"),
        ] {
            let page = clerk.get(&format!("{here}?{question}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{question}: {}", page.text);
            assert!(page.text.contains(field), "{question} is told at {field}: {}", page.text);
            assert_eq!(missing_in(&page.text), Vec::<String>::new(), "{question}");
        }
        let mut tx = lender.app().db.read().await.unwrap();
        let file = servicing::loan::store::load_file(&mut tx, loan.key).await.unwrap().unwrap();
        assert_eq!((file.transactions.len(), file.loan.version), (1, loan.version));
    }
}

#[tokio::test]
async fn terms_read_as_people_say_them_and_the_provision_says_why() {
    // `loan.provision`
    // S5.4-05: provision by the class's rate
    for lender in Lender::everywhere().await {
        let loan = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key.loan;
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let page = clerk.get(&format!("/loans/{loan}?tab=terms")).await;
        for said in ["经营贷（等额本息）", "合同利率上浮 50.00 %", "2,000.00"] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        for raw in ["business_equal", "uplift", "{&quot;"] {
            assert!(!page.text.contains(raw), "{raw} is no word of the desk");
        }
        // 61 days overdue: special mention, 2 % of 100,000.
        let why = clerk.get(&format!("/loans/{loan}/why/provision")).await;
        for said in ["关注", "100,000.00 × 2.00 %", "2,000.00", "拨备"] {
            assert!(why.text.contains(said), "{said}: {}", why.text);
        }
        let english = clerk.get(&format!("/loans/{loan}?tab=terms&lang=en")).await;
        assert!(english.text.contains("Business loan, equal instalments"), "{}", english.text);
    }
}

#[tokio::test]
async fn a_derivation_foots_with_paid_and_waived_on_lines_of_their_own() {
    for lender in Lender::everywhere().await {
        let key = lender.loan(lender.customer("甲").await, plain(date(2026, 8, 20))).await.file.loan.key;
        let mut work = lender.work().await;
        record(&mut work, key, None, &money(TODAY, 300_000)).await.unwrap();
        work.commit().await.unwrap();
        let mut clerk = lender.house.user("clerk").await;
        clerk.get("/loans?lang=zh-CN").await;
        let why = clerk.get(&format!("/loans/{}/why/overdue", key.loan)).await;
        assert!(why.text.contains("减：已还") && why.text.contains("−3,000.00"), "{}", why.text);
        assert!(!why.text.contains("减：已减免") && !why.text.contains("未到期或提前归还"), "only what there is");
    }
}

#[tokio::test]
async fn a_waiver_begins_with_what_is_owed() {
    let lender = Lender::over(platform::testbed::sqlite().await).await;
    let mut clerk = lender.house.user("clerk").await;
    clerk.get("/loans?lang=zh-CN").await;
    let chosen = |text: &str| {
        let input = text.split("<input type=\"radio\" name=\"head\"").skip(1);
        input.filter(|rest| rest.split('>').next().unwrap().contains("checked")).map(str::to_owned).collect::<Vec<_>>()
    };
    for (start, penalty) in [(date(2026, 8, 20), true), (TODAY, false)] {
        let loan = lender.loan(lender.customer("甲").await, plain(start)).await.file.loan.key.loan;
        let page = clerk.get(&format!("/loans/{loan}/changes?tab=waiver")).await.text;
        assert!(page.contains("name=\"head\""), "{page}");
        let of_penalty = chosen(&page).iter().any(|rest| rest.contains("\"penalty\""));
        assert_eq!(of_penalty, penalty, "{page}");
    }
}
