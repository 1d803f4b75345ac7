//! Bounds on what a file may make us do, and the errors that say which one was passed.

/// Bounds for reading a spreadsheet (读取上限).
///
/// They protect the machine, they are not rules of the trade, so they are not policy data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: usize,
    /// Bytes after unzipping, over all parts.
    pub unzipped_bytes: u64,
    /// Parts of the zip archive.
    pub parts: usize,
    /// Sheets in the workbook.
    pub sheets: usize,
    /// Highest row number with a value.
    pub rows: u32,
    /// Highest column number with a value.
    pub columns: u32,
    /// Cells with a value, over all sheets.
    pub cells: usize,
    /// Bytes of one text.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 64 << 20,
            unzipped_bytes: 512 << 20,
            parts: 4_096,
            sheets: 256,
            rows: 1_048_576,
            columns: 1_024,
            cells: 8_000_000,
            text_bytes: 131_072,
        }
    }
}

impl Limits {
    /// Refuses a file that is too large to look at.
    pub fn check_bytes(&self, bytes: usize) -> Result<(), SheetError> {
        if bytes > self.file_bytes {
            return Err(SheetError::FileTooLarge { bytes, limit: self.file_bytes });
        }
        Ok(())
    }

    /// Refuses a position beyond the bounds; both numbers count from 1.
    pub(crate) fn check_position(&self, sheet: &str, row: u32, column: u32) -> Result<(), SheetError> {
        if row > self.rows {
            return Err(SheetError::TooManyRows { sheet: sheet.to_owned(), row, limit: self.rows });
        }
        if column > self.columns {
            return Err(SheetError::TooManyColumns { sheet: sheet.to_owned(), row, column, limit: self.columns });
        }
        Ok(())
    }
}

/// Why a file cannot be read (文件无法读取的原因).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// Neither a workbook nor text.
    #[error("the file is neither an Excel workbook nor CSV text")]
    NotASpreadsheet,
    /// The file is larger than allowed.
    #[error("the file has {bytes} bytes, more than {limit}")]
    FileTooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// The archive unpacks to more than allowed.
    #[error("the file unpacks to more than {limit} bytes")]
    UnpacksTooLarge {
        /// The bound.
        limit: u64,
    },
    /// The archive has too many parts, or the workbook too many sheets.
    #[error("the file has {count} parts or sheets, more than {limit}")]
    TooManyParts {
        /// Parts or sheets found.
        count: usize,
        /// The bound.
        limit: usize,
    },
    /// A value stands below the last row that is read.
    #[error("sheet {sheet:?} has a value in row {row}, below row {limit}")]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// The row found.
        row: u32,
        /// The bound.
        limit: u32,
    },
    /// A value stands right of the last column that is read.
    #[error("sheet {sheet:?} has a value in row {row}, column {column}, right of column {limit}")]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The row found.
        row: u32,
        /// The column found.
        column: u32,
        /// The bound.
        limit: u32,
    },
    /// Too many cells with a value.
    #[error("the file has more than {limit} cells")]
    TooManyCells {
        /// The bound.
        limit: usize,
    },
    /// One text is too long.
    #[error("sheet {sheet:?} has a text longer than {limit} bytes in row {row}")]
    TextTooLong {
        /// The sheet.
        sheet: String,
        /// The row.
        row: u32,
        /// The bound.
        limit: usize,
    },
    /// The workbook is protected by a password.
    #[error("the workbook is encrypted with a password")]
    Encrypted,
    /// The file is damaged or not what it claims to be.
    #[error("the file cannot be read: {detail}")]
    Damaged {
        /// What the parser said, for the log.
        detail: String,
    },
}

impl SheetError {
    /// The stable code; the message id is `book-file-` and this code with dashes.
    pub fn code(&self) -> &'static str {
        match self {
            SheetError::NotASpreadsheet => "not_a_spreadsheet",
            SheetError::FileTooLarge { .. } => "too_large",
            SheetError::UnpacksTooLarge { .. } => "unpacks_too_large",
            SheetError::TooManyParts { .. } => "too_many_parts",
            SheetError::TooManyRows { .. } => "too_many_rows",
            SheetError::TooManyColumns { .. } => "too_many_columns",
            SheetError::TooManyCells { .. } => "too_many_cells",
            SheetError::TextTooLong { .. } => "text_too_long",
            SheetError::Encrypted => "encrypted",
            SheetError::Damaged { .. } => "damaged",
        }
    }

    /// A damaged file, with the parser's own words.
    pub(crate) fn damaged(detail: impl std::fmt::Display) -> SheetError {
        SheetError::Damaged { detail: detail.to_string() }
    }
}
