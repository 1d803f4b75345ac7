//! Three kinds of institution from an empty folder: a customer is entered and classed, a rule is changed, compared on
//! the own customers and agreed to by two others; after the close the customer's class is another one, and says why.

use e2e::{Browser, Language, Program, Size, View, WalkError, walk};

use crate::first_run::{self, PASSWORD, change_hands, code_of, confirm_all, enter, let_in, log_in, set_up};
use crate::steps::{log_out, looks, send, text};

/// What is walked under a pack.
struct Institution {
    pack: &'static str,
    language: Language,
    company: bool,
    /// Group of data, item, value.
    data: &'static [(&'static str, &'static str, &'static str)],
    /// The axis, its first and its second outcome, as the screen calls them.
    axis: (&'static str, &'static str, &'static str),
    /// The decision, the parameter and its new value.
    change: (&'static str, &'static str, &'static str),
}

const CONSUMER: Institution = Institution {
    pack: "consumer-finance",
    language: Language::Chinese,
    company: false,
    data: &[
        ("credit", "suspected_fraud", "false"),
        ("credit", "performance", "poor"),
        ("credit", "repayment_capacity", "insufficient"),
        ("income", "income_stable", "true"),
        ("asset", "has_assets", "true"),
    ],
    axis: ("消费贷款客户分类", "风险", "优良"),
    change: ("template_class", "template_class_order", "good_first"),
};

const MICROLOAN: Institution = Institution {
    pack: "microloan",
    language: Language::English,
    company: false,
    data: &[("score", "composite_score_centi", "82")],
    axis: ("Credit grade", "Good", "Average"),
    change: ("credit_grade", "grade_min_good", "8500"),
};

const GUARANTEE: Institution = Institution {
    pack: "guarantee",
    language: Language::Chinese,
    company: true,
    data: &[("score", "guarantee_score_centi", "72"), ("risk", "compensation_paid", "false")],
    axis: ("担保客户风险等级", "中", "高"),
    change: ("guarantee_risk_grade", "guarantee_medium_min_centi", "7500"),
};

// S5.2-02, S3-06
#[tokio::test]
async fn a_consumer_finance_company_changes_a_rule_and_sees_the_class_change() -> Result<(), WalkError> {
    walked(&CONSUMER).await
}

#[tokio::test]
async fn a_micro_loan_company_changes_a_rule_and_sees_the_grade_change() -> Result<(), WalkError> {
    walked(&MICROLOAN).await
}

#[tokio::test]
async fn a_guarantee_company_changes_a_rule_and_sees_the_risk_grade_change() -> Result<(), WalkError> {
    walked(&GUARANTEE).await
}

async fn walked(one: &Institution) -> Result<(), WalkError> {
    let program = Program::first_run(&[])?;
    let code = code_of(&program)?;
    let desk = [View::new(one.language, Size::Desk)];
    walk(&format!("pack-{}", one.pack), program.address(), &desk, async |browser| {
        enter(browser, &code).await?;
        let handed = set_up(browser, one.pack).await?;
        staff(browser, &handed).await?;
        let file = customer(browser, one).await?;
        stands(browser, (&file, one.axis.0), one.axis.1).await?;
        log_out(browser).await?;
        log_in(browser, "he", PASSWORD).await?;
        let approval = changed(browser, one).await?;
        for login in ["feng", "chen"] {
            log_out(browser).await?;
            log_in(browser, login, PASSWORD).await?;
            browser.goto(&approval).await?;
            browser.fill("opinion", "同意，按测算结果执行").await?;
            browser.click_css("main form button[name=verdict][value=approve]").await?;
            browser.see("按测算结果执行").await?;
        }
        looks(browser).await?;
        log_out(browser).await?;
        log_in(browser, "fang", PASSWORD).await?;
        first_run::close(browser, "2026-07-01").await?;
        log_out(browser).await?;
        log_in(browser, "ling", PASSWORD).await?;
        stands(browser, (&file, one.axis.0), one.axis.2).await?;
        why(browser, one).await
    })
    .await
}

/// Lets in who works with customers, who keeps the rules, and the two who agree to them; each chooses a password.
async fn staff(browser: &mut Browser, handed: &str) -> Result<(), WalkError> {
    log_in(browser, "fang", PASSWORD).await?;
    let mut first = Vec::new();
    for (login, role) in
        [("he", "compliance_admin"), ("feng", "risk_dept"), ("chen", "general_manager"), ("ling", "credit_supervisor")]
    {
        first.push((login, let_in(browser, login, role).await?));
    }
    change_hands(browser, "qin", handed).await?;
    confirm_all(browser).await?;
    for (login, password) in &first {
        change_hands(browser, login, password).await?;
    }
    Ok(())
}

/// Opens a file and enters its data; its page.
async fn customer(browser: &mut Browser, one: &Institution) -> Result<String, WalkError> {
    let language = browser.language();
    browser.goto("/customers/new").await?;
    if one.company {
        browser.click(language.pick("企业", "Company")).await?;
        browser.fill("name", "示例走查商贸有限公司").await?;
        browser.fill("identity_kind", "social-credit-code").await?;
        browser.fill("identity", "91990101MA00000A7U").await?;
    } else {
        browser.fill("name", "欧阳演示").await?;
        browser.fill("identity", &crate::customers::resident(121)).await?;
    }
    send(browser).await?;
    browser.see(language.pick("新增联系方式", "Add a contact")).await?;
    looks(browser).await?;
    let path = browser.path().await?;
    let file = path.split('?').next().unwrap_or(&path).to_owned();
    let mut groups: Vec<&str> = one.data.iter().map(|(group, ..)| *group).collect();
    groups.dedup();
    for group in groups {
        browser.goto(&format!("{file}/data/{group}/new")).await?;
        for (_, item, value) in one.data.iter().filter(|(of, ..)| *of == group) {
            browser.fill(item, value).await?;
        }
        browser.fill("route", "verification").await?;
        browser.fill("source_note", "面谈并核对原件").await?;
        browser.fill("basis", "law").await?;
        looks(browser).await?;
        send(browser).await?;
        browser.see(language.pick("面谈并核对原件", "面谈并核对原件")).await?;
    }
    Ok(file)
}

/// The row of an axis says where the customer stands.
async fn stands(browser: &mut Browser, (file, axis): (&str, &str), outcome: &str) -> Result<(), WalkError> {
    browser.goto(&format!("{file}?tab=standing")).await?;
    browser.see(axis).await?;
    looks(browser).await?;
    let rows = browser.rows("main table").await?;
    let row = rows.iter().find(|row| row.first().is_some_and(|cell| cell.contains(axis)));
    let found = row.and_then(|row| row.get(1)).map(String::as_str).unwrap_or_default();
    assert!(found.contains(outcome), "{axis} is {outcome}: {rows:?}");
    Ok(())
}

/// A draft with the rule changed, compared on the customers and submitted; the page of its approval.
async fn changed(browser: &mut Browser, one: &Institution) -> Result<String, WalkError> {
    let language = browser.language();
    let (decision, parameter, value) = one.change;
    browser.goto("/policies").await?;
    browser.fill("title", "调整客户分类").await?;
    browser.click(language.pick("起草新版本", "Begin a new version")).await?;
    browser.see(language.pick("本机构账上的影响", "own book")).await?;
    let draft = browser.path().await?;
    browser.goto(&format!("{draft}/parameters/{parameter}")).await?;
    browser.fill("value", value).await?;
    looks(browser).await?;
    send(browser).await?;
    browser.goto(&draft).await?;
    browser.fill("day", "2026-07-02").await?;
    browser.fill("note", "按新制度调整").await?;
    browser.click(language.pick("保存", "Save")).await?;
    browser.see("2026-07-02").await?;
    browser.click(language.pick("在本机构账上对比", "Compare on the own book")).await?;
    browser.see("0.00").await?;
    looks(browser).await?;
    let report = browser.path().await?;
    browser.goto(&format!("{report}/rows?decision={decision}")).await?;
    let rows = browser.rows("main table").await?;
    let moved = rows.iter().filter(|row| row.iter().any(|cell| cell.contains("C000"))).count();
    assert_eq!(moved, 1, "the customer is named: {rows:?}");
    looks(browser).await?;
    browser.goto(&draft).await?;
    browser.click(language.pick("提交审批", "Submit")).await?;
    browser.see(language.pick("对比报告", "Comparison")).await?;
    looks(browser).await?;
    browser.path().await
}

/// The last decision on the axis opens with its rows, articles and version.
async fn why(browser: &mut Browser, one: &Institution) -> Result<(), WalkError> {
    let script = format!(
        "const row = [...document.querySelectorAll('main table tbody tr')].find(r => r.textContent.includes('{}')); \
         return row.querySelector('a').getAttribute('href')",
        one.axis.0
    );
    let place = text(browser, &script).await?;
    browser.goto(&place).await?;
    browser.see("2026-07-02").await?;
    // The version that was agreed to, by its number.
    browser.see("2026.11-1").await?;
    looks(browser).await
}
