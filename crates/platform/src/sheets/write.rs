//! Writing .xlsx in constant memory: typed columns, a frozen header, totals, and text that cannot turn into a formula.

use finance::Fen;
use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError};

use super::grid::column_letters;

/// Writes one workbook, sheet after sheet and row after row (导出工作簿).
///
/// ```
/// use platform::sheets::{BookWriter, Column, ColumnKind, Written};
/// use finance::Fen;
/// let mut book = BookWriter::new();
/// book.sheet("借据", &["贷款台账"], &[Column::new("借据号", ColumnKind::Text), Column::new("本金(元)", ColumnKind::Money).total()]).unwrap();
/// book.row(&[Written::Text("JJ-1"), Written::Money(Fen(5_000_000))]).unwrap();
/// let bytes = book.finish().unwrap();
/// assert!(bytes.starts_with(b"PK"));
/// ```
pub struct BookWriter {
    workbook: Workbook,
    formats: Formats,
    open: Option<Open>,
    sheets: usize,
}

/// What a column holds (列的类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text as it is.
    Text,
    /// Money: fen in, yuan with two decimals in the file.
    Money,
    /// A date.
    Date,
    /// A rate in billionths, shown in percent.
    Percent,
    /// A whole number.
    Count,
}

/// A column of an exported sheet (导出列).
#[derive(Debug, Clone)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Width in characters.
    pub width: u16,
    /// Whether the last row sums it; only money and counts are summed.
    pub totalled: bool,
}

/// A value to write (写入的值).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Written<'a> {
    /// An empty cell.
    Empty,
    /// A text; it stays a text whatever it begins with.
    Text(&'a str),
    /// An amount.
    Money(Fen),
    /// A date.
    Date(Date),
    /// A rate in billionths.
    RateE9(i64),
    /// A whole number.
    Count(i64),
}

/// A workbook that cannot be written (导出失败): more rows than a sheet holds, a wrong sheet name, a full disk.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WriteError(#[from] XlsxError);

pub(crate) struct Formats {
    pub(crate) heading: Format,
    title: Format,
    text: Format,
    guarded: Format,
    money: Format,
    date: Format,
    percent: Format,
    count: Format,
    total: Format,
    total_money: Format,
}

struct Open {
    columns: Vec<Column>,
    first: u32,
    next: u32,
    sums: Vec<i128>,
}

impl Column {
    /// A column with a width that suits its kind.
    pub fn new(heading: &str, kind: ColumnKind) -> Column {
        let least = match kind {
            ColumnKind::Text => 14,
            ColumnKind::Money => 16,
            ColumnKind::Date => 12,
            ColumnKind::Percent | ColumnKind::Count => 10,
        };
        let wide = heading.chars().map(|c| if c.is_ascii() { 1u16 } else { 2 }).fold(2u16, u16::saturating_add);
        Column { heading: heading.to_owned(), kind, width: wide.clamp(least, 60), totalled: false }
    }

    /// The same column, summed in the last row.
    #[must_use]
    pub fn total(mut self) -> Column {
        self.totalled = true;
        self
    }

    /// The same column in another width.
    #[must_use]
    pub fn wide(mut self, width: u16) -> Column {
        self.width = width;
        self
    }
}

impl Default for BookWriter {
    fn default() -> BookWriter {
        BookWriter::new()
    }
}

impl BookWriter {
    /// An empty workbook.
    pub fn new() -> BookWriter {
        BookWriter { workbook: Workbook::new(), formats: Formats::new(), open: None, sheets: 0 }
    }

    /// Closes the sheet before and starts another, with title lines above the frozen header.
    pub fn sheet(&mut self, name: &str, titles: &[&str], columns: &[Column]) -> Result<(), WriteError> {
        self.close()?;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(name))?;
        for (at, column) in columns.iter().enumerate() {
            sheet.set_column_width(index(at), f64::from(column.width))?;
        }
        let mut row = 0u32;
        for title in titles {
            sheet.write_string_with_format(row, 0, *title, &self.formats.title)?;
            row += 1;
        }
        for (at, column) in columns.iter().enumerate() {
            sheet.write_string_with_format(row, index(at), &column.heading, &self.formats.heading)?;
        }
        sheet.set_freeze_panes(row + 1, 0)?;
        sheet.set_repeat_rows(row, row)?;
        self.sheets += 1;
        self.open =
            Some(Open { columns: columns.to_vec(), first: row + 1, next: row + 1, sums: vec![0; columns.len()] });
        Ok(())
    }

    /// Writes one row of the open sheet; values beyond the columns are ignored.
    pub fn row(&mut self, values: &[Written<'_>]) -> Result<(), WriteError> {
        let Some(open) = self.open.as_mut() else { return Ok(()) };
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (at, value) in values.iter().enumerate().take(open.columns.len()) {
            if let Written::Money(Fen(n)) | Written::Count(n) = value {
                open.sums[at] += i128::from(*n);
            }
            write_value(sheet, &self.formats, open.next, index(at), *value)?;
        }
        open.next += 1;
        Ok(())
    }

    /// Closes the last sheet and gives the file.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        self.close()?;
        if self.sheets == 0 {
            self.workbook.add_worksheet();
        }
        Ok(self.workbook.save_to_buffer()?)
    }

    fn close(&mut self) -> Result<(), WriteError> {
        let Some(open) = self.open.take() else { return Ok(()) };
        if open.next == open.first || !open.columns.iter().any(|c| c.totalled) {
            return Ok(());
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        sheet.write_string_with_format(open.next, 0, "合计", &self.formats.total)?;
        for (at, column) in open.columns.iter().enumerate().filter(|(_, c)| c.totalled) {
            let (result, format) = match column.kind {
                ColumnKind::Money => (yuan_text(open.sums[at]), &self.formats.total_money),
                ColumnKind::Count => (open.sums[at].to_string(), &self.formats.total),
                ColumnKind::Text | ColumnKind::Date | ColumnKind::Percent => continue,
            };
            let letters = column_letters(u32::from(index(at)) + 1);
            // A formula, so that a filter or an edit keeps it true, with its result for readers that do not calculate.
            let formula = format!("SUM({letters}{}:{letters}{})", open.first + 1, open.next);
            sheet.write_formula_with_format(open.next, index(at), Formula::new(formula).set_result(result), format)?;
        }
        Ok(())
    }
}

impl Formats {
    pub(crate) fn new() -> Formats {
        let bold = || Format::new().set_bold();
        Formats {
            heading: bold()
                .set_background_color("#F1F3F5")
                .set_border_bottom(rust_xlsxwriter::FormatBorder::Thin)
                .set_align(FormatAlign::Center),
            title: bold(),
            text: Format::new().set_num_format("@"),
            guarded: Format::new().set_num_format("@").set_quote_prefix(),
            money: Format::new().set_num_format("#,##0.00"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            percent: Format::new().set_num_format("0.00####%"),
            count: Format::new().set_num_format("0"),
            total: bold().set_num_format("0"),
            total_money: bold().set_num_format("#,##0.00"),
        }
    }
}

pub(crate) fn write_value(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    column: u16,
    value: Written<'_>,
) -> Result<(), WriteError> {
    let (number, format) = match value {
        Written::Empty => return Ok(()),
        Written::Text(text) => {
            // The quote prefix keeps a text that begins like a formula a text, even after somebody edits the cell,
            // without changing a character of it.
            let guarded = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            let format = if guarded { &formats.guarded } else { &formats.text };
            if text.len() <= 32_767 {
                sheet.write_string_with_format(row, column, text, format)?;
            } else {
                let cut: String = text.chars().take(32_767).collect();
                sheet.write_string_with_format(row, column, cut, format)?;
            }
            return Ok(());
        }
        Written::Date(date) => {
            let part = |n: i8| u8::try_from(n).unwrap_or(1);
            let year = u16::try_from(date.year()).unwrap_or(1900);
            let at = ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))?;
            sheet.write_datetime_with_format(row, column, &at, &formats.date)?;
            return Ok(());
        }
        Written::Money(Fen(fen)) => (yuan_text(i128::from(fen)), &formats.money),
        Written::RateE9(e9) => (decimal_text(i128::from(e9), 9), &formats.percent),
        Written::Count(count) => (count.to_string(), &formats.count),
    };
    sheet.write_number_with_format(row, column, double(&number), format)?;
    Ok(())
}

/// The double nearest to a decimal text: the only way a number leaves for a spreadsheet, without arithmetic on it.
fn double(text: &str) -> f64 {
    text.parse().unwrap_or(0.0)
}

fn yuan_text(fen: i128) -> String {
    decimal_text(fen, 2)
}

fn decimal_text(digits: i128, scale: usize) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let padded = format!("{:0>width$}", digits.unsigned_abs(), width = scale + 1);
    let (whole, part) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{part}")
}

pub(crate) fn index(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// Excel allows 31 characters and none of `[]:*?/\`.
pub(crate) fn sheet_name(name: &str) -> String {
    let clean: String = name.chars().map(|c| if "[]:*?/\\".contains(c) { ' ' } else { c }).take(31).collect();
    clean.trim_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Value, read};
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut book = BookWriter::new();
        let columns = [
            Column::new("姓名", ColumnKind::Text),
            Column::new("金额(元)", ColumnKind::Money).total(),
            Column::new("日期", ColumnKind::Date),
            Column::new("年利率", ColumnKind::Percent),
        ];
        book.sheet("台账/2026", &["标题"], &columns).unwrap();
        for fen in [1, 99_999_999_999_999] {
            book.row(&[
                Written::Text("=1+1"),
                Written::Money(Fen(fen)),
                Written::Date(jiff::civil::date(2024, 2, 29)),
                Written::RateE9(84_000_000),
            ])
            .unwrap();
        }
        let bytes = book.finish().unwrap();
        let read = read("x.xlsx", &bytes, &Limits::default()).unwrap();
        let sheet = &read.sheets[0];
        assert_eq!(sheet.name, "台账 2026");
        assert_eq!(sheet.cell(3, 1).unwrap().text(), Some("=1+1"));
        assert!(sheet.cell(3, 1).unwrap().formula.is_none(), "a text stays a text");
        let amount = |row| super::super::values::parse_amount(sheet.cell(row, 2), Default::default()).unwrap().fen;
        assert_eq!((amount(3), amount(4)), (Fen(1), Fen(99_999_999_999_999)));
        assert_eq!(sheet.cell(3, 3).unwrap().value, Value::Date(jiff::civil::date(2024, 2, 29).at(0, 0, 0, 0)));
        assert!(sheet.cell(3, 4).unwrap().percent);
        assert_eq!(sheet.cell(5, 1).unwrap().text(), Some("合计"));
        assert_eq!(sheet.cell(5, 2).unwrap().formula.as_deref(), Some("SUM(B3:B4)"));
        assert_eq!(amount(5), Fen(100_000_000_000_000));
    }
}
