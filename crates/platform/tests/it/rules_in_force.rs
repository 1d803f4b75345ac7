//! Policy versions, decisions and business numbers.

use std::collections::BTreeMap;

use jiff::civil::date;
use platform::approval::{self, Verdict};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::policies::decision::{self, NewDecision, Override};
use platform::policies::{self, NewVersion};
use platform::{numbering, testbed};
use policy::Value;

use crate::institution::{Lending, by, over, system};
use platform::testbed::packs;

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> String {
    let error = result.unwrap_err();
    error.refusal().map_or_else(|| error.to_string(), |refused| refused.code.to_owned())
}

/// The shipped packs with a longer early reminder.
fn changed() -> BTreeMap<String, String> {
    let mut files = packs();
    let text = files.get_mut("common/parameters.csv").unwrap();
    *text = text
        .replace("early_reminder_working_days,working_days 0..,3", "early_reminder_working_days,working_days 0..,2");
    files
}

#[tokio::test]
async fn a_version_rules_from_its_date_after_the_chain_agreed_and_decisions_keep_theirs() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let next = date(2026, 12, 1);
        let mut work = by(&house, "rules").await;
        let late = NewVersion {
            pack: "microloan".to_owned(),
            files: changed(),
            effective_from: work.business_date,
            note: String::new(),
        };
        assert_eq!(code(policies::draft(&mut work, &late).await), "policy-past");
        let new = NewVersion { effective_from: next, ..late };
        let draft = policies::draft(&mut work, &new).await.unwrap();
        let asked = policies::submit(&mut work, draft).await.unwrap();
        assert_eq!(code(policies::submit(&mut work, draft).await), "policy-not-draft");
        work.commit().await.unwrap();
        for (login, seen) in [("risk", 1), ("chief", 2)] {
            let mut work = by(&house, login).await;
            let before = policies::in_force(&mut work, next).await.unwrap();
            assert_eq!(before.edition(next).integer("early_reminder_working_days"), Ok(3), "not yet agreed");
            let verdict = Verdict { seen, opinion: "同意".to_owned(), missing: Vec::new() };
            approval::approve(&mut work, CustomerId(0), asked, &verdict).await.unwrap();
            work.commit().await.unwrap();
        }
        let mut work = system(&house.app).await;
        for (on, days) in [(date(2026, 11, 30), 3), (next, 2)] {
            let rules = policies::in_force(&mut work, on).await.unwrap();
            assert_eq!(rules.edition(on).integer("early_reminder_working_days"), Ok(days), "{on}");
        }
        let early = policies::in_force(&mut work, date(2000, 1, 1)).await;
        assert_eq!(code(early), "policy-none");
    }
}

#[tokio::test]
async fn a_broken_pack_is_refused_with_its_place() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut files = packs();
        files.get_mut("common/duties.csv").unwrap().push_str("x,y\n");
        let mut work = by(&house, "rules").await;
        let new =
            NewVersion { pack: "microloan".to_owned(), files, effective_from: date(2027, 1, 1), note: String::new() };
        let refused = policies::draft(&mut work, &new).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!(refused.code, "policy-broken");
        assert!(refused.details.iter().any(|(_, text)| text.contains("duties.csv")), "{refused:?}");
    }
}

#[tokio::test]
async fn a_decision_keeps_inputs_rows_articles_and_version() {
    //
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        let on = work.business_date;
        let rules = policies::in_force(&mut work, on).await.unwrap();
        let facts = [("overdue_days".to_owned(), Value::Integer(45))].into();
        let found = rules.edition(on).decide("overdue_bucket", &facts).unwrap();
        let output = found.outputs[0][0].0.clone();
        let new = NewDecision::of(CustomerId(11), "loan:11", on, &found, &output);
        decision::record(&mut work, &new).await.unwrap();
        let kept =
            decision::latest(&mut work.tx, CustomerId(11), "loan:11", "overdue_bucket", on).await.unwrap().unwrap();
        assert_eq!(kept.outcome, found.text(&output).unwrap());
        assert_eq!(kept.articles, found.articles);
        assert!(kept.inputs.to_string().contains("45") && kept.policy_version.contains(&found.version.digest));
        let person = Override { reason: "客户死亡".to_owned(), expires_on: None, approval: Some(1) };
        let by_hand = NewDecision { outcome: "other".to_owned(), person: Some(person), corrects: Some(kept.id), ..new };
        decision::record(&mut work, &by_hand).await.unwrap();
        let kept =
            decision::latest(&mut work.tx, CustomerId(11), "loan:11", "overdue_bucket", on).await.unwrap().unwrap();
        assert_eq!((kept.outcome.as_str(), kept.reason.as_deref()), ("other", Some("客户死亡")));
    }
}

#[tokio::test]
async fn numbers_have_no_gaps_and_no_doubles() {
    for db in testbed::databases().await {
        let house = over(db, Lending::default()).await;
        let mut work = system(&house.app).await;
        assert_eq!(numbering::next(&mut work, "customer", CustomerId(1), 1).await.unwrap(), "C00000001");
        assert_eq!(numbering::next(&mut work, "contract", CustomerId(1), 2).await.unwrap(), "000001202600001");
        assert_eq!(numbering::next(&mut work, "loan", CustomerId(1), 3).await.unwrap(), "J0012026000001");
        work.commit().await.unwrap();
        let mut lost = system(&house.app).await;
        assert_eq!(numbering::next(&mut lost, "customer", CustomerId(2), 4).await.unwrap(), "C00000002");
        drop(lost);
        let mut work = system(&house.app).await;
        assert_eq!(
            numbering::claim(&mut work, "customer", " C00000002 ", CustomerId(3), 5).await.unwrap(),
            "C00000002"
        );
        assert_eq!(
            numbering::next(&mut work, "customer", CustomerId(2), 6).await.unwrap(),
            "C00000003",
            "an imported number is passed over"
        );
        assert_eq!(code(numbering::claim(&mut work, "customer", "C00000003", CustomerId(9), 7).await), "number-taken");
        assert_eq!(code(numbering::claim(&mut work, "customer", "", CustomerId(9), 7).await), "number-malformed");
        assert_eq!(code(numbering::next(&mut work, "spaceship", CustomerId(9), 7).await), "number-no-rule");
        assert_eq!(numbering::find(&mut work.tx, "loan", "J0012026000001").await.unwrap(), Some((CustomerId(1), 3)));
        numbering::free(&mut work.tx, "customer", "C00000003", 6).await.unwrap();
        numbering::claim(&mut work, "customer", "C00000003", CustomerId(9), 7).await.unwrap();
    }
}
