//! A decision table under somebody's hands: text cells that may still be wrong, rows added, copied, moved, taken out.
//!
//! Nothing is checked here but sizes; [`Pack::load`](crate::Pack::load) checks the text that comes out and names
//! each problem by the row and column that this grid shows.

use thiserror::Error;

use crate::value::{FactType, Unit};

/// The longest text of a cell, in characters.
pub const CELL_CHARACTERS: usize = 2_000;
/// The most rows of a table.
pub const TABLE_ROWS: usize = 2_000;
/// The most columns of a table.
pub const TABLE_COLUMNS: usize = 60;

/// A decision table as text cells (编辑中的决策表): the header lines as they stand, then the rows.
///
/// ```
/// use policy::TableText;
/// let text = "decision,late\ntitle,是否逾期,Late\nrule,late\nhit,unique\n\
///             column,overdue_days,late,article\nuse,input,output,article\ntype,,boolean,\n,0,false,a1\n,>= 1,true,a1\n";
/// let mut table = TableText::parse(text).unwrap();
/// table.set(1, 1, ">= 2").unwrap();
/// table.copy_row(1).unwrap();
/// assert_eq!((table.rows().len(), table.file_row(1)), (3, 9));
/// assert_eq!(TableText::parse(&table.to_csv()).unwrap(), table);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableText {
    header: Vec<Vec<String>>,
    rows: Vec<Vec<String>>,
    width: usize,
}

/// A column of the grid (列).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    /// Its place, from 0; 0 is the label of the row.
    pub at: usize,
    /// The fact, output, or kind of note; empty for the label.
    pub name: String,
    /// `input`, `optional`, `output`, `article`, `note_zh`, `note_en`; `label` for the first.
    pub usage: String,
    /// The type written above it; empty for a fact, whose type the dictionary holds.
    pub kind: String,
    /// The formula of a computed input.
    pub formula: String,
}

/// Why a grid cannot be changed so (无法编辑).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// The text is not a decision table.
    #[error("this is not a decision table: {detail}")]
    NotATable {
        /// What is missing.
        detail: String,
    },
    /// There is no such row or column.
    #[error("there is no row {row}, column {column}")]
    NoCell {
        /// The row from 1.
        row: usize,
        /// The column from 1.
        column: usize,
    },
    /// A text too long for a cell.
    #[error("the text in row {row}, column {column} has {length} characters, more than {limit}")]
    CellTooLong {
        /// The row from 1.
        row: usize,
        /// The column from 1.
        column: usize,
        /// How long it is.
        length: usize,
        /// How long it may be.
        limit: usize,
    },
    /// Too many rows or columns.
    #[error("a table has at most {rows} rows and {columns} columns")]
    TooLarge {
        /// The bound on rows.
        rows: usize,
        /// The bound on columns.
        columns: usize,
    },
}

impl TableText {
    /// Reads the text of a table; rows keep their order, blank ones are left out.
    ///
    /// # Errors
    /// [`EditError::NotATable`], [`EditError::TooLarge`], [`EditError::CellTooLong`].
    pub fn parse(csv: &str) -> Result<Self, EditError> {
        let text = csv.strip_prefix('\u{feff}').unwrap_or(csv);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut lines = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| EditError::NotATable { detail: error.to_string() })?;
            lines.push(record.iter().map(clean).collect::<Vec<String>>());
            if lines.len() > TABLE_ROWS + 20 {
                return Err(EditError::TooLarge { rows: TABLE_ROWS, columns: TABLE_COLUMNS });
            }
        }
        Self::of_lines(lines)
    }

    /// From lines of cells, as a spreadsheet gives them.
    ///
    /// # Errors
    /// As [`TableText::parse`].
    pub fn of_lines(lines: Vec<Vec<String>>) -> Result<Self, EditError> {
        let mut lines: Vec<Vec<String>> =
            lines.into_iter().filter(|line| line.iter().any(|cell| !cell.trim().is_empty())).collect();
        let end = lines
            .iter()
            .position(|line| line.first().is_some_and(|cell| cell.trim() == "type"))
            .ok_or_else(|| EditError::NotATable { detail: "the line type is missing".to_owned() })?;
        let rows = lines.split_off(end + 1);
        // A spreadsheet gives every line the width of the widest.
        for line in &mut lines {
            let filled = line.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
            line.truncate(filled);
        }
        let names = lines.iter().find(|line| line.first().is_some_and(|cell| cell == "column"));
        let names = names.ok_or_else(|| EditError::NotATable { detail: "the line column is missing".to_owned() })?;
        let width = names.iter().rposition(|cell| !cell.is_empty()).map_or(1, |last| last + 1);
        let mut table = Self { header: lines, rows, width };
        let wide = table.rows.iter().any(|row| row.iter().skip(width).any(|cell| !cell.is_empty()));
        if table.rows.len() > TABLE_ROWS || width > TABLE_COLUMNS || wide {
            return Err(EditError::TooLarge { rows: TABLE_ROWS, columns: width.min(TABLE_COLUMNS) });
        }
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                refuse_long(row, column, text)?;
            }
        }
        table.rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        Ok(table)
    }

    /// As CSV, the form of the pack.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for line in self.lines() {
            // Writing to memory cannot fail.
            let _ = writer.write_record(&line);
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// All lines, header and rows, of equal width.
    #[must_use]
    pub fn lines(&self) -> Vec<Vec<String>> {
        let width = self.header.iter().map(Vec::len).max().unwrap_or(0).max(self.width);
        let padded = |line: &Vec<String>| {
            let mut line = line.clone();
            line.resize(width, String::new());
            line
        };
        self.header.iter().chain(&self.rows).map(padded).collect()
    }

    /// A cell of a header line such as `decision`, `title`, `hit`.
    #[must_use]
    pub fn head(&self, line: &str, at: usize) -> &str {
        let found = self.header.iter().find(|cells| cells.first().is_some_and(|cell| cell == line));
        found.and_then(|cells| cells.get(at)).map_or("", String::as_str)
    }

    /// The columns, the label first.
    #[must_use]
    pub fn columns(&self) -> Vec<TextColumn> {
        let column = |at: usize| TextColumn {
            at,
            name: if at == 0 { String::new() } else { self.head("column", at).to_owned() },
            usage: if at == 0 { "label".to_owned() } else { self.head("use", at).to_owned() },
            kind: if at == 0 { String::new() } else { self.head("type", at).to_owned() },
            formula: if at == 0 { String::new() } else { self.head("formula", at).to_owned() },
        };
        (0..self.width).map(column).collect()
    }

    /// The rows below the header.
    #[must_use]
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// The row of the file, from 1, in which a row of the grid stands: the number in messages.
    #[must_use]
    pub fn file_row(&self, row: usize) -> usize {
        self.header.len() + row + 1
    }

    /// Writes a cell; line breaks become blanks.
    ///
    /// # Errors
    /// [`EditError::NoCell`], [`EditError::CellTooLong`].
    pub fn set(&mut self, row: usize, column: usize, text: &str) -> Result<(), EditError> {
        refuse_long(row, column, text)?;
        let missing = EditError::NoCell { row: row + 1, column: column + 1 };
        let cell = self.rows.get_mut(row).and_then(|cells| cells.get_mut(column)).ok_or(missing)?;
        *cell = clean(text);
        Ok(())
    }

    /// Adds a row before this place: any input, outputs to be filled, the article of its neighbour.
    ///
    /// # Errors
    /// [`EditError::TooLarge`].
    pub fn add_row(&mut self, before: usize) -> Result<(), EditError> {
        self.room()?;
        let before = before.min(self.rows.len());
        let neighbour = before.checked_sub(1).or(Some(0)).and_then(|at| self.rows.get(at)).cloned();
        let cell = |column: TextColumn| match column.usage.as_str() {
            "input" | "optional" => "-".to_owned(),
            "article" => neighbour.as_ref().and_then(|row| row.get(column.at)).cloned().unwrap_or_default(),
            _ => String::new(),
        };
        let row = self.columns().into_iter().map(cell).collect();
        self.rows.insert(before, row);
        Ok(())
    }

    /// Puts a copy of a row below it.
    ///
    /// # Errors
    /// [`EditError::NoCell`], [`EditError::TooLarge`].
    pub fn copy_row(&mut self, row: usize) -> Result<(), EditError> {
        self.room()?;
        let mut copy = self.rows.get(row).cloned().ok_or(EditError::NoCell { row: row + 1, column: 1 })?;
        if let Some(label) = copy.first_mut() {
            // Two rows of one label could not be told apart in messages.
            label.clear();
        }
        self.rows.insert(row + 1, copy);
        Ok(())
    }

    /// Moves a row one up or down; at the edge nothing happens.
    ///
    /// # Errors
    /// [`EditError::NoCell`].
    pub fn move_row(&mut self, row: usize, down: bool) -> Result<(), EditError> {
        if row >= self.rows.len() {
            return Err(EditError::NoCell { row: row + 1, column: 1 });
        }
        let other = if down { row + 1 } else { row.saturating_sub(1) };
        if other < self.rows.len() {
            self.rows.swap(row, other);
        }
        Ok(())
    }

    /// Takes a row out.
    ///
    /// # Errors
    /// [`EditError::NoCell`].
    pub fn delete_row(&mut self, row: usize) -> Result<(), EditError> {
        if row >= self.rows.len() {
            return Err(EditError::NoCell { row: row + 1, column: 1 });
        }
        self.rows.remove(row);
        Ok(())
    }

    /// The same rows under the header of another table, as after an import: a spreadsheet may change rows, not columns.
    ///
    /// # Errors
    /// [`EditError::NotATable`] naming the column that differs.
    pub fn with_rows_of(&self, other: &Self) -> Result<Self, EditError> {
        let (own, new) = (self.columns(), other.columns());
        let differs = own.iter().zip(&new).find(|(own, new)| (&own.name, &own.usage) != (&new.name, &new.usage));
        if let Some((own, new)) = differs {
            let detail = format!("column {} is {:?}, not {:?}", own.at + 1, own.name, new.name);
            return Err(EditError::NotATable { detail });
        }
        if own.len() != new.len() {
            return Err(EditError::NotATable { detail: format!("{} columns instead of {}", new.len(), own.len()) });
        }
        Ok(Self { rows: other.rows.clone(), ..self.clone() })
    }

    fn room(&self) -> Result<(), EditError> {
        if self.rows.len() >= TABLE_ROWS {
            return Err(EditError::TooLarge { rows: TABLE_ROWS, columns: TABLE_COLUMNS });
        }
        Ok(())
    }
}

fn clean(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn refuse_long(row: usize, column: usize, text: &str) -> Result<(), EditError> {
    let length = text.chars().count();
    if length > CELL_CHARACTERS {
        let (row, column) = (row + 1, column + 1);
        return Err(EditError::CellTooLong { row, column, length, limit: CELL_CHARACTERS });
    }
    Ok(())
}

/// What can be written in a cell (填写示例): examples of the form, and the texts that are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CellHelp {
    /// Examples, each a whole cell.
    pub examples: Vec<String>,
    /// Whether a parameter can stand in it.
    pub parameters: bool,
}

impl CellHelp {
    /// For an input column of a type.
    #[must_use]
    pub fn input(kind: &FactType, optional: bool) -> Self {
        let mut examples = vec!["-".to_owned()];
        match kind {
            FactType::Integer { unit, .. } => {
                let (a, b) = samples(*unit);
                let ranges = [a.to_owned(), format!("[{a}..{b}]"), format!("({a}..{b}]"), format!(">= {a}")];
                examples.extend(ranges);
                examples.extend([format!("< {b}"), format!("not({a})")]);
            }
            FactType::Date => {
                examples.extend(["2026-08-01", ">= 2026-08-01", "[2026-01-01..2026-12-31]"].map(str::to_owned));
            }
            FactType::Boolean => examples.extend(["true", "false"].map(str::to_owned)),
            FactType::Text => examples.extend(["\"…\"", "\"…\", \"…\"", "not(\"…\")"].map(str::to_owned)),
            FactType::OneOf { values, ordered } => {
                examples.extend(values.iter().map(|value| format!("\"{value}\"")));
                if let (true, Some(worst)) = (*ordered, values.last()) {
                    examples.push(format!(">= \"{worst}\""));
                }
                if let Some(first) = values.first() {
                    examples.push(format!("not(\"{first}\")"));
                }
            }
        }
        if optional {
            examples.push("null".to_owned());
        }
        Self { examples, parameters: matches!(kind, FactType::Integer { .. } | FactType::Date) }
    }

    /// For an output column of a type.
    #[must_use]
    pub fn output(kind: &FactType) -> Self {
        let mut examples = match kind {
            FactType::Integer { unit, .. } => vec![samples(*unit).0.to_owned(), "cel: param.…".to_owned()],
            FactType::Date => vec!["2026-08-01".to_owned()],
            FactType::Boolean => vec!["true".to_owned(), "false".to_owned()],
            FactType::Text => vec!["…".to_owned()],
            FactType::OneOf { values, .. } => values.clone(),
        };
        examples.push("-".to_owned());
        Self { examples, parameters: matches!(kind, FactType::Integer { .. }) }
    }
}

/// Two values of a unit as people write them.
fn samples(unit: Unit) -> (&'static str, &'static str) {
    match unit {
        Unit::Fen => ("20万元", "50万元"),
        Unit::Ppm | Unit::E9 => ("12%", "24%"),
        Unit::Bp => ("50", "100"),
        Unit::Days | Unit::WorkingDays | Unit::Minutes => ("30", "60"),
        Unit::Months | Unit::Years | Unit::Count => ("1", "3"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "decision,late\ntitle,是否逾期,Late\nrule,late\nhit,unique\ncolumn,overdue_days,late,article\n\
                         use,input,output,article\ntype,,boolean,\nA,0,false,a1\nB,>= 1,true,a1\n";

    #[test]
    fn rows_are_added_copied_moved_and_taken_out() {
        let mut table = TableText::parse(TABLE).unwrap();
        table.add_row(2).unwrap();
        assert_eq!(table.rows()[2], ["", "-", "", "a1"], "a new row asks for its output and keeps the article");
        table.copy_row(0).unwrap();
        assert_eq!(table.rows()[1], ["", "0", "false", "a1"], "a copy has no label of its own");
        table.move_row(3, false).unwrap();
        table.move_row(0, false).unwrap();
        table.move_row(3, true).unwrap();
        let labels: Vec<&str> = table.rows().iter().map(|row| row[0].as_str()).collect();
        assert_eq!(labels, ["A", "", "", "B"]);
        table.delete_row(1).unwrap();
        assert_eq!(table.rows().len(), 3);
        assert_eq!(table.delete_row(9), Err(EditError::NoCell { row: 10, column: 1 }));
        assert_eq!(table.file_row(0), 8);
    }

    #[test]
    fn a_text_too_long_for_a_cell_is_refused_with_its_place() {
        let mut table = TableText::parse(TABLE).unwrap();
        let refused = table.set(1, 1, &"x".repeat(1_000_000)).unwrap_err();
        assert_eq!(refused, EditError::CellTooLong { row: 2, column: 2, length: 1_000_000, limit: CELL_CHARACTERS });
        assert_eq!(table.set(1, 9, "x"), Err(EditError::NoCell { row: 2, column: 10 }));
        table.set(1, 1, " >= 1\n ").unwrap();
        assert_eq!(table.rows()[1][1], ">= 1");
    }

    #[test]
    fn text_that_is_no_table_is_refused() {
        for (text, word) in [("", "type"), ("a,b\n", "type"), ("type,\nx,y\n", "column")] {
            let refused = TableText::parse(text).unwrap_err();
            assert!(refused.to_string().contains(word), "{text:?}: {refused}");
        }
        let wide = format!("{TABLE}C,2,true,a1,surplus\n");
        assert!(matches!(TableText::parse(&wide), Err(EditError::TooLarge { columns: 4, .. })));
        let long = format!("{TABLE}{}", "C,2,true,a1\n".repeat(TABLE_ROWS + 30));
        assert!(matches!(TableText::parse(&long), Err(EditError::TooLarge { .. })));
    }

    #[test]
    fn an_import_may_change_rows_but_not_columns() {
        let table = TableText::parse(TABLE).unwrap();
        let changed = TableText::parse(&TABLE.replace("B,>= 1", "B,>= 2")).unwrap();
        assert_eq!(table.with_rows_of(&changed).unwrap().rows()[1][1], ">= 2");
        let other = TableText::parse(&TABLE.replace("overdue_days", "amount_fen")).unwrap();
        assert!(table.with_rows_of(&other).unwrap_err().to_string().contains("column 2"));
    }

    #[test]
    fn help_shows_only_what_the_column_can_read() {
        for text in ["days 0..", "fen 0..", "ppm 0..", "date", "boolean", "a|b", "mild<bad", "text", "e9", "months 0.."]
        {
            let kind = FactType::parse(text).unwrap();
            for example in CellHelp::input(&kind, false).examples {
                assert!(crate::table::cell::Tests::parse(&example, &kind).is_ok(), "{text}: {example}");
            }
        }
        let class = FactType::parse("normal<loss").unwrap();
        assert_eq!(CellHelp::output(&class).examples, ["normal", "loss", "-"]);
        assert!(CellHelp::input(&class, true).examples.contains(&"null".to_owned()));
    }
}
