//! A waiver and a reversal: asked for by one, agreed to by another; the maker is not offered the verdict.

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, log_out, looks, open_the_first_loan, send};

#[tokio::test]
async fn what_one_asks_for_another_agrees_to() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("changes", program.address(), &View::FIRST, async |browser| {
        browser.expect_console("status of 422");
        log_in(browser, "lin").await?;
        ask_for_a_waiver(browser).await?;
        log_out(browser).await?;
        log_in(browser, "tang").await?;
        agree(browser, "减免").await?;
        log_out(browser).await?;
        log_in(browser, "zheng").await?;
        ask_for_a_reversal(browser).await?;
        log_out(browser).await?;
        log_in(browser, "fang").await?;
        agree(browser, "77.07").await
    })
    .await
}

async fn ask_for_a_waiver(browser: &mut Browser) -> Result<(), WalkError> {
    browser.goto("/loans?view=overdue").await?;
    open_the_first_loan(browser).await?;
    let loan = browser.path().await?;
    browser.goto(&format!("{loan}/changes?tab=waiver")).await?;
    looks(browser).await?;
    browser.click_css("main form input[name=head][value=penalty]").await?;
    browser.fill("amount", "0.01").await?;
    browser.fill("reason", "系统切换当日重复计收，申请减免").await?;
    browser.click("试算").await?;
    browser.see("提交审批").await?;
    looks(browser).await?;
    browser.click("提交审批").await?;
    browser.see("审批中").await?;
    looks(browser).await
}

async fn ask_for_a_reversal(browser: &mut Browser) -> Result<(), WalkError> {
    browser.goto("/loans?view=overdue").await?;
    open_the_first_loan(browser).await?;
    browser.click_css("main a[href$='/repayments/new']").await?;
    browser.fill("amount", "77.07").await?;
    send(browser).await?;
    browser.see("打印回单").await?;
    browser.click_css("main details summary").await?;
    browser.fill("reason", "登记到错误的借据").await?;
    browser.click_css("main form[action$='/reversal'] button[type=submit]").await?;
    looks(browser).await
}

/// Opens what waits for me and bears these words, and agrees.
async fn agree(browser: &mut Browser, words: &str) -> Result<(), WalkError> {
    browser.goto("/approvals?view=for-me").await?;
    looks(browser).await?;
    let script = format!(
        "const row = [...document.querySelectorAll('main tbody tr')].find((row) => row.textContent.includes('{words}')); \
         return row?.querySelector('a[href^=\"/approvals/\"]')?.getAttribute('href') ?? ''"
    );
    let path = crate::steps::text(browser, &script).await?;
    assert!(!path.is_empty(), "something with {words} waits");
    browser.goto(&path).await?;
    looks(browser).await?;
    browser.fill("opinion", "同意").await?;
    browser.click_css("main form button[name=verdict][value=approve]").await?;
    browser.goto(&path).await?;
    browser.see("已同意").await?;
    looks(browser).await
}
