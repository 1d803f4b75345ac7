//! Every list of this room is taken away as it is shown: the result, a selection, and never more than the own data scope;
//! on every database.

use axum::http::StatusCode;
use customers::Customers;
use customers::sorting::industry;
use platform::testbed::{Browser, ListCase, Program, lists_without_export};

use crate::duplicates::{PHONE, opened, person};
use crate::evaluations::{FACTS, customer as rated, submit};
use crate::leads::{lead, taken};
use crate::lender::{Lender, identity, lenders};
use crate::merges::asked;
use crate::rewards::{customer, pay_out, referred};
use crate::sortings::{all, company, guarantors, plan, problem, running};

/// What the programs of these tests may do.
const SCOPES: [&str; 3] = ["customer.view", "customer.merge", "lead.view"];

const fn case(list: &'static str, query: &'static str, field: &'static str, column: u32) -> ListCase {
    ListCase { list, query, field, column }
}

const CASES: [ListCase; 8] = [
    case("/customers", "", "number", 1),
    case("/customers/duplicates", "view=open", "number", 1),
    case("/customers/merges", "view=all", "into", 3),
    case("/evaluations", "view=waiting", "number", 1),
    case("/leads", "view=all", "number", 1),
    case("/campaigns", "view=all", "number", 1),
    case("/partners", "view=all", "number", 1),
    case("/rewards", "view=all", "number", 1),
];

/// With how many rows somebody of another branch still sees: sheets of industries are of no customer.
const SORTING_CASES: [(ListCase, usize); 4] = [
    (case("/sorting", "view=all", "number", 1), 0),
    (case("/sorting/items", "view=all", "customer_number", 3), 0),
    (case("/sorting/problems", "view=all", "customer", 2), 0),
    (case("/sorting/industries", "", "trend", 3), 2),
];

async fn both(lender: &Lender, login: &str) -> (Program, Browser) {
    lender.house.both(login, &SCOPES).await
}

/// Something in every list, all of it in the first branch.
async fn filled(lender: &Lender) {
    person(lender, "梁文", Some(PHONE)).await;
    person(lender, "梁雯", Some(PHONE)).await;
    let gone = person(lender, "何雨", Some("13900000011")).await;
    let into = lender.person("何宇", Some(&identity(9)), Some("13900000012"), "lin").await;
    let into = opened(lender, "lin", &into).await;
    asked(lender, "lin", gone.0, into.0).await.unwrap();
    submit(lender, rated(lender, &FACTS).await, None).await;
    let mut other = lead(lender, "孙明", "lin").await;
    other.phone = Some("13900000013".to_owned());
    taken(lender, "lin", &other).await.unwrap();
    let referrer = customer(lender, "周立", 3).await;
    pay_out(lender, referred(lender, "吴山", 4, referrer).await).await;
    let mut chief = lender.browser("chief").await;
    let campaign = [
        ("title", "秋季商户走访"),
        ("channel", "marketing_event"),
        ("aim", "走访市场商户"),
        ("target", ""),
        ("branch", "1"),
        ("starts_on", "2026-11-01"),
        ("ends_on", "2026-11-19"),
        ("budget", "5000"),
        ("target_leads", "30"),
    ];
    let done = chief.post_from("/campaigns/new", "/campaigns/new", &campaign).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let partner = [("name", "东湖商会"), ("kind", "chamber"), ("branch", "1"), ("note", "")];
    let done = chief.post_from("/partners/new", "/partners/new", &partner).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[test]
fn every_list_can_be_taken_away() {
    // A list that makes no sense in a file is named here with its reason.
    let without: [&str; 0] = [];
    assert_eq!(lists_without_export(&Customers), without);
}

// Rule export.both-scopes
#[tokio::test]
async fn result_and_selection_hold_what_the_list_shows_and_a_narrower_scope_only_its_own() {
    for lender in lenders().await {
        filled(&lender).await;
        let (mut chief, mut far) = (both(&lender, "chief").await, both(&lender, "far").await);
        for case in CASES {
            let all = case.agrees(&lender.house, &mut chief).await;
            assert_eq!(case.narrower(&lender.house, &mut far, &all).await, 0, "{case:?}");
        }
        // Who may look and not take away gets neither file.
        let mut reader = lender.browser("reader").await;
        for case in CASES {
            assert_eq!(case.taken(&mut reader).await, Err(StatusCode::FORBIDDEN), "{case:?}");
            let picked = case.picked(&lender.house, &mut reader, &["1"]).await;
            assert_eq!(picked, Err(StatusCode::FORBIDDEN), "{case:?}");
        }
        let trail = "select count(*) as n from audit_entry where action = 'customer.export'";
        assert_eq!(lender.count(trail).await, 16, "each taking of a result is noted");
    }
}

#[tokio::test]
async fn the_lists_of_sorting_are_taken_away_alike() {
    for lender in guarantors().await {
        company(&lender, "示例甲", "85", "贷款 逾期0天").await;
        company(&lender, "示例乙", "60", "贷款 逾期0天").await;
        let project = running(&lender, &plan(&lender).await).await;
        for item in all(&lender, project).await {
            problem(&lender, item.id).await;
        }
        let mut work = lender.work("gui").await;
        let sheet = |code: &str, trend: &str| industry::Sheet {
            code: code.to_owned(),
            risk: "medium".to_owned(),
            trend: trend.to_owned(),
            policy: "产能置换".to_owned(),
            competition: "中小厂多".to_owned(),
            strategy: "控新增".to_owned(),
            until: work.business_date.tomorrow().unwrap(),
            on: work.business_date,
            by: String::new(),
        };
        let sheets = [sheet("C33", "平稳"), sheet("C34", "下行")];
        for sheet in &sheets {
            industry::record(&mut work, sheet).await.unwrap();
        }
        work.commit().await.unwrap();
        let (mut chief, mut far) = (both(&lender, "chief").await, both(&lender, "far").await);
        for (case, left) in SORTING_CASES {
            let all = case.agrees(&lender.house, &mut chief).await;
            assert_eq!(case.narrower(&lender.house, &mut far, &all).await, left, "{case:?}");
        }
    }
}

// What is picked comes in the order and with the columns of the list that it was picked from.
#[tokio::test]
async fn a_selection_over_pages_is_exported_in_the_order_of_its_list_with_saved_views_beside() {
    for lender in lenders().await {
        for serial in 0..4 {
            let mut new = lead(&lender, &format!("线索{serial}"), "lin").await;
            new.phone = Some(format!("1390000002{serial}"));
            taken(&lender, "lin", &new).await.unwrap();
        }
        let (mut program, mut browser) = both(&lender, "chief").await;
        let case = case("/leads", "view=all", "number", 1);
        let shown = case.shown(&mut program).await;
        let keys: Vec<&str> = [3, 0, 2].iter().map(|place| shown[*place].0.as_str()).collect();
        let wanted: Vec<String> = [0, 2, 3].iter().map(|place| shown[*place].1.clone()).collect();
        assert_eq!(case.picked(&lender.house, &mut browser, &keys).await, Ok(wanted));
        let page = browser.get("/leads?view=all").await.text;
        assert!(page.contains("/exports/selection?list=") && page.contains("/leads/export.xlsx?view=all"), "{page}");
        assert!(page.contains("action=\"/views\""), "views can be saved");
        let mut reader = lender.browser("tang").await;
        let page = reader.get("/leads?view=all").await.text;
        assert!(!page.contains("/exports/selection") && !page.contains("export.xlsx"), "not offered to who may not");
    }
}
