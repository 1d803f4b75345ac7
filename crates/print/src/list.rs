//! A printed list (清单): what a page of the system shows, on paper.

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use crate::clean::breakable;
use crate::document::{Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::figures::{day, moment};

const TEMPLATE: &str = "list.typ";

/// Characters up to which a column may be as wide as its content.
const LONGEST_UNSHARED: usize = 24;

/// A printed list (清单): filter and as-of date above, head on every page, totals on the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// Title of the list.
    pub title: String,
    /// The filter in words, one item a condition; empty when nothing was filtered.
    pub filter: Vec<String>,
    /// Business date of the list.
    pub as_of: Date,
    /// What was known at this moment; `None` for now.
    pub known_at: Option<DateTime>,
    /// Unit of the amounts, such as 元 or 万元; may be empty.
    pub unit: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows: one text a column, formatted by the caller.
    pub rows: Vec<Vec<String>>,
    /// The row of totals, one text a column (empty where nothing is added up); its first text is given here.
    pub totals: Option<Vec<String>>,
    /// How many rows the whole result has; more than printed when the caller prints one page of it.
    pub rows_in_all: usize,
    /// Print across the long side.
    pub landscape: bool,
}

/// A column of a list (列).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Head.
    pub title: String,
    /// Alignment of head and cells.
    pub align: Align,
    /// Share of the width; 0 for as wide as the content.
    pub share: u32,
}

/// How a column is aligned (对齐).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
    /// Marks.
    Center,
}

impl List {
    /// Most rows one print may hold; beyond it paper is the wrong medium and layout takes minutes.
    pub const MAX_ROWS: usize = 5_000;

    fn must_be_regular(&self) -> Result<(), PrintError> {
        let expected = self.columns.len();
        let ragged = |row, cells: &[String]| PrintError::RaggedRow { row, expected, found: cells.len() };
        if self.rows.len() > Self::MAX_ROWS {
            return Err(PrintError::TooManyRows { rows: self.rows.len(), limit: Self::MAX_ROWS });
        }
        if let Some(totals) = self.totals.as_ref().filter(|totals| totals.len() != expected) {
            return Err(ragged(0, totals));
        }
        match self.rows.iter().enumerate().find(|(_, cells)| cells.len() != expected) {
            Some((at, cells)) => Err(ragged(at + 1, cells)),
            None => Ok(()),
        }
    }

    /// The share of a column. One that would be as wide as an endless text takes its share like the others
    /// instead of starving them.
    fn share(&self, at: usize, column: &Column) -> u32 {
        let endless = |row: &Vec<String>| row.get(at).is_some_and(|text| text.chars().count() > LONGEST_UNSHARED);
        if column.share == 0 && self.rows.iter().any(endless) { 1 } else { column.share }
    }

    /// Cells ready to print: numbers never break, other texts may break anywhere rather than run into the next cell.
    fn cells(&self, row: &[String]) -> Vec<String> {
        row.iter()
            .zip(&self.columns)
            .map(|(text, column)| match column.align {
                Align::Right => text.clone(),
                Align::Left | Align::Center => breakable(text),
            })
            .collect()
    }
}

impl Document for List {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(TEMPLATE, &[("title", &self.title)])?;
        if self.columns.is_empty() {
            return Err(PrintError::EmptyField { document: TEMPLATE, field: "columns" });
        }
        self.must_be_regular()?;
        let columns: Vec<Value> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let align = match column.align {
                    Align::Left => "left",
                    Align::Right => "right",
                    Align::Center => "center",
                };
                json!({ "title": column.title, "align": align, "share": self.share(at, column) })
            })
            .collect();
        Ok(json!({
            "title": self.title,
            "filter": self.filter,
            "as_of": day(self.as_of),
            "known_at": self.known_at.map(moment),
            "unit": self.unit,
            "columns": columns,
            "rows": self.rows.iter().map(|row| self.cells(row)).collect::<Vec<_>>(),
            "totals": self.totals,
            "printed": self.rows.len().to_string(),
            "in_all": self.rows_in_all.to_string(),
            "partial": self.rows_in_all > self.rows.len(),
            "landscape": self.landscape,
        }))
    }
}
