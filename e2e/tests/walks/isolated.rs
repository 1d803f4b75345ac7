//! A loan that cannot be computed holds up the day; a supervisor answers for it with a reason, and the day is sealed.

use std::path::Path;

use e2e::{Browser, Program, View, WalkError, walk};
use rusqlite::Connection;

use crate::steps::{log_in, log_in_on, log_out, looks};

#[tokio::test]
async fn a_supervisor_answers_for_an_isolated_loan_and_the_day_is_sealed() -> Result<(), WalkError> {
    let program = Program::demo()?;
    damage_a_loan(&program.data().unwrap().join("loanward.db"));
    walk("isolated", program.address(), &View::FIRST, async |browser| {
        log_in(browser, "fang").await?;
        browser.goto("/close").await?;
        // Nothing was compared yet, so nothing agrees yet.
        browser.see("尚未核对").await?;
        browser.see_no("相符 0").await?;
        looks(browser).await?;
        browser.click("开始日终").await?;
        wait(browser, "待处理").await?;
        browser.goto("/close").await?;
        browser.see("隔离：").await?;
        looks(browser).await?;
        log_out(browser).await?;
        log_in_on(browser, "tang", "2026-11-21").await?;
        browser.goto("/close").await?;
        browser.fill("不处理完也可封账的理由", "流水已核对，待更正误记的减免").await?;
        browser.click("确认并允许封账").await?;
        browser.see("唐国栋").await?;
        browser.see("待更正误记的减免").await?;
        looks(browser).await?;
        browser.click("继续日终").await?;
        wait(browser, "已封账").await?;
        browser.goto("/close/history?day=2026-11-20").await?;
        browser.see("待更正误记的减免").await?;
        looks(browser).await
    })
    .await
}

/// Waits until the history says this of the day.
async fn wait(browser: &mut Browser, word: &str) -> Result<(), WalkError> {
    for _ in 0..120 {
        browser.goto("/close/history").await?;
        let rows = browser.rows("main table").await?;
        let of_day = rows.iter().find(|row| row.iter().any(|cell| cell.contains("2026-11-20")));
        if of_day.is_some_and(|row| row.iter().any(|cell| cell.contains(word))) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    browser.see(word).await
}

/// Makes a payment a waiver of more than was ever owed, on a loan that the next day looks at: as a disk or a hand may do.
fn damage_a_loan(file: &Path) {
    let book = Connection::open(file).unwrap();
    let damaged = book.execute(
        "update loan_transaction set kind = 'waive', \
         body_json = '{\"waive\":{\"head\":\"penalty\",\"amount\":99999999999}}' where kind = 'repay' and id = \
         (select max(t.id) from loan_transaction t join loan_position p on p.loan_id = t.loan_id \
         where t.kind = 'repay' and p.status = 'overdue' and p.next_event_on <= '2026-11-21')",
        [],
    );
    assert!(damaged.unwrap() > 0, "the book has such a loan");
    book.close().unwrap();
}
