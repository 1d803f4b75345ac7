//! CSV read cell by cell, every cell knowing its row and column as a spreadsheet counts them.

use crate::problem::{Place, Problem, ProblemKind};
use crate::value::parse_date;
use jiff::civil::Date;

/// A sheet as it stands in its file: rows of trimmed cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub(crate) file: String,
    pub(crate) rows: Vec<SheetRow>,
}

/// One row that is not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SheetRow {
    /// Counted from 1, blank rows included, a line break inside a quoted cell not.
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

impl SheetRow {
    pub(crate) fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }
}

impl Sheet {
    /// Reads CSV; a byte order mark is skipped, rows may differ in length.
    pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut sheet = Self { file: file.to_owned(), rows: Vec::new() };
        // A record's position is where the reader stood before it skipped blank lines; those count as rows.
        let (mut counted, mut number) = (0, 1u32);
        let mut breaks_inside_cells = 0;
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
                    let blank = text.as_bytes()[start.min(text.len())..]
                        .iter()
                        .take_while(|byte| matches!(byte, b'\r' | b'\n'));
                    let start = start + blank.count();
                    let breaks = text.as_bytes()[counted..start].iter().filter(|byte| **byte == b'\n').count();
                    number += u32::try_from(breaks - breaks_inside_cells.min(breaks)).unwrap_or(0);
                    counted = start;
                    breaks_inside_cells = record.iter().map(|cell| cell.matches('\n').count()).sum();
                    let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) {
                        sheet.rows.push(SheetRow { number, cells });
                    }
                }
                Err(error) => {
                    let kind = ProblemKind::BadCsv { detail: error.to_string() };
                    problems.push(Problem::new(Place::file(file), kind));
                }
            }
        }
        sheet
    }

    /// Reads the sheet as a register: a header row of column names, then one entry a row.
    pub(crate) fn register(self, must: &[&str], may: &[&str], problems: &mut Vec<Problem>) -> Vec<Entry> {
        let mut rows = self.rows.into_iter();
        let Some(header) = rows.next() else {
            problems.push(Problem::new(Place::file(&self.file), ProblemKind::MissingLine { name: must.join(",") }));
            return Vec::new();
        };
        for (index, name) in header.cells.iter().enumerate() {
            if !name.is_empty() && !must.contains(&name.as_str()) && !may.contains(&name.as_str()) {
                let kind = ProblemKind::UnknownColumn { name: name.clone() };
                problems.push(Problem::new(Place::cell(&self.file, header.number, column_number(index)), kind));
            }
        }
        for name in must {
            if !header.cells.iter().any(|cell| cell == name) {
                let kind = ProblemKind::MissingColumn { name: (*name).to_owned() };
                problems.push(Problem::new(Place::row(&self.file, header.number), kind));
            }
        }
        let names = std::sync::Arc::new(header.cells);
        let entry =
            |row: SheetRow| Entry { file: self.file.clone(), row: row.number, cells: row.cells, names: names.clone() };
        rows.map(entry).collect()
    }
}

/// One row of a register, its cells by the name of their column.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) file: String,
    pub(crate) row: u32,
    cells: Vec<String>,
    names: std::sync::Arc<Vec<String>>,
}

impl Entry {
    /// The cell of a column, empty when the column is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.index(name).and_then(|index| self.cells.get(index)).map_or("", String::as_str)
    }

    /// The cell of a column that must not be empty.
    pub(crate) fn text(&self, name: &str, problems: &mut Vec<Problem>) -> String {
        let text = self.get(name);
        if text.is_empty() && self.index(name).is_some() {
            problems.push(Problem::new(self.place(name), ProblemKind::EmptyCell { name: name.to_owned() }));
        }
        text.to_owned()
    }

    /// The cell of a column read as a date; empty is `None`.
    pub(crate) fn date(&self, name: &str, problems: &mut Vec<Problem>) -> Option<Date> {
        let text = self.get(name);
        if text.is_empty() {
            return None;
        }
        let date = parse_date(text);
        if date.is_none() {
            let kind = ProblemKind::WrongType { expected: "date".to_owned(), found: text.to_owned() };
            problems.push(Problem::new(self.place(name), kind));
        }
        date
    }

    /// Where the cell of that column is.
    pub(crate) fn place(&self, name: &str) -> Place {
        match self.index(name) {
            Some(index) => Place::cell(&self.file, self.row, column_number(index)),
            None => Place::row(&self.file, self.row),
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

/// The number of a column from 1.
pub(crate) fn column_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let mut problems = Vec::new();
        let text = "\u{feff}a,b\n\n\"two\nlines\",x\nlast,y\n";
        let sheet = Sheet::read("f.csv", text, &mut problems);
        let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(sheet.rows[0].cell(0), "a");
        assert!(problems.is_empty());
    }

    #[test]
    fn a_register_names_missing_and_unknown_columns() {
        let mut problems = Vec::new();
        Sheet::read("f.csv", "id,titel\nx,y\n", &mut problems).register(&["id", "title"], &[], &mut problems);
        let codes: Vec<(&str, String)> = problems.iter().map(|p| (p.code(), p.place.reference())).collect();
        assert_eq!(codes, [("unknown_column", "B1".to_owned()), ("missing_column", "1".to_owned())]);
    }
}
