//! Scorecards fitted on a file, refused where the data give none, and made drafts of the policy desk; on every database.

use std::fmt::Write as _;

use axum::http::StatusCode;
use customers::CustomerKind;
use customers::scorecard::actions::{self, Wanted};
use customers::scorecard::store::{self, FitId};
use platform::error::ActionError;
use platform::locale::missing_in;
use platform::policies::draft::actions as drafts;
use policy::{Facts, Value};

use crate::lender::{Lender, lenders};

/// A sample from a generator of its own: a low income and a poor record make a row bad more often.
fn sample(rows: usize) -> String {
    let mut state = 20_261_120_u64;
    let mut next = move |below: u64| {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        (state >> 8) % below
    };
    let mut text = "本人税后月收入,credit_record,备注,坏\n".to_owned();
    for _ in 0..rows {
        let income = 2_000 + next(18_000);
        let record = ["good", "ordinary", "blemished"][usize::try_from(next(3)).unwrap()];
        let risk = 10 + 40 * u64::from(income < 8_000) + 25 * u64::from(record == "blemished");
        let bad = u8::from(next(100) < risk);
        let income = if next(20) == 0 { String::new() } else { income.to_string() };
        writeln!(text, "{income},{record},x,{bad}").unwrap();
    }
    text
}

fn wanted(text: &str) -> Wanted {
    Wanted {
        title: "个人申请评分".to_owned(),
        kind: CustomerKind::Person,
        target: "坏".to_owned(),
        monotone: true,
        file: "样本.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

async fn fit(lender: &Lender, text: &str) -> Result<FitId, ActionError> {
    let mut work = lender.work("drafter").await;
    let id = actions::fit(&mut work, wanted(text)).await?;
    work.commit().await?;
    Ok(id)
}

// S1-18. Rules scorecard.fit, scorecard.plan, scorecard.draft
#[tokio::test]
async fn a_card_is_fitted_on_a_file_and_becomes_a_draft_that_scores_as_it_was_fitted() {
    for lender in lenders().await {
        let id = fit(&lender, &sample(900)).await.unwrap();
        let mut work = lender.work("drafter").await;
        let kept = store::find(&mut work.tx, id).await.unwrap().unwrap();
        let fitted = kept.outcome.clone().unwrap();
        assert_eq!((kept.rows, kept.ignored.as_slice()), (900, ["备注".to_owned()].as_slice()));
        assert_eq!(fitted.terms.len(), 2);
        assert!(fitted.test.bad > 0 && fitted.test.auc > 0.65, "{:?}", fitted.test.auc);
        let draft = actions::draft(&mut work, &id.to_string()).await.unwrap();
        assert_eq!(actions::draft(&mut work, &id.to_string()).await.unwrap(), draft, "once");
        let checked = drafts::checked(&mut work, draft).await.unwrap();
        assert_eq!(checked.problems, []);
        let text = checked.draft.files.values().find(|text| text.contains("own_income_fen")).unwrap();
        assert!(text.contains("元") && !text.contains("00000"), "money stands in yuan: {text}");
        let pack = checked.pack.unwrap();
        let card = pack.scorecard(&format!("fitted_{id}")).unwrap();
        for income in [None, Some(250_000), Some(1_900_000)] {
            let mut facts = Facts::from([("credit_record".to_owned(), Value::from("blemished"))]);
            if let Some(income) = income {
                facts.insert("own_income_fen".to_owned(), Value::Integer(income));
            }
            let points = |name: &str, wanted: &dyn Fn(&scoring::Edge) -> bool| {
                let term = fitted.terms.iter().find(|term| term.binned.name == name).unwrap();
                term.points[term.binned.bins.iter().position(|bin| wanted(&bin.edge)).unwrap()]
            };
            let by_income = points("own_income_fen", &|edge| match (edge, income) {
                (scoring::Edge::Unknown, None) => true,
                (scoring::Edge::Numbers(from, to), Some(income)) => {
                    from.is_none_or(|from| from <= income) && to.is_none_or(|to| income < to)
                }
                _ => false,
            });
            let by_record = points(
                "credit_record",
                &|edge| matches!(edge, scoring::Edge::Words(words, _) if words.iter().any(|word| word == "blemished")),
            );
            let expected = (fitted.base_points + by_income + by_record) * 100;
            assert_eq!(card.score(&facts, &std::collections::BTreeMap::new()).composite_centi, Some(expected));
        }
        drop(work);
        assert!(lender.work("lin").await.authorise(platform::policies::POLICY_DRAFT).is_err());
    }
}

// Rules scorecard.refuse, scorecard.sample: data that give no card say why, and nothing is left running.
#[tokio::test]
async fn data_that_give_no_card_are_refused_with_the_reason_kept() {
    for lender in lenders().await {
        let few = fit(&lender, &sample(60)).await.unwrap();
        let mut work = lender.work("drafter").await;
        let kept = store::find(&mut work.tx, few).await.unwrap().unwrap();
        assert!(matches!(kept.outcome, Err(scoring::Refused::TooFew { bads: true, .. })), "{:?}", kept.outcome);
        let none = actions::draft(&mut work, &few.to_string()).await.unwrap_err();
        assert_eq!(none.refusal().unwrap().code, "scorecard-nothing-fitted");
        drop(work);
        let broken = fit(&lender, "月收入,坏\n1,也许\n").await.unwrap_err();
        let fields = &broken.refusal().unwrap().fields;
        assert_eq!((fields[0].field, fields[0].code), ("target", "scorecard-cell"));
        assert_eq!(lender.count("select count(*) as n from scorecard_fit").await, 1);
    }
}

// S1-18: the report in pictures, in both languages.
#[tokio::test]
async fn scorecards_and_fits_are_shown_in_both_languages() {
    for lender in lenders().await {
        let id = fit(&lender, &sample(900)).await.unwrap();
        let few = fit(&lender, &sample(60)).await.unwrap();
        let mut browser = lender.browser("drafter").await;
        let pages = [
            "/scorecards".to_owned(),
            "/scorecards/fits/new".to_owned(),
            format!("/scorecards/fits/{id}"),
            format!("/scorecards/fits/{few}"),
        ];
        for lang in ["zh-CN", "en"] {
            assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
            for page in &pages {
                let shown = browser.get(page).await;
                assert_eq!(shown.status, StatusCode::OK, "{page}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {page}");
            }
        }
        let shown = browser.get(&pages[2]).await.text;
        assert!(shown.contains("KS curve") && shown.contains("Rows held out"), "{shown}");
        assert!(browser.get(&pages[3]).await.text.contains("bad rows to fit on"));
        let post = format!("/scorecards/fits/{id}/draft");
        let made = browser.post_from(&pages[2], &post, &[]).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER);
        assert!(made.location().starts_with("/policies/drafts/"));
    }
}
