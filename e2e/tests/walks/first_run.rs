//! The first day of an institution, from an empty folder: the set-up in the browser, a workbook, three days closed, a
//! backup, and the same book restored elsewhere; in both languages.

use std::ffi::OsStr;
use std::path::Path;

use e2e::{Browser, Language, Program, Size, View, WalkError, walk};

use crate::steps::{looks, text};

/// A book as lenders keep it.
const BOOK: &str = "../crates/servicing/tests/books/ledger-by-year.xlsx";
const PASSWORD: &str = "old boathouse 7 bells";
const WORDS: &str = "three bells at night";

#[tokio::test]
async fn a_newcomer_sets_an_institution_up_and_finds_the_same_book_after_a_restore() -> Result<(), WalkError> {
    // The small screens only look at the steps; the whole day is walked at a desk in each language.
    for language in [Language::Chinese, Language::English] {
        let program = Program::first_run()?;
        let output = program.output();
        let code = output.lines().find_map(|line| line.split_once("set-up code:")).map(|(_, code)| code.trim());
        let code = code.ok_or_else(|| WalkError::Program(format!("no code:\n{output}")))?.to_owned();
        let data = program.data().unwrap().to_owned();
        walk("first-run", program.address(), &[View::new(language, Size::Desk)], async |browser| {
            set_up(browser, &code).await?;
            log_in(browser).await?;
            bring_in(browser).await?;
            close(&data, "2026-07-03")?;
            browser.goto("/close/history").await?;
            looks(browser).await?;
            Ok(())
        })
        .await?;

        let elsewhere = tempfile::tempdir()?;
        let (copy, words) = (elsewhere.path().join("copy.loanward"), elsewhere.path().join("words"));
        std::fs::write(&words, WORDS)?;
        let made = backup(&data, &copy, &words)?;
        let other = elsewhere.path().join("book");
        restore(&copy, &words, &other)?;
        std::fs::copy(data.join("loanward.key"), other.join("loanward.key"))?;
        let again = backup(&other, &elsewhere.path().join("again.loanward"), &words)?;
        assert_eq!(facts(&made), facts(&again), "institution, date, rows and the root of the last sealed day");
        let restored = Program::serve(&other)?;
        walk("first-run-restored", restored.address(), &[View::new(language, Size::Desk)], async |browser| {
            log_in(browser).await?;
            browser.see("2026-07-04").await?;
            browser.goto("/import").await?;
            browser.see("ledger-by-year.xlsx").await?;
            looks(browser).await?;
            // The first run is over there too.
            browser.expect_console("404");
            browser.goto("/setup").await?;
            browser.see_no("code").await
        })
        .await?;
    }
    Ok(())
}

/// Every step of the set-up, with its picture.
async fn set_up(browser: &mut Browser, code: &str) -> Result<(), WalkError> {
    let next = "main form button[type=submit]";
    browser.goto("/").await?;
    browser.fill("code", code).await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("你们是哪类机构", "What kind of institution")).await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("首个营业日", "First business date")).await?;
    browser.fill("institution", "衡川小额贷款有限公司").await?;
    browser.fill("opens_on", "2026-07-01").await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see("loanward demo").await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see("loanward.key").await?;
    browser.click_css("input[name=key_copied]").await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("为什么要两个人", "Why two")).await?;
    let typed = [("login", "fang"), ("name", "方某"), ("second_login", "qin"), ("second_name", "秦某")];
    for (field, value) in typed.into_iter().chain([("password", PASSWORD), ("again", PASSWORD)]) {
        browser.fill(field, value).await?;
    }
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("已建账", "is set up")).await?;
    let handed = text(browser, "return document.querySelector('#second-password').textContent").await?;
    assert_eq!(handed.len(), 19, "the second person's password is shown once");
    looks(browser).await
}

async fn log_in(browser: &mut Browser) -> Result<(), WalkError> {
    browser.goto("/login").await?;
    browser.fill("user", "fang").await?;
    browser.fill("password", PASSWORD).await?;
    browser.click_css("button[type=submit]").await?;
    browser.see("2026-07-0").await
}

async fn bring_in(browser: &mut Browser) -> Result<(), WalkError> {
    let language = browser.language();
    browser.goto("/import").await?;
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK).canonicalize()?;
    browser.fill(language.pick("文件", "File"), &book.display().to_string()).await?;
    browser.click_css("main form[enctype] button[type=submit]").await?;
    browser.see(language.pick("试算", "Dry run")).await?;
    looks(browser).await?;
    browser.fill("as_of", "2026-06-30").await?;
    browser.fill("product", "business_equal").await?;
    browser.click_css("main form[action$='/answers'] .buttons button[type=submit]").await?;
    browser.see("147").await?;
    looks(browser).await?;
    browser.click_css("main form[action$='/write'] input[value=rest]").await?;
    browser.click_css("main form[action$='/write'] button[type=submit]").await?;
    browser.see(language.pick("已写入台账", "rows were refused")).await?;
    looks(browser).await
}

fn close(data: &Path, until: &str) -> Result<(), WalkError> {
    let said =
        Program::run(&["close".as_ref(), "--until".as_ref(), until.as_ref(), "--data".as_ref(), data.as_os_str()])?;
    assert!(said.contains("sealed 3 days"), "{said}");
    Ok(())
}

fn backup(data: &Path, to: &Path, words: &Path) -> Result<String, WalkError> {
    let place: [&OsStr; 3] = ["backup".as_ref(), "--data".as_ref(), data.as_os_str()];
    let file: [&OsStr; 4] = ["--to".as_ref(), to.as_os_str(), "--passphrase-file".as_ref(), words.as_os_str()];
    Program::run(&[&place[..], &file[..]].concat())
}

fn restore(file: &Path, words: &Path, data: &Path) -> Result<(), WalkError> {
    let place: [&OsStr; 4] = ["restore".as_ref(), file.as_os_str(), "--data".as_ref(), data.as_os_str()];
    let key: [&OsStr; 2] = ["--passphrase-file".as_ref(), words.as_os_str()];
    let said = Program::run(&[&place[..], &key[..]].concat())?;
    assert!(said.contains("every table is equal to the backup's"), "{said}");
    Ok(())
}

/// What a backup says of the book, without when and where it was made.
fn facts(said: &str) -> Vec<String> {
    let lines = said.lines().skip(1);
    lines.map(|line| line.split("  made at").next().unwrap_or(line).to_owned()).collect()
}
