//! Saved views of the list of customers: own and shared, within each person's own scope.

use axum::http::StatusCode;
use platform::locale::missing_in;

use crate::lender::{Lender, lenders};

const ASKED: &str = "/customers?kind=company&q=139&sort=name&page=2";
const KEPT: &str = "kind=company&sort=name";

/// Saves what the page offers to save.
async fn save(lender: &Lender, login: &str, name: &str, shared: bool) -> (StatusCode, String) {
    let mut browser = lender.browser(login).await;
    let page = browser.get(ASKED).await;
    let query = page.hidden("query").unwrap().replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(query, KEPT, "neither the page nor the text that was searched for");
    let mut fields = vec![("list", "/customers"), ("query", query.as_str()), ("name", name)];
    if shared {
        fields.push(("shared", "on"));
    }
    let done = browser.post_from(ASKED, "/views", &fields).await;
    (done.status, done.location().to_owned())
}

#[tokio::test]
async fn a_view_is_saved_opened_shared_and_deleted_by_its_owner() {
    for lender in lenders().await {
        let saved = save(&lender, "lin", "企业<户>", false).await;
        assert_eq!(saved, (StatusCode::SEE_OTHER, format!("/customers?{KEPT}")));
        let mut lin = lender.browser("lin").await;
        let mut chief = lender.browser("chief").await;
        let tab = |text: &str| text.contains("企业&lt;户&gt;<");
        for lang in ["zh-CN", "en"] {
            let page = lin.get(&format!("/customers?{KEPT}&lang={lang}")).await;
            assert!(tab(&page.text) && missing_in(&page.text).is_empty(), "{lang}");
        }
        assert!(!tab(&chief.get("/customers").await.text), "one's own view is nobody else's");
        assert_eq!(save(&lender, "lin", "企业<户>", true).await.0, StatusCode::SEE_OTHER);
        assert_eq!(lender.count("select count(*) as n from saved_view").await, 1, "the same name is the same view");
        let theirs = chief.get(&format!("/customers?{KEPT}")).await;
        assert!(tab(&theirs.text) && !theirs.text.contains("/delete\""), "shared, and only its owner deletes it");
        let page = lin.get(&format!("/customers?{KEPT}")).await;
        let (_, rest) = page.text.split_once("action=\"/views/").unwrap();
        let path = format!("/views/{}", rest.split('"').next().unwrap());
        assert_eq!(chief.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        let gone = lin.post(&path, &[]).await;
        assert_eq!((gone.status, gone.location()), (StatusCode::SEE_OTHER, "/customers"));
        assert!(!tab(&chief.get("/customers").await.text));
        let trail = "select count(*) as n from audit_entry where action in ('view.saved', 'view.deleted')";
        assert_eq!(lender.count(trail).await, 3);
    }
}

#[tokio::test]
async fn a_view_without_a_name_of_no_list_or_no_longer_understood_is_not_offered() {
    for lender in lenders().await {
        assert_eq!(save(&lender, "lin", "  ", false).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(save(&lender, "lin", &"长".repeat(21), false).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        let mut lin = lender.browser("lin").await;
        for list in ["//elsewhere.test", "/nothing", "/users", "/login"] {
            let fields = [("list", list), ("query", ""), ("name", "x")];
            assert_eq!(lin.post_from("/customers", "/views", &fields).await.status, StatusCode::BAD_REQUEST, "{list}");
        }
        let fields = [("list", "/customers"), ("query", "colour=red"), ("name", "旧视图")];
        assert_eq!(lin.post_from("/customers", "/views", &fields).await.status, StatusCode::SEE_OTHER);
        let page = lin.get("/customers").await;
        assert!(page.status == StatusCode::OK && !page.text.contains("旧视图"));
    }
}
