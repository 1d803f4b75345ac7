//! The ledger of a large book: its rows are there at once, counts and sums come by a second request; a program and an
//! export get all of it in one.

use axum::http::HeaderValue;
use jiff::civil::date;
use platform::args;
use platform::locale::money;

use crate::house::{Lender, plain};

/// One loan more than a page shows.
const LOANS: usize = 16;

#[tokio::test]
async fn above_twenty_thousand_loans_the_totals_come_by_a_second_request() {
    for lender in Lender::everywhere().await {
        let customer = lender.customer("甲").await;
        for _ in 0..LOANS {
            lender.loan(customer, plain(date(2026, 8, 20))).await;
        }
        let mut program = lender.house.program("boss", &["loan.view"]).await;
        let rows = program.get("/loans").await.json();
        let sum = |totals: &str| money(finance::Fen(rows[totals]["balance_fen"].as_i64().unwrap()));
        let (page, whole) = (sum("page_totals"), sum("totals"));
        assert_ne!(page, whole, "the sixteenth loan is on the second page");
        let mut browser = lender.house.user("boss").await;
        let small = browser.get("/loans").await.text;
        assert!(small.contains(&whole) && !small.contains("hx-select-oob"), "a small book has all of it at once");

        // What the closes of a large book would have noted.
        let mut tx = lender.house.app.db.write().await.unwrap();
        let total = "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, \
                     principal_fen, overdue_principal_fen, overdue_interest_fen) \
                     values ('2026-11-19', 1, 'p', 'current', 'normal', 'current', $1, 0, 0, 0)";
        tx.execute(total, args![20_001_i64]).await.unwrap();
        tx.commit().await.unwrap();
        let first = browser.get("/loans").await.text;
        assert!(
            first.contains("hx-get=\"/loans?") && first.contains("hx-select-oob=\"#list-views,#list-sums,#list-foot\"")
        );
        assert_eq!(first.matches("data-href=\"/loans/").count(), 15, "the rows are there at once");
        assert!(first.contains(&page) && !first.contains(&whole), "the sums of the whole result are not there yet");
        let mut second = browser.clone();
        second.headers.insert("hx-request", HeaderValue::from_static("true"));
        let behind = second.get("/loans").await.text;
        for part in ["id=\"list-views\"", "id=\"list-sums\"", "id=\"list-foot\"", whole.as_str()] {
            assert!(behind.contains(part), "{part}");
        }
        assert!(!behind.contains("hx-select-oob"), "there is no third request");
        assert_eq!(program.get("/loans").await.json()["totals"], rows["totals"], "a program gets them with the rows");
    }
}
