//! What the rules want a file to hold, item by item: entered with its source, shown on the file, on every database.

use axum::http::StatusCode;
use customers::customer::model::CustomerKind;
use customers::datum::model::{Basis, Route, latest};
use customers::datum::rules::Provenance;
use customers::datum::{actions, item, store as data};
use customers::relation::actions as relations;
use customers::relation::model::{NewRelation, RelationKind};
use customers::{NewCustomer, open};
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

async fn file(lender: &Lender, kind: CustomerKind) -> CustomerId {
    let person = lender.person("示例甲", Some(&identity(1)), None, "lin").await;
    let company = NewCustomer { kind, identity: None, ..person.clone() };
    let mut work = lender.work("lin").await;
    let new = if kind == CustomerKind::Person { person } else { company };
    let id = open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

/// Data with their source, held because the law asks for them.
pub async fn record(lender: &Lender, id: CustomerId, source: &str, given: &[(&str, &str)]) {
    let mut work = lender.work("lin").await;
    let from = Provenance {
        effective_on: work.business_date,
        route: Route::Verification,
        source_note: source.to_owned(),
        basis: Basis::Law,
        consented_on: None,
    };
    let given: Vec<_> = given.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    actions::record(&mut work, id, &given, &from).await.unwrap();
    work.commit().await.unwrap();
}

/// The tab with the data, complete in both languages; the Chinese one.
async fn shown(lender: &Lender, id: CustomerId, tab: &str) -> String {
    let mut browser = lender.browser("lin").await;
    let mut last = String::new();
    for lang in ["en", "zh-CN"] {
        browser.get(&format!("/me?lang={lang}")).await;
        let page = browser.get(&format!("/customers/{id}{tab}")).await;
        assert_eq!((page.status, missing_in(&page.text)), (StatusCode::OK, Vec::new()), "{lang} {tab}");
        last = page.text;
    }
    last
}

// S3-01
#[tokio::test]
async fn a_companys_file_holds_its_basics_with_representative_capital_founding_and_condition() {
    for lender in lenders().await {
        let id = file(&lender, CustomerKind::Company).await;
        let basics = [
            ("registered_capital_fen", "5000000"),
            ("founded_on", "2015-06-01"),
            ("main_business", "陶瓷制造与销售"),
            ("finances_sound", "true"),
        ];
        record(&lender, id, "营业执照", &basics).await;
        let mut work = lender.work("lin").await;
        let representative = NewRelation {
            kind: RelationKind::LegalRepresentative,
            name: "梁文".to_owned(),
            identity: lender.person("", Some(&identity(2)), None, "lin").await.identity,
            share_ppm: None,
            since: jiff::civil::date(2015, 6, 1),
            consented_on: None,
            note: None,
        };
        relations::add(&mut work, id, &representative).await.unwrap();
        work.commit().await.unwrap();
        let page = shown(&lender, id, "?tab=data").await;
        for word in ["注册资本", "2015-06-01", "陶瓷制造与销售", "财务"] {
            assert!(page.contains(word), "{word}: {page}");
        }
        let overview = shown(&lender, id, "").await;
        assert!(overview.contains("示例甲") && overview.contains("梁文"), "{overview}");
        // The condition itself is in the statements, which a company's file has a tab for.
        shown(&lender, id, "?tab=statements").await;
    }
}

// S3-03
#[tokio::test]
async fn the_credit_record_comes_from_bank_tax_and_commerce_each_with_its_source() {
    for lender in lenders().await {
        let id = file(&lender, CustomerKind::Company).await;
        let sources = [
            ("credit_record", "good", "企业征信报告"),
            ("tax_credit", "B", "税务局纳税信用查询"),
            ("commerce_record", "normal", "企业信用信息公示系统"),
        ];
        for (name, value, source) in sources {
            record(&lender, id, source, &[(name, value)]).await;
        }
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        let all = data::of_customer(&mut work.tx, id).await.unwrap();
        drop(work);
        for (name, value, source) in sources {
            let known = latest(&all, today).into_iter().find(|one| one.item.name == name).unwrap();
            assert_eq!((known.value.as_deref(), known.source_note.as_str()), (Some(value), source));
            let page = shown(&lender, id, &format!("/items/{name}")).await;
            assert!(page.contains(source), "{name}: {page}");
        }
    }
}

// S5.8-02, S5.1-03
#[tokio::test]
async fn a_persons_file_holds_what_the_classes_and_layers_look_at() {
    for lender in lenders().await {
        let id = file(&lender, CustomerKind::Person).await;
        let inputs = [
            // Basic; the age follows from the identity number.
            ("household_registration", "浙江杭州"),
            ("education", "college"),
            ("assets_total_fen", "800000"),
            ("special_skill", "陶艺"),
            // Work.
            ("employer_industry", "制造业"),
            ("employer_name", "示例陶瓷厂"),
            ("position", "middle_manager"),
            ("own_income_fen", "9000"),
            // Source of funds, credit standing, dealings and how they went.
            ("funds_source", "工资与租金"),
            ("credit_record", "good"),
            ("deposits_fen", "60000"),
            ("wealth_products_fen", "20000"),
            ("bank_rating", "good"),
            ("cooperation_record", "good"),
        ];
        record(&lender, id, "申请表", &inputs).await;
        assert!(inputs.iter().all(|(name, _)| item::find(name).unwrap().fits(CustomerKind::Person)));
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        let all = data::of_customer(&mut work.tx, id).await.unwrap();
        drop(work);
        let held = latest(&all, today);
        assert!(inputs.iter().all(|(name, _)| held.iter().any(|one| one.item.name == *name)));
        let page = shown(&lender, id, "?tab=data").await;
        for word in ["浙江杭州", "陶艺", "制造业", "示例陶瓷厂", "工资与租金", "60,000.00", "20,000.00", "本行评级"]
        {
            assert!(page.contains(word), "{word}: {page}");
        }
    }
}
