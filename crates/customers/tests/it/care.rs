//! Care of customers on every database: key accounts have a file and a yearly plan, agreed to by another, reviewed; a
//! service plan sets the rhythm of contacts.

use axum::http::StatusCode;
use customers::care::model::{CareWay, NewContact, NewPlan, Plan, PlanId, Said, Step};
use customers::care::{actions, contact, policy as care_policy, store};
use customers::customer::model::CustomerKind;
use customers::standing::actions::assess;
use jiff::civil::Date;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::policies;

use crate::lender::{Lender, identity, lenders};
use crate::merges::{merged, two};
use crate::records::record as record_by_law;
use crate::sortings::{company, guarantors, record};

const KEY: [(&str, &str); 3] = [("key_size", "large"), ("key_potential", "high"), ("key_importance", "low")];
const EXCELLENT: [(&str, &str); 4] =
    [("composite_score_centi", "95"), ("credit_record", "good"), ("capacity_level", "strong"), ("risk_level", "low")];
const PLANS: &str = "select count(*) as n from duty where kind = 'care_plan' and state = 'open'";
const REVIEWS: &str = "select count(*) as n from duty where kind = 'care_review' and state = 'open'";
const CONTACTS: &str = "select count(*) as n from duty where kind = 'care_contact' and state = 'open'";

/// Something said of every item of a part.
async fn said(lender: &Lender, kind: &str, of: CustomerKind, review: bool) -> Vec<Said> {
    let mut work = lender.work("lin").await;
    let on = work.business_date;
    let in_force = policies::in_force(&mut work, on).await.unwrap();
    let items = care_policy::items(&in_force, on, (kind, of)).unwrap();
    let of_part = items.into_iter().filter(|item| item.review == review);
    of_part.map(|item| Said { text: format!("说明 {}", item.name), item: item.name }).collect()
}

async fn submit(lender: &Lender, id: CustomerId, new: &NewPlan) -> Result<PlanId, ActionError> {
    let mut work = lender.work("lin").await;
    let key = actions::submit(&mut work, id, new).await?;
    work.commit().await?;
    Ok(key)
}

async fn plan(lender: &Lender, key: PlanId) -> Plan {
    let mut tx = lender.house.app.db.read().await.unwrap();
    store::find(&mut tx, key).await.unwrap().unwrap()
}

async fn agree(lender: &Lender, key: PlanId) {
    let one = plan(lender, key).await;
    let mut work = lender.work("zong").await;
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    approval::approve(&mut work, one.customer, one.approval.unwrap(), &verdict).await.unwrap();
    work.commit().await.unwrap();
}

/// Looks at a customer on a day to come, as the close does.
async fn look(lender: &Lender, id: CustomerId, on: Date) {
    let mut work = lender.system().await;
    work.business_date = on;
    let file = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    assess(&mut work, &file, on).await.unwrap();
    work.commit().await.unwrap();
}

fn later(on: Date, days: i64) -> Date {
    on.checked_add(jiff::Span::new().days(days)).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    result.unwrap_err().refusal().unwrap().code
}

// S2.14-01, S2.14-02, S2.14-03, S2.14-04. Rules care.plans, care.items, care.review, duty.care_plan, duty.care_review,
// approval.care_plan
#[tokio::test]
async fn a_key_account_gets_its_file_and_its_yearly_plan_and_the_year_is_reviewed() {
    for lender in lenders().await {
        let ordinary = company(&lender, "示例乙", "70", "").await;
        let id = company(&lender, "示例甲", "85", "").await;
        assert_eq!(lender.count(PLANS).await, 0, "nobody said yet that it is a key account");
        record(&lender, id, &KEY).await;
        assert_eq!(lender.count(PLANS).await, 1);
        // Who is no key account any more needs no plan: the duty falls away with its reason.
        let passing = company(&lender, "示例丙", "75", "").await;
        record(&lender, passing, &KEY).await;
        assert_eq!(lender.count(PLANS).await, 2);
        record(&lender, passing, &[("key_size", "small"), ("key_potential", "low"), ("key_importance", "low")]).await;
        assert_eq!(lender.count(PLANS).await, 1);
        let new =
            |kind: &str, items| NewPlan { kind: kind.to_owned(), items, contact_days: None, ..NewPlan::default() };
        let of = CustomerKind::Company;
        let file = said(&lender, "key_file", of, false).await;
        let names: Vec<&str> = file.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(
            names,
            [
                "market",
                "competitors",
                "competitors_difference",
                "competitors_advantage",
                "customer_analysis",
                "business_role",
                "customers_customers",
                "industry_flow"
            ]
        );
        assert_eq!(code(submit(&lender, ordinary, &new("key_file", file.clone())).await), "care-not-offered");
        let mut half = file.clone();
        half.retain(|one| one.item != "industry_flow");
        let refused = submit(&lender, id, &new("key_file", half)).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!((refused.code, refused.rule.as_deref()), ("care-lacking", Some("care.items")));
        assert_eq!(refused.details[0].1, "行业流程");
        let file = submit(&lender, id, &new("key_file", file)).await.unwrap();
        let yearly = said(&lender, "key_plan", of, false).await;
        for item in ["strategy", "targets", "sales_process", "team", "marketing", "relationship", "actions"] {
            assert!(yearly.iter().any(|one| one.item == item), "{item}");
        }
        let first = submit(&lender, id, &new("key_plan", yearly.clone())).await.unwrap();
        assert_eq!(code(submit(&lender, id, &new("key_plan", yearly)).await), "care-waits");
        agree(&lender, file).await;
        assert_eq!(lender.count(PLANS).await, 0, "one is worked by, one waits");
        agree(&lender, first).await;
        let agreed = plan(&lender, first).await;
        assert!(agreed.is_current());
        assert!(agreed.content.stood.contains(&("key_priority".to_owned(), "key".to_owned())));
        assert_eq!(lender.count(PLANS).await, 0, "both are there");
        pages(&lender, id, first).await;
        // A year later both are reviewed; then the next ones are asked for.
        let due = agreed.review_on.unwrap();
        look(&lender, id, later(due, -1)).await;
        assert_eq!(lender.count(REVIEWS).await, 0);
        look(&lender, id, due).await;
        assert_eq!(lender.count(REVIEWS).await, 1);
        for (key, kind) in [(file, "key_file"), (first, "key_plan")] {
            let review = said(&lender, kind, of, true).await;
            let mut work = lender.work("lin").await;
            work.business_date = due;
            assert_eq!(code(actions::review(&mut work, &key.to_string(), &review[1..]).await), "care-lacking");
            actions::review(&mut work, &key.to_string(), &review).await.unwrap();
            assert_eq!(code(actions::review(&mut work, &key.to_string(), &review).await), "care-state");
            work.commit().await.unwrap();
        }
        assert_eq!((lender.count(REVIEWS).await, lender.count(PLANS).await), (0, 1), "the next year");
        let reviewed = plan(&lender, first).await.reviewed.unwrap();
        let items: Vec<&str> = reviewed.2.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(items, ["results", "success", "failure"]);
    }
}

// S2.14-04. Rule care.review: what was agreed to for a file that went is reviewed for the one that stayed.
#[tokio::test]
async fn a_plan_of_a_file_that_was_merged_is_reviewed_all_the_same() {
    for lender in lenders().await {
        let ((gone, _), (into, _)) = two(&lender).await;
        let items = said(&lender, "service", CustomerKind::Person, false).await;
        let new = NewPlan { kind: "service".to_owned(), items, contact_days: None, ..NewPlan::default() };
        let key = submit(&lender, gone, &new).await.unwrap();
        agree(&lender, key).await;
        merged(&lender, gone, into).await;
        let due = plan(&lender, key).await.review_on.unwrap();
        look(&lender, into, due).await;
        assert_eq!(lender.count(REVIEWS).await, 1);
        let review = said(&lender, "service", CustomerKind::Person, true).await;
        let mut work = lender.work("lin").await;
        work.business_date = due;
        actions::review(&mut work, &key.to_string(), &review).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(REVIEWS).await, 0);
    }
}

/// Every page in both languages.
async fn pages(lender: &Lender, id: CustomerId, key: PlanId) {
    let mut browser = lender.browser("lin").await;
    for lang in ["zh-CN", "en"] {
        browser.get(&format!("/me?lang={lang}")).await;
        for page in [
            "/care-plans?view=all".to_owned(),
            format!("/care-plans/{key}"),
            format!("/care-plans/{key}/review"),
            format!("/customers/{id}?tab=care"),
            format!("/customers/{id}/care/new?kind=key_file"),
            format!("/customers/{id}/care/contact"),
        ] {
            let shown = browser.get(&page).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
    let mut far = lender.browser("far").await;
    assert_eq!(far.get(&format!("/care-plans/{key}")).await.status, StatusCode::NOT_FOUND, "another branch's");
}

// S5.8-15, S1-28. Rules care.plans, care.contacts, duty.care_contact
#[tokio::test]
async fn a_service_plan_sets_the_rhythm_of_contacts_and_each_is_recorded() {
    for lender in lenders().await {
        let new = lender.person("梁文", Some(&identity(1)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        let today = work.business_date;
        work.commit().await.unwrap();
        assert_eq!(lender.count(PLANS).await, 0, "nobody asks, though one may be made");
        record_by_law(&lender, id, "征信报告", &EXCELLENT).await;
        assert_eq!(lender.count(PLANS).await, 1, "a premium customer is asked one");
        let mut browser = lender.browser("lin").await;
        let form = format!("/customers/{id}/care/new?kind=service");
        let shown = browser.get(&form).await.text;
        for word in ["拟用产品与工具", "个性化方案", "组合与交叉营销", "服务流程标准", "联系安排", "在售产品"]
        {
            assert!(shown.contains(word), "{word}: {shown}");
        }
        let empty = browser.post_from(&form, &form, &[("item_needs", "周转")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let items = said(&lender, "service", CustomerKind::Person, false).await;
        let names: Vec<String> = items.iter().map(|one| format!("item_{}", one.item)).collect();
        let mut fields: Vec<(&str, &str)> =
            names.iter().zip(&items).map(|(name, one)| (name.as_str(), one.text.as_str())).collect();
        fields.push(("contact_days", "0"));
        assert_eq!(browser.post_from(&form, &form, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        fields.pop();
        fields.push(("contact_days", "30"));
        let done = browser.post_from(&form, &form, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mut tx = lender.house.app.db.read().await.unwrap();
        let key = store::of_customer(&mut tx, id).await.unwrap()[0].id;
        drop(tx);
        look(&lender, id, later(today, 40)).await;
        assert_eq!(lender.count(CONTACTS).await, 0, "nobody agreed yet");
        agree(&lender, key).await;
        assert_eq!(lender.count(PLANS).await, 0);
        look(&lender, id, later(today, 29)).await;
        assert_eq!(lender.count(CONTACTS).await, 0);
        look(&lender, id, later(today, 30)).await;
        assert_eq!(lender.count(CONTACTS).await, 1);
        let contact = |on| NewContact {
            way: CareWay::Visit,
            on,
            content: "介绍循环额度".to_owned(),
            response: "下月考虑".to_owned(),
        };
        let mut work = lender.work("lin").await;
        work.business_date = later(today, 31);
        let ahead = contact::enter(&mut work, id, &contact(later(today, 32))).await.unwrap_err();
        assert_eq!(ahead.refusal().unwrap().fields[0].code, "care-contact-future");
        contact::enter(&mut work, id, &contact(later(today, 31))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(CONTACTS).await, 0, "the contact itself ended it");
        let shown = browser.get(&format!("/customers/{id}?tab=care")).await.text;
        assert!(shown.contains("介绍循环额度") && shown.contains("下月考虑"), "{shown}");
        look(&lender, id, later(today, 60)).await;
        assert_eq!(lender.count(CONTACTS).await, 0);
        look(&lender, id, later(today, 61)).await;
        assert_eq!(lender.count(CONTACTS).await, 1, "thirty days after the last one");
    }
}

// S5.8-11. Rule care.steps
#[tokio::test]
async fn the_follow_ups_of_a_plan_become_duties_and_contacts_close_them() {
    for lender in lenders().await {
        let new = lender.person("梁文", Some(&identity(1)), None, "lin").await;
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        let today = work.business_date;
        work.commit().await.unwrap();
        record_by_law(&lender, id, "征信报告", &EXCELLENT).await;
        let step = |what: &str, days| Step { what: what.to_owned(), due_on: later(today, days) };
        let items = said(&lender, "service", CustomerKind::Person, false).await;
        let plan_of = |steps| NewPlan { kind: "service".to_owned(), items: items.clone(), contact_days: None, steps };
        let past = submit(&lender, id, &plan_of(vec![step("上门", -1)])).await.unwrap_err();
        assert_eq!(past.refusal().unwrap().fields[0].code, "care-step-past");
        let steps = vec![step("上门了解资产", 10), step("介绍循环额度", 20)];
        let key = submit(&lender, id, &plan_of(steps)).await.unwrap();
        agree(&lender, key).await;
        look(&lender, id, later(today, 9)).await;
        assert_eq!(lender.count(CONTACTS).await, 0, "not yet");
        look(&lender, id, later(today, 10)).await;
        assert_eq!(lender.count(CONTACTS).await, 1, "the first follow-up");
        let talk = NewContact {
            way: CareWay::Visit,
            on: later(today, 10),
            content: "了解房产与存款".to_owned(),
            response: "愿意了解额度".to_owned(),
        };
        let mut work = lender.work("lin").await;
        work.business_date = later(today, 10);
        let none = contact::enter_for(&mut work, id, &talk, Some((key, 7))).await.unwrap_err();
        assert_eq!(none.refusal().unwrap().fields[0].code, "care-step-none");
        contact::enter(&mut work, id, &talk).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(CONTACTS).await, 1, "a contact about something else closes no follow-up");
        let mut work = lender.work("lin").await;
        work.business_date = later(today, 10);
        contact::enter_for(&mut work, id, &talk, Some((key, 0))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(CONTACTS).await, 0);
        assert_eq!(plan(&lender, key).await.done, [0]);
        look(&lender, id, later(today, 20)).await;
        assert_eq!(lender.count(CONTACTS).await, 1, "the second one");
        let mut browser = lender.browser("lin").await;
        let shown = browser.get(&format!("/care-plans/{key}")).await.text;
        assert!(shown.contains("介绍循环额度") && shown.contains("已落实") && shown.contains("待跟进"), "{shown}");
        let form = browser.get(&format!("/customers/{id}/care/contact")).await.text;
        assert!(form.contains("介绍循环额度") && !form.contains("上门了解资产"), "{form}");
    }
}

// S3-08, S3-09, S3-10. Rules sorting.indicators, care.plans, care.items, duty.care_plan
#[tokio::test]
async fn a_breached_indicator_asks_for_data_an_analysis_and_measures_in_time() {
    for lender in guarantors().await {
        let id = company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        let met = [("coverage_ratio_ppm", "100"), ("loan_overdue_ratio_ppm", "5"), ("guarantee_loss_ratio_ppm", "2")];
        record(&lender, id, &met).await;
        assert_eq!(lender.count(PLANS).await, 0, "a low-risk customer within its bounds");
        record(&lender, id, &[("coverage_ratio_ppm", "99.99")]).await;
        assert_eq!(lender.count(PLANS).await, 1);
        let items = said(&lender, "risk_plan", CustomerKind::Company, false).await;
        let names: Vec<&str> = items.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(names, ["operating_data", "credit_data", "industry_data", "risk_analysis", "risk_measures"]);
        let new = |items| NewPlan { kind: "risk_plan".to_owned(), items, contact_days: None, ..NewPlan::default() };
        let silent = submit(&lender, id, &new(items[..4].to_vec())).await;
        assert_eq!(code(silent), "care-lacking", "no measures");
        let key = submit(&lender, id, &new(items)).await.unwrap();
        assert_eq!(lender.count(PLANS).await, 1, "it stands until somebody else agrees");
        agree(&lender, key).await;
        assert_eq!(lender.count(PLANS).await, 0);
        let agreed = plan(&lender, key).await;
        assert!(agreed.content.stood.contains(&("guarantee_indicator".to_owned(), "breached".to_owned())));
        assert_eq!(agreed.review_on, Some(agreed.made_on.checked_add(jiff::Span::new().months(3)).unwrap()));
    }
}

// S5.1-04, S5.3-02, S3-18. Rules care.rhythm, duty.care_contact
#[tokio::test]
async fn a_class_without_a_plan_has_its_service_standard_and_its_days_between_contacts() {
    for lender in guarantors().await {
        let quiet = company(&lender, "示例乙", "70", "").await;
        let id = company(&lender, "示例甲", "70", "贷款 逾期0天 违约").await;
        let today = lender.system().await.business_date;
        for on in [today, later(today, 29)] {
            look(&lender, id, on).await;
            look(&lender, quiet, on).await;
            assert_eq!(lender.count(CONTACTS).await, 0, "{on}");
        }
        // Nothing is said of the other one, so that no class asks for contacts.
        look(&lender, quiet, later(today, 30)).await;
        assert_eq!(lender.count(CONTACTS).await, 0);
        look(&lender, id, later(today, 30)).await;
        look(&lender, id, later(today, 31)).await;
        assert_eq!(lender.count(CONTACTS).await, 1, "high risk: thirty days, and one duty");
        let mut browser = lender.browser("lin").await;
        for (lang, words) in
            [("zh-CN", ["服务标准：加强风险控制", "每 30 天"]), ("en", ["Stronger control", "every 30 days"])]
        {
            browser.get(&format!("/me?lang={lang}")).await;
            let shown = browser.get(&format!("/customers/{id}?tab=care")).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang}");
            for word in words {
                assert!(shown.text.contains(word), "{word}: {}", shown.text);
            }
            assert!(shown.text.contains(&later(today, 30).to_string()), "the next contact");
            let other = browser.get(&format!("/customers/{quiet}?tab=care")).await.text;
            assert!(!other.contains(words[0]), "no standard applies");
        }
        let talk = |on| NewContact {
            way: CareWay::Phone,
            on,
            content: "了解经营与回款".to_owned(),
            response: "正在处置存货".to_owned(),
        };
        let mut work = lender.work("lin").await;
        work.business_date = later(today, 31);
        contact::enter(&mut work, id, &talk(today)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(CONTACTS).await, 1, "a contact of so long ago leaves the next one due");
        let mut work = lender.work("lin").await;
        work.business_date = later(today, 31);
        contact::enter(&mut work, id, &talk(later(today, 31))).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(CONTACTS).await, 0, "the contact itself ended it");
        look(&lender, id, later(today, 60)).await;
        assert_eq!(lender.count(CONTACTS).await, 0);
        look(&lender, id, later(today, 61)).await;
        assert_eq!(lender.count(CONTACTS).await, 1, "thirty days after the last one");
        // Who stands elsewhere by now is asked nothing any more: the duty falls away.
        let mut work = lender.system().await;
        let sql = "update customer set note = '贷款 逾期0天' where customer_id = $1";
        work.tx.execute(sql, platform::args![id]).await.unwrap();
        work.commit().await.unwrap();
        look(&lender, id, later(today, 62)).await;
        assert_eq!(lender.count(CONTACTS).await, 0);
    }
}

// S5.1-04, S5.3-02, S3-18. Rule care.rhythm: of a bank for persons and of a guarantee company.
#[tokio::test]
async fn every_layer_and_tier_that_is_asked_no_plan_has_a_service_standard() {
    for (pack, kind, wanted) in [
        (
            "bank-personal",
            CustomerKind::Person,
            [("customer_layer", "general", 0), ("value_tier", "ordinary", 0), ("value_tier", "low_value", 0)],
        ),
        (
            "guarantee",
            CustomerKind::Company,
            [("customer_layer", "high", 30), ("guarantee_class", "general", 0), ("guarantee_class", "high_risk", 30)],
        ),
    ] {
        let lender = Lender::under(platform::testbed::sqlite().await, pack).await;
        let mut work = lender.system().await;
        let on = work.business_date;
        let in_force = policies::in_force(&mut work, on).await.unwrap();
        let rhythms = care_policy::rhythms(&in_force, on, kind).unwrap();
        for (axis, outcome, days) in wanted {
            let found = rhythms.iter().find(|one| one.of.0 == axis && one.of.1 == outcome).unwrap();
            assert!(found.days == days && found.article == "house.care", "{axis} {outcome}");
        }
        // What asks for a plan has no days of its own: the plan says them.
        let premium = |one: &&customers::care::model::Rhythm| one.of.1 == "premium" || one.of.1 == "low";
        assert_eq!(rhythms.iter().filter(premium).count(), 0);
    }
}
