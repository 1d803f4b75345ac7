//! A file from nothing to its class: a person, papers with a scan, consent before the credit query, data, the grade that
//! appears, and why; in both languages and on a phone.

use e2e::{Browser, Language, Program, View, WalkError, walk};

use crate::steps::{log_in, looks, send, text};

#[tokio::test]
async fn a_file_grows_from_a_name_to_a_grade_that_says_why() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("customer-file", program.address(), &[View::ALL[0], View::ALL[1], View::ALL[3]], async |browser| {
        browser.expect_console("status of 422");
        log_in(browser, "lin").await?;
        let serial = match (browser.language(), browser.view() == View::ALL[3]) {
            (Language::Chinese, false) => 141,
            (Language::English, false) => 143,
            (_, true) => 145,
        };
        let file = open(browser, &resident(serial)).await?;
        hand_in(browser, &file).await?;
        query_credit(browser, &file).await?;
        let given = [
            ("risk", "capacity_level", "strong"),
            ("risk", "risk_level", "low"),
            ("score", "composite_score_centi", "86.5"),
        ];
        for (group, item, value) in given {
            browser.goto(&format!("{file}/data/{group}/new")).await?;
            browser.fill(item, value).await?;
            send(browser).await?;
            browser.see(browser.language().pick("资料完整度", "complete")).await?;
        }
        looks(browser).await?;
        why(browser, &file).await
    })
    .await
}

/// A resident number of an impossible division with the check character of GB 11643.
fn resident(serial: u32) -> String {
    let base = format!("99010119900101{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = base.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    format!("{base}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('X'))
}

/// Opens a person; where the file stands.
async fn open(browser: &mut Browser, number: &str) -> Result<String, WalkError> {
    browser.goto("/customers/new").await?;
    browser.fill("name", "端木演示").await?;
    browser.fill("identity", number).await?;
    send(browser).await?;
    browser.see(browser.language().pick("新增联系方式", "Add a contact")).await?;
    let path = browser.path().await?;
    Ok(path.split('?').next().unwrap_or(&path).to_owned())
}

/// The list of papers: what is missing, one that is no paper, two that are.
async fn hand_in(browser: &mut Browser, file: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{file}?tab=documents")).await?;
    browser.see(browser.language().pick("必备 4 份，有效 0 份", "0 of 4 required papers")).await?;
    looks(browser).await?;
    browser.goto(&format!("{file}/documents/new?of=identity")).await?;
    browser.fill("file", &scan("page.html", b"<html></html>")?).await?;
    looks(browser).await?;
    send(browser).await?;
    browser.see(browser.language().pick("不属于可保存的类型", "none of the kinds")).await?;
    looks(browser).await?;
    for kind in ["identity", "credit_authorisation"] {
        browser.goto(&format!("{file}/documents/new?of={kind}")).await?;
        browser.fill("file", &scan("scan.pdf", b"%PDF-1.4\n%%EOF\n")?).await?;
        browser.fill("number", "DEMO20260001").await?;
        send(browser).await?;
        browser.see("***0001").await?;
    }
    browser.see(browser.language().pick("有效 2 份", "2 of 4")).await?;
    looks(browser).await
}

/// A file to attach, with this content.
fn scan(name: &str, content: &[u8]) -> Result<String, WalkError> {
    let path = std::env::temp_dir().join(format!("loanward-walk-{}-{name}", std::process::id()));
    std::fs::write(&path, content).map_err(|error| WalkError::Unwanted {
        what: format!("the scan cannot be written: {error}"),
        address: path.display().to_string(),
    })?;
    Ok(path.display().to_string())
}

/// A query under the authorisation that was handed in.
async fn query_credit(browser: &mut Browser, file: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{file}/credit/new")).await?;
    browser.fill("record", "good").await?;
    browser.fill("level", "flawed").await?;
    looks(browser).await?;
    send(browser).await?;
    browser.see(browser.language().pick("申请调整级别", "Ask for an adjustment")).await?;
    looks(browser).await
}

/// The grade is there, and its derivation names the report.
async fn why(browser: &mut Browser, file: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{file}?tab=standing")).await?;
    browser.see(browser.language().pick("优秀", "Excellent")).await?;
    looks(browser).await?;
    browser.goto(&format!("{file}/standing/credit_grade/why")).await?;
    browser.see(browser.language().pick("信用报告", "Credit report")).await?;
    looks(browser).await?;
    let shown = text(browser, "return document.body.innerText").await?;
    assert!(shown.contains("86.5"), "the facts of the grade: {shown}");
    Ok(())
}
