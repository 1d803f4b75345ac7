//! The watch list through HTTP, on every database: entries, badges, the list by filter, reviews and ends.

use axum::http::StatusCode;
use customers::watch::store;
use jiff::civil::date;
use platform::id::CustomerId;
use platform::locale::missing_in;

use crate::lender::{Lender, identity, lenders};

async fn person(lender: &Lender, name: &str, serial: u32) -> CustomerId {
    let new = lender.person(name, Some(&identity(serial)), None, "lin").await;
    let mut work = lender.work("lin").await;
    let id = customers::open(&mut work, &new).await.unwrap().id;
    work.commit().await.unwrap();
    id
}

// Rules watch.lists, watch.enter, watch.stands.
#[tokio::test]
async fn whoever_stands_on_a_list_is_marked_and_found_by_it_until_the_end() {
    for lender in lenders().await {
        let id = person(&lender, "梁文", 3).await;
        person(&lender, "何雨", 4).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/watch/new");
        let wrong = [("list", "poem"), ("reason", ""), ("from", "2026-11-21"), ("until", "2026-11-01")];
        let back = browser.post_from(&path, &path, &wrong).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["日期不能晚于营业日", "截止日不能早于今日和起始日"] {
            assert!(back.text.contains(words), "{words}: {}", back.text);
        }
        let entry = [("list", "litigation"), ("reason", "被供应商起诉"), ("from", "2026-11-10"), ("until", "")];
        let done = browser.post_from(&path, &path, &entry).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let again = browser.post_from(&path, &path, &entry).await;
        assert!(again.text.contains("客户已在这个名单上"), "{}", again.text);
        let page = browser.get(&format!("/customers/{id}")).await.text;
        assert!(page.contains("涉诉"), "the badge in the head: {page}");
        let listed = browser.get("/customers?watch=litigation").await.text;
        assert!(listed.contains("梁文") && !listed.contains("何雨") && listed.contains("涉诉"), "{listed}");
        assert!(!browser.get("/customers?watch=negative_news").await.text.contains("梁文"));
        let mut work = lender.work("lin").await;
        let key = store::of_customer(&mut work.tx, id).await.unwrap()[0].id;
        drop(work);
        for lang in ["zh-CN", "en"] {
            browser.get(&format!("/me?lang={lang}")).await;
            let own = format!("/customers/{id}/watch/{key}");
            for page in
                [format!("/customers/{id}?tab=watch"), path.clone(), format!("{own}/kept"), format!("{own}/ended")]
            {
                let shown = browser.get(&page).await;
                assert_eq!((shown.status, missing_in(&shown.text)), (StatusCode::OK, Vec::new()), "{lang} {page}");
            }
            assert_eq!(browser.get(&format!("{own}/poem")).await.status, StatusCode::NOT_FOUND);
        }
        browser.get("/me?lang=zh-CN").await;
        let end = format!("/customers/{id}/watch/{key}/ended");
        assert_eq!(browser.post_from(&end, &end, &[("reason", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post_from(&end, &end, &[("reason", "已撤诉")]).await.status, StatusCode::SEE_OTHER);
        assert!(!browser.get("/customers?watch=litigation").await.text.contains("梁文"));
        let tab = browser.get(&format!("/customers/{id}?tab=watch")).await.text;
        assert!(tab.contains("已结束") && tab.contains("已撤诉"), "{tab}");
        assert_eq!(browser.post_from(&end, &end, &[("reason", "x")]).await.status, StatusCode::CONFLICT);
    }
}

// Rules watch.review, duty.watch_review.
#[tokio::test]
async fn a_review_that_is_due_is_a_duty_and_ends_with_the_review() {
    for lender in lenders().await {
        let id = person(&lender, "梁文", 3).await;
        let mut browser = lender.browser("lin").await;
        let path = format!("/customers/{id}/watch/new");
        let entry = [("list", "litigation"), ("reason", "被供应商起诉"), ("from", "2026-08-01")];
        assert_eq!(browser.post_from(&path, &path, &entry).await.status, StatusCode::SEE_OTHER);
        let open = "select count(*) as n from duty where kind = 'watch_review' and state = 'open'";
        assert_eq!(lender.count(open).await, 1, "three months are over");
        let mut work = lender.work("lin").await;
        let key = store::of_customer(&mut work.tx, id).await.unwrap()[0].id;
        drop(work);
        let review = format!("/customers/{id}/watch/{key}/kept");
        let done = browser.post_from(&review, &review, &[("reason", "一审未判，继续关注")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(lender.count(open).await, 0);
        let mut work = lender.work("lin").await;
        let all = store::of_customer(&mut work.tx, id).await.unwrap();
        assert_eq!(all[0].seen_on(), date(2026, 11, 20));
        let on = work.business_date;
        assert_eq!(store::standing(&mut work.tx, &[id], on).await.unwrap()[&id], ["litigation"]);
    }
}
