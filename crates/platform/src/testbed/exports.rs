//! Exports of lists for tests (导出检查): a list as a program reads it, against the files that a person takes.

use axum::http::StatusCode;

use super::{Browser, House, Program};
use crate::list_export;
use crate::page::query_escape;
use crate::sheets::{Limits, read};

/// A list whose files are compared with it (导出用例).
#[derive(Debug, Clone, Copy)]
pub struct ListCase {
    /// Its page.
    pub list: &'static str,
    /// The question; all rows must fit on a page of one hundred.
    pub query: &'static str,
    /// The field by which a row is known, of texts; it is empty nowhere.
    pub field: &'static str,
    /// Its column in the file, from 1.
    pub column: u32,
}

impl House {
    /// A person at the screen and the program that speaks for the same within these scopes, both in English.
    pub async fn both(&self, login: &str, scopes: &[&str]) -> (Program, Browser) {
        let (mut program, mut browser) = (self.program(login, scopes).await, self.user(login).await);
        program.speak("en");
        browser.get("/me?lang=en").await;
        (program, browser)
    }
}

impl ListCase {
    /// The rows as a program reads them: key, and the text by which a row is known.
    ///
    /// # Panics
    /// When the list does not answer, or counts other rows than it shows.
    pub async fn shown(&self, program: &mut Program) -> Vec<(String, String)> {
        let joint = if self.query.is_empty() { "" } else { "&" };
        let answer = program.get(&format!("{}?{}{joint}size=100", self.list, self.query)).await;
        assert_eq!(answer.status, StatusCode::OK, "{self:?}: {}", answer.text);
        let data = answer.json();
        let rows = data["rows"].as_array().expect("rows");
        assert_eq!(data["count"].as_u64(), u64::try_from(rows.len()).ok(), "{self:?} counts what it shows");
        let text = |row: &serde_json::Value, field: &str| row[field].as_str().expect("a text").to_owned();
        rows.iter().map(|row| (text(row, "key"), text(row, self.field))).collect()
    }

    /// The file of the whole result, as the texts by which its rows are known; the status where there is none.
    pub async fn taken(&self, browser: &mut Browser) -> Result<Vec<String>, StatusCode> {
        let (status, bytes) = browser.file(&format!("{}/export.xlsx?{}", self.list, self.query)).await;
        if status == StatusCode::OK { Ok(self.texts(&bytes)) } else { Err(status) }
    }

    /// The file of a selection; the status where there is none.
    ///
    /// # Panics
    /// When an export that was taken on is not made.
    pub async fn picked(&self, house: &House, browser: &mut Browser, keys: &[&str]) -> Result<Vec<String>, StatusCode> {
        let place = format!("/exports/selection?list={}&query={}", query_escape(self.list), query_escape(self.query));
        let fields: Vec<(&str, &str)> = keys.iter().map(|key| ("key", *key)).collect();
        let asked = browser.post(&place, &fields).await;
        if !asked.location().starts_with("/exports/") {
            return Err(asked.status);
        }
        list_export::run_waiting(&house.app).await.expect("a run");
        let (status, bytes) = browser.file(&format!("{}/file.xlsx", asked.location())).await;
        if status == StatusCode::OK { Ok(self.texts(&bytes)) } else { Err(status) }
    }

    /// Compares the list with the file of its result and with that of its last row alone; gives its rows.
    ///
    /// # Panics
    /// When they differ, or when the list has no rows.
    pub async fn agrees(&self, house: &House, of: &mut (Program, Browser)) -> Vec<(String, String)> {
        let shown = self.shown(&mut of.0).await;
        assert_eq!(self.taken(&mut of.1).await, Ok(texts_of(&shown)), "{self:?}: the result is what the list shows");
        let (key, text) = shown.last().expect("a list with rows");
        let picked = self.picked(house, &mut of.1, &[key]).await;
        assert_eq!(picked, Ok(vec![text.clone()]), "{self:?}: a selection holds nothing else");
        shown
    }

    /// The same for somebody who sees less: neither the result nor a selection of all that others see holds more than
    /// the own list. How many rows that are.
    ///
    /// # Panics
    /// When they hold more or less.
    pub async fn narrower(&self, house: &House, of: &mut (Program, Browser), all: &[(String, String)]) -> usize {
        let own = self.shown(&mut of.0).await;
        assert_eq!(self.taken(&mut of.1).await, Ok(texts_of(&own)), "{self:?}: only what the own list shows");
        let keys: Vec<&str> = all.iter().map(|(key, _)| key.as_str()).collect();
        let picked = self.picked(house, &mut of.1, &keys).await;
        assert_eq!(picked, Ok(texts_of(&own)), "{self:?}: of others' rows nothing");
        own.len()
    }

    /// The texts of its column, below titles and head and above the sums.
    fn texts(&self, bytes: &[u8]) -> Vec<String> {
        let book = read("x.xlsx", bytes, &Limits::default()).expect("a workbook");
        let sheet = book.sheets.first().expect("a sheet");
        let mut all = Vec::new();
        for row in 4.. {
            let sums = sheet.cell(row, 1).and_then(|cell| cell.text()) == Some("合计");
            let Some(cell) = sheet.cell(row, self.column).filter(|_| !sums) else { break };
            assert!(cell.formula.is_none(), "row {row} of {self:?}");
            all.push(cell.text().unwrap_or_default().to_owned());
        }
        all
    }
}

fn texts_of(rows: &[(String, String)]) -> Vec<String> {
    rows.iter().map(|(_, text)| text.clone()).collect()
}
