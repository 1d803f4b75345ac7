//! Customers: wrong numbers are told beside their field, a file is found by initials, a look at an identity number
//! leaves its reason in the audit trail.

use e2e::{Browser, Language, Program, View, WalkError, walk};

use crate::steps::{log_in, log_out, looks, send, text};

#[tokio::test]
async fn a_file_is_opened_found_and_shown_only_with_a_reason() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("customers", program.address(), &[View::ALL[0], View::ALL[3]], async |browser| {
        browser.expect_console("status of 422");
        log_in(browser, "lin").await?;
        let (name, initials, serial) = match browser.language() {
            Language::Chinese => ("欧阳演示", "oyys", 121),
            Language::English => ("司徒演示", "styys", 123),
        };
        let number = resident(serial);
        open_a_person(browser, name, &number).await?;
        add_a_phone(browser).await?;
        let file = browser.path().await?;
        open_a_company(browser, serial).await?;
        browser.goto(&format!("/search?q={}", &initials[..3])).await?;
        browser.see(name.chars().next().map(String::from).unwrap_or_default().as_str()).await?;
        looks(browser).await?;
        show_the_number(browser, &file, &number).await?;
        find_the_reason(browser).await
    })
    .await
}

/// A resident number of an impossible division with the check character of GB 11643.
pub(crate) fn resident(serial: u32) -> String {
    let base = format!("99010119900101{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = base.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    format!("{base}{}", "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('X'))
}

/// The same with its last character wrong.
fn misread(number: &str) -> String {
    let wrong = if number.ends_with('1') { "2" } else { "1" };
    format!("{}{wrong}", &number[..number.len() - 1])
}

async fn open_a_person(browser: &mut Browser, name: &str, number: &str) -> Result<(), WalkError> {
    browser.goto("/customers/new").await?;
    browser.fill("name", name).await?;
    browser.fill("identity", &misread(number)).await?;
    send(browser).await?;
    browser.see(browser.language().pick("校验码不符", "check")).await?;
    looks(browser).await?;
    let kept = text(browser, "return document.querySelector('[name=identity]').value").await?;
    assert_eq!(kept, misread(number), "the form keeps what was typed");
    browser.fill("identity", number).await?;
    send(browser).await?;
    browser.see(browser.language().pick("新增联系方式", "Add a contact")).await?;
    looks(browser).await
}

async fn add_a_phone(browser: &mut Browser) -> Result<(), WalkError> {
    browser.click_css("main a[href$='/contacts/new']").await?;
    browser.fill("value", "19900001234").await?;
    send(browser).await?;
    browser.see("199****1234").await
}

async fn open_a_company(browser: &mut Browser, serial: u32) -> Result<(), WalkError> {
    browser.goto("/customers/new").await?;
    browser.click(browser.language().pick("企业", "Company")).await?;
    browser.fill("name", &format!("示例走查商贸有限公司{serial}")).await?;
    browser.fill("identity_kind", "social-credit-code").await?;
    browser.fill("identity", "91990101MA0000000Z").await?;
    send(browser).await?;
    // A wrong credit code is told beside its field.
    browser.see(browser.language().pick("不能是这个字符", "cannot stand there")).await?;
    looks(browser).await
}

async fn show_the_number(browser: &mut Browser, file: &str, number: &str) -> Result<(), WalkError> {
    browser.goto(file).await?;
    browser.see_no(number).await?;
    browser.goto(&format!("{}/reveal", file.split('?').next().unwrap_or(file))).await?;
    browser.fill("reason", "核对合同原件").await?;
    looks(browser).await?;
    send(browser).await?;
    browser.see(number).await
}

async fn find_the_reason(browser: &mut Browser) -> Result<(), WalkError> {
    log_out(browser).await?;
    log_in(browser, "shao").await?;
    browser.goto("/audit?action=personal.reveal").await?;
    browser.see("核对合同原件").await?;
    looks(browser).await
}
