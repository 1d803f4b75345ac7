//! A collector's day: the queue, whom one may call now, the call through the guard, its outcome, the next case; then the
//! lists of letters, clocks and legal files.

use e2e::{Program, View, WalkError, walk};

use crate::steps::{log_in, looks};

#[tokio::test]
async fn a_collector_calls_through_the_guard_and_goes_on_to_the_next_case() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("collecting", program.address(), &View::FIRST, async |browser| {
        log_in(browser, "wu").await?;
        browser.goto("/collections/work").await?;
        browser.see("可以联系谁").await?;
        // Without an allowance there is no outcome to enter.
        browser.see("请先申请联系").await?;
        looks(browser).await?;
        browser.fill("理由", "承诺今日到期，询问还款").await?;
        browser.click_css(".work-centre button[form='call']").await?;
        // The number stands on the desk, beside the script, the sums and the outcomes.
        browser.see("开场先表明机构与工号").await?;
        looks(browser).await?;
        // What was begun needs its outcome before the next.
        browser.see("前次联系须先登记结果").await?;
        looks(browser).await?;
        browser.click_css(".codes label[data-key='3']").await?;
        browser.fill("对方原话", "家中有病人，本月无力偿还").await?;
        browser.click_css(".work-right button[type=submit]").await?;
        browser.see("请先申请联系").await?;
        browser.see_no("前次联系须先登记结果").await?;
        looks(browser).await?;
        for (place, word) in [
            ("/collections/cases", "催收案件"),
            ("/collections/promises", "还款承诺"),
            ("/collections/frequency", "频次"),
            ("/collections/letters?view=all", "正式催款函"),
            ("/collections/clocks?view=all", "债务人"),
            ("/collections/legal", "法律追偿"),
            ("/collections/conduct", "行为"),
        ] {
            browser.goto(place).await?;
            browser.see(word).await?;
            looks(browser).await?;
        }
        Ok(())
    })
    .await
}
