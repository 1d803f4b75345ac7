//! The day close: begun by a click, its steps and proofs in sight, sealed; the next day stands on every page.

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, looks};

#[tokio::test]
async fn a_day_is_closed_with_its_proofs_and_sealed() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("close", program.address(), &View::FIRST, async |browser| {
        let language = browser.language();
        log_in(browser, "fang").await?;
        browser.goto("/close").await?;
        browser.see(language.pick("开始日终", "Start")).await?;
        looks(browser).await?;
        browser.click(language.pick("开始日终", "Start")).await?;
        browser.screenshot().await?;
        let sealed = sealed(browser, "2026-11-20", language.pick("已封账", "Sealed")).await?;
        assert!(sealed, "the day is sealed within half a minute");
        looks(browser).await?;
        browser.goto("/close").await?;
        browser.see("2026-11-21").await?;
        looks(browser).await
    })
    .await?;
    // The figures of the new day, and where they come from, on a phone too.
    walk("closed-day", program.address(), &[View::ALL[1], View::ALL[2]], async |browser| {
        browser.goto("/login").await?;
        browser.fill("user", "fang").await?;
        browser.fill("password", "loanward-demo").await?;
        browser.click_css("button[type=submit]").await?;
        browser.see("2026-11-21").await?;
        browser.goto(browser.language().pick("/close/history?lang=zh-CN", "/close/history?lang=en")).await?;
        browser.see("2026-11-20").await?;
        looks(browser).await
    })
    .await
}

/// Waits until the history says that a day is sealed.
pub async fn sealed(browser: &mut Browser, day: &str, word: &str) -> Result<bool, WalkError> {
    for _ in 0..60 {
        browser.goto("/close/history").await?;
        let rows = browser.rows("main table").await?;
        let of_day = rows.iter().find(|row| row.iter().any(|cell| cell.contains(day)));
        if of_day.is_some_and(|row| row.iter().any(|cell| cell.contains(word))) {
            return Ok(true);
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    Ok(false)
}
