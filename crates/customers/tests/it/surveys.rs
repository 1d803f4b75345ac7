//! Periodic surveys of satisfaction on every database: drawn by where a customer stands, answered, improved, reported.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use customers::survey::model::{NewAnswer, NewTask, SurveyResult, SurveyWay};
use customers::survey::{actions, store};
use jiff::civil::Date;
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::Lender;
use crate::sortings::{code, company, guarantors, later, move_to, plan, record, running};

const SURVEYS: &str = "select count(*) as n from duty where kind = 'survey' and state = 'open'";
const TASKS: &str = "select count(*) as n from duty where kind = 'survey_task' and state = 'open'";
const ITEMS: [&str; 5] = ["convenience", "speed", "attitude", "products", "complaint_handling"];

/// A premium customer: asked every half-year, whoever it is.
async fn premium(lender: &Lender, name: &str) -> CustomerId {
    let id = company(lender, name, "70", "贷款 逾期0天").await;
    record(lender, id, &[("debt_ratio_ppm", "30"), ("finance_condition", "good")]).await;
    id
}

/// Looks at a customer on a day to come, as the close does.
async fn look(lender: &Lender, id: CustomerId, on: Date) {
    let mut work = lender.system().await;
    work.business_date = on;
    let file = customers::load(&mut work.tx, id).await.unwrap().unwrap();
    customers::standing::actions::assess(&mut work, &file, on).await.unwrap();
    work.commit().await.unwrap();
}

fn answer(on: Date, mark: i64, task: Option<NewTask>) -> NewAnswer {
    NewAnswer {
        result: SurveyResult::Answered,
        way: SurveyWay::Phone,
        on,
        marks: ITEMS.iter().map(|item| ((*item).to_owned(), mark)).collect::<BTreeMap<_, _>>(),
        words: "放款偏慢".to_owned(),
        task,
    }
}

async fn hand_in(lender: &Lender, id: CustomerId, new: &NewAnswer) -> Result<(), ActionError> {
    let mut work = lender.work("lin").await;
    let open = store::of_customer(&mut work.tx, id).await.unwrap().pop().unwrap();
    actions::answer(&mut work, (id, open.id), new).await?;
    work.commit().await?;
    Ok(())
}

// S3-11, S3-13. Rules survey.rhythm, survey.items, survey.draw, survey.answer, survey.improve, survey.report, duty.survey,
// duty.survey_task
#[tokio::test]
async fn a_customer_is_drawn_by_its_class_answers_and_a_low_score_is_improved() {
    for lender in guarantors().await {
        let id = premium(&lender, "示例甲").await;
        let today = lender.system().await.business_date;
        let day = today.checked_add(jiff::Span::new().months(6)).unwrap();
        look(&lender, id, later(day, -1)).await;
        assert_eq!(lender.count(SURVEYS).await, 0);
        look(&lender, id, day).await;
        look(&lender, id, later(day, 1)).await;
        assert_eq!(lender.count(SURVEYS).await, 1, "drawn once");
        assert_eq!(lender.count("select count(*) as n from survey_draw").await, 1);
        move_to(&lender, later(day, 1)).await;
        let on = later(day, 1);
        assert_eq!(code(hand_in(&lender, id, &answer(later(day, -1), 4, None)).await), "survey-before-drawing");
        let mut half = answer(on, 4, None);
        half.marks.remove("speed");
        assert_eq!(code(hand_in(&lender, id, &half).await), "survey-marks");
        assert_eq!(code(hand_in(&lender, id, &answer(on, 2, None)).await), "survey-improve");
        let task = |owner| Some(NewTask { what: "指定专人跟进放款".to_owned(), owner, due_on: later(on, 20) });
        let reader = lender.user("reader").await;
        assert_eq!(code(hand_in(&lender, id, &answer(on, 2, task(reader))).await), "choice-unknown", "may not record");
        pages(&lender, id).await;
        let lin = lender.user("lin").await;
        hand_in(&lender, id, &answer(on, 2, task(lin))).await.unwrap();
        assert_eq!((lender.count(SURVEYS).await, lender.count(TASKS).await), (0, 1));
        assert_eq!(code(hand_in(&lender, id, &answer(on, 4, None)).await), "customer-already-ended");
        let mut work = lender.work("lin").await;
        let kept = store::of_customer(&mut work.tx, id).await.unwrap().pop().unwrap().answer.unwrap();
        assert_eq!((kept.result, kept.score_centi), (SurveyResult::Answered, Some(4_000)));
        let one = store::tasks(&mut work.tx, id).await.unwrap().pop().unwrap();
        assert_eq!(code(actions::finish(&mut work, (id, one.id), "").await), "field-empty");
        actions::finish(&mut work, (id, one.id), "已设专人，三日内放款").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(TASKS).await, 0, "what was done ended it");
        // A sorting that begins afterwards finds this as its score before (S3-13).
        let project = running(&lender, &plan(&lender).await).await;
        let mut work = lender.work("gui").await;
        let (_, content) = customers::sorting::report::preview(&mut work, &project.to_string()).await.unwrap();
        assert_eq!(content.satisfaction, (None, Some(4_000)), "answered on the day of its beginning");
        drop(work);
        let report = lender.browser("lin").await.get("/surveys/report").await.text;
        assert!(report.contains("40.00"), "{report}");
        // The next round is counted from the drawing.
        look(&lender, id, later(day, 30)).await;
        assert_eq!(lender.count(SURVEYS).await, 0);
    }
}

/// Every page in both languages, and the form.
async fn pages(lender: &Lender, id: CustomerId) {
    let mut work = lender.system().await;
    let open = store::of_customer(&mut work.tx, id).await.unwrap().pop().unwrap();
    drop(work);
    let mut browser = lender.browser("lin").await;
    let form = format!("/customers/{id}/surveys/{}/answer", open.id);
    for lang in ["zh-CN", "en"] {
        browser.get(&format!("/me?lang={lang}")).await;
        for page in [
            "/surveys",
            "/surveys?view=low",
            "/surveys?view=all",
            "/surveys/report",
            "/survey-tasks",
            "/survey-tasks?view=all",
            &format!("/customers/{id}?tab=surveys"),
            &form,
        ] {
            let shown = browser.get(page).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
    let typed = [("result", "answered"), ("way", "phone"), ("mark_speed", "3")];
    let refused = browser.post_from(&form, &form, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let mut far = lender.browser("far").await;
    assert_eq!(far.get(&form).await.status, StatusCode::NOT_FOUND, "another branch's");
    assert!(!far.get("/surveys?view=all").await.text.contains("示例甲"));
}

// S3-11. Rule survey.draw: who stands elsewhere by now is asked nothing any more.
#[tokio::test]
async fn a_survey_falls_away_when_nothing_asks_for_it_any_more() {
    for lender in guarantors().await {
        let id = premium(&lender, "示例乙").await;
        let today = lender.system().await.business_date;
        let day = today.checked_add(jiff::Span::new().months(6)).unwrap();
        look(&lender, id, day).await;
        assert_eq!(lender.count(SURVEYS).await, 1);
        // Nothing is told of a default any more: no class can be decided.
        let mut work = lender.system().await;
        let sql = "update customer set note = '' where customer_id = $1";
        work.tx.execute(sql, platform::args![id]).await.unwrap();
        work.commit().await.unwrap();
        look(&lender, id, later(day, 1)).await;
        assert_eq!(lender.count(SURVEYS).await, 0);
        let lapsed = "select count(*) as n from survey_answer where result = 'lapsed'";
        assert_eq!(lender.count(lapsed).await, 1);
    }
}
