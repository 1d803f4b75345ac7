//! Credit information on every database: consent before the query, the level that counts, an adjustment by another.

use axum::http::StatusCode;
use customers::credit::model::{About, latest};
use customers::credit::store;
use customers::document::store as papers;
use customers::standing::store as standings;
use platform::approval::{self, ApprovalId, Verdict};
use platform::id::CustomerId;
use platform::locale::missing_in;
use platform::testbed::{self, Browser};

use crate::lender::{Lender, identity, lenders};

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

async fn person(lender: &Lender) -> CustomerId {
    let new = lender.person("梁文", Some(&identity(3)), None, "lin").await;
    let new = customers::NewCustomer { nationality: Some("CN".to_owned()), ..new };
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

/// Files an authorisation signed on a day; its key.
async fn authorise(lender: &Lender, browser: &mut Browser, id: CustomerId, kind: &str, signed: &str) -> String {
    let path = format!("/customers/{id}/documents/new");
    let fields = [("kind", kind), ("issued_on", signed)];
    let done = browser.upload_from(&path, &path, &fields, ("file", "授权书.pdf", PDF)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let mut work = lender.work("lin").await;
    papers::of_customer(&mut work.tx, id).await.unwrap()[0].id.to_string()
}

fn query<'a>(authorisation: &'a str, level: &'a str, on: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("about", "own"),
        ("authorisation", authorisation),
        ("purpose", "loan_review"),
        ("origin", "pboc"),
        ("queried_on", on),
        ("report_on", on),
        ("level", level),
        ("record", "blemished"),
        ("arrears", "false"),
        ("debt_total", "120000"),
        ("card_overdraft_fen", "3500.50"),
    ]
}

// S1-09, S1-13. Rules credit.authorised, credit.purpose, credit.dates.
#[tokio::test]
async fn written_consent_precedes_the_query_and_is_the_persons_own() {
    for lender in lenders().await {
        let id = person(&lender).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/credit/new");
        let none = browser.post_from(&path, &path, &query("", "normal", "2026-11-18")).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("书面授权须在查询之前") && none.text.contains("还没有授权书"), "{}", none.text);
        let own = authorise(&lender, &mut browser, id, "credit_authorisation", "2026-11-17").await;
        let spouse = authorise(&lender, &mut browser, id, "spouse_credit_authorisation", "2026-11-01").await;
        for (authorisation, on, words) in [
            (&own, "2026-11-16", "授权书签署于 2026-11-17，晚于查询日期"),
            (&spouse, "2026-11-18", "书面授权须在查询之前"),
            (&own, "2026-11-21", "日期不能晚于营业日"),
        ] {
            let back = browser.post_from(&path, &path, &query(authorisation, "normal", on)).await;
            assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{on}");
            assert!(back.text.contains(words), "{words}: {}", back.text);
        }
        let mut other = query(&own, "normal", "2026-11-18");
        other[2].1 = "curiosity";
        other.push(("note", "990101199003071230"));
        let back = browser.post_from(&path, &path, &other).await;
        assert!(back.text.contains("请勿在此填写证件号"), "{}", back.text);
        assert_eq!(lender.count("select count(*) as n from credit_query").await, 0);
        let done = browser.post_from(&path, &path, &query(&own, "normal", "2026-11-18")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let mend = browser.post_from(&path, &path, &query(&own, "flawed", "2026-11-18")).await;
        assert_eq!(mend.status, StatusCode::SEE_OTHER);
        let mut work = lender.work("lin").await;
        let all = store::of_customer(&mut work.tx, id).await.unwrap();
        assert_eq!(all[1].corrects, Some(all[0].id), "the same day and origin: a correction");
        let on = work.business_date;
        assert_eq!(latest(&all, About::Own, on).unwrap().id, all[1].id);
        assert_eq!(all[1].valid_until.unwrap().to_string(), "2027-02-18", "three months by the table datum_terms");
        drop(work);
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let query = all[1].id;
            for page in
                [format!("/customers/{id}?tab=credit"), path.clone(), format!("/customers/{id}/credit/{query}/adjust")]
            {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
        }
        let mut far = lender.browser("far").await;
        assert_eq!(far.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

async fn outcome(lender: &Lender, id: CustomerId, axis: &str) -> String {
    let mut work = lender.work("lin").await;
    let all = standings::of_customer(&mut work.tx, id).await.unwrap();
    all.into_iter().find(|one| one.axis == axis).map(|one| one.outcome).unwrap_or_default()
}

// S5.8-04, S5.8-05, A-22. Rules credit.counts, credit.adjust, approval.level_adjustment.
#[tokio::test]
async fn a_level_moves_the_class_and_an_adjustment_counts_once_another_agreed() {
    let lender = Lender::under(testbed::sqlite().await, "consumer-finance").await;
    let id = person(&lender).await;
    let mut browser = lender.browser("lin").await;
    let facts: [(&str, &[(&str, &str)]); 5] = [
        ("income", &[("income_stable", "true")]),
        ("household", &[("education", "college"), ("marital_status", "single")]),
        ("work", &[("employer_kind", "state_organ"), ("admin_rank", "deputy_division"), ("formal_staff", "true")]),
        ("identity", &[("full_capacity", "true")]),
        ("credit", &[("own_social_record_good", "true"), ("basis", "consent"), ("consented_on", "2026-11-02")]),
    ];
    for (group, given) in facts {
        let path = format!("/customers/{id}/data/{group}/new");
        let done = browser.post_from(&path, &path, given).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{group}: {}", done.text);
    }
    let own = authorise(&lender, &mut browser, id, "credit_authorisation", "2026-11-01").await;
    let path = format!("/customers/{id}/credit/new");
    let done = browser.post_from(&path, &path, &query(&own, "normal", "2026-11-17")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let best = outcome(&lender, id, "customer_class").await;
    assert!(best.starts_with("class_"), "{best}");
    let done = browser.post_from(&path, &path, &query(&own, "substandard", "2026-11-18")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let worse = outcome(&lender, id, "customer_class").await;
    assert!(worse > best, "one class down (S5.8-05): {best} to {worse}");
    let mut work = lender.work("lin").await;
    let all = store::of_customer(&mut work.tx, id).await.unwrap();
    drop(work);
    let adjust = format!("/customers/{id}/credit/{}/adjust", all[1].id);
    let ask =
        |until| vec![("ground", "technical_overdue"), ("reason", "扣款系统故障，银行出具说明"), ("expires_on", until)];
    for (until, words) in [("2026-11-20", "有效期须晚于今日"), ("2027-03-01", "不能晚于报告的有效期 2027-02-18")]
    {
        let back = browser.post_from(&adjust, &adjust, &ask(until)).await;
        assert!(back.text.contains(words), "{words}: {}", back.text);
    }
    let sent = browser.post_from(&adjust, &adjust, &ask("2026-12-31")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(browser.post_from(&adjust, &adjust, &ask("2026-12-31")).await.status, StatusCode::CONFLICT, "one waits");
    assert_eq!(outcome(&lender, id, "customer_class").await, worse, "asking changes nothing");
    let waiting = lender.count("select id as n from approval where kind = 'level_adjustment'").await;
    let mut work = lender.work("lin").await;
    let verdict = Verdict { seen: 1, opinion: "同意".to_owned(), missing: Vec::new() };
    assert!(approval::approve(&mut work, id, ApprovalId(waiting), &verdict).await.is_err(), "never the maker");
    drop(work);
    let mut work = lender.work("feng").await;
    approval::approve(&mut work, id, ApprovalId(waiting), &verdict).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(outcome(&lender, id, "customer_class").await, best, "flawed counts as the classes want it");
    let tab = browser.get(&format!("/customers/{id}?tab=credit")).await.text;
    assert!(tab.contains("技术性逾期，经批准，有效至 2026-12-31") && tab.contains("3,500.50"), "{tab}");
}
