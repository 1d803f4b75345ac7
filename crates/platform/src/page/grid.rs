//! A table of figures (统计表): one value that is drawn on the page and written to Excel alike.

use finance::Fen;

use super::{Html, Side, Table, TableRow, Ui};
use crate::sheets::{BookWriter, Column, ColumnKind, WriteError, Written};

/// A table with typed cells and a total (统计表).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// What it shows.
    pub title: String,
    /// The heads with what their columns hold.
    pub heads: Vec<(String, Holds)>,
    /// The rows.
    pub rows: Vec<GridRow>,
    /// The total; none where a sum means nothing.
    pub total: Option<Vec<Cell>>,
}

/// A row (行).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridRow {
    /// The cells.
    pub cells: Vec<Cell>,
    /// The rows behind it.
    pub href: Option<String>,
}

/// What a column holds (列).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    Text,
    /// A count that sums up.
    Count,
    /// Money that sums up.
    Money,
    /// Money at a moment, which does not sum up over the rows.
    Level,
    /// A share.
    Share,
}

/// A cell (格).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing known.
    None,
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Money.
    Money(Fen),
    /// A share in billionths.
    Share(i64),
    /// A figure that leads to its rows.
    Link(Box<Self>, String),
}

/// A share in billionths as percent, two decimals, half away from zero.
#[must_use]
pub fn percent(billionths: i64) -> String {
    let hundredths = (i128::from(billionths).unsigned_abs() + 50_000) / 100_000;
    let sign = if billionths < 0 && hundredths > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The same as people read it, with the minus of all other figures.
#[must_use]
pub fn percent_words(billionths: i64) -> String {
    percent(billionths).replace('-', "−")
}

/// Money as a plain decimal in 万元 for a chart: made of integers, rounded half away from zero.
#[must_use]
pub fn wan(amount: Fen) -> String {
    let size = (i128::from(amount.0).unsigned_abs() + 5_000) / 10_000;
    let sign = if amount.0 < 0 && size > 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

impl Grid {
    /// Draws it; the first cell of a row leads to its rows.
    #[must_use]
    pub fn html(&self, ui: &Ui) -> Html {
        let side = |holds: Holds| if holds == Holds::Text { Side::Left } else { Side::Right };
        let mut table = Table::new(&self.title, self.heads.iter().map(|(head, holds)| (head.clone(), side(*holds))));
        for row in &self.rows {
            let cells = row.cells.iter().enumerate().map(|(place, cell)| match &row.href {
                Some(href) if place == 0 => link(href, &cell.text(ui)),
                Some(_) | None => cell.html(ui),
            });
            table.rows.push(TableRow { cells: cells.collect(), href: row.href.clone(), lit: false });
        }
        if let Some(total) = &self.total {
            table.total(total.iter().map(|cell| cell.html(ui)));
        }
        ui.table(&table)
    }

    /// Writes it as a workbook of one sheet; the total is a formula over the rows.
    ///
    /// # Errors
    /// [`WriteError`] when it does not fit a sheet.
    pub fn workbook(&self, titles: &[&str]) -> Result<Vec<u8>, WriteError> {
        let mut book = BookWriter::new();
        self.sheet(&mut book, titles)?;
        book.finish()
    }

    /// Writes it as the next sheet of a workbook.
    ///
    /// # Errors
    /// [`WriteError`] when it does not fit a sheet.
    pub fn sheet(&self, book: &mut BookWriter, titles: &[&str]) -> Result<(), WriteError> {
        let column = |(head, holds): &(String, Holds)| match holds {
            Holds::Text => Column::new(head, ColumnKind::Text),
            Holds::Count => Column::new(head, ColumnKind::Count).total(),
            Holds::Money => Column::new(head, ColumnKind::Money).total(),
            Holds::Level => Column::new(head, ColumnKind::Money),
            Holds::Share => Column::new(head, ColumnKind::Percent),
        };
        let columns: Vec<Column> = self.heads.iter().map(column).collect();
        book.sheet(&self.title, titles, &columns)?;
        for row in &self.rows {
            let cells: Vec<Written<'_>> = row.cells.iter().map(Cell::written).collect();
            book.row(&cells)?;
        }
        Ok(())
    }
}

impl Cell {
    /// Its words, as on the page.
    #[must_use]
    pub fn text(&self, ui: &Ui) -> String {
        match self {
            Self::None => "—".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => ui.count(count),
            Self::Money(amount) => ui.in_unit(amount),
            Self::Share(billionths) => percent_words(*billionths),
            Self::Link(figure, _) => figure.text(ui),
        }
    }

    fn html(&self, ui: &Ui) -> Html {
        match self {
            Self::None => ui.dash(),
            Self::Text(text) => Html::of_text(text),
            Self::Money(amount) => ui.money_in_unit(amount),
            Self::Link(figure, href) => {
                let mut out = Html::new();
                out.raw("<a class=\"num\"").href(href).raw(">").text(figure.text(ui)).raw("</a>");
                out
            }
            Self::Count(_) | Self::Share(_) => {
                let mut out = Html::new();
                out.raw("<span class=\"num\">").text(self.text(ui)).raw("</span>");
                out
            }
        }
    }

    fn written(&self) -> Written<'_> {
        match self {
            Self::None => Written::Empty,
            Self::Text(text) => Written::Text(text),
            Self::Count(count) => Written::Count(*count),
            Self::Money(amount) => Written::Money(*amount),
            Self::Share(billionths) => Written::RateE9(*billionths),
            Self::Link(figure, _) => figure.written(),
        }
    }
}

/// A word that leads somewhere.
#[must_use]
pub fn link(href: &str, word: &str) -> Html {
    let mut out = Html::new();
    out.raw("<a").href(href).raw(">").text(word).raw("</a>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_wan_yuan_round_half_away_from_zero() {
        assert_eq!(percent(27_763_500), "2.78");
        assert_eq!(percent(27_750_000), "2.78");
        assert_eq!(percent(27_749_999), "2.77");
        assert_eq!(percent(1_000_000_000), "100.00");
        assert_eq!(percent(-12_345_678), "-1.23");
        assert_eq!(percent(-49_999), "0.00");
        assert_eq!(percent_words(-12_345_678), "−1.23");
        assert_eq!(wan(Fen(4_999)), "0.00");
        assert_eq!(wan(Fen(5_000)), "0.01");
        assert_eq!(wan(Fen(-5_000)), "-0.01");
        assert_eq!(wan(Fen(123_456_789)), "123.46");
    }
}
