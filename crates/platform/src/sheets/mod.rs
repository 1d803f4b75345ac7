//! Spreadsheets (电子表格): reading .xlsx, .xls and CSV into bounded grids, writing .xlsx, reading values as people write them.
//!
//! This room knows files and values, not the trade: what a column means is the business of the capability that imports it.
//! Nothing here trusts a file: sizes are measured before parsing, nothing is allocated by a declared dimension,
//! and every limit answers with an error that says which limit it was.
//!
//! - [`read`] takes bytes and gives a [`Workbook`] of sparse [`Sheet`]s.
//! - [`values`] turns a cell into a date, an amount, a rate, an identity number …, or says why it cannot.
//! - [`BookWriter`] writes typed columns in constant memory; [`write_template`] our import template.
//! - [`annotate`] writes findings beside the rows of the user's own file.

mod annotate;
mod archive;
mod csv_text;
mod grid;
mod limits;
mod template;
pub mod values;
mod write;
mod xls;
mod xlsx;
mod xlsx_marks;

pub use annotate::{Note, annotate};
pub use grid::{Cell, Merge, Row, Sheet, Value, Workbook, column_letters, column_number};
pub use limits::{Limits, SheetError};
pub use template::{TemplateColumn, TemplateSheet, write_template};
pub use write::{BookWriter, Column, ColumnKind, WriteError, Written};
pub(crate) use write::{Formats, index, sheet_name, write_value};

/// The kind of a file (文件类型), told by its content and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Office Open XML workbook (.xlsx).
    Xlsx,
    /// Binary workbook of Excel 97–2003 (.xls).
    Xls,
    /// Comma, tab or semicolon separated text.
    Csv,
}

impl FileKind {
    /// Tells the kind by the first bytes; text that is neither is taken for CSV, other bytes are refused.
    pub fn of(bytes: &[u8]) -> Result<FileKind, SheetError> {
        if bytes.starts_with(b"PK\x03\x04") {
            return Ok(FileKind::Xlsx);
        }
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            return Ok(FileKind::Xls);
        }
        let head = &bytes[..bytes.len().min(4096)];
        if head.is_empty() {
            return Err(SheetError::NotASpreadsheet);
        }
        let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
        // No text has control characters but for white space, and the end-of-file mark of old programs at its end.
        let end = bytes.len() - 1;
        let control = |(at, byte): (usize, &u8)| match byte {
            b'\t' | b'\n' | b'\r' | 0x0C => false,
            0x1A => at < end,
            byte => *byte < 0x20,
        };
        if !utf16 && head.iter().enumerate().any(control) {
            return Err(SheetError::NotASpreadsheet);
        }
        Ok(FileKind::Csv)
    }
}

/// Reads a spreadsheet file (读取表格文件) of any supported kind.
///
/// `name` is used only as the sheet name of a CSV file.
///
/// # Errors
/// [`SheetError`] when the file is not a spreadsheet, is damaged, or passes one of `limits`.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    limits.check_bytes(bytes.len())?;
    match FileKind::of(bytes)? {
        FileKind::Xlsx => xlsx::read(name, bytes, limits),
        FileKind::Xls => xls::read(name, bytes, limits),
        FileKind::Csv => csv_text::read(name, bytes, limits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_no_text_an_old_programs_end_mark_is_no_hindrance() {
        assert!(matches!(FileKind::of(b"\x89PNG\r\n\x1a\n"), Err(SheetError::NotASpreadsheet)));
        assert!(matches!(FileKind::of(b""), Err(SheetError::NotASpreadsheet)));
        assert!(matches!(FileKind::of(b"no,amount\x01\n"), Err(SheetError::NotASpreadsheet)));
        assert!(matches!(FileKind::of(b"no\tamount\r\n1\t2\r\n\x1a"), Ok(FileKind::Csv)));
    }
}
