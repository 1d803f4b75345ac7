//! The dashboard: every tile and every row of a table opens exactly the rows that it counts, and they foot.

use e2e::{Program, View, WalkError, walk};

use crate::steps::{log_in, looks};

#[tokio::test]
async fn every_figure_of_the_dashboard_opens_rows_that_foot() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("dashboard", program.address(), &View::ALL, async |browser| {
        log_in(browser, "fang").await?;
        browser.goto("/dashboard").await?;
        browser.see(browser.language().pick("逾期率", "Overdue rate")).await?;
        looks(browser).await?;
        if browser.view() != View::ALL[0] {
            return Ok(());
        }
        let found = browser.evaluate(include_str!("foots.js")).await?;
        assert!(found["seen"].as_u64() > Some(60), "{found}");
        assert_eq!(found["wrong"].as_array().map(Vec::len), Some(0), "{found:#}");
        browser.goto("/dashboard/migration").await?;
        looks(browser).await
    })
    .await
}
