//! A report (报告): facts about its subject, then titled sections of words and tables, then signatures. Evaluation reports
//! (信用评估报告) and reports of sorting projects (客户梳理报告) are printed so.

use serde_json::{Value, json};

use crate::clean::breakable;
use crate::document::{Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::list::{Align, Column, List};

const TEMPLATE: &str = "report.typ";

/// A report (报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// Title, such as 信用评估报告.
    pub title: String,
    /// Label and value, two pairs a row.
    pub facts: Vec<(String, String)>,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// Who signs, each with a blank.
    pub signatures: Vec<String>,
}

/// A section of a report (章节).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Paragraphs before the table.
    pub paragraphs: Vec<String>,
    /// A table.
    pub table: Option<ReportTable>,
}

impl Section {
    /// A section of one paragraph.
    #[must_use]
    pub fn words(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), paragraphs: vec![text.into()], table: None }
    }

    /// What the templates take: paragraphs that say something, and the table.
    pub(crate) fn data(&self) -> Result<Value, PrintError> {
        let table = self.table.as_ref().map(ReportTable::data).transpose()?;
        let paragraphs: Vec<&String> = self.paragraphs.iter().filter(|text| !text.trim().is_empty()).collect();
        Ok(json!({ "title": self.title, "paragraphs": paragraphs, "table": table }))
    }
}

/// A table of a report (表).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportTable {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows: one text a column, formatted by the caller.
    pub rows: Vec<Vec<String>>,
}

impl ReportTable {
    fn data(&self) -> Result<Value, PrintError> {
        let expected = self.columns.len();
        if self.rows.len() > List::MAX_ROWS {
            return Err(PrintError::TooManyRows { rows: self.rows.len(), limit: List::MAX_ROWS });
        }
        if let Some((at, cells)) = self.rows.iter().enumerate().find(|(_, cells)| cells.len() != expected) {
            return Err(PrintError::RaggedRow { row: at + 1, expected, found: cells.len() });
        }
        let columns = self.columns.iter().map(|column| {
            let align = match column.align {
                Align::Left => "left",
                Align::Right => "right",
                Align::Center => "center",
            };
            json!({ "title": column.title, "align": align, "share": column.share })
        });
        // Numbers never break; other texts may, rather than run into the next cell.
        let cells = |row: &Vec<String>| -> Vec<String> {
            let cell = |(text, column): (&String, &Column)| match column.align {
                Align::Right => text.clone(),
                Align::Left | Align::Center => breakable(text),
            };
            row.iter().zip(&self.columns).map(cell).collect()
        };
        Ok(json!({
            "columns": columns.collect::<Vec<_>>(),
            "rows": self.rows.iter().map(cells).collect::<Vec<_>>(),
        }))
    }
}

impl Document for Report {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(TEMPLATE, &[("title", &self.title)])?;
        if self.facts.is_empty() {
            return Err(PrintError::EmptyField { document: TEMPLATE, field: "facts" });
        }
        let mut facts: Vec<&str> = self.facts.iter().flat_map(|(label, value)| [label.as_str(), value]).collect();
        if self.facts.len() % 2 == 1 {
            facts.extend(["", ""]);
        }
        Ok(json!({
            "title": self.title,
            "facts": facts,
            "sections": self.sections.iter().map(Section::data).collect::<Result<Vec<_>, _>>()?,
            "signatures": self.signatures,
        }))
    }
}
