//! Figures by hand, both clocks, data scope, and that every number opens exactly its rows.

use axum::http::StatusCode;
use platform::args;
use platform::locale::missing_in;
use platform::testbed::{Browser, databases};

use crate::fixture;

/// Figure, note and address of the tile with this label.
fn tile(html: &str, label: &str) -> (String, String, String) {
    let from = html.find(&format!("{label}</div>")).unwrap_or_else(|| panic!("a tile {label}"));
    let part = &html[from..];
    let ends = ["<div class=\"tile\">", "tiles panel", "<section"].iter().filter_map(|end| part.find(end));
    let part = &part[..ends.min().unwrap()];
    let between = |open: &str, close: &str| {
        part.split_once(open)
            .and_then(|(_, rest)| rest.split_once(close))
            .map(|(inner, _)| inner.to_owned())
            .unwrap_or_default()
    };
    let note =
        part.rsplit_once("-ink\">").and_then(|(_, rest)| rest.split_once("</span>")).map(|(note, _)| note.to_owned());
    (between("<b>", "</b>"), note.unwrap_or_default(), between("class=\"value\" href=\"", "\"").replace("&amp;", "&"))
}

async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert!(missing_in(&answer.text).is_empty(), "{path}: {:?}", missing_in(&answer.text));
    answer.text
}

/// Asserts that the rows at an address are so many and sum to so much.
async fn opens(browser: &mut Browser, href: &str, count: u32, sum: &str) {
    let html = page(browser, href).await;
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    assert!(html.contains(&format!("Whole result · {rows}<")), "{href} has {rows}");
    let total = &html[html.find("Whole result").unwrap()..];
    assert!(total[..total.find("</tr>").unwrap()].contains(sum), "{href} sums to {sum}");
}

// dashboard.book, dashboard.became-overdue, dashboard.collected, dashboard.overdue-rate
#[tokio::test]
async fn the_present_counts_as_worked_out_by_hand() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.user("boss").await;
        let html = page(&mut boss, "/dashboard").await;
        // 1,000,000 + 2,000,000 + 500,000 + 250,000 + 750,000 fen = 4.50 × 10,000 yuan; at 10-31 4.65.
        let (book, note, href) = tile(&html, "Loans outstanding");
        assert_eq!((book.as_str(), note.as_str()), ("4.50", "5 loans, −0.15 since 10-31"));
        assert_eq!(href, "/loans?view=open");
        // S5.4-05: (500,000 + 0 + 250,000) ÷ 4,500,000 = 16.67 %; at 10-31 550,000 ÷ 4,650,000 = 11.83 %.
        let (ratio, note, href) = tile(&html, "NPL ratio");
        assert_eq!((ratio.as_str(), note.as_str()), ("16.67", "↑ +4.84 pt worse since 10-31"));
        assert_eq!(href, "/loans?view=open&class=substandard&class=doubtful&class=loss");
        // 2,750,000 ÷ 4,500,000; at 10-31 1,050,000 ÷ 4,650,000 = 22.58 %.
        assert_eq!(tile(&html, "Overdue rate").0, "61.11");
        assert_eq!(tile(&html, "Overdue rate").2, "/loans?view=overdue");
        // S2.19-02: what is due, and what of it came in.
        assert_eq!(tile(&html, "Due today").1, "2 instalments, 0.13 collected (65.00%)");
        assert_eq!(tile(&html, "Due this week").1, "3 instalments, 0.13 collected (50.00%)");
        assert_eq!(tile(&html, "New overdue today").0, "1");
        assert_eq!(tile(&html, "Collected this month").0, "0.63");
        for (label, count, sum) in [
            ("Due today", 2, "2,000.00"),
            ("Due this week", 3, "2,600.00"),
            ("New overdue today", 1, "1,100.00"),
            ("New overdue this week", 1, "1,100.00"),
            ("Collected this month", 3, "6,340.00"),
        ] {
            opens(&mut boss, &tile(&html, label).2, count, sum).await;
        }
    }
}

#[tokio::test]
async fn of_a_large_book_the_first_figures_are_there_at_once_and_the_rest_comes_behind() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.user("boss").await;
        let whole = page(&mut boss, "/dashboard").await;
        assert!(!whole.contains("hx-select-oob"), "a small book has all of it at once");
        let mut tx = house.app.db.write().await.unwrap();
        // What a large book in another branch would add to the totals.
        let many = "insert into loan_total (business_date, branch_id, product, bucket, class, status, loans, principal_fen, \
                    overdue_principal_fen, overdue_interest_fen) \
                    values ('2026-11-19', 2, 'p', 'current', 'normal', 'settled', 20001, 0, 0, 0)";
        tx.execute(many, args![]).await.unwrap();
        tx.commit().await.unwrap();
        let first = page(&mut boss, "/dashboard").await;
        assert!(first.contains("hx-get=\"/dashboard\"") && first.contains("#dashboard-days,#new-overdue"));
        assert_eq!(tile(&first, "Loans outstanding"), tile(&whole, "Loans outstanding"));
        assert_eq!(tile(&first, "Collected this month"), tile(&whole, "Collected this month"));
        assert!(!first.contains("Due this week"), "it would have to be counted");
        let mut second = boss.clone();
        second.headers.insert("hx-request", axum::http::HeaderValue::from_static("true"));
        let behind = second.get("/dashboard").await.text;
        assert_eq!(tile(&behind, "Due this week"), tile(&whole, "Due this week"));
        assert!(
            behind.contains("id=\"new-overdue\"") && !behind.contains("hx-select-oob"),
            "there is no third request"
        );
    }
}

#[tokio::test]
async fn a_past_date_is_shown_as_it_stood_and_as_it_was_known_to_stand() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.user("boss").await;
        let html = page(&mut boss, "/dashboard?as_of=2026-10-31").await;
        assert!(html.contains("<header class=\"subject past\">"));
        let (book, _, href) = tile(&html, "Loans outstanding");
        assert_eq!(book, "4.65");
        opens(&mut boss, &href, 6, "46,500.00").await;
        let (ratio, _, href) = tile(&html, "NPL ratio");
        assert_eq!(ratio, "11.83");
        opens(&mut boss, &href, 2, "5,500.00").await;
        opens(&mut boss, &tile(&html, "Overdue rate").2, 3, "10,500.00").await;
        assert_eq!(tile(&html, "Collected this month").0, "0.10");
        // Before 11-12 nobody knew of the payment of 10-20.
        let html = page(&mut boss, "/dashboard?as_of=2026-10-31&known_at=2026-11-02%2009:00").await;
        let (book, _, href) = tile(&html, "Loans outstanding");
        assert_eq!(book, "4.75");
        opens(&mut boss, &href, 6, "47,500.00").await;
        assert_eq!(tile(&html, "Collected this month").0, "0.00");
        assert_eq!(tile(&html, "Due today").0, "—");
        // A repayment that is taken back a day later counts on the day itself.
        let html = page(&mut boss, "/dashboard?as_of=2026-11-08").await;
        let (money, _, href) = tile(&html, "Collected this month");
        assert_eq!(money, "0.45");
        opens(&mut boss, &href, 2, "4,540.00").await;
    }
}

#[tokio::test]
async fn nobody_sees_beyond_the_data_scope() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        // the head office has all but loan 7; the officer has loan 2 alone.
        let mut branch = house.user("branch").await;
        let html = page(&mut branch, "/dashboard").await;
        assert_eq!(tile(&html, "Loans outstanding").0, "3.75");
        assert_eq!(tile(&html, "Due this week").1, "2 instalments, 0.13 collected (65.00%)");
        opens(&mut branch, &tile(&html, "Due this week").2, 2, "2,000.00").await;
        let mut officer = house.user("officer").await;
        let html = page(&mut officer, "/dashboard").await;
        assert_eq!(tile(&html, "Loans outstanding").0, "2.00");
        assert_eq!(tile(&html, "NPL ratio").0, "0.00");
        assert_eq!(tile(&html, "Collected this month").0, "0.00");
        opens(&mut officer, &tile(&html, "New overdue today").2, 1, "1,100.00").await;
        // The board sees sums and no names.
        let mut board = house.user("board").await;
        let html = page(&mut board, "/dashboard").await;
        assert_eq!(
            tile(&html, "Loans outstanding"),
            ("4.50".to_owned(), "5 loans, −0.15 since 10-31".to_owned(), String::new())
        );
        assert_eq!(board.get("/dashboard/rows?of=book").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_matrix_foots_both_ways_and_its_cells_open_their_rows() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.user("boss").await;
        let html = page(&mut boss, "/dashboard/migration").await;
        // Repaid: 200,000 of loan 1 and 400,000 of loan 5.
        assert!(html.contains("Opening 4.65 + new 0.75 − repaid 0.60 − written off 0.30 = 4.50"), "{html}");
        let moved = "/dashboard/rows?of=moved&since=2026-10-31&as_of=2026-11-20&before-class=normal&class=special_mention&end=open";
        let cell = format!("<td class=\"r worse\">▼ <a href=\"{}\">2.00</a></td>", moved.replace('&', "&amp;"));
        assert!(html.contains(&cell), "{html}");
        opens(&mut boss, moved, 1, "20,000.00").await;
        opens(&mut boss, "/dashboard/rows?of=fresh&since=2026-10-31&as_of=2026-11-20", 1, "7,500.00").await;
        opens(&mut boss, "/dashboard/rows?of=moved&since=2026-10-31&as_of=2026-11-20", 6, "46,500.00").await;
        let html = page(&mut boss, "/dashboard/migration?show=loans").await;
        assert!(html.contains("Opening 6 + new 1 − repaid 1 − written off 1 = 5"), "{html}");
        // In the clock of knowledge the correction of 11-12 is not yet known.
        let html =
            page(&mut boss, "/dashboard/migration?from=2026-10-01&as_of=2026-10-31&known_at=2026-11-02%2009:00").await;
        assert!(html.contains("Opening 4.75 + new 0.00 − repaid 0.00 − written off 0.00 = 4.75"), "{html}");
        let answer = boss.get("/dashboard/migration?from=2026-11-20").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn every_page_speaks_both_languages_and_every_figure_says_why() {
    let house = fixture::house(platform::testbed::sqlite().await).await;
    fixture::book(&house).await;
    let mut boss = house.user("boss").await;
    let kinds = ["book", "due", "new-overdue", "collected", "maturing", "moved", "fresh"];
    for lang in ["zh-CN", "en"] {
        let html = page(&mut boss, &format!("/dashboard?lang={lang}")).await;
        assert_eq!(html.matches("data-chart").count(), 6);
        page(&mut boss, "/dashboard/migration").await;
        for kind in kinds {
            page(&mut boss, &format!("/dashboard/rows?of={kind}&since=2026-10-31")).await;
        }
        for figure in ["book", "overdue-rate", "npl-ratio", "collected", "new-overdue"] {
            page(&mut boss, &format!("/dashboard/why/{figure}")).await;
        }
        let future = boss.get("/dashboard?as_of=2026-11-21").await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(missing_in(&future.text).is_empty(), "{:?}", missing_in(&future.text));
    }
    let why = page(&mut boss, "/dashboard/why/npl-ratio").await;
    // S5.4-05: the formula, the division, the rule and the article of the pack.
    for part in ["7,500.00 ÷ 45,000.00 = 0.166666667", "16.67%", "class.npl", "dashboard.npl-ratio", "microloan"] {
        assert!(why.contains(part), "{part} in {why}");
    }
    assert!(why.contains("definition of non-performing assets"), "{why}");
    let past = page(&mut boss, "/dashboard/why/npl-ratio?as_of=2020-01-31").await;
    assert!(past.contains("No rule says on this date"), "{past}");
}

#[tokio::test]
async fn every_table_leaves_as_a_workbook_and_leaves_a_trace() {
    for db in databases().await {
        let house = fixture::house(db).await;
        fixture::book(&house).await;
        let mut boss = house.user("boss").await;
        for table in ["class", "bucket", "aging", "new-overdue", "collected", "maturing"] {
            let answer = boss.get(&format!("/dashboard/export.xlsx?table={table}&as_of=2026-11-19")).await;
            assert_eq!(answer.status, StatusCode::OK, "{table}: {}", answer.text);
            assert!(answer.text.starts_with("PK"));
        }
        assert!(boss.get("/dashboard/migration/export.xlsx?by=class").await.text.starts_with("PK"));
        assert!(boss.get("/dashboard/rows/export.xlsx?of=collected").await.text.starts_with("PK"));
        assert_eq!(boss.get("/dashboard/export.xlsx?table=none").await.status, StatusCode::NOT_FOUND);
        let mut tx = house.app.db.read().await.unwrap();
        let sql = "select count(*) as traces from audit_entry where action = 'dashboard.export'";
        assert_eq!(tx.fetch_one(sql, platform::args![]).await.unwrap().get::<i64>("traces").unwrap(), 8);
    }
}
