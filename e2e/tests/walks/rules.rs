//! A changed rule: drafted in the grid, checked, compared on the book, submitted; two others agree; after the close past
//! its first day the loan shows the new class and why.

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, log_in_on, log_out, looks, text};

#[tokio::test]
async fn a_class_boundary_is_changed_compared_approved_and_the_loan_shows_it() -> Result<(), WalkError> {
    // S1-01
    let program = Program::demo()?;
    walk("rules", program.address(), &View::FIRST, async |browser| {
        browser.expect_console("status of 409");
        log_in(browser, "compliance_admin").await?;
        let draft = begin(browser).await?;
        narrow(browser, &draft).await?;
        compare(browser, &draft).await?;
        browser.goto(&draft).await?;
        looks(browser).await?;
        browser.click("提交审批").await?;
        browser.see("对比报告").await?;
        looks(browser).await?;
        let approval = browser.path().await?;
        for login in ["guo", "cao"] {
            log_out(browser).await?;
            log_in(browser, login).await?;
            browser.goto(&approval).await?;
            browser.fill("opinion", "同意，早认不良").await?;
            browser.click_css("main form button[name=verdict][value=approve]").await?;
            browser.see("同意，早认不良").await?;
        }
        looks(browser).await?;
        closed_past(browser).await?;
        log_in_on(browser, "guo", "2026-11-21").await?;
        the_loan_shows_it(browser).await
    })
    .await
}

#[tokio::test]
async fn the_desk_is_read_in_english_and_on_a_phone() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("desk", program.address(), &[View::ALL[1], View::ALL[3]], async |browser| {
        log_in(browser, "compliance_admin").await?;
        browser.goto("/policies").await?;
        looks(browser).await?;
        browser.fill("title", "Stricter classes").await?;
        browser.click("Begin a new version").await?;
        browser.see("Decision tables").await?;
        looks(browser).await?;
        let draft = browser.path().await?;
        for page in ["tables/asset_class", "tables/overdue_action", "parameters/npl_min_overdue_days", "articles/new"] {
            browser.goto(&format!("{draft}/{page}")).await?;
            looks(browser).await?;
        }
        browser.goto("/policies/switches").await?;
        browser.see("Contradictions").await?;
        looks(browser).await
    })
    .await
}

/// Begins a draft that shall rule from tomorrow; its page.
async fn begin(browser: &mut Browser) -> Result<String, WalkError> {
    browser.goto("/policies").await?;
    looks(browser).await?;
    browser.fill("title", "收紧五级分类").await?;
    browser.click("起草新版本").await?;
    browser.see("本机构账上的影响").await?;
    let draft = browser.path().await?;
    browser.fill("day", "2026-11-21").await?;
    browser.fill("note", "逾期三十日以上即认不良").await?;
    browser.click("保存").await?;
    browser.see("2026-11-21").await?;
    Ok(draft)
}

/// One cell leaves a gap that the check shows at once; the next closes it.
async fn narrow(browser: &mut Browser, draft: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{draft}/tables/asset_class")).await?;
    browser.see("没有缺口").await?;
    looks(browser).await?;
    write(browser, "r1c1", "[1..30]").await?;
    browser.see("缺口 1").await?;
    looks(browser).await?;
    write(browser, "r2c1", "[31..param.doubtful_min_overdue_days").await?;
    browser.see("第 3 行 逾期天数").await?;
    let marked = "return document.querySelector('#r2c1').getAttribute('aria-invalid') ?? ''";
    assert_eq!(text(browser, marked).await?, "true", "the cell itself is marked");
    looks(browser).await?;
    write(browser, "r2c1", "[31..param.doubtful_min_overdue_days)").await?;
    browser.see("缺口 0").await?;
    browser.see("第 3 行").await?;
    looks(browser).await
}

/// Types into a cell as a person does, and leaves it by Enter.
async fn write(browser: &mut Browser, cell: &str, words: &str) -> Result<(), WalkError> {
    let script = format!(
        "const field = document.getElementById('{cell}'); field.focus(); field.value = '{words}'; \
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); \
         field.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Enter', bubbles: true, cancelable: true }})); \
         return document.activeElement.id"
    );
    let next = text(browser, &script).await?;
    let (row, column) = cell.trim_start_matches('r').split_once('c').unwrap_or_default();
    let below = format!("r{}c{column}", row.parse::<u32>().unwrap_or(0) + 1);
    assert_eq!(next, below, "Enter goes to the row below");
    Ok(())
}

/// Compares today and the last month-end, and looks at what changes.
async fn compare(browser: &mut Browser, draft: &str) -> Result<(), WalkError> {
    browser.goto(draft).await?;
    browser.see("请先在本机构账上对比").await?;
    browser.evaluate("document.getElementById('f-months').value = '1'; return true").await?;
    browser.click("在本机构账上对比").await?;
    browser.see("不良余额").await?;
    browser.see("截至 2026-10-31").await?;
    looks(browser).await?;
    browser.click_css("td.worse a").await?;
    browser.see("变动明细").await?;
    looks(browser).await
}

/// Closes the day before the first day of the version.
async fn closed_past(browser: &mut Browser) -> Result<(), WalkError> {
    log_out(browser).await?;
    log_in(browser, "fang").await?;
    for day in ["2026-11-20"] {
        browser.goto("/close").await?;
        browser.click("开始日终").await?;
        sealed(browser, day).await?;
    }
    log_out(browser).await
}

/// Waits until a day is sealed.
async fn sealed(browser: &mut Browser, day: &str) -> Result<(), WalkError> {
    for _ in 0..120 {
        browser.goto("/close/history").await?;
        let rows = browser.rows("main table").await?;
        if rows.iter().any(|row| row.iter().any(|c| c.contains(day)) && row.iter().any(|c| c.contains("已封账"))) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("{day} is not sealed within a minute")
}

/// A loan between 31 and 89 days overdue is substandard now, and says by which row.
async fn the_loan_shows_it(browser: &mut Browser) -> Result<(), WalkError> {
    browser.goto("/loans?view=overdue&overdue.from=31&overdue.to=89").await?;
    browser.see("次级").await?;
    looks(browser).await?;
    let first = "return document.querySelector('main tbody a[href^=\"/loans/\"]').getAttribute('href')";
    let loan = text(browser, first).await?;
    browser.goto(&format!("{loan}/why/class")).await?;
    browser.see("最接近而未命中的行").await?;
    browser.see("[1..30]").await?;
    looks(browser).await
}
