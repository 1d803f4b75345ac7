//! What is wrong with a workbook, beside the row where it stands.

use serde::{Deserialize, Serialize};

use crate::locale::Locale;

/// Findings that are kept; a book with more is no better for a longer list.
pub const MOST: usize = 500;

/// One thing that is wrong, or worth knowing (问题).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it bars the book.
    pub refuses: bool,
    /// The tab; empty for the file.
    pub sheet: String,
    /// The row as Excel counts.
    pub row: Option<u32>,
    /// The column's heading.
    pub column: String,
    /// The message is `whole-book-finding-` and this code.
    pub code: String,
    /// Numbers and names for the message; no personal data.
    pub facts: Vec<(String, String)>,
}

impl Finding {
    /// About the whole file.
    #[must_use]
    pub fn file(code: &str) -> Self {
        Self {
            refuses: true,
            sheet: String::new(),
            row: None,
            column: String::new(),
            code: code.to_owned(),
            facts: Vec::new(),
        }
    }

    /// About a sheet.
    #[must_use]
    pub fn sheet(code: &str, sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), ..Self::file(code) }
    }

    /// About a row.
    #[must_use]
    pub fn at(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }

    /// About a column.
    #[must_use]
    pub fn column(mut self, heading: &str) -> Self {
        self.column = heading.to_owned();
        self
    }

    /// With a number or a name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.facts.push((name.to_owned(), value.to_string()));
        self
    }

    /// Worth knowing, no bar.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.refuses = false;
        self
    }

    /// The sentence, without its place.
    #[must_use]
    pub fn say(&self, locale: &Locale) -> String {
        let facts: Vec<(&str, String)> =
            self.facts.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        locale.tn(format!("whole-book-finding-{}", self.code), &facts)
    }
}

/// All findings of a run, up to a bound (问题清单).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The first ones.
    pub kept: Vec<Finding>,
    /// How many refuse, those not kept included.
    pub refused: usize,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.refused += usize::from(finding.refuses);
        if self.kept.len() < MOST {
            self.kept.push(finding);
        }
    }

    /// Whether the book is barred.
    #[must_use]
    pub fn bar(&self) -> bool {
        self.refused > 0
    }
}
