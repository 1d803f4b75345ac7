//! The first day of an institution, from an empty folder: the set-up in the browser, a workbook, three days closed and
//! a copy taken by the buttons of their pages, and the same figures on the screen after a restore elsewhere; in both
//! languages. Before it, a look around in the demo book.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use e2e::{Browser, Language, Program, Size, View, WalkError, walk};

use crate::steps::{log_out, looks, text};

/// A book as lenders keep it.
const BOOK: &str = "../crates/servicing/tests/books/ledger-by-year.xlsx";
pub(crate) const PASSWORD: &str = "old boathouse 7 bells";

#[tokio::test]
async fn a_newcomer_sets_an_institution_up_and_finds_the_same_book_after_a_restore() -> Result<(), WalkError> {
    // The small screens only look at the steps; the whole day is walked at a desk in each language.
    for language in [Language::Chinese, Language::English] {
        let elsewhere = tempfile::tempdir()?;
        let (key, copies) = (elsewhere.path().join("backup.key"), elsewhere.path().join("copies"));
        Program::run(&["backup".as_ref(), "--new-key".as_ref(), key.as_os_str()])?;
        let more = ["--backup-dir".as_ref(), copies.as_os_str(), "--backup-key".as_ref(), key.as_os_str()];
        let program = Program::first_run(&more)?;
        let code = code_of(&program)?;
        let desk = [View::new(language, Size::Desk)];
        let (shown, file) = (RefCell::new(Vec::new()), RefCell::new(PathBuf::new()));
        walk("first-run", program.address(), &desk, async |browser| {
            enter(browser, &code).await?;
            let handed = set_up(browser, "microloan").await?;
            log_in(browser, "fang", PASSWORD).await?;
            bring_in(browser).await?;
            let first = let_in(browser, "chen", "general_manager").await?;
            for day in ["2026-07-01", "2026-07-02", "2026-07-03"] {
                close(browser, day).await?;
            }
            // The second person confirms what the first one asked for.
            change_hands(browser, "qin", &handed).await?;
            confirm_all(browser).await?;
            change_hands(browser, "chen", &first).await?;
            shown.replace(figures(browser).await?);
            log_out(browser).await?;
            log_in(browser, "fang", PASSWORD).await?;
            file.replace(back_up(browser, &copies).await?);
            Ok(())
        })
        .await?;

        let other = elsewhere.path().join("book");
        restore(&file.into_inner(), &key, &other)?;
        std::fs::copy(program.data().unwrap().join("loanward.key"), other.join("loanward.key"))?;
        drop(program);
        let restored = Program::serve(&other)?;
        walk("first-run-restored", restored.address(), &desk, async |browser| {
            log_in(browser, "chen", PASSWORD).await?;
            browser.see("2026-07-04").await?;
            assert_eq!(
                figures(browser).await?,
                *shown.borrow(),
                "the dashboard and the ledger say the same to the fen"
            );
            // The first run is over there too.
            browser.expect_console("404");
            browser.goto("/setup").await?;
            browser.see_no("code").await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_newcomer_looks_around_in_the_demo_book_before_setting_up() -> Result<(), WalkError> {
    let program = Program::first_run_beside_demo()?;
    let code = code_of(&program)?;
    let folder = program.data().unwrap().join("demo");
    walk("first-run-demo", program.address(), &View::FIRST, async |browser| {
        enter(browser, &code).await?;
        browser.click("先用演示账簿看看").await?;
        while browser.evaluate("return !document.querySelector('#demo-open')").await? == true {
            browser.click_css("#demo-again").await?;
        }
        looks(browser).await?;
        let address = text(browser, "return document.querySelector('#demo-open').href").await?;
        assert!(address.starts_with("http://127.0.0.1:") && !address.starts_with(program.address()), "{address}");
        browser.evaluate(&format!("location.href = '{address}'; return true")).await?;
        browser.see("loanward-demo").await?;
        browser.fill("user", "fang").await?;
        browser.fill("password", "loanward-demo").await?;
        browser.click_css("button[type=submit]").await?;
        browser.see("2026-11-20").await?;
        looks(browser).await?;
        browser.goto("/setup?step=kind").await?;
        set_up(browser, "microloan").await?;
        assert!(!folder.exists(), "it is gone with the set-up");
        Ok(())
    })
    .await
}

/// The code that the console prints.
pub(crate) fn code_of(program: &Program) -> Result<String, WalkError> {
    let output = program.output();
    let code = output.lines().find_map(|line| line.split_once("set-up code:")).map(|(_, code)| code.trim());
    code.map(str::to_owned).ok_or_else(|| WalkError::Program(format!("no code:\n{output}")))
}

pub(crate) async fn enter(browser: &mut Browser, code: &str) -> Result<(), WalkError> {
    browser.goto("/").await?;
    browser.fill("code", code).await?;
    looks(browser).await?;
    browser.click_css(NEXT).await?;
    browser.see(browser.language().pick("您的机构属于哪一类", "What kind of institution")).await
}

/// What goes on from one step to the next; the buttons beside belong to other forms.
const NEXT: &str = "main form .door-foot button.primary, main form.doorform button[type=submit]";

/// Every step of the set-up, with its picture; the password of the second person.
pub(crate) async fn set_up(browser: &mut Browser, pack: &str) -> Result<String, WalkError> {
    let next = NEXT;
    browser.click_css(&format!("main input[name=pack][value={pack}]")).await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("首个营业日", "First business date")).await?;
    browser.fill("institution", "衡川小额贷款有限公司").await?;
    browser.fill("opens_on", "2026-07-01").await?;
    looks(browser).await?;
    browser.click_css(next).await?;
    browser.see(browser.language().pick("账从哪来", "Where the book comes from")).await?;
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
    looks(browser).await?;
    Ok(handed)
}

pub(crate) async fn log_in(browser: &mut Browser, login: &str, password: &str) -> Result<(), WalkError> {
    browser.goto("/login").await?;
    browser.fill("user", login).await?;
    browser.fill("password", password).await?;
    browser.click_css("button[type=submit]").await?;
    browser.see("2026-07-0").await
}

/// Somebody comes for the first time and chooses a password.
pub(crate) async fn change_hands(browser: &mut Browser, login: &str, first: &str) -> Result<(), WalkError> {
    log_out(browser).await?;
    browser.goto("/login").await?;
    browser.fill("user", login).await?;
    browser.fill("password", first).await?;
    browser.click_css("button[type=submit]").await?;
    for (field, value) in [("old", first), ("new", PASSWORD), ("again", PASSWORD)] {
        browser.fill(field, value).await?;
    }
    browser.click_css("main form button[type=submit]").await?;
    browser.see("2026-07-0").await
}

/// Lets somebody in with a role; the one-time password.
pub(crate) async fn let_in(browser: &mut Browser, login: &str, role: &str) -> Result<String, WalkError> {
    browser.goto("/users/new").await?;
    browser.fill("login", login).await?;
    browser.fill("name", "陈某").await?;
    browser.click_css("main form button[type=submit]").await?;
    browser.see(browser.language().pick("口令", "password")).await?;
    looks(browser).await?;
    let first = text(browser, "return document.querySelector('main code.rule').textContent").await?;
    browser.click_css("main a.btn.primary[href^='/users/']").await?;
    browser.fill("role", role).await?;
    browser.click_css("main form[action$='/roles'] button[type=submit]").await?;
    // Asked for, and waiting: the role itself stands on the page before, to be chosen.
    browser.see_css("main li .badge").await?;
    looks(browser).await?;
    Ok(first)
}

/// Confirms every role that waits for this person.
pub(crate) async fn confirm_all(browser: &mut Browser) -> Result<(), WalkError> {
    let waits = "return document.querySelectorAll(\"main form[action$='/confirm']\").length";
    browser.goto("/users/grants").await?;
    looks(browser).await?;
    let mut left = browser.evaluate(waits).await?.as_u64().unwrap_or(0);
    assert!(left > 0, "the role of the third person waits");
    while left > 0 {
        browser.click_css("main form[action$='/confirm'] button").await?;
        browser.goto("/users/grants").await?;
        left = browser.evaluate(waits).await?.as_u64().unwrap_or(0);
    }
    Ok(())
}

/// Closes the day that is open, by the button of its page.
pub(crate) async fn close(browser: &mut Browser, day: &str) -> Result<(), WalkError> {
    let language = browser.language();
    browser.goto("/close").await?;
    browser.see(day).await?;
    browser.click(language.pick("开始日终", "Start")).await?;
    let done = crate::close::sealed(browser, day, language.pick("已封账", "Sealed")).await?;
    assert!(done, "{day} is sealed within half a minute");
    looks(browser).await
}

/// What the dashboard and the ledger say, as a person reads them.
async fn figures(browser: &mut Browser) -> Result<Vec<String>, WalkError> {
    let mut all = Vec::new();
    for (path, shows) in [("/dashboard", "2026-07-0"), ("/loans?view=open", "NB2026")] {
        browser.goto(path).await?;
        browser.see(shows).await?;
        looks(browser).await?;
        let page = text(browser, "return document.querySelector('main').innerText").await?;
        assert!(page.chars().filter(char::is_ascii_digit).count() > 50, "{path} shows figures: {page}");
        all.push(page);
    }
    Ok(all)
}

/// Takes a copy by the button of its page; the file.
async fn back_up(browser: &mut Browser, copies: &Path) -> Result<PathBuf, WalkError> {
    let files = || {
        let names = std::fs::read_dir(copies).into_iter().flatten().flatten().map(|entry| entry.path());
        names.filter(|path| path.extension().is_some_and(|end| end == "loanward")).max()
    };
    let before = files();
    browser.goto("/backups").await?;
    browser.click_css("main form[action='/backups/now'] button, form[action='/backups/now'] button").await?;
    for _ in 0..120 {
        if let Some(file) = files().filter(|file| Some(file) != before.as_ref()) {
            browser.goto("/backups").await?;
            browser.see(&file.file_name().unwrap_or_default().to_string_lossy()).await?;
            browser.see(browser.language().pick("已完成", "Done")).await?;
            looks(browser).await?;
            return Ok(file);
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    Err(WalkError::Program("no copy was made within a minute".to_owned()))
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

fn restore(file: &Path, key: &Path, data: &Path) -> Result<(), WalkError> {
    let place: [&OsStr; 4] = ["restore".as_ref(), file.as_os_str(), "--data".as_ref(), data.as_os_str()];
    let key: [&OsStr; 2] = ["--key-file".as_ref(), key.as_os_str()];
    let said = Program::run(&[&place[..], &key[..]].concat())?;
    assert!(said.contains("every table is equal to the backup's"), "{said}");
    Ok(())
}
