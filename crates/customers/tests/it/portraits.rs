//! Portraits of persons through HTTP, on every database: drawn with consent alone, from listed data alone.

use axum::http::StatusCode;
use customers::datum::actions as data;
use customers::datum::item;
use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

async fn record(lender: &Lender, id: CustomerId, basis: Basis, facts: &[(&str, &str)]) {
    let mut work = lender.work("lin").await;
    let on = work.business_date;
    let from = Provenance {
        effective_on: on,
        route: Route::Customer,
        source_note: "客户信息表".to_owned(),
        basis,
        consented_on: (basis == Basis::Consent).then_some(on),
    };
    let given: Vec<_> = facts.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    data::record(&mut work, id, &given, &from).await.unwrap();
    work.commit().await.unwrap();
}

// S5.3-03. Rules portrait.consent, portrait.facts, portrait.life_cycle, portrait.habit, portrait.risk, portrait.segment
#[tokio::test]
async fn a_portrait_is_drawn_with_consent_alone_and_goes_with_it() {
    for lender in lenders().await {
        // Born on 1990-03-07: thirty-six years old.
        let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        let facts = [("marital_status", "married"), ("card_usage_6m_fen", "12000"), ("deposits_fen", "3000")];
        record(&lender, id, Basis::Consent, &facts).await;
        let mut browser = lender.browser("lin").await;
        let tab = format!("/customers/{id}?tab=portrait");
        let shown = browser.get(&tab).await.text;
        assert!(shown.contains("没有同意制作画像") && !shown.contains("家庭消费客户"), "{shown}");
        // Agreed to under the contract is not agreed to.
        record(&lender, id, Basis::Contract, &[("portrait_consent", "true")]).await;
        assert!(browser.get(&tab).await.text.contains("没有同意制作画像"));
        record(&lender, id, Basis::Consent, &[("portrait_consent", "true")]).await;
        for lang in ["en", "zh-CN"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let shown = browser.get(&tab).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang}");
        }
        let shown = browser.get(&tab).await.text;
        for words in ["家庭期", "消费型", "家庭消费客户", "分期与消费贷款", "婚姻状况"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("风险偏好"), "nobody told of wealth products: {shown}");
        let mut work = lender.work("lin").await;
        let consent = item::find("portrait_consent").unwrap();
        data::withdraw(&mut work, id, consent, "客户撤回同意").await.unwrap();
        work.commit().await.unwrap();
        assert!(browser.get(&tab).await.text.contains("没有同意制作画像"), "taken back, gone");
    }
}
