//! The register of guarantees through HTTP, on every database: entering, what becomes of it, indicators, the list.

use axum::http::StatusCode;
use customers::guarantee::{actions, store};
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::{Answer, Browser};

use crate::lender::Lender;
use crate::sortings::{company, guarantors, record};

/// Where the customer stands by its indicators, and whether compensation is known to have been paid.
async fn indicator(lender: &Lender, id: CustomerId) -> String {
    let mut tx = lender.house.app.db.read().await.unwrap();
    let all = customers::standing::store::of_customer(&mut tx, id).await.unwrap();
    all.into_iter().find(|one| one.axis == "guarantee_indicator").unwrap().outcome
}

// S3-02, S3-08, S3-15, S3-27. Rules guarantee.kinds, guarantee.enter, guarantee.state, guarantee.step, guarantee.indicators,
// guarantee.history
#[tokio::test]
async fn what_is_guaranteed_is_registered_and_the_indicators_follow_from_it() {
    for lender in guarantors().await {
        let id = company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        let stated =
            [("coverage_ratio_ppm", "300"), ("loan_overdue_ratio_ppm", "0"), ("guarantee_loss_ratio_ppm", "0")];
        record(&lender, id, &stated).await;
        assert_eq!(indicator(&lender, id).await, "met");
        let mut browser = lender.browser("lin").await;
        let form = format!("/customers/{id}/guarantees/new");
        let mut typed = [
            ("side", "for_customer"),
            ("kind", "loan"),
            ("number", "保2026-001"),
            ("beneficiary", "示例银行"),
            ("amount", "1000000"),
            ("cover", "900000"),
            ("from", "2026-01-05"),
            ("until", "2026-01-04"),
            ("project", "厂房扩建"),
            ("purpose", "流动资金"),
        ];
        let back = browser.post_from(&form, &form, &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("到期日不能早于起始日"), "{}", back.text);
        typed[7].1 = "2027-01-04";
        let done = browser.post_from(&form, &form, &typed).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(browser.post_from(&form, &form, &typed).await.text.contains("这个合同编号已登记"));
        // Nine tenths covered: below the bound of a low-risk customer, whatever was stated before.
        assert_eq!(indicator(&lender, id).await, "breached");
        let why = browser.get(&format!("/customers/{id}/standing/guarantee_indicator/why")).await.text;
        assert!(why.contains("担保覆盖率 · 担保登记"), "{why}");
        let mut work = lender.work("lin").await;
        let key = store::of_customer(&mut work.tx, id).await.unwrap()[0].id;
        drop(work);
        let step = format!("/customers/{id}/guarantees/{key}/step");
        let over = deed(&mut browser, &step, ("reduced", "1000000.01")).await;
        assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(over.text.contains("金额不能超过"), "{}", over.text);
        assert_eq!(deed(&mut browser, &step, ("reduced", "200000")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(indicator(&lender, id).await, "met", "900,000 behind 800,000");
        assert_eq!(deed(&mut browser, &step, ("overdue", "")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(indicator(&lender, id).await, "breached", "all of it overdue");
        assert_eq!(deed(&mut browser, &step, ("compensated", "800000")).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("lin").await;
        let on = work.business_date;
        let told = actions::told(&mut work, id, on).await.unwrap().unwrap();
        assert_eq!((told.coverage_ppm, told.loss_ppm, told.compensated), (None, Some(800_000), true));
        drop(work);
        shown(&lender, id, &step).await;
        assert_eq!(deed(&mut browser, &step, ("recovered", "800000")).await.status, StatusCode::SEE_OTHER);
        let list = browser.get("/guarantees?view=ended").await.text;
        assert!(list.contains("保2026-001") && list.contains("已解除"), "{list}");
    }
}

/// Records what became of a guarantee.
async fn deed(browser: &mut Browser, step: &str, (deed, amount): (&str, &str)) -> Answer {
    let typed = [("deed", deed), ("amount", amount), ("on", "2026-11-20"), ("note", "解除函、回单")];
    browser.post_from(step, step, &typed).await
}

/// Every page in both languages, and nothing to another branch.
async fn shown(lender: &Lender, id: CustomerId, step: &str) {
    let mut browser = lender.browser("lin").await;
    for lang in ["zh-CN", "en"] {
        browser.get(&format!("/me?lang={lang}")).await;
        for page in [
            "/guarantees?view=all".to_owned(),
            "/guarantees?view=compensated".to_owned(),
            format!("/customers/{id}?tab=guarantees"),
            format!("/customers/{id}/guarantees/new"),
            step.to_owned(),
        ] {
            let answer = browser.get(&page).await;
            assert_eq!((answer.status, missing_in(&answer.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
    browser.get("/me?lang=zh-CN").await;
    let tab = browser.get(&format!("/customers/{id}?tab=guarantees")).await.text;
    for words in ["保2026-001", "厂房扩建", "示例银行", "代偿未收回", "80%", "贷款担保", "最长期限"]
    {
        assert!(tab.contains(words), "{words}: {tab}");
    }
    assert!(browser.get("/guarantees?view=compensated").await.text.contains("保2026-001"));
    let mut far = lender.browser("far").await;
    assert!(!far.get("/guarantees?view=all").await.text.contains("保2026-001"));
    assert_eq!(far.get(step).await.status, StatusCode::NOT_FOUND, "another branch's");
}
