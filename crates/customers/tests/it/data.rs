//! Customer data with provenance, and the classes and grades that follow from them, on every database.

use axum::http::StatusCode;
use customers::customer::actions::load_within;
use customers::datum::actions::{self, NewVerification};
use customers::datum::model::{Basis, Finding, Route, Standing, Way, latest};
use customers::datum::rules::Provenance;
use customers::datum::{item, store as data};
use customers::standing::rules::Moved;
use customers::standing::store as standings;
use customers::{EDIT, standing};
use jiff::civil::Date;
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::work::Work;

use crate::lender::{Lender, identity, lenders};

async fn customer(lender: &Lender) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(1)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

pub fn from(on: Date, basis: Basis) -> Provenance {
    let consented_on = (basis == Basis::Consent).then_some(on);
    Provenance { effective_on: on, route: Route::Customer, source_note: "申请表".to_owned(), basis, consented_on }
}

pub async fn record(
    work: &mut Work,
    id: CustomerId,
    given: &[(&str, &str)],
    from: &Provenance,
) -> Result<(), platform::error::ActionError> {
    let given: Vec<_> = given.iter().map(|(name, value)| (item::find(name).unwrap(), (*value).to_owned())).collect();
    actions::record(work, id, &given, from).await
}

/// What the micro-loan pack wants to know for a credit grade.
const GRADED: [(&str, &str); 4] =
    [("composite_score_centi", "85"), ("credit_record", "good"), ("capacity_level", "strong"), ("risk_level", "low")];

async fn grade(work: &mut Work, id: CustomerId) -> standings::Standing {
    let all = standings::of_customer(&mut work.tx, id).await.unwrap();
    all.into_iter().find(|one| one.axis == "credit_grade").unwrap()
}

// Rules datum.terms, standing.axes. S1-12, S1-13, S1-14, S1-16: data with source, ground and validity; S1-19: the grade follows and says why.
#[tokio::test]
async fn data_are_kept_with_their_ground_and_the_grade_follows_each_of_them() {
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        let refused = record(&mut work, id, &GRADED, &from(today, Basis::Contract)).await.unwrap_err();
        let codes: Vec<_> = refused.refusal().unwrap().fields.iter().map(|one| one.code).collect();
        assert_eq!(codes, ["datum-consent-needed"], "credit data want consent or law");
        record(&mut work, id, &GRADED, &from(today, Basis::Consent)).await.unwrap();
        let first = grade(&mut work, id).await;
        assert_eq!((first.outcome.as_str(), first.moved, first.since), ("good", Moved::Not, today));
        let all = data::of_customer(&mut work.tx, id).await.unwrap();
        let record_of = latest(&all, today).into_iter().find(|one| one.item.name == "credit_record").unwrap().clone();
        assert_eq!(record_of.valid_until, Some(today.checked_add(jiff::Span::new().months(3)).unwrap()));
        assert_eq!(first.review_on, record_of.valid_until.unwrap().tomorrow().unwrap(), "when a datum ends");
        // A worse record: the grade falls, the decision is kept, and the event told.
        record(&mut work, id, &[("credit_record", "poor")], &from(today, Basis::Consent)).await.unwrap();
        let second = grade(&mut work, id).await;
        assert_eq!((second.outcome.as_str(), second.before.as_str()), ("poor", "good"));
        assert_eq!(second.moved, Moved::Worse);
        work.commit().await.unwrap();
        let decided = "select count(*) as n from decision where axis = 'credit_grade'";
        assert_eq!(lender.count(decided).await, 2);
        assert_eq!(lender.count("select count(*) as n from event where kind = 'standing_changed'").await, 1);
        let mended = "select count(*) as n from customer_datum where corrects_id is not null";
        assert_eq!(lender.count(mended).await, 1, "the second value of a day corrects the first");
    }
}

// S1-16 (b): verification tests what the customer gave.
#[tokio::test]
async fn what_a_verification_contradicts_or_time_ends_counts_no_longer() {
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        record(&mut work, id, &GRADED, &from(today, Basis::Law)).await.unwrap();
        let found = [("credit_record", Finding::Confirmed), ("composite_score_centi", Finding::Contradicted)];
        let new = NewVerification {
            way: Way::Enquiry,
            on: today,
            note: "向征信机构查询".to_owned(),
            found: found.into_iter().collect(),
        };
        actions::verify(&mut work, id, &new).await.unwrap();
        let all = data::of_customer(&mut work.tx, id).await.unwrap();
        let state = |name: &str, on: Date| {
            latest(&all, on).into_iter().find(|one| one.item.name == name).map(|one| one.standing(on))
        };
        assert_eq!(state("credit_record", today), Some(Standing::Verified));
        assert_eq!(state("composite_score_centi", today), Some(Standing::Contradicted));
        let later = today.checked_add(jiff::Span::new().months(4)).unwrap();
        assert_eq!(state("credit_record", later), Some(Standing::Expired));
        let open = grade(&mut work, id).await;
        assert_eq!((open.outcome.as_str(), open.lacking), ("", vec!["composite_score_centi".to_owned()]));
        let future = NewVerification { on: later, note: String::new(), ..new };
        let refused = actions::verify(&mut work, id, &future).await.unwrap_err();
        let fields: Vec<_> = refused.refusal().unwrap().fields.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["verified_on", "note"]);
        let income = item::find("own_income_fen").unwrap();
        let nothing = actions::withdraw(&mut work, id, income, "本人撤回").await.unwrap_err();
        assert_eq!(nothing.refusal().unwrap().code, "customer-no-such-part");
    }
}

// Rule standing.look. S5.5-05: classes are looked at again by the close, when their day has come.
#[tokio::test]
async fn the_close_looks_again_when_a_datum_ends_and_twice_changes_nothing() {
    use platform::close::{CloseDay, CloseStep};
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        record(&mut work, id, &GRADED, &from(today, Basis::Law)).await.unwrap();
        let ends = grade(&mut work, id).await.review_on;
        let quiet = CloseDay::of(today).unwrap();
        let batch = standing::Standings.batch(&mut work, quiet, CustomerId(-1)).await.unwrap();
        assert_eq!(batch.considered, 0, "nobody is due");
        let due = CloseDay::of(ends.yesterday().unwrap()).unwrap();
        assert_eq!(standing::Standings.expected(&mut work, due).await.unwrap(), 1);
        let batch = standing::Standings.batch(&mut work, due, CustomerId(-1)).await.unwrap();
        assert_eq!((batch.considered, batch.last), (1, None));
        let now = grade(&mut work, id).await;
        assert_eq!(now.looked_on, ends);
        assert!(now.review_on > ends);
        let again = standing::Standings.batch(&mut work, due, CustomerId(-1)).await.unwrap();
        assert_eq!((again.considered, again.touched), (0, 0));
    }
}

// S3-04, S3-05, S3-13. Rules information.refresh, information.complete, duty.information_update.
#[tokio::test]
async fn data_are_verified_by_the_grade_and_a_verification_closes_the_duty() {
    use platform::close::{CloseDay, CloseStep};
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        let mut poor = GRADED.to_vec();
        poor[1].1 = "blemished";
        record(&mut work, id, &poor, &from(today, Basis::Law)).await.unwrap();
        let next = grade(&mut work, id).await;
        assert_eq!(next.outcome, "poorer");
        let month = today.checked_add(jiff::Span::new().months(1)).unwrap();
        assert_eq!(next.review_on, month, "high risk: a month, before any datum ends");
        work.commit().await.unwrap();
        let open = "select count(*) as n from duty where kind = 'information_update' and state = 'open'";
        assert_eq!(lender.count(open).await, 0);
        let mut work = lender.work("lin").await;
        work.business_date = month;
        let due = CloseDay::of(month.yesterday().unwrap()).unwrap();
        standing::Standings.batch(&mut work, due, CustomerId(-1)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 1);
        let mut work = lender.work("lin").await;
        work.business_date = month;
        let found = [("credit_record", Finding::Confirmed)].into_iter().collect();
        let new = NewVerification { way: Way::Visit, on: month, note: "上门核对".to_owned(), found };
        actions::verify(&mut work, id, &new).await.unwrap();
        assert!(grade(&mut work, id).await.review_on > month);
        work.commit().await.unwrap();
        assert_eq!(lender.count(open).await, 0);
        let tab = lender.browser("lin").await.get(&format!("/customers/{id}?tab=data")).await.text;
        assert!(tab.contains("缺：就业状态、职业、本人税后月收入"), "{tab}");
    }
}

#[tokio::test]
async fn data_are_entered_verified_and_explained_on_pages_in_both_languages() {
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/data/credit/new");
        let typed = [
            ("credit_record", "good"),
            ("willingness", "true"),
            ("effective_on", "2999-01-01"),
            ("route", "bureau"),
            ("source_note", "电话 13900001234"),
            ("basis", "consent"),
            ("consented_on", ""),
        ];
        let back = browser.post_from(&path, &path, &typed).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for complaint in ["日期不能晚于营业日", "请勿在此填写证件号", "请填写本人同意的日期"]
        {
            assert!(back.text.contains(complaint), "{complaint}");
        }
        let today = lender.work("lin").await.business_date.to_string();
        let mut good = typed;
        good[2].1 = &today;
        good[4].1 = "人行报告";
        good[6].1 = &today;
        assert_eq!(browser.post_from(&path, &path, &good).await.status, StatusCode::SEE_OTHER);
        let verify = format!("/customers/{id}/data/credit/verify");
        let seen =
            [("way", "document"), ("verified_on", &today), ("note", "核对报告原件"), ("credit_record", "confirmed")];
        assert_eq!(browser.post_from(&verify, &verify, &seen).await.status, StatusCode::SEE_OTHER);
        let look = format!("/customers/{id}/standing");
        let tab = format!("/customers/{id}?tab=standing");
        assert_eq!(browser.post_from(&tab, &look, &[]).await.status, StatusCode::SEE_OTHER);
        let item = format!("/customers/{id}/items/credit_record");
        let pages = [
            format!("/customers/{id}"),
            format!("/customers/{id}?tab=data"),
            tab,
            path,
            verify,
            item.clone(),
            format!("{item}/withdraw"),
            format!("/customers/{id}/standing/credit_grade/why"),
            format!("/customers/{id}/standing/admission_person/why"),
        ];
        for lang in ["zh-CN", "en"] {
            assert!(browser.get(&format!("/me?lang={lang}")).await.status.is_success());
            for page in &pages {
                let shown = browser.get(page).await;
                assert_eq!(shown.status, StatusCode::OK, "{page}");
                assert_eq!(missing_in(&shown.text), Vec::<String>::new(), "{lang} {page}");
                assert!(!shown.text.contains("[{"), "nothing as it is stored: {lang} {page}");
            }
        }
        let shown = browser.get(&item).await.text;
        assert!(shown.contains("Good") && shown.contains("Against the original"), "{shown}");
        let why = browser.get(&format!("/customers/{id}/standing/credit_grade/why")).await.text;
        assert!(why.contains("Composite score"), "what is lacking is named: {why}");
        let withdrawn = browser
            .post_from(&format!("{item}/withdraw"), &format!("{item}/withdraw"), &[("reason", "本人撤回同意")])
            .await;
        assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
        assert!(browser.get(&item).await.text.contains("Taken back"));
        assert_eq!(browser.get(&format!("/customers/{id}/items/none")).await.status, StatusCode::NOT_FOUND);
        let company = browser.get(&format!("/customers/{id}/data/registration/verify")).await;
        assert_eq!(company.status, StatusCode::OK, "a group with nothing held is an empty form");
    }
}

#[tokio::test]
async fn a_foreign_branch_neither_sees_nor_records_data() {
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("far").await;
        let today = work.business_date;
        let refused = record(&mut work, id, &GRADED, &from(today, Basis::Law)).await.unwrap_err();
        assert_eq!(refused.refusal().unwrap().code, "customer-not-found");
        assert!(load_within(&mut work, id, EDIT).await.is_err());
        drop(work);
        let mut browser = lender.browser("far").await;
        for page in ["data/credit/new", "items/credit_record", "standing/credit_grade/why"] {
            let shown = browser.get(&format!("/customers/{id}/{page}")).await;
            assert_eq!(shown.status, StatusCode::NOT_FOUND, "{page}");
        }
    }
}

// S5.1-04, S5.2-02, S5.2-06. Rule lending.stop
#[tokio::test]
async fn a_mark_stops_new_lending_until_it_is_contradicted_or_taken_back_and_never_lapses() {
    for lender in lenders().await {
        let id = customer(&lender).await;
        let mut work = lender.work("lin").await;
        let today = work.business_date;
        standing::actions::refuse_stopped(&mut work, id).await.unwrap();
        let listed = [("dishonest_list", "true"), ("credit_blacklist", "false")];
        record(&mut work, id, &listed, &from(today, Basis::Law)).await.unwrap();
        work.business_date = today.checked_add(jiff::Span::new().months(9)).unwrap();
        let refused = standing::actions::refuse_stopped(&mut work, id).await.unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!((refused.code, refused.rule.as_deref()), ("lending-stopped-dishonest", Some("lending.stop")));
        assert!(refused.article.is_some());
        let gone = item::find("dishonest_list").unwrap();
        actions::withdraw(&mut work, id, gone, "已移出名单").await.unwrap();
        standing::actions::refuse_stopped(&mut work, id).await.unwrap();
    }
}
