//! Bad input in the browser: forms come back with what was typed, a double click does nothing twice.

use e2e::{Program, View, WalkError, walk};

use crate::steps::{log_in, looks, open_the_first_loan, send, text};

#[tokio::test]
async fn a_form_comes_back_with_what_was_typed_and_a_double_click_books_once() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("entry", program.address(), &[View::ALL[0], View::ALL[3]], async |browser| {
        browser.expect_console("status of 422");
        log_in(browser, "fang").await?;
        browser.goto("/loans?view=overdue").await?;
        open_the_first_loan(browser).await?;
        let loan = browser.path().await?;
        browser.click_css("main a[href$='/repayments/new']").await?;
        browser.fill("amount", "12,34x").await?;
        send(browser).await?;
        browser.see("12,34x").await?;
        looks(browser).await?;
        let kept = text(browser, "return document.querySelector('[name=amount]').value").await?;
        assert_eq!(kept, "12,34x", "the form keeps what was typed");
        let amount = browser.language().pick("10.01", "10.02");
        browser.fill("amount", amount).await?;
        let twice = "const send = document.querySelector('main form .buttons button[type=submit]'); \
                     send.click(); send.click(); return true";
        browser.evaluate(twice).await?;
        browser.see(browser.language().pick("打印回单", "Print receipt")).await?;
        let again = format!(
            "const request = new XMLHttpRequest(); request.open('GET', '{loan}?tab=transactions', false); request.send(); \
             const page = new DOMParser().parseFromString(request.responseText, 'text/html'); \
             const rows = [...page.querySelectorAll('main tr')].filter((row) => row.querySelector('a[href*=\"/transactions/\"]')); \
             return rows.filter((row) => row.textContent.includes('{amount}')).length"
        );
        assert_eq!(browser.evaluate(&again).await?.as_u64(), Some(1), "booked once");
        Ok(())
    })
    .await
}
