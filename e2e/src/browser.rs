//! What a person does in the browser: go, click, fill in, look.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::driver::Driver;
use crate::error::WalkError;
use crate::logs;
use crate::program::target;
use crate::view::{Language, View};

/// How long a page may take to show what is looked for.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a page may take to come to rest.
const RESTED: Duration = Duration::from_secs(2);

/// How often the browser is told a thing again whose page went away meanwhile.
const REPEATS: u32 = 4;

/// How WebDriver names an element in JSON.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser in the hands of a walk (浏览器).
pub struct Browser {
    client: Client,
    driver: Driver,
    address: String,
    view: View,
    pictures: PathBuf,
    taken: u32,
    expected: Vec<String>,
    patience: Duration,
}

impl Browser {
    /// Opens a browser for a walk; [`crate::walk`] does this.
    pub async fn open(walk: &str, address: &str, view: View) -> Result<Self, WalkError> {
        let driver = Driver::start()?;
        let client = driver.open(view).await?;
        let pictures = target().join("screenshots").join(walk);
        std::fs::create_dir_all(&pictures)?;
        let address = address.trim_end_matches('/').to_owned();
        Ok(Self { client, driver, address, view, pictures, taken: 0, expected: Vec::new(), patience: PATIENCE })
    }

    /// The language it is shown in now.
    pub fn language(&self) -> Language {
        self.view.language
    }

    /// The language and size.
    pub fn view(&self) -> View {
        self.view
    }

    /// Gives things more or less time to appear.
    pub fn be_patient(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Goes to a path of the program.
    pub async fn goto(&mut self, path: &str) -> Result<(), WalkError> {
        let url = format!("{}{path}", self.address);
        again(async || self.client.goto(&url).await).await
    }

    /// Goes back, as by the browser's button.
    pub async fn back(&mut self) -> Result<(), WalkError> {
        Ok(self.client.back().await?)
    }

    /// The path and query of the present page.
    pub async fn path(&self) -> Result<String, WalkError> {
        let url = self.client.current_url().await?;
        Ok(url[url::Position::BeforePath..].to_owned())
    }

    /// Clicks the button, link, tab or label that says this; a whole text goes before a part of one.
    pub async fn click(&mut self, text: &str) -> Result<(), WalkError> {
        self.persist(&format!("something to click that says “{text}”"), async |browser| {
            let Some(element) = browser.find("clickable", text).await? else { return Ok(None) };
            browser.click_element(&element).await
        })
        .await
    }

    /// Clicks the first element that a CSS selector finds, for what has no text.
    pub async fn click_css(&mut self, selector: &str) -> Result<(), WalkError> {
        self.persist(&format!("`{selector}`"), async |browser| {
            let Ok(element) = browser.client.find(fantoccini::Locator::Css(selector)).await else { return Ok(None) };
            browser.click_element(&element).await
        })
        .await
    }

    /// Waits until the page holds what a CSS selector finds, for what has no text of its own.
    pub async fn see_css(&mut self, selector: &str) -> Result<(), WalkError> {
        self.persist(&format!("`{selector}`"), async |browser| {
            Ok(browser.client.find(fantoccini::Locator::Css(selector)).await.is_ok().then_some(()))
        })
        .await
    }

    /// Fills in the field with this label: types a text, picks an option, ticks a box (`true`), attaches a file (its path).
    pub async fn fill(&mut self, label: &str, value: &str) -> Result<(), WalkError> {
        self.persist(&format!("a field labelled “{label}” that takes “{value}”"), async |browser| {
            let Some(element) = browser.find("control", label).await? else { return Ok(None) };
            browser.fill_element(&element, value).await
        })
        .await
    }

    /// Waits until the page shows this text.
    pub async fn see(&mut self, text: &str) -> Result<(), WalkError> {
        let wanted = squeeze(text);
        self.persist(&format!("the text “{text}”"), async |browser| {
            Ok(browser.text().await?.contains(&wanted).then_some(()))
        })
        .await
    }

    /// Makes sure that the page does not show this text; call after something that shows the page is complete.
    pub async fn see_no(&mut self, text: &str) -> Result<(), WalkError> {
        if self.text().await?.contains(&squeeze(text)) {
            return Err(WalkError::Unwanted {
                what: format!("the text “{text}” is shown"),
                address: self.path().await?,
            });
        }
        Ok(())
    }

    /// The page's text as shown, runs of blanks as one.
    pub async fn text(&self) -> Result<String, WalkError> {
        Ok(self.script("text", &[]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// The rows of the first shown table that a CSS selector finds, header among them, cell by cell.
    pub async fn rows(&mut self, selector: &str) -> Result<Vec<Vec<String>>, WalkError> {
        self.persist(&format!("a table `{selector}`"), async |browser| {
            let rows = browser.script("rows", &[json!(selector)]).await?;
            Ok(rows.as_array().map(|rows| rows.iter().map(cells).collect()))
        })
        .await
    }

    /// Runs a script on the page and returns its value, for what a person sees but no helper names.
    pub async fn evaluate(&self, script: &str) -> Result<Value, WalkError> {
        self.execute(script, Vec::new()).await
    }

    /// Switches the language by the page's own link and waits until the page has changed.
    pub async fn switch_language(&mut self, language: Language) -> Result<(), WalkError> {
        let tag = language.tag();
        self.persist(&format!("a link to the language {tag}"), async |browser| {
            let Some(element) = browser.find("language", tag).await? else { return Ok(None) };
            if browser.script("shown", &[reference(&element)]).await? == true {
                return browser.click_element(&element).await;
            }
            // On a phone it may lie in a closed menu; where it leads is the same.
            match element.prop("href").await? {
                Some(address) => Ok(Some(browser.client.goto(&address).await?)),
                None => Ok(None),
            }
        })
        .await?;
        self.persist(&format!("a page in {tag}"), async |browser| {
            let shown = browser.evaluate("return document.documentElement.lang").await?;
            Ok((shown == tag).then_some(()))
        })
        .await?;
        self.view.language = language;
        Ok(())
    }

    /// Makes sure that the page does not have to be scrolled sideways.
    pub async fn fits(&mut self) -> Result<(), WalkError> {
        let began = Instant::now();
        loop {
            let widths = self.script("width", &[]).await?;
            let (page, screen) = (widths[0].as_i64().unwrap_or(i64::MAX), widths[1].as_i64().unwrap_or(0));
            if page <= screen {
                return Ok(());
            }
            // A page is judged once it has come to rest: what dresses it may still be on its way.
            if began.elapsed() > RESTED {
                let what = format!("the page is {page} pixels wide, the screen {screen}");
                return Err(WalkError::Unwanted { what, address: self.path().await? });
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Keeps a picture: `target/screenshots/<walk>/<language>-<size>-NN.png`.
    pub async fn screenshot(&mut self) -> Result<(), WalkError> {
        self.taken += 1;
        let name = format!("{}-{:02}.png", self.view, self.taken);
        self.keep_picture(&name).await
    }

    /// Waits for a download whose name ends like this and returns its path.
    pub async fn downloaded(&mut self, ending: &str) -> Result<PathBuf, WalkError> {
        self.persist(&format!("a download that ends with {ending}"), async |browser| {
            let files = std::fs::read_dir(browser.driver.downloads()).into_iter().flatten().flatten();
            Ok(files.map(|f| f.path()).find(|p| p.to_string_lossy().ends_with(ending)))
        })
        .await
    }

    /// Expects an error on the console that contains this, such as `status of 422` after a wrong input.
    pub fn expect_console(&mut self, part: &str) {
        self.expected.push(part.to_owned());
    }

    /// Fails on errors of the console that were not expected, and on requests that left this machine.
    pub async fn clean(&mut self) -> Result<(), WalkError> {
        let outside = logs::outside_requests(&self.client).await?;
        if !outside.is_empty() {
            return Err(WalkError::Outside(outside));
        }
        let mut errors = logs::console_errors(&self.client).await?;
        errors.retain(|e| !self.expected.iter().any(|part| e.contains(part)));
        if errors.is_empty() { Ok(()) } else { Err(WalkError::Console(errors)) }
    }

    /// Closes the browser.
    pub async fn close(self) {
        // The driver ends the browser in any case.
        let _ = self.client.close().await;
    }

    /// Keeps a picture of where a walk failed.
    pub(crate) async fn with_picture(&mut self, error: WalkError) -> WalkError {
        let name = format!("{}-failed.png", self.view);
        match self.keep_picture(&name).await {
            Ok(()) => error,
            Err(second) => WalkError::Driver(format!("{error}\nand no picture could be taken: {second}")),
        }
    }

    async fn keep_picture(&self, name: &str) -> Result<(), WalkError> {
        let png = self.client.screenshot().await?;
        Ok(std::fs::write(self.pictures.join(name), png)?)
    }

    /// Where its pictures are kept.
    pub fn pictures(&self) -> &Path {
        &self.pictures
    }

    async fn script(&self, kind: &str, rest: &[Value]) -> Result<Value, WalkError> {
        let mut arguments = vec![json!(kind)];
        arguments.extend_from_slice(rest);
        self.execute(include_str!("find.js"), arguments).await
    }

    async fn execute(&self, script: &str, arguments: Vec<Value>) -> Result<Value, WalkError> {
        again(async || self.client.execute(script, arguments.clone()).await).await
    }

    async fn find(&self, kind: &str, wanted: &str) -> Result<Option<Element>, WalkError> {
        let found = self.script(kind, &[json!(squeeze(wanted))]).await?;
        let id = found[ELEMENT_KEY].as_str().map(str::to_owned);
        Ok(id.map(|id| Element::from_element_id(self.client.clone(), ElementRef::from(id))))
    }

    async fn click_element(&self, element: &Element) -> Result<Option<()>, WalkError> {
        self.script("scroll", &[reference(element)]).await?;
        element.click().await?;
        Ok(Some(()))
    }

    async fn fill_element(&self, element: &Element, value: &str) -> Result<Option<()>, WalkError> {
        let this = reference(element);
        self.script("scroll", std::slice::from_ref(&this)).await?;
        let kind = self.script("kind", std::slice::from_ref(&this)).await?;
        match kind.as_str().unwrap_or_default() {
            "select" => {
                let chosen = self.script("choose", &[this, json!(value)]).await?;
                return Ok((chosen == true).then_some(()));
            }
            "checkbox" | "radio" => {
                let ticked = self.script("checked", &[this]).await? == true;
                if ticked != (value == "true") {
                    element.click().await?;
                }
            }
            // Typed dates follow the browser's locale; a picked one is set as a whole.
            "date" | "month" | "time" | "datetime-local" | "color" | "range" => {
                self.script("set", &[this, json!(value)]).await?;
            }
            "file" => element.send_keys(value).await?,
            _ => {
                element.clear().await?;
                element.send_keys(value).await?;
            }
        }
        Ok(Some(()))
    }

    /// Tries until something is there, or time is up. A page that changes under a step is tried again.
    async fn persist<T>(
        &mut self,
        what: &str,
        attempt: impl AsyncFn(&Self) -> Result<Option<T>, WalkError>,
    ) -> Result<T, WalkError> {
        let began = Instant::now();
        let last = loop {
            let outcome = attempt(self).await;
            if let Ok(Some(found)) = outcome {
                return Ok(found);
            }
            if began.elapsed() > self.patience {
                break outcome.err();
            }
            sleep(Duration::from_millis(50)).await;
        };
        let page = self.text().await.unwrap_or_default().chars().take(1_200).collect();
        let address = self.path().await.unwrap_or_default();
        let what = last.map_or_else(|| what.to_owned(), |e| format!("{what} ({e})"));
        Err(WalkError::NotFound { what, address, page })
    }
}

/// Tells the browser something; while the page went away under it, once more.
async fn again<T>(tell: impl AsyncFn() -> Result<T, CmdError>) -> Result<T, WalkError> {
    for _ in 0..REPEATS {
        match tell().await {
            Err(error) if is_passing(&error) => sleep(Duration::from_millis(200)).await,
            told => return Ok(told?),
        }
    }
    Ok(tell().await?)
}

/// Whether the page went away while the browser was being told something.
fn is_passing(error: &CmdError) -> bool {
    error.to_string().contains("aborted by navigation")
}

fn reference(element: &Element) -> Value {
    json!({ ELEMENT_KEY: element.element_id().to_string() })
}

fn cells(row: &Value) -> Vec<String> {
    row.as_array().into_iter().flatten().map(|c| c.as_str().unwrap_or_default().to_owned()).collect()
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
