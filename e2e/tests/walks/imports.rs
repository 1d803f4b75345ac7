//! A loan book comes in from Excel by one person and goes out again with a second one's consent; who is asked is told.

use std::path::Path;

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, log_out, looks};

/// A book as lenders keep it: sheets by year, sub-totals, refused rows among the good ones.
const BOOK: &str = "../crates/servicing/tests/books/ledger-by-year.xlsx";

#[tokio::test]
async fn a_book_comes_in_and_goes_out_again_with_a_second_persons_consent() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("imports", program.address(), &View::FIRST, async |browser| {
        log_in(browser, "ma").await?;
        let run = bring_in(browser).await?;
        ask_to_undo(browser, &run).await?;
        log_out(browser).await?;
        log_in(browser, "cao").await?;
        agree(browser).await?;
        log_out(browser).await?;
        log_in(browser, "ma").await?;
        browser.goto("/notices").await?;
        browser.see("已同意").await?;
        looks(browser).await?;
        browser.goto(&run).await?;
        browser.see("已撤销").await?;
        looks(browser).await
    })
    .await
}

async fn bring_in(browser: &mut Browser) -> Result<String, WalkError> {
    browser.goto("/import").await?;
    looks(browser).await?;
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK).canonicalize()?;
    browser.fill("文件", &book.display().to_string()).await?;
    browser.click("上传并识别").await?;
    browser.see("试算").await?;
    looks(browser).await?;
    browser.fill("as_of", "2026-06-30").await?;
    browser.fill("product", "business_equal").await?;
    browser.click_css("main form[action$='/answers'] .buttons button[type=submit]").await?;
    browser.see("怎么改").await?;
    for shown in ["客户", "本金", "年化 %", "147"] {
        browser.see(shown).await?;
    }
    looks(browser).await?;
    let run = browser.path().await?;
    browser.click_css("main form[action$='/write'] input[value=rest]").await?;
    browser.click_css("main form[action$='/write'] button[type=submit]").await?;
    browser.see("已写入台账").await?;
    looks(browser).await?;
    Ok(run.split('?').next().unwrap_or(&run).to_owned())
}

async fn ask_to_undo(browser: &mut Browser, run: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{run}/undo")).await?;
    browser.see("147").await?;
    looks(browser).await?;
    browser.fill("reason", "导错了账本").await?;
    browser.click_css("main form[action$='/undo'] button[type=submit]").await?;
    browser.see("审批中").await?;
    looks(browser).await
}

/// Whoever is asked finds it at the bell.
async fn agree(browser: &mut Browser) -> Result<(), WalkError> {
    browser.click_css("a.bell").await?;
    browser.see("ledger-by-year.xlsx").await?;
    looks(browser).await?;
    browser.click_css("main tbody a[href^='/notices/']").await?;
    browser.see("导错了账本").await?;
    let approval = browser.path().await?;
    browser.fill("opinion", "核实无误，同意撤销").await?;
    looks(browser).await?;
    browser.click_css("main form button[name=verdict][value=approve]").await?;
    browser.goto(&approval).await?;
    browser.see("已同意").await?;
    looks(browser).await
}
