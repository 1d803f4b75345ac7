//! Steps that many walks begin with.

use e2e::{Browser, Language, WalkError};

/// Everybody's password in the demo book.
const PASSWORD: &str = "loanward-demo";

/// Logs in and waits for the duties of the home page.
pub async fn log_in(browser: &mut Browser, login: &str) -> Result<(), WalkError> {
    log_in_on(browser, login, "2026-11-20").await
}

/// The same on another business date.
pub async fn log_in_on(browser: &mut Browser, login: &str, day: &str) -> Result<(), WalkError> {
    browser.goto("/login").await?;
    let language = browser.language();
    browser.fill(language.pick("用户名", "User name"), login).await?;
    browser.fill(language.pick("口令", "Password"), PASSWORD).await?;
    browser.screenshot().await?;
    browser.click_css("button[type=submit]").await?;
    // Whoever is inside sees the business date, in every language.
    browser.see(day).await?;
    // The language of the person's account holds from here on; the walk's own is chosen in the address.
    browser.goto(language.pick("/?lang=zh-CN", "/?lang=en")).await?;
    match language {
        Language::Chinese => browser.see("待办").await,
        Language::English => browser.see("My day").await,
    }
}

/// Every page fits its screen and leaves a picture.
pub async fn looks(browser: &mut Browser) -> Result<(), WalkError> {
    browser.screenshot().await?;
    browser.fits().await
}

/// Leaves, so that somebody else can sit down.
pub async fn log_out(browser: &mut Browser) -> Result<(), WalkError> {
    browser.evaluate("document.querySelector(\"form[action='/logout']\").requestSubmit(); return true").await?;
    browser.see(browser.language().pick("口令", "Password")).await
}

/// Opens the first loan of the list that is shown.
pub async fn open_the_first_loan(browser: &mut Browser) -> Result<(), WalkError> {
    browser.see_css("main tbody a[href^='/loans/']").await?;
    let script = "return document.querySelector('main tbody a[href^=\"/loans/\"]').getAttribute('href')";
    let path = text(browser, script).await?;
    browser.goto(&path).await?;
    browser.see(browser.language().pick("还款计划", "Schedule")).await?;
    looks(browser).await
}

/// Sends the form of the page.
pub async fn send(browser: &mut Browser) -> Result<(), WalkError> {
    browser.click_css("main form .buttons button[type=submit]").await
}

/// What a script finds, as text.
pub async fn text(browser: &Browser, script: &str) -> Result<String, WalkError> {
    Ok(browser.evaluate(script).await?.as_str().unwrap_or_default().to_owned())
}
