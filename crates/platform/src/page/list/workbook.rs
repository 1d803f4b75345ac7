//! The export of a list (导出): exactly the rows of its result, from the same cells.

use finance::Fen;

use super::{Cell, ColumnKind, ListQuery, ListSpec, Row};
use crate::page::Ui;
use crate::sheets::{self, BookWriter, WriteError, Written};

impl Ui {
    /// The whole result as a workbook: all columns of the list, money in exact 元, the last row the sums.
    ///
    /// `titles` stand above the head: the list's name, its filters and as-of date.
    ///
    /// # Errors
    /// [`WriteError`] when the result is larger than a sheet.
    pub fn workbook(
        &self,
        name: &str,
        titles: &[&str],
        spec: &ListSpec,
        asked: &ListQuery,
        rows: &[Row],
    ) -> Result<Vec<u8>, WriteError> {
        let mut book = ListBook::begin(self, name, titles, spec, asked)?;
        book.rows(self, rows)?;
        book.finish()
    }

    fn sheet_column(&self, column: &super::Column) -> sheets::Column {
        let heading = self.t(column.title);
        match column.kind {
            ColumnKind::Money => sheets::Column::new(&heading, sheets::ColumnKind::Money).total(),
            ColumnKind::Rate => sheets::Column::new(&heading, sheets::ColumnKind::Percent),
            ColumnKind::Count => sheets::Column::new(&heading, sheets::ColumnKind::Count),
            ColumnKind::Date => sheets::Column::new(&heading, sheets::ColumnKind::Date),
            ColumnKind::Text | ColumnKind::State => sheets::Column::new(&heading, sheets::ColumnKind::Text),
        }
    }

    fn owned(&self, cell: &Cell) -> Owned {
        match cell {
            Cell::None => Owned::Empty,
            Cell::Text(text) | Cell::Strong(text) | Cell::Muted(text) | Cell::Link(text, _) | Cell::State(_, text) => {
                Owned::Text(text.clone())
            }
            Cell::Money(fen) | Cell::MoneyWhy(fen, _) => Owned::Money(Fen(*fen)),
            Cell::Rate(billionths) => Owned::Rate(*billionths),
            Cell::Count(count) => Owned::Count(*count),
            Cell::Date(on) => Owned::Date(*on),
            Cell::Class(class) => Owned::Text(self.t(class.message())),
            Cell::Bucket(days) => Owned::Text(days.to_string()),
        }
    }
}

/// A list as a workbook, written as its rows are read (分批导出).
pub struct ListBook {
    book: BookWriter,
    /// The columns asked for, by place.
    shown: Vec<usize>,
}

impl ListBook {
    /// Begins with titles and head.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn begin(ui: &Ui, name: &str, titles: &[&str], spec: &ListSpec, asked: &ListQuery) -> Result<Self, WriteError> {
        let shown: Vec<usize> = (0..spec.columns.len())
            .filter(|&i| spec.columns.get(i).is_some_and(|c| asked.columns.contains(&c.id)))
            .collect();
        let columns: Vec<sheets::Column> =
            shown.iter().filter_map(|&i| spec.columns.get(i)).map(|c| ui.sheet_column(c)).collect();
        let mut book = BookWriter::new();
        book.sheet(name, titles, &columns)?;
        Ok(Self { book, shown })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`WriteError`] when they are more than a sheet holds.
    pub fn rows(&mut self, ui: &Ui, rows: &[Row]) -> Result<(), WriteError> {
        for row in rows {
            let cells: Vec<Owned> =
                self.shown.iter().map(|&i| row.cells.get(i).map_or(Owned::Empty, |cell| ui.owned(cell))).collect();
            let written: Vec<Written<'_>> = cells.iter().map(Owned::written).collect();
            self.book.row(&written)?;
        }
        Ok(())
    }

    /// Adds the sums and gives the file.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(self) -> Result<Vec<u8>, WriteError> {
        self.book.finish()
    }
}

/// A value that outlives its cell.
enum Owned {
    Empty,
    Text(String),
    Money(Fen),
    Date(jiff::civil::Date),
    Rate(i64),
    Count(i64),
}

impl Owned {
    fn written(&self) -> Written<'_> {
        match self {
            Self::Empty => Written::Empty,
            Self::Text(text) => Written::Text(text),
            Self::Money(fen) => Written::Money(*fen),
            Self::Date(on) => Written::Date(*on),
            Self::Rate(billionths) => Written::RateE9(*billionths),
            Self::Count(count) => Written::Count(*count),
        }
    }
}
