//! Every page that a link leads to: it opens, fits its screen, and has all its texts.

use std::collections::{BTreeSet, VecDeque};

use e2e::{Browser, Language, Program, Size, View, WalkError, walk};

use crate::steps::{log_in, log_out};

/// One person of each trade; together they see all that is in the navigation.
const PEOPLE: [&str; 6] = ["ma", "fang", "lin", "tang", "wu", "shao"];

/// What is no page: files, and what ends the session.
const NO_PAGES: [&str; 9] =
    ["logout", "/assets/", "/api/", "/language/", ".pdf", ".xlsx", ".csv", "/export", "/download"];

/// More than a person's pages: a walk that goes round in circles ends.
const MOST: usize = 250;

#[tokio::test]
async fn every_page_that_a_link_leads_to_fits_its_screen() -> Result<(), WalkError> {
    let program = Program::demo()?;
    let views = [View::new(Language::English, Size::Desk), View::new(Language::Chinese, Size::Phone)];
    walk("every-page", program.address(), &views, async |browser| {
        let mut seen = BTreeSet::new();
        let mut wrong = Vec::new();
        for person in PEOPLE {
            log_in(browser, person).await?;
            follow_links(browser, person, &mut seen, &mut wrong).await?;
            log_out(browser).await?;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        // The navigation alone has more; fewer means that the links were not found.
        assert!(seen.len() > 60, "only {} pages", seen.len());
        Ok(())
    })
    .await
}

/// Opens one page of each kind, the nearest first, and collects what is wrong with them.
async fn follow_links(
    browser: &mut Browser,
    person: &str,
    seen: &mut BTreeSet<String>,
    wrong: &mut Vec<String>,
) -> Result<(), WalkError> {
    let mut waiting = VecDeque::from(links(browser).await?);
    let mut opened = 0;
    while let Some(address) = waiting.pop_front() {
        if opened >= MOST || NO_PAGES.iter().any(|part| address.contains(part)) || !seen.insert(kind_of(&address)) {
            continue;
        }
        opened += 1;
        browser.goto(&address).await?;
        // A text without words in a language stands as its name in these brackets.
        for outcome in [browser.fits().await, browser.see_no("⟦").await] {
            wrong.extend(outcome.err().map(|error| format!("{person} at {address}: {error}")));
        }
        waiting.extend(links(browser).await?);
    }
    Ok(())
}

/// The addresses that links of the page lead to.
async fn links(browser: &Browser) -> Result<Vec<String>, WalkError> {
    let script = "return [...document.querySelectorAll('a[href^=\"/\"]')].map((a) => a.getAttribute('href'))";
    let found = browser.evaluate(script).await?;
    let texts = found.as_array().map(|all| all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect());
    Ok(texts.unwrap_or_default())
}

/// Addresses that differ only in numbers and question are one kind of page.
fn kind_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let part =
        |part: &str| if part.starts_with(|c: char| c.is_ascii_digit()) { "#".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}
