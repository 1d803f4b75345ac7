//! Every list of this room is taken away as it is shown, and never beyond the data scope; on every database.

use jiff::civil::date;
use platform::args;
use platform::testbed::{ListCase, lists_without_export};
use servicing::Servicing;
use servicing::loan::actions::open;

use crate::house::{Lender, TAKER, new_loan, plain};

const CASES: [ListCase; 2] = [
    ListCase { list: "/loans", query: "view=open", field: "number", column: 1 },
    ListCase {
        list: "/repayments/unpaid",
        query: "view=all&due.from=2026-11-01&due.to=2027-03-31",
        field: "number",
        column: 1,
    },
];

#[test]
fn every_list_can_be_taken_away() {
    // A list that makes no sense in a file is named here with its reason. The rows of a file of repayments are no list:
    // they leave with the report of their file.
    let without: [&str; 0] = [];
    assert_eq!(lists_without_export(&Servicing), without);
}

// Rule export.both-scopes
#[tokio::test]
async fn result_and_selection_hold_what_the_list_shows_and_no_loans_of_others() {
    for lender in Lender::everywhere().await {
        for name in ["甲某", "乙某"] {
            lender.loan(lender.customer(name).await, plain(date(2026, 10, 19))).await;
        }
        let own = lender.house.user_id("own").await;
        let customer = lender.customer_of("丙某", "own").await;
        let mut work = lender.work().await;
        open(&mut work, &new_loan(customer, own, plain(date(2026, 10, 19)))).await.unwrap();
        // Looks at what is one's own, and may take away whatever may be looked at.
        work.tx.execute("update user_role set role = $1 where user_id = $2", args![TAKER, own]).await.unwrap();
        work.commit().await.unwrap();
        let mut boss = lender.house.both("boss", &["loan.view"]).await;
        let mut own = lender.house.both("own", &["loan.view"]).await;
        for case in CASES {
            let all = case.agrees(&lender.house, &mut boss).await;
            let left = case.narrower(&lender.house, &mut own, &all).await;
            assert_eq!(left * 3, all.len(), "one loan of three: {case:?}");
        }
    }
}
