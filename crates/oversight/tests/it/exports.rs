//! The rows behind a number are taken away as they are shown, and never beyond the data scope; on every database.

use oversight::Oversight;
use platform::testbed::{ListCase, databases, lists_without_export};

use crate::fixture;

/// The kinds of rows that the book has, with how many of them the officer has.
const QUERIES: [(&str, usize); 4] =
    [("of=book", 1), ("of=collected", 0), ("of=new-overdue", 1), ("of=moved&since=2026-10-31&as_of=2026-11-20", 1)];

#[test]
fn every_list_can_be_taken_away() {
    // A list that makes no sense in a file is named here with its reason.
    let without: [&str; 0] = [];
    assert_eq!(lists_without_export(&Oversight), without);
}

// Rule export.both-scopes
#[tokio::test]
async fn result_and_selection_hold_what_the_rows_show_and_a_narrower_scope_only_its_own() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.both("boss", &["loan.view"]).await;
        let mut officer = house.both("officer", &["loan.view"]).await;
        for (query, left) in QUERIES {
            let case = ListCase { list: "/dashboard/rows", query, field: "number", column: 1 };
            let all = case.agrees(&house, &mut boss).await;
            let keys: std::collections::BTreeSet<&str> = all.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!(keys.len(), all.len(), "every row has a key of its own: {case:?}");
            assert_eq!(case.narrower(&house, &mut officer, &all).await, left, "{case:?}");
        }
    }
}
