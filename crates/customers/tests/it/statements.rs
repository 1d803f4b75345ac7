//! Financial statements and what follows from them; income and repayment; on every database.

use axum::http::StatusCode;
use customers::identity::{IdentityKind, IdentityNo};
use customers::standing::store as standings;
use customers::statement::store as statements;
use customers::{CustomerKind, NewCustomer};
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed;

use crate::lender::{Lender, identity, lenders};

async fn company(lender: &Lender) -> CustomerId {
    let person = lender.person("示例博远五金有限公司", None, None, "lin").await;
    let number = IdentityNo::parse(IdentityKind::SocialCreditCode, "91350100M000100Y43").unwrap();
    let new = NewCustomer { kind: CustomerKind::Company, identity: Some(number), ..person };
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

/// A year of a small manufacturer: 900,000 of assets, 60 % owed, revenue of five million.
const YEAR: [(&str, &str); 15] = [
    ("period_end", "2025-12-31"),
    ("months", "12"),
    ("form", "original"),
    ("audited", "on"),
    ("source_note", "企业提交，加盖公章"),
    ("cash", "200,000"),
    ("inventory", "100000"),
    ("fixed_assets", "600000"),
    ("short_loans", "540000"),
    ("paid_in_capital", "300000"),
    ("retained_earnings", "60000"),
    ("revenue", "5000000"),
    ("cost_of_sales", "4950000"),
    ("income_tax", "5000"),
    ("cash_operating", "-100"),
];

// S1-15, S3-15, S3-23: statements; S3-25: the size follows from industry and figures. Rules statement.balance, industry.code.
#[tokio::test]
async fn a_statement_gives_ratios_and_size_and_one_that_does_not_balance_is_refused_with_the_place() {
    for lender in lenders().await {
        let id = company(&lender).await;
        let mut browser = lender.browser("lin").await;
        let data = format!("/customers/{id}/data/registration/new");
        let wrong = browser.post_from(&data, &data, &[("industry_code", "Z99")]).await;
        assert!(wrong.text.contains("不是 GB/T 4754 的行业代码"), "{}", wrong.text);
        let right = browser.post_from(&data, &data, &[("industry_code", "C3351")]).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
        let staff = format!("/customers/{id}/data/operation/new");
        assert_eq!(browser.post_from(&staff, &staff, &[("employees", "25")]).await.status, StatusCode::SEE_OTHER);
        let path = format!("/customers/{id}/statements/new");
        let mut bad = YEAR.to_vec();
        bad[9].1 = "300001";
        bad.push(("current_assets", "299999"));
        let back = browser.post_from(&path, &path, &bad).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for place in ["填报 299,999.00，按各项应为 300,000.00", "填报 900,001.00，按各项应为"] {
            assert!(back.text.contains(place), "{place}: {}", back.text);
        }
        assert_eq!(lender.count("select count(*) as n from financial_statement").await, 0);
        assert_eq!(browser.post_from(&path, &path, &YEAR).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post_from(&path, &path, &YEAR).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("lin").await;
        let all = statements::of_customer(&mut work.tx, id).await.unwrap();
        assert_eq!((all.len(), all.iter().filter(|one| one.corrects.is_some()).count()), (2, 1));
        let size = standings::of_customer(&mut work.tx, id).await.unwrap();
        let size = size.into_iter().find(|one| one.axis == "enterprise_size").unwrap();
        assert_eq!(size.outcome, "small", "industry, 25 people, five million: small");
        drop(work);
        let why = browser.get(&format!("/customers/{id}/standing/enterprise_size/why")).await.text;
        assert!(why.contains("5,000,000.00 元") && why.contains("财务报表 2025-12-31"), "{why}");
        for lang in ["zh-CN", "en"] {
            assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
            for page in [format!("/customers/{id}?tab=statements"), path.clone(), path.replace("new", "import")] {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let tab = browser.get(&format!("/customers/{id}?tab=statements")).await.text;
        assert!(tab.contains("60%") && tab.contains("12.5%"), "debt 540/900, equity 45/360: {tab}");
    }
}

#[tokio::test]
async fn a_person_has_no_statements_and_a_foreign_branch_sees_none() {
    for lender in lenders().await {
        let id = company(&lender).await;
        let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let person = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{person}/statements/new");
        assert_eq!(browser.post_from(&path, &path, &YEAR).await.status, StatusCode::NOT_FOUND);
        assert!(!browser.get(&format!("/customers/{person}")).await.text.contains("tab=statements"));
        let mut far = lender.browser("far").await;
        for page in ["statements/new", "statements/import", "capacity"] {
            assert_eq!(far.get(&format!("/customers/{id}/{page}")).await.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
}

/// A deposit slip on file that proves 10,000, as somebody else found.
async fn prove(lender: &Lender, id: CustomerId) {
    let mut browser = lender.browser("lin").await;
    let path = format!("/customers/{id}/documents/new");
    let paper = ("file", "存单.pdf", b"%PDF-1.4\n%%EOF\n".as_slice());
    let done = browser.upload_from(&path, &path, &[("kind", "asset_proof")], paper).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let document = lender.count("select max(id) as n from customer_document").await.to_string();
    let path = format!("/customers/{id}/asset-proofs/new");
    let proof = [("document", document.as_str()), ("kind", "deposit_slip"), ("face", "10000"), ("note", "定期存单")];
    let done = browser.post_from(&path, &path, &proof).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let key = lender.count("select max(id) as n from asset_proof").await;
    let path = format!("/customers/{id}/asset-proofs/{key}/verify");
    let found = [("verified_way", "document"), ("finding", "confirmed"), ("note", "已核对原件")];
    let mut head = lender.browser("head").await;
    let done = head.post_from(&path, &path, &found).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

// S5.6-03, S5.6-04, S5.6-05, S5.6-06, S5.6-07, S5.6-10: the exam's third question, and the age rule, on the page.
#[tokio::test]
async fn income_and_repayment_are_answered_with_their_derivation() {
    let lender = Lender::under(testbed::sqlite().await, "consumer-finance").await;
    let new = lender.person("梁文", Some(&identity(4)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    let mut browser = lender.browser("lin").await;
    let income = format!("/customers/{id}/data/income/new");
    let typed = [
        ("own_income_fen", "7000"),
        ("spouse_income_fen", "5000"),
        ("fund_deposit_fen", "3000"),
        ("fund_certified", "true"),
    ];
    assert_eq!(browser.post_from(&income, &income, &typed).await.status, StatusCode::SEE_OTHER);
    prove(&lender, id).await;
    let path = format!("/customers/{id}/capacity");
    assert!(browser.get(&path).await.text.contains("取自客户资料"));
    // 60,000 without interest over 12 months is 5,000 a month: the exam's payment.
    let question = "amount=60000&rate=0&months=12&property_fee_fen=200&card_overdraft_fen=1000\
                    &customer_class=class_2&customer_age=58&co_borrower_age=55";
    let answer = browser.get(&format!("{path}?{question}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    for figure in ["34.67%", "5,000.00", "12 年", "15 年"] {
        assert!(answer.text.contains(figure), "{figure}: {}", answer.text);
    }
    let without = browser.get(&format!("{path}?{question}&fund_certified=false")).await.text;
    assert!(without.contains("43.33%"), "{without}");
    let none = browser
        .get(&format!("{path}?amount=60000&rate=0&months=12&own_income_fen=0&spouse_income_fen=0&fund_deposit_fen=0"))
        .await;
    assert_eq!(none.status, StatusCode::OK, "no income is a refusal with its reason, never a division (S5.6-T14)");
    let wrong = browser.get(&format!("{path}?amount=-1&rate=x&months=0")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.get("/me?lang=en").await.status.is_success());
    let english = browser.get(&format!("{path}?{question}")).await.text;
    assert_eq!(missing_in(&english), Vec::<String>::new());
    assert!(english.contains("34.67%"), "{english}");
}
