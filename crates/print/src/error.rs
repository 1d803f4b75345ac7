//! Why a document was not printed (打印失败).

use std::path::PathBuf;

use thiserror::Error;

/// Why a document was not printed (打印失败). [`PrintError::code`] is stable and names the text in the locale files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrintError {
    /// No font with Chinese characters in any of the folders.
    #[error(
        "no Chinese font found in {}; install one (Debian, Ubuntu: apt install fonts-noto-cjk) \
         or name a folder that holds Noto Sans CJK SC with --fonts",
        list_paths(looked_in)
    )]
    NoCjkFont {
        /// Every folder that was searched, in order.
        looked_in: Vec<PathBuf>,
    },
    /// A field without which the document must not leave the house is empty.
    #[error("{document}: the field {field} is empty; fill it in before printing")]
    EmptyField {
        /// Template of the document.
        document: &'static str,
        /// The empty field.
        field: &'static str,
    },
    /// The parts do not add up to the stated total.
    #[error("{document}: {what} is stated as {stated_fen} fen but its parts add up to {summed_fen} fen")]
    DoesNotFoot {
        /// Template of the document.
        document: &'static str,
        /// The total in question.
        what: &'static str,
        /// What the caller stated, in fen.
        stated_fen: i64,
        /// What the parts add up to, in fen.
        summed_fen: i64,
    },
    /// A total exceeds what an amount can hold.
    #[error("{document}: a total exceeds the largest amount")]
    TotalTooLarge {
        /// Template of the document.
        document: &'static str,
    },
    /// A row of a list has another number of cells than the list has columns.
    #[error("row {row} has {found} cells, the list has {expected} columns")]
    RaggedRow {
        /// Row counted from 1; 0 is the row of totals.
        row: usize,
        /// Columns of the list.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// More rows than one printed list may hold.
    #[error("{rows} rows are too many for one printed list (at most {limit}); narrow the filter or export to Excel")]
    TooManyRows {
        /// Rows asked for.
        rows: usize,
        /// The limit.
        limit: usize,
    },
    /// The wording of a letter names a placeholder that the letter does not have.
    #[error("the wording names {{{name}}}, which this letter does not have; known are: {known}")]
    UnknownPlaceholder {
        /// The unknown name.
        name: String,
        /// The known names, separated by spaces.
        known: String,
    },
    /// A template failed; the institution's templates are shipped with the program, so this is a defect.
    #[error("template {template} failed: {message}")]
    Template {
        /// The template.
        template: &'static str,
        /// What the typesetter said.
        message: String,
    },
}

impl PrintError {
    /// The stable code of this refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCjkFont { .. } => "print.no_cjk_font",
            Self::EmptyField { .. } => "print.empty_field",
            Self::DoesNotFoot { .. } => "print.does_not_foot",
            Self::TotalTooLarge { .. } => "print.total_too_large",
            Self::RaggedRow { .. } => "print.ragged_row",
            Self::TooManyRows { .. } => "print.too_many_rows",
            Self::UnknownPlaceholder { .. } => "print.unknown_placeholder",
            Self::Template { .. } => "print.template",
        }
    }
}

fn list_paths(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    shown.join(", ")
}
