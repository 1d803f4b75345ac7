//! A day of a supervisor, of an agency's member and of a legal officer: a case handed over, placed with an agency
//! and recalled; a loan taken to court with its evidence, letter, suit, clocks and bundle.

use std::time::Duration;

use e2e::{Browser, Program, View, WalkError, walk};

use crate::steps::{log_in, log_out, looks, send, text};

/// Chinese and English at a desk.
const VIEWS: [View; 2] = [View::ALL[0], View::ALL[1]];
/// How many cases or loans are looked at before one fits.
const MOST: usize = 30;

#[tokio::test]
async fn a_case_is_handed_over_placed_with_an_agency_and_recalled() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("placing", program.address(), &VIEWS, async |browser| {
        // A case that may not be placed, and the guard's refusals, come back as such.
        for status in ["status of 403", "status of 404", "status of 409", "status of 422"] {
            browser.expect_console(status);
        }
        log_in(browser, "collection_manager").await?;
        let cases = cases(browser).await?;
        assert!(cases.len() > 1, "the branch has cases: {cases:?}");
        hand_over(browser, &cases).await?;
        // What the agency has already.
        browser.goto("/collections/placements?size=100").await?;
        browser.see(browser.language().pick("委外案件", "Placed cases")).await?;
        looks(browser).await?;
        let placed = browser.text().await?;
        for (case, number) in &cases {
            let Some(placement) = place(browser, case).await? else { continue };
            log_out(browser).await?;
            log_in(browser, "provider_user").await?;
            let others = cases.iter().map(|(_, other)| other.as_str());
            let others: Vec<&str> = others.filter(|other| other != number && !placed.contains(other)).collect();
            sees_only_what_is_placed(browser, number, &others).await?;
            log_out(browser).await?;
            log_in(browser, "collection_manager").await?;
            recall(browser, &placement).await?;
            log_out(browser).await?;
            log_in(browser, "provider_user").await?;
            return sees_nothing_of_it(browser, case, number).await;
        }
        panic!("no case of the branch may be placed");
    })
    .await
}

#[tokio::test]
async fn a_loan_goes_to_court_with_evidence_letter_suit_clocks_and_bundle() -> Result<(), WalkError> {
    let program = Program::demo()?;
    walk("to-court", program.address(), &VIEWS, async |browser| {
        for status in ["status of 409", "status of 422"] {
            browser.expect_console(status);
        }
        log_in(browser, "legal").await?;
        for place in ["/collections/legal", "/collections/clocks?view=all", "/collections/letters?view=all"] {
            browser.goto(place).await?;
            looks(browser).await?;
        }
        let (case, loan) = ready_for_court(browser).await?;
        browser.click(browser.language().pick("移交法律追偿", "Hand over to legal")).await?;
        browser.see(browser.language().pick("登记法律手段", "Record a legal means")).await?;
        looks(browser).await?;
        file_the_evidence(browser).await?;
        issue_a_letter(browser, &loan).await?;
        sue(browser, &loan).await?;
        browser.goto(&format!("/loans/{loan}/clocks")).await?;
        browser.see(browser.language().pick("债权诉讼时效", "Limitation of the claim")).await?;
        browser.see(browser.language().pick("已登记事项", "Recorded events")).await?;
        looks(browser).await?;
        make_the_bundle(browser, &case).await
    })
    .await
}

/// The open cases of the list that is shown: key and number.
async fn cases(browser: &mut Browser) -> Result<Vec<(String, String)>, WalkError> {
    browser.goto("/collections/cases?view=open&size=100").await?;
    browser.see(browser.language().pick("催收案件", "Cases")).await?;
    looks(browser).await?;
    let script = "const seen = new Map(); \
                  for (const link of document.querySelectorAll('main tbody a[href^=\"/collections/cases/\"]')) { \
                    const key = link.getAttribute('href').match(/^.collections.cases.([0-9]+)$/)?.[1]; \
                    if (key && !seen.has(key)) seen.set(key, link.innerText.replace(/\\s+/g, ' ').trim()); } \
                  return [...seen].map((one) => one.join(' ')).join('\\n')";
    let found = text(browser, script).await?;
    let pair = |line: &str| line.split_once(' ').map(|(key, number)| (key.to_owned(), number.to_owned()));
    Ok(found.lines().filter_map(pair).take(MOST).collect())
}

/// Gives the first case that can be to somebody else; then that person is not offered any more.
async fn hand_over(browser: &mut Browser, cases: &[(String, String)]) -> Result<(), WalkError> {
    let words = browser.language().pick("熟悉该客户", "Knows the customer");
    for (case, _) in cases {
        browser.goto(&format!("/collections/cases/{case}")).await?;
        browser.see(browser.language().pick("转派", "Give to somebody")).await?;
        looks(browser).await?;
        let script = format!(
            "const form = document.querySelector('main form[action$=\"/transfer\"]'); \
             const last = (select) => [...select.options].filter((one) => one.value).pop()?.value ?? ''; \
             for (const select of form.querySelectorAll('select')) select.value = last(select); \
             form.querySelector('[name=words]').value = '{words}'; \
             const to = form.querySelector('[name=to]').value; form.requestSubmit(); return to"
        );
        let to = text(browser, &script).await?;
        assert!(!to.is_empty(), "somebody can take it");
        // What is placed with an agency stays there: the refusal is a page of its own.
        let script = format!(
            "if (location.pathname.endsWith('/transfer')) return 'kept'; \
             const form = document.querySelector('main form[action$=\"/transfer\"]'); \
             return form && !form.querySelector('option[value=\"{to}\"]') ? 'given' : ''"
        );
        if answer(browser, &script).await? == "given" {
            return looks(browser).await;
        }
    }
    panic!("no case can be given to somebody else");
}

/// What a script answers once it answers something; a page that is just leaving has nothing to say.
async fn answer(browser: &mut Browser, script: &str) -> Result<String, WalkError> {
    for _ in 0..100 {
        if let Ok(found) = text(browser, script).await
            && !found.is_empty()
        {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(String::new())
}

/// Places a case; the key of the placement, or nothing where it may not be placed.
async fn place(browser: &mut Browser, case: &str) -> Result<Option<String>, WalkError> {
    browser.goto(&format!("/collections/cases/{case}/placements/new")).await?;
    browser.see(browser.language().pick("机构经办人", "Who works it at the agency")).await?;
    browser.fill("until", "2026-12-10").await?;
    browser.fill("note", browser.language().pick("多次联系未还，请协助催收", "Called in vain, please help")).await?;
    looks(browser).await?;
    send(browser).await?;
    // The placement, or the form again with what keeps the case, under the same address as before.
    let script = "if (document.readyState !== 'complete') return ''; \
                  if (/^.collections.placements.[0-9]+$/.test(location.pathname)) return 'placed'; \
                  return performance.getEntriesByType('navigation')[0]?.responseStatus >= 400 ? 'kept' : ''";
    if answer(browser, script).await? != "placed" {
        return Ok(None);
    }
    looks(browser).await?;
    let path = browser.path().await?;
    Ok(path.rsplit('/').next().map(str::to_owned))
}

async fn sees_only_what_is_placed(browser: &mut Browser, number: &str, others: &[&str]) -> Result<(), WalkError> {
    browser.goto("/collections/cases?view=open&size=100").await?;
    browser.see(number).await?;
    for other in others {
        browser.see_no(other).await?;
    }
    looks(browser).await
}

async fn recall(browser: &mut Browser, placement: &str) -> Result<(), WalkError> {
    browser.goto(&format!("/collections/placements/{placement}/recall")).await?;
    browser.fill("reason", browser.language().pick("客户主动联系，收回自行协商", "The debtor came to us")).await?;
    looks(browser).await?;
    send(browser).await?;
    browser.see(browser.language().pick("客户主动联系", "The debtor came to us")).await?;
    browser.see(browser.language().pick("收回", "Recalled")).await?;
    looks(browser).await
}

async fn sees_nothing_of_it(browser: &mut Browser, case: &str, number: &str) -> Result<(), WalkError> {
    browser.goto("/collections/cases?view=open&size=100").await?;
    browser.see(browser.language().pick("催收案件", "Cases")).await?;
    browser.see_no(number).await?;
    looks(browser).await?;
    browser.goto(&format!("/collections/cases/{case}")).await?;
    browser.see_no(number).await?;
    looks(browser).await
}

/// A case and a loan of it that the gate lets through and that is not with legal yet; its page is shown.
async fn ready_for_court(browser: &mut Browser) -> Result<(String, String), WalkError> {
    for (case, _) in cases(browser).await? {
        browser.goto(&format!("/collections/cases/{case}")).await?;
        let script = "return [...new Set([...document.querySelectorAll('main a[href^=\"/loans/\"]')].map((link) => \
                      link.getAttribute('href').match(/^.loans.([0-9]+)/)?.[1]))].filter(Boolean).join(' ')";
        let loans = text(browser, script).await?;
        for loan in loans.split_whitespace() {
            browser.goto(&format!("/loans/{loan}/legal")).await?;
            let open = "const form = [...document.querySelectorAll('main form[action$=\"/legal\"]')][0]; \
                        const button = form?.querySelector('button[type=submit]'); \
                        return button && !button.disabled && button.getAttribute('aria-disabled') !== 'true' ? 'yes' : 'no'";
            if text(browser, open).await? == "yes" {
                browser.see(browser.language().pick("移交条件", "Conditions of the hand-over")).await?;
                looks(browser).await?;
                return Ok((case, loan.to_owned()));
            }
        }
    }
    panic!("no loan of the demo book meets the conditions of the hand-over");
}

/// Says of every piece of evidence where it lies.
async fn file_the_evidence(browser: &mut Browser) -> Result<(), WalkError> {
    let left = "return String([...document.querySelectorAll('main form[action$=\"/legal/evidence\"] [name=place]')] \
                .filter((field) => !field.defaultValue).length)";
    let fill = "const field = [...document.querySelectorAll('main form[action$=\"/legal/evidence\"] [name=place]')] \
                .find((one) => !one.defaultValue); field.closest('details').open = true; \
                field.value = 'D-12'; field.form.requestSubmit(); return true";
    for _ in 0..MOST {
        let missing: usize = text(browser, left).await?.parse().unwrap_or(0);
        if missing == 0 {
            browser.see("D-12").await?;
            return looks(browser).await;
        }
        browser.evaluate(fill).await?;
        wait(browser, left, &(missing - 1).to_string(), "the evidence is on file").await?;
    }
    panic!("some evidence cannot be put on file");
}

async fn issue_a_letter(browser: &mut Browser, loan: &str) -> Result<(), WalkError> {
    browser.goto(&format!("/loans/{loan}/letters")).await?;
    browser.see(browser.language().pick("出具函件", "Issue a letter")).await?;
    looks(browser).await?;
    browser.click(browser.language().pick("预览", "Preview")).await?;
    browser.see(browser.language().pick("确认出具", "Issue")).await?;
    looks(browser).await?;
    browser.click_css("main form button[name=verb][value=issue]").await?;
    browser.see(browser.language().pick("函件经过", "What became of it")).await?;
    looks(browser).await
}

async fn sue(browser: &mut Browser, loan: &str) -> Result<(), WalkError> {
    browser.goto(&format!("/loans/{loan}/legal")).await?;
    let court = browser.language().pick("示例区人民法院", "Example District Court");
    let script = format!(
        "const form = document.querySelector('main form[action$=\"/legal/means\"]'); \
         const set = (name, value) => {{ form.querySelector(`[name=${{name}}]`).value = value; }}; \
         set('kind', 'suit'); set('on', '2026-11-20'); set('authority', '{court}'); \
         set('reference', '(2026)1'); set('amount', '1000.00'); form.requestSubmit(); return true"
    );
    browser.evaluate(&script).await?;
    // A refusal would leave it in the field, where nobody reads it.
    browser.see(court).await?;
    browser.see(browser.language().pick("进行中", "Running")).await?;
    looks(browser).await
}

async fn make_the_bundle(browser: &mut Browser, case: &str) -> Result<(), WalkError> {
    browser.goto(&format!("/collections/cases/{case}/bundles")).await?;
    browser.see(browser.language().pick("编制卷宗", "Make the bundle")).await?;
    looks(browser).await?;
    let made = format!(
        "return String(document.querySelectorAll('main a[href^=\"/collections/cases/{case}/bundles/\"]').length)"
    );
    let before: usize = text(browser, &made).await?.parse().unwrap_or(0);
    // Pictures are pressed and pages are set: it takes longer than a page.
    browser.be_patient(Duration::from_secs(120));
    send(browser).await?;
    wait(browser, &made, &(before + 1).to_string(), "the bundle is made").await?;
    looks(browser).await
}

/// Waits until a script answers this; pages that are on their way answer nothing.
async fn wait(browser: &mut Browser, script: &str, wanted: &str, what: &str) -> Result<(), WalkError> {
    for _ in 0..600 {
        // A page that is just leaving has nothing to say.
        if browser.evaluate(script).await.is_ok_and(|found| found.as_str() == Some(wanted)) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    browser.see(&format!("({what})")).await
}
