//! The bounded grid that every file becomes: sparse rows of cells, numbered as Excel shows them.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::DateTime;

use super::limits::{Limits, SheetError};

/// A workbook (工作簿) as read.
#[derive(Debug, Clone, Default)]
pub struct Workbook {
    /// File name, for messages.
    pub name: String,
    /// Sheets in their order.
    pub sheets: Vec<Sheet>,
    /// Whether bare serial numbers count from 1904.
    pub date1904: bool,
}

/// One sheet (工作表): only rows and cells that hold something.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Name on the tab.
    pub name: String,
    /// Whether the tab is hidden.
    pub hidden: bool,
    /// Rows with at least one cell, ascending.
    pub rows: Vec<Row>,
    /// Hidden columns that hold something, counted from 1, ascending.
    pub hidden_columns: Vec<u32>,
    /// Merged ranges, by ascending column and row.
    pub merges: Vec<Merge>,
}

/// A row (行) with its number and cells.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Number as Excel shows it, from 1.
    pub number: u32,
    /// Whether the row is hidden, by hand or by a filter.
    pub hidden: bool,
    /// Cells by ascending column.
    pub cells: Vec<Cell>,
}

/// A cell (单元格) that holds a value, a formula, or both.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Column from 1.
    pub column: u32,
    /// What it holds.
    pub value: Value,
    /// The formula, when there is one, cut to a readable length.
    pub formula: Option<Arc<str>>,
    /// Whether the number is shown as a percentage.
    pub percent: bool,
}

/// What a cell holds (单元格的值).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing; beside a formula: the file carries no result of it.
    Empty,
    /// A text as typed.
    Text(Arc<str>),
    /// A number as the file stores it. Money is made of its decimal digits, never by arithmetic on it.
    Number(f64),
    /// A date or moment, by its format.
    Date(DateTime),
    /// True or false.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(Arc<str>),
}

/// A merged range (合并单元格), inclusive, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
}

impl Sheet {
    /// The row with this number, when it holds something.
    pub fn row(&self, number: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&number, |row| row.number).ok().map(|at| &self.rows[at])
    }

    /// The cell at a place, when it holds something.
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        self.row(row)?.cell(column)
    }

    /// The cell at a place, or the cell above that a vertical merge spreads over it.
    pub fn cell_or_merged(&self, row: u32, column: u32) -> Option<&Cell> {
        if let Some(cell) = self.cell(row, column) {
            return Some(cell);
        }
        // Merges do not overlap, so only the last one that starts above can reach this row.
        let after = self.merges.partition_point(|m| (m.left, m.top) <= (column, row));
        let above = after.checked_sub(1).and_then(|at| self.merges.get(at))?;
        let over = above.left == column && above.right == column && row <= above.bottom;
        if over { self.cell(above.top, column) } else { None }
    }

    /// The last row that holds something; 0 for an empty sheet.
    pub fn last_row(&self) -> u32 {
        self.rows.last().map_or(0, |row| row.number)
    }

    /// The last column that holds something; 0 for an empty sheet.
    pub fn last_column(&self) -> u32 {
        self.rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column).max().unwrap_or(0)
    }
}

impl Row {
    /// The cell of a column, when it holds something.
    pub fn cell(&self, column: u32) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }
}

impl Cell {
    /// The text, when the cell holds one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Empty | Value::Number(_) | Value::Date(_) | Value::Bool(_) | Value::Error(_) => None,
        }
    }

    /// Whether there is nothing to read: no value, or a text of spaces, and no formula either.
    pub fn is_blank(&self) -> bool {
        match &self.value {
            Value::Empty => self.formula.is_none(),
            Value::Text(text) => text.trim().is_empty(),
            Value::Number(_) | Value::Date(_) | Value::Bool(_) | Value::Error(_) => false,
        }
    }

    /// A formula whose result is not in the file.
    pub fn is_formula_without_value(&self) -> bool {
        self.formula.is_some() && matches!(self.value, Value::Empty)
    }

    /// The value as a person would read it in a message.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Empty => self.formula.as_deref().unwrap_or_default().to_owned(),
            Value::Text(text) | Value::Error(text) => text.to_string(),
            // Beyond 15 digits Excel itself shows a power of ten; spelling zeros out would invent digits.
            Value::Number(number) if number.abs() >= 1e15 => format!("{number:e}").replace('e', "e+"),
            Value::Number(number) => number.to_string(),
            Value::Date(at) => at.date().to_string(),
            Value::Bool(true) => "TRUE".to_owned(),
            Value::Bool(false) => "FALSE".to_owned(),
        }
    }
}

/// The letters of a column (列号字母) counted from 1: 1 is `A`, 27 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column;
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The number of a column from its letters, or `None` when they are not a column.
pub fn column_number(letters: &str) -> Option<u32> {
    let mut number: u32 = 0;
    for c in letters.chars() {
        let digit = u32::from(c.to_ascii_uppercase()).checked_sub(u32::from('A'))?;
        if digit > 25 {
            return None;
        }
        number = number.checked_mul(26)?.checked_add(digit + 1)?;
    }
    (number > 0).then_some(number)
}

/// Collects cells in reading order, counting them against the limits and storing equal texts once.
pub(super) struct Gather<'a> {
    limits: &'a Limits,
    cells: usize,
    texts: HashSet<Arc<str>>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(limits: &'a Limits) -> Gather<'a> {
        Gather { limits, cells: 0, texts: HashSet::new() }
    }

    /// One copy of equal texts, so that a text referred to a million times is stored once.
    pub(super) fn text(&mut self, sheet: &Sheet, row: u32, text: &str) -> Result<Arc<str>, SheetError> {
        if text.len() > self.limits.text_bytes {
            let limit = self.limits.text_bytes;
            return Err(SheetError::TextTooLong { sheet: sheet.name.clone(), row, limit });
        }
        if let Some(known) = self.texts.get(text) {
            return Ok(Arc::clone(known));
        }
        let shared: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&shared));
        Ok(shared)
    }

    /// Puts a cell in its place; a later cell at the same place replaces the earlier.
    pub(super) fn put(&mut self, sheet: &mut Sheet, row: u32, cell: Cell) -> Result<(), SheetError> {
        if cell.is_blank() {
            return Ok(());
        }
        self.limits.check_position(&sheet.name, row, cell.column)?;
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(SheetError::TooManyCells { limit: self.limits.cells });
        }
        let at = match sheet.rows.last() {
            Some(last) if last.number == row => sheet.rows.len() - 1,
            Some(last) if last.number < row => push_row(sheet, row),
            None => push_row(sheet, row),
            Some(_) => match sheet.rows.binary_search_by_key(&row, |r| r.number) {
                Ok(at) => at,
                Err(at) => {
                    sheet.rows.insert(at, Row { number: row, ..Row::default() });
                    at
                }
            },
        };
        let cells = &mut sheet.rows[at].cells;
        match cells.binary_search_by_key(&cell.column, |c| c.column) {
            Ok(at) => cells[at] = cell,
            Err(at) => cells.insert(at, cell),
        }
        Ok(())
    }
}

fn push_row(sheet: &mut Sheet, number: u32) -> usize {
    sheet.rows.push(Row { number, ..Row::default() });
    sheet.rows.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (number, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA"), (16_384, "XFD")] {
            assert_eq!(column_letters(number), letters);
            assert_eq!(column_number(letters), Some(number));
        }
        assert_eq!(column_number("A1"), None);
        assert_eq!(column_number(""), None);
    }
}
