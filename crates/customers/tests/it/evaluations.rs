//! Evaluations: filled in, checked by another person, counting, set by hand, made again; on every database.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use customers::customer::actions::load_within;
use customers::datum::model::{Basis, Route};
use customers::datum::rules::Provenance;
use customers::datum::{actions as data, item};
use customers::evaluation::model::{ByHand, Evaluation, EvaluationId, EvaluationState, FieldWork, Judgement};
use customers::evaluation::{actions, store};
use customers::standing::{self, store as standings};
use jiff::civil::Date;
use platform::approval::{self, ApprovalState, Missing, Verdict};
use platform::close::{CloseDay, CloseStep};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

/// What the card of the micro-loan pack wants of a person.
pub const FACTS: [(&str, &str); 3] =
    [("credit_record", "good"), ("own_income_fen", "12000"), ("income_stable", "true")];

pub async fn customer(lender: &Lender, facts: &[(&str, &str)]) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(1)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    record(lender, id, facts).await;
    id
}

async fn record(lender: &Lender, id: CustomerId, facts: &[(&str, &str)]) {
    let mut work = lender.work("lin").await;
    let on = work.business_date;
    let from = Provenance {
        effective_on: on,
        route: Route::Customer,
        source_note: "申请表".to_owned(),
        basis: Basis::Consent,
        consented_on: Some(on),
    };
    let given: Vec<_> = facts.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    data::record(&mut work, id, &given, &from).await.unwrap();
    work.commit().await.unwrap();
}

fn said(on: Date, by_hand: Option<ByHand>) -> Judgement {
    let chosen = [("character", "sound"), ("use", "clear"), ("household", "fair")];
    Judgement {
        scorecard: String::new(),
        chosen: chosen.map(|(item, step)| (item.to_owned(), step.to_owned())).into(),
        notes: BTreeMap::from([("household".to_owned(), "租住一年".to_owned())]),
        preliminary: "资料合规齐全".to_owned(),
        field_work: FieldWork { way: "visit".to_owned(), on, note: "到店面谈，见账本".to_owned() },
        opinion: "收入稳定，建议准入".to_owned(),
        by_hand,
    }
}

pub async fn submit(lender: &Lender, id: CustomerId, by_hand: Option<ByHand>) -> EvaluationId {
    let mut work = lender.work("ping").await;
    let said = said(work.business_date, by_hand);
    let key = actions::submit(&mut work, id, &said).await.unwrap();
    work.commit().await.unwrap();
    key
}

async fn one(lender: &Lender, id: EvaluationId) -> Evaluation {
    let mut work = lender.work("feng").await;
    store::find(&mut work.tx, id).await.unwrap().unwrap()
}

/// Decides the waiting step of an evaluation's approval.
async fn decide(lender: &Lender, login: &str, id: EvaluationId, verb: &str) -> Result<ApprovalState, ActionError> {
    let known = one(lender, id).await;
    let mut work = lender.work(login).await;
    let key = known.approval.unwrap();
    let waiting = approval::store::load(&mut work.tx, known.customer, key).await?.unwrap();
    let missing = vec![Missing { field: "居住".to_owned(), note: "补租约".to_owned() }];
    let verdict = Verdict { seen: waiting.version, opinion: "已核".to_owned(), missing: Vec::new() };
    let decided = match verb {
        "approve" => approval::approve(&mut work, known.customer, key, &verdict).await?,
        "return" => {
            let verdict = Verdict { missing, ..verdict };
            approval::return_to_maker(&mut work, known.customer, key, &verdict).await?
        }
        _ => approval::reject(&mut work, known.customer, key, &verdict).await?,
    };
    work.commit().await?;
    Ok(decided.state)
}

async fn grade(lender: &Lender, id: CustomerId) -> String {
    let mut work = lender.work("lin").await;
    let all = standings::of_customer(&mut work.tx, id).await.unwrap();
    all.into_iter().find(|one| one.axis == "credit_grade").map(|one| one.outcome).unwrap_or_default()
}

// S1-17, S1-18, S1-19, S1-20. Rules evaluation.complete, evaluation.composite, evaluation.scorecards
#[tokio::test]
async fn facts_and_judgements_become_a_score_that_counts_once_another_person_agrees() {
    for lender in lenders().await {
        let id = customer(&lender, &FACTS[..2]).await;
        let mut work = lender.work("ping").await;
        let today = work.business_date;
        let mut half = said(today, None);
        half.chosen.remove("use");
        let refused = actions::preview(&mut work, id, &half).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!((refused.code, refused.rule.as_deref()), ("evaluation-lacking", Some("evaluation.complete")));
        assert_eq!(refused.details[0].1, "收入稳定、用途与还款来源");
        drop(work);
        let id = {
            let mut work = lender.work("lin").await;
            let from = Provenance {
                effective_on: today,
                route: Route::Verification,
                source_note: "工资流水".to_owned(),
                basis: Basis::Contract,
                consented_on: None,
            };
            let given = [(item::find("income_stable").unwrap(), "true".to_owned())];
            data::record(&mut work, id, &given, &from).await.unwrap();
            work.commit().await.unwrap();
            id
        };
        let key = submit(&lender, id, None).await;
        let made = one(&lender, key).await;
        // By hand: (30·100 + 25·90 + 10·100 + 5·100) / 70 = 96.43; (30·100 + 30·100 + 20·70) / 80 = 92.5;
        // 0.7 · 6750/70 + 0.3 · 92.5 = 95.25.
        let content = &made.content;
        assert_eq!((content.quantitative_centi, content.qualitative_centi), (Some(9_643), Some(9_250)));
        assert_eq!((content.composite_centi, content.weights), (9_525, (70, 30)));
        assert_eq!((made.rule_grade.as_str(), made.grade.as_str()), ("excellent", "excellent"));
        let stable = content.lines.iter().find(|line| line.item == "stable").unwrap();
        assert_eq!((stable.source.as_str(), stable.on, stable.points), ("verification", Some(today), Some(100)));
        let out = content.lines.iter().find(|line| line.item == "assets").unwrap();
        assert_eq!((out.points, out.value.as_deref()), (None, None), "nothing known: the item falls out");
        assert_eq!(grade(&lender, id).await, "", "what nobody checked counts nothing");
        let mut work = lender.work("ping").await;
        let again = actions::submit(&mut work, id, &said(today, None)).await.unwrap_err();
        assert_eq!(again.refusal().unwrap().code, "evaluation-open");
        drop(work);
        assert!(decide(&lender, "ping", key, "approve").await.is_err(), "the maker never approves");
        decide(&lender, "feng", key, "approve").await.unwrap();
        assert_eq!(grade(&lender, id).await, "excellent");
        let made = one(&lender, key).await;
        assert_eq!(made.review_on, Some(today.checked_add(jiff::Span::new().months(12)).unwrap()));
        let told = "select count(*) as n from event where kind = 'evaluation_approved'";
        assert_eq!(lender.count(told).await, 1);
        // A second one takes the place of the first.
        let next = submit(&lender, id, None).await;
        decide(&lender, "feng", next, "approve").await.unwrap();
        assert_eq!(one(&lender, key).await.superseded_by, Some(next));
        assert!(one(&lender, next).await.counts());
    }
}

// S1-19, X-01. Rules evaluation.override, approval.evaluation
#[tokio::test]
async fn a_grade_set_by_hand_takes_the_longer_chain_and_ends_on_its_day() {
    for lender in lenders().await {
        let id = customer(&lender, &FACTS).await;
        let today = lender.work("lin").await.business_date;
        let until = today.checked_add(jiff::Span::new().months(3)).unwrap();
        let hand = ByHand { grade: "average".to_owned(), reason: "保证人退出".to_owned(), until };
        let key = submit(&lender, id, Some(hand)).await;
        let state = decide(&lender, "feng", key, "approve").await.unwrap();
        assert_eq!(state, ApprovalState::Pending { step: 1 }, "the general manager decides too");
        decide(&lender, "zong", key, "approve").await.unwrap();
        assert_eq!(grade(&lender, id).await, "average");
        let by_person = "select count(*) as n from decision where axis = 'credit_grade' and origin = 'person' \
                         and outcome = 'average' and reason = '保证人退出' and expires_on is not null \
                         and approval_id is not null";
        assert_eq!(lender.count(by_person).await, 1);
        let why = lender.browser("lin").await.get(&format!("/customers/{id}/standing/credit_grade/why")).await.text;
        assert!(why.contains("等级由人工调整为“一般”") && why.contains("保证人退出"), "{why}");
        let mut work = lender.work("lin").await;
        let all = standings::of_customer(&mut work.tx, id).await.unwrap();
        let now = all.iter().find(|one| one.axis == "credit_grade").unwrap();
        assert!(now.review_on <= until.tomorrow().unwrap(), "looked at when it ends");
        let day = CloseDay::of(until).unwrap();
        work.business_date = day.to;
        standing::Standings.batch(&mut work, day, CustomerId(-1)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(grade(&lender, id).await, "excellent", "the tables decide again");
    }
}

// S1-20. Rules evaluation.review, duty.evaluation_review
#[tokio::test]
async fn what_is_returned_is_mended_and_what_is_due_is_made_again() {
    for lender in lenders().await {
        let id = customer(&lender, &FACTS).await;
        let key = submit(&lender, id, None).await;
        decide(&lender, "feng", key, "return").await.unwrap();
        let mut work = lender.work("ping").await;
        let today = work.business_date;
        let mut better = said(today, None);
        better.chosen.insert("household".to_owned(), "stable".to_owned());
        actions::resubmit(&mut work, &key.to_string(), &better).await.unwrap();
        work.commit().await.unwrap();
        let mended = one(&lender, key).await;
        assert_eq!((mended.content.qualitative_centi, mended.state), (Some(10_000), EvaluationState::Submitted));
        let kept = "select count(*) as n from evaluation_step where content_json is not null";
        assert_eq!(lender.count(kept).await, 2, "both submissions are kept");
        decide(&lender, "feng", key, "approve").await.unwrap();
        let review = one(&lender, key).await.review_on.unwrap();
        let mut work = lender.work("lin").await;
        let day = CloseDay::of(review.yesterday().unwrap()).unwrap();
        work.business_date = day.to;
        standing::Standings.batch(&mut work, day, CustomerId(-1)).await.unwrap();
        work.commit().await.unwrap();
        let open = "select count(*) as n from duty where kind = 'evaluation_review' and state = 'open'";
        assert_eq!(lender.count(open).await, 1);
        let mut work = lender.system().await;
        let sql = "update business_day set current_on = $1 where id = 1";
        work.tx.execute(sql, platform::args![review]).await.unwrap();
        work.commit().await.unwrap();
        let mut work = lender.work("lin").await;
        let later = CloseDay::of(review).unwrap();
        work.business_date = later.to;
        let file = load_within(&mut work, id, customers::VIEW).await.unwrap();
        standing::actions::assess(&mut work, &file, later.to).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 1, "a later look opens no second duty");
        record(&lender, id, &FACTS).await;
        let taken = submit(&lender, id, None).await;
        let mut work = lender.work("ping").await;
        actions::withdraw(&mut work, &taken.to_string()).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(one(&lender, taken).await.state, EvaluationState::Refused);
        assert_eq!(lender.count(open).await, 1, "one taken back is no evidence");
        let next = submit(&lender, id, None).await;
        decide(&lender, "feng", next, "approve").await.unwrap();
        assert_eq!(lender.count(open).await, 0);
    }
}

// S1-17, S1-18, S1-20: the form, the page, the list, the printed report.
#[tokio::test]
async fn an_evaluation_is_made_on_pages_in_both_languages_and_printed() {
    for lender in lenders().await {
        let id = customer(&lender, &FACTS).await;
        let today = lender.work("lin").await.business_date.to_string();
        let mut browser = lender.browser("ping").await;
        let path = format!("/customers/{id}/evaluations/new");
        let mut typed = vec![
            ("scorecard", "person_credit"),
            ("preliminary", "资料合规"),
            ("way", "visit"),
            ("verified_on", "2020-01-01"),
            ("verify_note", "见本人"),
            ("step_character", "sound"),
            ("step_use", "clear"),
            ("step_household", "fair"),
            ("note_household", "租住一年"),
            ("opinion", "建议准入"),
        ];
        let back = browser.post_from(&path, &path, &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.text.contains("核实须在 90 天以内"), "{}", back.text);
        typed[3].1 = &today;
        let mut tried = typed.clone();
        tried.push(("do", "preview"));
        let shown = browser.post_from(&path, &path, &tried).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains("95.25") && shown.text.contains("规则等级：优秀"), "{}", shown.text);
        // Numbers are tried out before words are found for them.
        let steps = |(name, _): &(&str, &str)| name.starts_with("step_") || ["scorecard", "do"].contains(name);
        let bare: Vec<(&str, &str)> = tried.into_iter().filter(steps).collect();
        let shown = browser.post_from(&path, &path, &bare).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("95.25"), "{}", shown.text);
        assert_eq!(lender.count("select count(*) as n from evaluation").await, 0, "a trial writes nothing");
        assert_eq!(browser.post_from(&path, &path, &typed).await.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("feng").await;
        let key = store::of_customer(&mut work.tx, id).await.unwrap()[0].id;
        drop(work);
        let pages = [
            format!("/customers/{id}?tab=evaluations"),
            path,
            "/evaluations".to_owned(),
            "/evaluations?view=waiting".to_owned(),
            "/evaluations?view=due".to_owned(),
            format!("/evaluations/{key}"),
            format!("/evaluations/{key}/edit"),
        ];
        for lang in ["zh-CN", "en"] {
            assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
            for page in &pages {
                let shown = browser.get(page).await;
                assert_eq!(shown.status, StatusCode::OK, "{page}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {page}");
            }
        }
        let shown = browser.get(&format!("/evaluations/{key}")).await.text;
        assert!(shown.contains("Repayment capacity") && shown.contains("95.25"), "{shown}");
        let printed = browser.get(&format!("/evaluations/{key}/report.pdf")).await;
        assert_eq!(printed.status, StatusCode::OK);
        assert_eq!(lender.count("select count(*) as n from audit_entry where action = 'evaluation.print'").await, 1);
        let mut far = lender.browser("far").await;
        assert_eq!(far.get(&format!("/evaluations/{key}")).await.status, StatusCode::NOT_FOUND);
    }
}
