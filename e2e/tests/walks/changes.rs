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

#[tokio::test]
async fn an_extension_is_asked_for_and_agreed_to_in_english_and_on_a_phone() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("extension", program.address(), &[View::ALL[1], View::ALL[3]], async |browser| {
        browser.expect_console("status of 422");
        log_in(browser, "lin").await?;
        let number = ask_for_an_extension(browser).await?;
        for (login, then) in [("tang", "Waiting"), ("guo", "Waiting"), ("cao", "Approved")] {
            log_out(browser).await?;
            log_in(browser, login).await?;
            say_yes(browser, &number, then).await?;
        }
        Ok(())
    })
    .await
}

/// Asks for sixty more days on the newest loan that nobody asked for yet; its number.
async fn ask_for_an_extension(browser: &mut Browser) -> Result<String, WalkError> {
    browser.goto("/loans?view=open&sort=-start").await?;
    looks(browser).await?;
    let row = if browser.view() == View::ALL[1] { 0 } else { 1 };
    let script = format!(
        "return [...new Set([...document.querySelectorAll('main tbody a[href^=\"/loans/\"]')] \
         .map((link) => link.getAttribute('href')).filter((href) => /^.loans.[0-9]+$/.test(href)))][{row}]"
    );
    let loan = crate::steps::text(browser, &script).await?;
    browser.goto(&format!("{loan}/changes?tab=extension")).await?;
    looks(browser).await?;
    // Without a date it comes back with what is wrong.
    browser.fill("reason", "The season's sales come in two months later").await?;
    let later = "const agreed = document.querySelector('main').innerText.match(/[0-9]{4}-[0-9]{2}-[0-9]{2}/)[0]; \
                 const day = new Date(agreed); day.setDate(day.getDate() + 60); return day.toISOString().slice(0, 10)";
    let until = crate::steps::text(browser, later).await?;
    browser.fill("until", &until).await?;
    browser.click("Try out").await?;
    browser.see("Submit for approval").await?;
    browser.see(&until).await?;
    looks(browser).await?;
    browser.click("Submit for approval").await?;
    browser.see("Waiting").await?;
    looks(browser).await?;
    let number = "return document.title + ' ' + document.querySelector('main').innerText";
    let shown = crate::steps::text(browser, number).await?;
    let number = shown.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|word| {
        word.len() > 8 && word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_digit())
    });
    Ok(number.unwrap_or_default().to_owned())
}

/// Agrees to what waits for me about this loan; how it stands then.
async fn say_yes(browser: &mut Browser, number: &str, then: &str) -> Result<(), WalkError> {
    browser.goto("/approvals?view=for-me").await?;
    looks(browser).await?;
    let script = format!(
        "const row = [...document.querySelectorAll('main tbody tr')].find((row) => row.textContent.includes('{number}')); \
         return row?.querySelector('a[href^=\"/approvals/\"]')?.getAttribute('href') ?? ''"
    );
    let path = crate::steps::text(browser, &script).await?;
    assert!(!path.is_empty(), "the extension of {number} waits");
    browser.goto(&path).await?;
    looks(browser).await?;
    browser.fill("opinion", "Agreed").await?;
    browser.click_css("main form button[name=verdict][value=approve]").await?;
    browser.goto(&path).await?;
    browser.see(then).await?;
    looks(browser).await
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
