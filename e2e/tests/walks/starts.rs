//! The demo's starts: the second finds the book of the first; a folder of somebody else's stays as it is.

use std::cell::RefCell;
use std::ffi::OsStr;

use e2e::{Program, View, WalkError, walk};

use crate::steps::{log_in, text};

#[tokio::test]
async fn the_second_start_finds_the_same_book_at_once() -> Result<(), WalkError> {
    let totals = RefCell::new(Vec::new());
    let mut program = Program::demo()?;
    for _ in 0..2 {
        walk("second-start", program.address(), &View::FIRST, async |browser| {
            log_in(browser, "fang").await?;
            browser.goto("/loans").await?;
            let total = text(browser, "return document.querySelector('main tfoot .grand').textContent").await?;
            totals.borrow_mut().push(total);
            Ok(())
        })
        .await?;
        program = program.again()?;
        assert!(!program.output().contains("正在生成"), "nothing is made again: {}", program.output());
    }
    let totals = totals.into_inner();
    assert!(!totals[0].is_empty(), "the ledger has a total");
    assert_eq!(totals[0], totals[1]);
    Ok(())
}

#[test]
fn a_folder_of_somebody_elses_and_a_damaged_book_are_told_and_left_alone() -> Result<(), WalkError> {
    let folder = tempfile::tempdir()?;
    let book = folder.path().join("loanward.db");
    let start = [OsStr::new("demo"), "--port".as_ref(), "0".as_ref(), "--data".as_ref(), folder.path().as_ref()];
    std::fs::write(&book, "a lender's own book")?;
    let said = Program::refusal(&start)?;
    assert!(said.contains("--data") && said.contains("已有其他内容"), "{said}");
    std::fs::write(folder.path().join("demo-starts"), "making")?;
    let said = Program::refusal(&start)?;
    assert!(said.contains("没有生成完"), "{said}");
    std::fs::write(folder.path().join("demo-starts"), "2")?;
    let said = Program::refusal(&start)?;
    assert!(said.contains("无法打开") && said.contains("remove the folder"), "{said}");
    assert_eq!(std::fs::read_to_string(&book)?, "a lender's own book");
    Ok(())
}
