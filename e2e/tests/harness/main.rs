//! Proofs of the harness on small pages of its own: that it does what it says, and that it fails when it should.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod pages;

use std::time::Duration;

use e2e::{Browser, Language, Size, View, WalkError, walk};
use pages::Pages;

const PHONE: [View; 1] = [View::new(Language::English, Size::Phone)];
const DESK: [View; 1] = [View::new(Language::English, Size::Desk)];

#[tokio::test]
async fn a_person_reads_fills_in_clicks_and_sees_the_answer() -> Result<(), WalkError> {
    let pages = Pages::start();
    let file = tempfile::NamedTempFile::with_suffix(".xlsx").unwrap();
    let path = file.path().to_string_lossy().into_owned();
    walk("harness-form", pages.address(), &DESK, async |browser| {
        browser.goto("/form").await?;
        browser.fill("Name", "First").await?;
        browser.fill("Name", "Wang Wu").await?;
        browser.fill("Product", "Micro loan").await?;
        browser.fill("Due on", "2026-02-28").await?;
        browser.fill("Agreed", "true").await?;
        browser.fill("Book", &path).await?;
        browser.fill("金额", "1200.50").await?;
        browser.click("Save").await?;
        browser.see("saved: Wang Wu / micro / 2026-02-28 / yes / 1200.50").await?;
        browser.see(".xlsx").await?;
        browser.see_no("First").await?;
        assert!(browser.path().await?.starts_with("/form"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_are_read_cell_by_cell_and_late_text_is_waited_for() -> Result<(), WalkError> {
    let pages = Pages::start();
    walk("harness-table", pages.address(), &DESK, async |browser| {
        browser.goto("/table").await?;
        let rows = browser.rows("table.ledger").await?;
        assert_eq!(rows, [["Loan", "Overdue"], ["JJ-0001", "1,200.50"], ["JJ-0002", "0.00"]]);
        browser.see("arrived late").await?;
        browser.click("JJ-0001").await?;
        browser.see("Loan JJ-0001").await?;
        browser.back().await?;
        browser.see("Overdue").await
    })
    .await
}

#[tokio::test]
async fn each_view_has_its_size_language_and_pictures() -> Result<(), WalkError> {
    let pages = Pages::start();
    let picture = |folder: &std::path::Path, view: View| folder.join(format!("{view}-01.png"));
    walk("harness-views", pages.address(), &View::ALL, async |browser| {
        browser.goto("/size").await?;
        let (width, height) = browser.view().size.pixels();
        browser.see(&format!("{width} wide, speaks {}", browser.language().tag())).await?;
        let _ = std::fs::remove_file(picture(browser.pictures(), browser.view()));
        browser.screenshot().await?;
        let png = std::fs::read(picture(browser.pictures(), browser.view()))?;
        let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((number(16), number(20)), (width, height));
        browser.fits().await
    })
    .await
}

#[tokio::test]
async fn the_language_is_switched_by_the_pages_own_link() -> Result<(), WalkError> {
    let pages = Pages::start();
    walk("harness-language", pages.address(), &DESK, async |browser| {
        browser.goto("/en").await?;
        browser.switch_language(Language::Chinese).await?;
        browser.see("你好").await?;
        assert_eq!(browser.language(), Language::Chinese);
        // The link back lies in a closed menu.
        browser.switch_language(Language::English).await?;
        browser.see("Hello").await
    })
    .await
}

#[tokio::test]
async fn a_download_is_waited_for_and_found() -> Result<(), WalkError> {
    let pages = Pages::start();
    walk("harness-download", pages.address(), &DESK, async |browser| {
        browser.goto("/table").await?;
        browser.click("Export").await?;
        let path = browser.downloaded(".csv").await?;
        assert_eq!(std::fs::read_to_string(path)?, "loan,overdue\n");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_error_on_the_console_fails_the_walk_unless_it_is_expected() {
    let pages = Pages::start();
    for path in ["/throws", "/missing-picture", "/refuses"] {
        let outcome = walk("harness-console", pages.address(), &DESK, async |browser| browser.goto(path).await).await;
        assert!(matches!(cause(&outcome), Some(WalkError::Console(_))), "{path}: {outcome:?}");
    }
    let outcome = walk("harness-console", pages.address(), &DESK, async |browser| {
        browser.expect_console("status of 422");
        browser.goto("/refuses").await
    })
    .await;
    assert!(outcome.is_ok(), "{outcome:?}");
}

#[tokio::test]
async fn a_request_that_leaves_the_machine_fails_the_walk() {
    let pages = Pages::start();
    let outcome = walk("harness-outside", pages.address(), &DESK, async |browser| browser.goto("/outside").await).await;
    let Some(WalkError::Outside(addresses)) = cause(&outcome) else { panic!("{outcome:?}") };
    assert_eq!(addresses, &["http://fonts.example.com/plex.css"]);
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_is() {
    let pages = Pages::start();
    let steps = async |browser: &mut Browser| {
        browser.be_patient(Duration::from_millis(200));
        browser.goto("/table").await?;
        browser.click("Delete everything").await
    };
    let text = walk("harness-absent", pages.address(), &DESK, steps).await.unwrap_err().to_string();
    for part in ["walk `harness-absent` as en-1366x768", "“Delete everything”", "/table", "JJ-0001"] {
        assert!(text.contains(part), "{part} is not in:\n{text}");
    }
}

#[tokio::test]
async fn hidden_and_disabled_things_are_not_clicked_and_wrong_options_not_chosen() {
    let pages = Pages::start();
    for (path, text) in [("/hidden", "Secret"), ("/hidden", "Disabled")] {
        let outcome = walk("harness-hidden", pages.address(), &DESK, async |browser| {
            browser.be_patient(Duration::from_millis(200));
            browser.goto(path).await?;
            browser.click(text).await
        })
        .await;
        assert!(matches!(cause(&outcome), Some(WalkError::NotFound { .. })), "{text}: {outcome:?}");
    }
    let outcome = walk("harness-hidden", pages.address(), &DESK, async |browser| {
        browser.be_patient(Duration::from_millis(200));
        browser.goto("/form").await?;
        browser.fill("Product", "No such product").await
    })
    .await;
    assert!(matches!(cause(&outcome), Some(WalkError::NotFound { .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_page_wider_than_a_phone_is_found() {
    let pages = Pages::start();
    let outcome = walk("harness-wide", pages.address(), &PHONE, async |browser| {
        browser.goto("/wide").await?;
        browser.fits().await
    })
    .await;
    assert!(matches!(cause(&outcome), Some(WalkError::Unwanted { .. })), "{outcome:?}");
}

/// The error below the view it happened in.
fn cause(outcome: &Result<(), WalkError>) -> Option<&WalkError> {
    match outcome {
        Err(WalkError::InView { source, .. }) => Some(source),
        Err(other) => Some(other),
        Ok(()) => None,
    }
}
