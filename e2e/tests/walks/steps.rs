//! Steps that many walks begin with.

use e2e::{Browser, Language, WalkError};

/// Everybody's password in the demo book.
const PASSWORD: &str = "loanward-demo";

/// Logs in and waits for the duties of the home page.
pub async fn log_in(browser: &mut Browser, login: &str) -> Result<(), WalkError> {
    browser.goto("/login").await?;
    let language = browser.language();
    browser.fill(language.pick("用户名", "User name"), login).await?;
    browser.fill(language.pick("口令", "Password"), PASSWORD).await?;
    browser.screenshot().await?;
    browser.click_css("button[type=submit]").await?;
    // Whoever is inside sees the business date, in every language.
    browser.see("2026-11-20").await?;
    // The language of the person's account holds from here on; the walk's own is chosen in the address.
    browser.goto(language.pick("/?lang=zh-CN", "/?lang=en")).await?;
    match language {
        Language::Chinese => browser.see("待办").await,
        Language::English => browser.see("My day").await,
    }
}
