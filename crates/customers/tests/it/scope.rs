//! Data scope: own, team, branch, institution see what is theirs and nothing else.

use axum::http::StatusCode;
use customers::customer::search::find_customers;
use customers::open;
use platform::id::CustomerId;

use crate::lender::{Lender, lenders};

async fn spread(lender: &Lender) -> Vec<(&'static str, CustomerId)> {
    let mut work = lender.system().await;
    let mut all = Vec::new();
    for manager in ["lin", "qian", "leader", "far"] {
        let new = lender.person(&format!("客户{manager}"), None, None, manager).await;
        all.push((manager, open(&mut work, &new).await.unwrap().id));
    }
    work.commit().await.unwrap();
    all
}

const SEES: [(&str, &[&str]); 6] = [
    ("lin", &["lin"]),
    ("qian", &["qian"]),
    ("leader", &["leader", "lin"]),
    ("head", &["leader", "lin", "qian"]),
    ("far", &["far"]),
    ("chief", &["far", "leader", "lin", "qian"]),
];

#[tokio::test]
async fn each_sees_the_own_part_of_the_book_in_list_search_page_and_export() {
    //
    for lender in lenders().await {
        let all = spread(&lender).await;
        for (login, expected) in SEES {
            let mut work = lender.work(login).await;
            let mut found: Vec<String> =
                find_customers(&mut work, "客户", 20).await.unwrap().into_iter().map(|c| c.name).collect();
            drop(work);
            found.sort();
            assert_eq!(found, expected.iter().map(|m| format!("客户{m}")).collect::<Vec<_>>(), "{login} searches");
            let mut browser = lender.browser(login).await;
            let list = browser.get("/customers").await;
            for (manager, id) in &all {
                let seen = expected.contains(manager);
                assert_eq!(list.text.contains(&format!("客户{manager}")), seen, "{login} lists {manager}");
                let status = if seen { StatusCode::OK } else { StatusCode::NOT_FOUND };
                for path in ["", "/edit", "/reveal", "/relations/new", "/contacts/new"] {
                    assert_eq!(
                        browser.get(&format!("/customers/{id}{path}")).await.status,
                        status,
                        "{login} {manager} {path}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn who_may_only_look_changes_nothing() {
    //
    for lender in lenders().await {
        let (_, id) = spread(&lender).await[0];
        let mut browser = lender.browser("reader").await;
        let page = browser.get(&format!("/customers/{id}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            !page.text.contains("/edit") && !page.text.contains("/relations/new"),
            "no buttons for what is refused"
        );
        for path in ["/customers/new", "/customers/export.xlsx"] {
            assert_eq!(browser.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let sent =
            browser.post(&format!("/customers/{id}/edit"), &[("seen", "1"), ("manager", "1"), ("note", "x")]).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
    }
}
