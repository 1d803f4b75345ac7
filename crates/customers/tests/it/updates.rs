//! Overdue updates of data on every database: listed, reported a branch at the beginning of a month, answered.

use axum::http::StatusCode;
use customers::update::{UpdateReports, actions, store};
use jiff::civil::{Date, date};
use platform::close::{CloseDay, CloseStep as _};
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::Lender;
use crate::sortings::{code, company, guarantors, move_to, record};

const DUTIES: &str = "select count(*) as n from duty where kind = 'update_report' and state = 'open'";
const REPORTS: &str = "select count(*) as n from update_report";

/// The reports of the close that ends a day.
async fn close(lender: &Lender, from: Date) {
    let mut work = lender.system().await;
    let day = CloseDay::of(from).unwrap();
    work.business_date = day.to;
    UpdateReports.batch(&mut work, day, CustomerId(-1)).await.unwrap();
    work.commit().await.unwrap();
}

/// The key of the only report.
async fn report(lender: &Lender) -> String {
    let mut work = lender.system().await;
    let row = work.tx.fetch_one("select id from update_report order by id limit 1", Vec::new()).await.unwrap();
    row.get::<i64>("id").unwrap().to_string()
}

// S3-05. Rules information.overdue, information.report, duty.update_report
#[tokio::test]
async fn overdue_updates_are_listed_and_reported_and_the_head_answers() {
    for lender in guarantors().await {
        // Of high risk: verified every month; of low risk every half-year.
        let late = company(&lender, "示例甲", "50", "贷款 逾期0天").await;
        company(&lender, "示例乙", "85", "贷款 逾期0天").await;
        close(&lender, date(2026, 11, 30)).await;
        assert_eq!(lender.count(REPORTS).await, 0, "nothing is overdue");
        close(&lender, date(2027, 1, 30)).await;
        assert_eq!(lender.count(REPORTS).await, 0, "not within a month");
        close(&lender, date(2027, 1, 31)).await;
        assert_eq!((lender.count(REPORTS).await, lender.count(DUTIES).await), (1, 1));
        close(&lender, date(2027, 1, 31)).await;
        assert_eq!(lender.count(REPORTS).await, 1, "one of a month");
        let id = report(&lender).await;
        let mut work = lender.work("head").await;
        let one = actions::seen(&mut work, &id, "customer.view").await.unwrap();
        assert_eq!((one.as_of, one.customers, one.oldest_on), (date(2027, 2, 1), 1, date(2026, 12, 20)));
        assert_eq!(store::find(&mut work.tx, one.id).await.unwrap().unwrap().answer, None);
        drop(work);
        move_to(&lender, date(2027, 2, 1)).await;
        pages(&lender, &id).await;
        for login in ["lin", "far"] {
            let mut work = lender.work(login).await;
            assert_eq!(code(actions::answer(&mut work, &id, "督促").await), "customer-no-such-part", "{login}");
        }
        let mut work = lender.work("head").await;
        assert_eq!(code(actions::answer(&mut work, &id, " ").await), "field-empty");
        actions::answer(&mut work, &id, "本周内逐户补办").await.unwrap();
        assert_eq!(code(actions::answer(&mut work, &id, "再次").await), "customer-already-ended");
        work.commit().await.unwrap();
        assert_eq!(lender.count(DUTIES).await, 0, "the answer itself ended it");
        // What is recorded anew is due a month later: the list is empty, and the next report has nothing to say.
        record(&lender, late, &[("guarantee_score_centi", "50")]).await;
        let listed = lender.browser("head").await.get("/data-updates").await.text;
        assert!(!listed.contains("示例甲"), "{listed}");
        close(&lender, date(2027, 2, 28)).await;
        assert_eq!(lender.count(REPORTS).await, 1);
    }
}

/// Every page in both languages, and the file.
async fn pages(lender: &Lender, id: &str) {
    let mut head = lender.browser("head").await;
    let own = format!("/data-updates/reports/{id}");
    for lang in ["zh-CN", "en"] {
        head.get(&format!("/me?lang={lang}")).await;
        for page in [
            "/data-updates".to_owned(),
            "/data-updates?view=due".to_owned(),
            "/data-updates?view=all".to_owned(),
            "/data-updates/reports".to_owned(),
            "/data-updates/reports?view=all".to_owned(),
            own.clone(),
            format!("{own}/answer"),
        ] {
            let shown = head.get(&page).await;
            assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
        }
    }
    let overdue = head.get("/data-updates").await.text;
    assert!(overdue.contains("示例甲") && overdue.contains("2026-12-20") && !overdue.contains("示例乙"), "{overdue}");
    let shown = head.get(&own).await.text;
    assert!(shown.contains("示例甲") && shown.contains("43"), "{shown}");
    let (status, book) = head.file(&format!("{own}/report.xlsx")).await;
    assert!(status == StatusCode::OK && book.starts_with(b"PK"));
    let traces = "select count(*) as n from audit_entry where action = 'update_report.export'";
    assert_eq!(lender.count(traces).await, 1);
    for login in ["far", "lin"] {
        let mut other = lender.browser(login).await;
        assert_eq!(other.get(&own).await.status, StatusCode::NOT_FOUND, "{login}");
    }
}
