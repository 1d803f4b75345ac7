//! The pages about the institution itself: settings, permissions and their review, the audit trail, notices.

use e2e::{Browser, Language, Program, View, WalkError, walk};

use crate::steps::{log_in, log_out, looks, send};

#[tokio::test]
async fn the_pages_of_the_house_fit_every_screen_in_both_languages() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("house", program.address(), &View::ALL, async |browser| {
        log_in(browser, "ma").await?;
        name_the_institution(browser).await?;
        for path in ["/permissions", "/permissions?roles=all", "/permissions/review", "/audit", "/notices?view=all"] {
            browser.goto(path).await?;
            looks(browser).await?;
        }
        log_out(browser).await?;
        log_in(browser, "lin").await?;
        add_an_account(browser).await
    })
    .await
}

/// What stands there stands on every page from then on.
async fn name_the_institution(browser: &mut Browser) -> Result<(), WalkError> {
    let (name, changed) = match browser.language() {
        Language::Chinese => ("示例惠民小额贷款有限公司", "马永强于"),
        Language::English => ("示例小额贷款有限公司（演示）", "Changed by"),
    };
    browser.goto("/institution").await?;
    browser.fill("name", name).await?;
    browser.fill("code", if browser.view().size == e2e::Size::Desk { "HC01" } else { "HC02" }).await?;
    send(browser).await?;
    browser.see(changed).await?;
    looks(browser).await
}

/// An account whose check digit does not fit comes in with a warning; whoever enters it is not offered to verify it.
async fn add_an_account(browser: &mut Browser) -> Result<(), WalkError> {
    browser.goto("/customers").await?;
    browser.see_css("main tbody a[href^='/customers/']").await?;
    let row = View::ALL.iter().position(|view| *view == browser.view()).unwrap_or(0);
    let script = format!(
        "return [...new Set([...document.querySelectorAll('main tbody a[href^=\"/customers/\"]')] \
         .map((link) => link.getAttribute('href')))][{row}]"
    );
    let file = crate::steps::text(browser, &script).await?;
    browser.goto(&format!("{file}/accounts/new")).await?;
    browser.fill("bank", "示例农商银行东湖支行").await?;
    browser.fill("number", "6222 0000 0000 0000 013").await?;
    looks(browser).await?;
    send(browser).await?;
    browser.see("622200*********0013").await?;
    browser.see(browser.language().pick("校验位不符", "Check digit does not fit")).await?;
    browser.see_no(browser.language().pick("核验银行账户", "Verify bank account")).await?;
    looks(browser).await
}
