//! The whole book by its pages: taken out with its progress in sight, downloaded, tried at the same place with what stands
//! in its way, and the record of both; in both languages, at a desk and on a phone.

use e2e::{Program, View, WalkError, walk};

use crate::steps::{log_in, looks};

#[tokio::test]
async fn the_whole_book_is_taken_out_and_tried_again_with_what_stands_in_its_way() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("whole-book", program.address(), &View::ALL, async |browser| {
        let language = browser.language();
        log_in(browser, "ma").await?;
        browser.goto("/book").await?;
        looks(browser).await?;
        if browser.view() != View::FIRST[0] {
            // The record of the first view.
            browser.click_css("main table a[href^='/book/runs/']").await?;
            browser.see(language.pick("整本台账", "Whole book")).await?;
            return looks(browser).await;
        }
        browser.fill("reason", "年度审计").await?;
        browser.click_css("main form[action='/book/export'] button[type=submit]").await?;
        // However long it takes, it says how far it is, and then where the file is.
        looks(browser).await?;
        browser.be_patient(std::time::Duration::from_secs(180));
        browser.see("年度审计").await?;
        browser.click_css("main a[href$='/book.xlsx']").await?;
        let file = browser.downloaded(".xlsx").await?;
        assert!(std::fs::read(&file)?.starts_with(b"PK"));
        looks(browser).await?;
        // Masked, and into a house that is not empty: both are named, nothing is written.
        browser.goto("/book").await?;
        browser.fill("book", &file.display().to_string()).await?;
        browser.click_css("main form[action='/book/import'] button[value=try]").await?;
        browser.see("没有写入").await?;
        browser.see("个人信息").await?;
        looks(browser).await?;
        browser.goto("/book").await?;
        let rows = browser.rows("main table").await?;
        assert_eq!(rows.len(), 3, "the head, the export and the trial: {rows:?}");
        Ok(())
    })
    .await
}
