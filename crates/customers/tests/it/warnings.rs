//! Warning data on every database: collected of every borrower whose grade asks, as often as it asks.

use axum::http::StatusCode;
use customers::standing::actions::assess;
use jiff::civil::Date;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::Lender;
use crate::sortings::{company, guarantors, later};

const DUTIES: &str = "select count(*) as n from duty where kind = 'warning_sheet' and state = 'open'";
const ITEMS: [&str; 8] = [
    "item_sales",
    "item_profit",
    "item_cash_flow",
    "item_bank_credit",
    "item_tax_credit_record",
    "item_commerce_credit",
    "item_industry_policy",
    "item_market_change",
];

async fn look(lender: &Lender, id: CustomerId, on: Date) {
    let mut work = lender.system().await;
    work.business_date = on;
    let file = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    assess(&mut work, &file, on).await.unwrap();
    work.commit().await.unwrap();
}

// S3-09, S3-10. Rules warning.rhythm, warning.items, warning.sheet, duty.warning_sheet
#[tokio::test]
async fn every_graded_borrower_has_its_data_collected_as_often_as_its_grade_asks() {
    for lender in guarantors().await {
        let low = company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        company(&lender, "示例乙", "70", "").await;
        assert_eq!(lender.count(DUTIES).await, 1, "of low risk, too; of whom nothing is decided, nobody asks");
        let today = lender.system().await.business_date;
        let form = format!("/customers/{low}/warning-sheets/new");
        let tab = format!("/customers/{low}?tab=warnings");
        let mut browser = lender.browser("lin").await;
        let mut typed: Vec<(&str, &str)> = ITEMS.iter().map(|item| (*item, "与上期持平")).collect();
        typed.extend([("sign", "risk"), ("finding", "")]);
        let refused = browser.post_from(&form, &form, &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a risk without a word");
        typed.pop();
        typed.push(("finding", "下游回款变慢，缩短检查间隔"));
        let silent = browser.post_from(&form, &form, &typed[1..]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "an item without a word");
        let done = browser.post_from(&form, &form, &typed).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(DUTIES).await, 0, "the sheet itself ended it");
        let next = today.checked_add(jiff::Span::new().months(6)).unwrap();
        look(&lender, low, later(next, -1)).await;
        assert_eq!(lender.count(DUTIES).await, 0);
        look(&lender, low, next).await;
        assert_eq!(lender.count(DUTIES).await, 1, "half a year later");
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            for page in ["/warning-sheets", "/warning-sheets?view=all", &tab, &form] {
                let shown = browser.get(page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let shown = browser.get(&tab).await.text;
        assert!(shown.contains("下游回款变慢") && shown.contains(&next.to_string()), "{shown}");
        let mut far = lender.browser("far").await;
        assert_eq!(far.get(&form).await.status, StatusCode::NOT_FOUND, "another branch's");
        assert!(!far.get("/warning-sheets?view=all").await.text.contains("示例甲"));
    }
}
