//! A newcomer without a manual: from the log-in to a printed receipt, in both languages, at a desk and on a phone.

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, looks, open_the_first_loan};

#[tokio::test]
async fn a_newcomer_finds_who_owes_sees_why_records_a_repayment_and_prints_it() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("newcomer", program.address(), &View::ALL, async |browser| {
        log_in(browser, "fang").await?;
        looks(browser).await?;
        browser.goto("/loans?view=overdue").await?;
        browser.see(browser.language().pick("逾期", "Overdue")).await?;
        looks(browser).await?;
        open_the_first_loan(browser).await?;
        ask_why(browser).await?;
        record_a_repayment(browser).await?;
        print_the_receipt(browser).await?;
        look_back(browser).await
    })
    .await
}

async fn ask_why(browser: &mut Browser) -> Result<(), WalkError> {
    let loan = browser.path().await?;
    browser.click_css("main a[href*='/why/overdue'], main [hx-get*='/why/overdue']").await?;
    browser.see(browser.language().pick("为什么：逾期合计", "Why: overdue in all")).await?;
    browser.screenshot().await?;
    browser.goto(&loan).await
}

async fn record_a_repayment(browser: &mut Browser) -> Result<(), WalkError> {
    let language = browser.language();
    browser.click_css("main a[href$='/repayments/new']").await?;
    browser.see(language.pick("今日应收", "Owed today")).await?;
    browser.fill(language.pick("金额（元）", "Amount (CNY)"), "123.45").await?;
    looks(browser).await?;
    browser.click_css("main form .buttons button[type=submit]").await?;
    browser.see("123.45").await?;
    browser.see(language.pick("打印回单", "Print receipt")).await?;
    looks(browser).await
}

async fn print_the_receipt(browser: &mut Browser) -> Result<(), WalkError> {
    let script = "const link = document.querySelector('main a[href$=\"/receipt.pdf\"]'); \
                  return link.getAttribute('href')";
    let receipt = browser.evaluate(script).await?;
    let head = format!(
        "const done = arguments; const request = new XMLHttpRequest(); request.open('GET', {receipt}, false); \
         request.overrideMimeType('text/plain; charset=x-user-defined'); request.send(); \
         return request.responseText.slice(0, 5);"
    );
    assert_eq!(browser.evaluate(&head).await?.as_str(), Some("%PDF-"), "the receipt is a PDF");
    Ok(())
}

async fn look_back(browser: &mut Browser) -> Result<(), WalkError> {
    let transaction = browser.path().await?;
    let loan = transaction.split("/transactions/").next().unwrap_or("/loans").to_owned();
    browser.goto(&format!("{loan}?as_of=2026-11-19")).await?;
    browser.see(browser.language().pick("回到现在", "Back to now")).await?;
    looks(browser).await
}
