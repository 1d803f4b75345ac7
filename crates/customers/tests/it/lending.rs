//! What classes do at an admission review: fast or longer chain, priority, raised or cut amount, refusal; the ceilings of a
//! guarantee company; on every database.

use std::collections::BTreeMap;

use customers::admission::model::{Assessment, Conclusion};
use customers::datum::model::Route;
use customers::guarantee::ceiling;
use customers::lending::{self, Chain};
use customers::standing::store as standings;
use customers::{CustomerKind, NewCustomer};
use finance::Fen;
use platform::approval::{self, ApprovalState};
use platform::id::CustomerId;
use platform::testbed::{databases, packs};

use crate::admissions::{begin, code, decide, of_person, one, paper, person, record, said, submit, verify};
use crate::lender::{Lender, identity};

/// The shipped micro-loan rules, in which the credit record stands for the class of the consumer-loan rules.
fn by_record() -> BTreeMap<String, String> {
    let mut files = packs();
    let table = files.get_mut("common/tables/lending_effect.csv").unwrap();
    *table = table
        .replace(",template_class,", ",credit_record,")
        .replace("\"\"\"suspicious\"\"\"", "\"\"\"ordinary\"\"\"")
        .replace("\"\"\"risk\"\"\"", "\"\"\"fairly_good\"\"\"");
    files
}

async fn lenders() -> Vec<Lender> {
    let mut all = Vec::new();
    for db in databases().await {
        all.push(Lender::with(db, "microloan", by_record()).await);
    }
    all
}

/// A person whose file is complete, with this credit record; the paper that proves the income.
async fn applicant(lender: &Lender, credit: &str) -> (CustomerId, i64) {
    let id = person(lender, credit).await;
    verify(lender, id).await;
    (id, paper(lender, id, &[("kind", "bank_statement")]).await)
}

/// Somebody of whom no class says anything, found not to fit.
async fn ordinary(lender: &Lender) -> String {
    let new = lender.person("何平", Some(&identity(2)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    record(lender, id, Route::Bureau, &[("credit_record", "blemished")]).await;
    let key = begin(lender, id, "consumer_equal").await;
    let refused = Assessment { reason: "信用记录有瑕疵".to_owned(), ..said(Conclusion::NotFit) };
    submit(lender, key, &refused).await.unwrap();
    one(lender, key).await.number
}

// S5.2-04, S1-28. Rules lending.effect, approval.priority, approval.admission
#[tokio::test]
async fn a_good_customer_may_have_more_takes_the_fast_chain_and_stands_first_among_what_waits() {
    for lender in lenders().await {
        let (id, paper) = applicant(&lender, "good").await;
        let key = begin(&lender, id, "consumer_equal").await;
        let wanted = |amount| Assessment { amount: Fen(amount), ..of_person(Conclusion::Fit, paper) };
        let refused = submit(&lender, key, &wanted(12_000_001)).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "admission-above-class", "at most 120 %");
        submit(&lender, key, &wanted(12_000_000)).await.unwrap();
        let made = one(&lender, key).await;
        let sheet = made.sheet.clone().unwrap();
        let effect = sheet.lending.clone().unwrap();
        assert!(sheet.is_fast() && !sheet.risky);
        assert_eq!((effect.share_ppm, effect.cut_bp), (1_200_000, 50));
        let check = sheet.checks.iter().find(|check| check.decision == "lending_effect").unwrap();
        assert_eq!((check.row.as_str(), check.verdict.as_str()), ("LE9", "passed"));
        assert_eq!(check.articles, ["house.lending-effect"], "the why names article and class");
        let later = ordinary(&lender).await;
        let mut work = lender.work("feng").await;
        let waiting = approval::store::load(&mut work.tx, id, made.approval.unwrap()).await.unwrap().unwrap();
        assert!(waiting.chain[0].contains(&"general_manager".to_owned()), "{:?}", waiting.chain);
        assert!(waiting.priority.is_some());
        drop(work);
        let mut browser = lender.browser("feng").await;
        for (lang, why) in [("zh-CN", "快速审批：消费贷款分类：优良"), ("en", "Fast chain: consumer-loan class good")]
        {
            let list = browser.get(&format!("/approvals?lang={lang}")).await.text;
            let (first, second) = (list.find(&made.number).unwrap(), list.find(&later).unwrap());
            assert!(first < second, "older, and yet before what was submitted later");
            assert!(list.contains(why), "{list}");
        }
        let done = decide(&lender, "zong", key, "approve").await.unwrap();
        assert!(matches!(done, ApprovalState::Approved { .. }), "one step of any of the deciders: {done:?}");
    }
}

// S5.2-05. Rules lending.effect, approval.admission
#[tokio::test]
async fn a_risky_customer_is_granted_half_by_the_longer_chain() {
    for lender in lenders().await {
        let (id, paper) = applicant(&lender, "fairly_good").await;
        let key = begin(&lender, id, "consumer_equal").await;
        let wanted = |amount| Assessment { amount: Fen(amount), ..of_person(Conclusion::Fit, paper) };
        let refused = submit(&lender, key, &wanted(5_000_001)).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].code, "admission-above-class");
        submit(&lender, key, &wanted(5_000_000)).await.unwrap();
        let made = one(&lender, key).await;
        assert!(made.sheet.as_ref().is_some_and(|sheet| sheet.risky && !sheet.is_fast()));
        let first = decide(&lender, "feng", key, "approve").await.unwrap();
        assert_eq!(first, ApprovalState::Pending { step: 1 });
        assert!(matches!(decide(&lender, "zong", key, "approve").await.unwrap(), ApprovalState::Approved { .. }));
    }
}

// S5.2-06. Rule lending.effect
#[tokio::test]
async fn a_suspicious_customer_is_refused_with_the_class_and_may_only_be_found_not_to_fit() {
    for lender in lenders().await {
        let (id, paper) = applicant(&lender, "ordinary").await;
        let key = begin(&lender, id, "consumer_equal").await;
        let refused = code(&lender, key, &of_person(Conclusion::Fit, paper)).await;
        assert_eq!(refused, ("admission-failed".to_owned(), "分类的放款效力".to_owned()));
        let no = Assessment { reason: "分类可疑".to_owned(), ..of_person(Conclusion::NotFit, paper) };
        submit(&lender, key, &no).await.unwrap();
        let mut work = lender.work("ping").await;
        let file = customers::load(&mut work.tx, id).await.unwrap().unwrap();
        let (effect, _) = lending::of_customer(&mut work, &file).await.unwrap();
        assert_eq!((effect.allowed, effect.chain), (false, Chain::Longer));
        assert!(effect.refusing().is_some_and(|line| line.zh.contains("可疑") && line.row == "LE1"));
    }
}

// S3-07. Rule guarantee.ceiling
#[tokio::test]
async fn a_guarantee_company_stays_within_its_shares_of_the_net_assets_and_its_leverage() {
    for db in databases().await {
        let mut files = packs();
        let parameters = files.get_mut("guarantee/parameters.csv").unwrap();
        *parameters =
            parameters.replace("guarantee_net_assets_fen,fen 0..,0,", "guarantee_net_assets_fen,fen 0..,1000万元,");
        let lender = Lender::with(db, "guarantee", files).await;
        let id = person(&lender, "good").await;
        let mut work = lender.work("ping").await;
        let on = work.business_date;
        let rules = platform::policies::in_force(&mut work, on).await.unwrap();
        let held = ceiling::held(&mut work, &rules, id).await.unwrap().unwrap();
        assert_eq!((held.single, held.related), (Fen(0), Fen(0)));
        let verdicts = |held, more| {
            let made = ceiling::checks(rules.edition(on), held, Fen(more)).unwrap();
            made.into_iter().map(|check| check.verdict).collect::<Vec<_>>()
        };
        // One million of ten for one customer, one and a half with related parties.
        assert_eq!(verdicts(held, 100_000_000), ["passed", "passed"]);
        assert_eq!(verdicts(held, 100_000_001), ["failed", "passed"]);
        let related = ceiling::Held { related: Fen(60_000_000), ..held };
        assert_eq!(verdicts(related, 90_000_000), ["passed", "passed"]);
        assert_eq!(verdicts(related, 90_000_001), ["passed", "failed"]);
        // A hundred million in all.
        assert!(ceiling::leverage(&mut work, &rules, Fen(10_000_000_000)).await.unwrap().is_none());
        let above = ceiling::leverage(&mut work, &rules, Fen(10_000_000_001)).await.unwrap().unwrap();
        assert_eq!(
            (above.verdict.as_str(), above.articles.as_slice()),
            ("failed", ["guarantee-2017.15".to_owned()].as_slice())
        );
    }
}

// S3-07. Rule guarantee.ceiling: without net assets nobody is let in.
#[tokio::test]
async fn while_the_net_assets_are_not_stated_nothing_can_be_told_of_the_ceilings() {
    for db in databases().await {
        let lender = Lender::under(db, "guarantee").await;
        let mut work = lender.work("ping").await;
        let on = work.business_date;
        let rules = platform::policies::in_force(&mut work, on).await.unwrap();
        let none = ceiling::Held { single: Fen(0), related: Fen(0) };
        let made = ceiling::checks(rules.edition(on), none, Fen(1)).unwrap();
        assert_eq!(made.len(), 1);
        assert_eq!((made[0].verdict.as_str(), made[0].title.0.contains("净资产")), ("lacking", true));
    }
}

// S2.16-02. Rules standing.axes, sme.post_loan_mode
#[tokio::test]
async fn a_customer_with_big_data_products_of_two_million_at_most_is_watched_off_site() {
    for db in databases().await {
        let lender = Lender::under(db, "bank-sme").await;
        let new = NewCustomer {
            kind: CustomerKind::Company,
            name: "某某工贸有限公司".to_owned(),
            ..lender.person("甲", None, None, "lin").await
        };
        let mut work = lender.work("lin").await;
        let id = customers::open(&mut work, &new).await.unwrap().id;
        work.commit().await.unwrap();
        for (total, mode) in [("2000000", "off_site_main"), ("2000000.01", "on_site_and_system")] {
            let told = [("rating_model_business", "false"), ("bigdata_business", "true"), ("bigdata_total_fen", total)];
            record(&lender, id, Route::Verification, &told).await;
            let mut work = lender.work("lin").await;
            let all = standings::of_customer(&mut work.tx, id).await.unwrap();
            let found = all.iter().find(|one| one.axis == "post_loan_mode").unwrap();
            assert_eq!(found.outcome, mode, "{total}");
            assert!(found.decision.is_some(), "it says why");
        }
    }
}
