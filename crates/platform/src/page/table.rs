//! Small tables (表格) with the accountant's totals; long ones are lists (`list`).

use super::{Given, Html, Ui};

/// On which side a column stands (对齐).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Text.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// A table (表格): head, rows, and a grand total with one line above and two below.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The heads with their sides.
    pub heads: Vec<(String, Side)>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// The total; its first cell is labelled with the count.
    pub total: Option<Vec<Html>>,
    /// What the table is, for screen readers.
    pub caption: String,
}

/// One row (行).
#[derive(Debug, Clone, Default)]
pub struct TableRow {
    /// The cells.
    pub cells: Vec<Html>,
    /// Where Enter leads; the first link of the row when empty.
    pub href: Option<String>,
    /// Whether it is lit: the figure whose derivation is open, the running step.
    pub lit: bool,
}

impl Table {
    /// A table with these heads.
    #[must_use]
    pub fn new(caption: impl Into<String>, heads: impl IntoIterator<Item = (String, Side)>) -> Self {
        Self { heads: heads.into_iter().collect(), caption: caption.into(), ..Self::default() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Html>) -> &mut Self {
        self.rows.push(TableRow { cells: cells.into_iter().collect(), ..TableRow::default() });
        self
    }

    /// Sets the grand total.
    pub fn total(&mut self, cells: impl IntoIterator<Item = Html>) -> &mut Self {
        self.total = Some(cells.into_iter().collect());
        self
    }
}

impl Ui {
    /// Draws a table.
    #[must_use]
    pub fn table(&self, table: impl Given<Table>) -> Html {
        let table = table.given();
        let side = |place: usize| table.heads.get(place).map_or(Side::Left, |head| head.1);
        let mut out = Html::new();
        out.raw("<div class=\"scroll\"><table class=\"table\"><caption class=\"unseen\">").text(&table.caption);
        out.raw("</caption><thead><tr>");
        for (head, side) in &table.heads {
            out.raw(if *side == Side::Right { "<th scope=\"col\" class=\"r\">" } else { "<th scope=\"col\">" });
            out.text(head).raw("</th>");
        }
        out.raw("</tr></thead><tbody>");
        for row in &table.rows {
            out.raw(if row.lit { "<tr class=\"lit\"" } else { "<tr" });
            if let Some(href) = &row.href {
                out.attr("data-href", super::own_address(href));
            }
            out.raw(">");
            cells(&mut out, &row.cells, side);
            out.raw("</tr>");
        }
        out.raw("</tbody>");
        if let Some(total) = &table.total {
            out.raw("<tfoot><tr class=\"grand\">");
            cells(&mut out, total, side);
            out.raw("</tr></tfoot>");
        }
        out.raw("</table></div>");
        out
    }
}

fn cells(out: &mut Html, cells: &[Html], side: impl Fn(usize) -> Side) {
    for (place, cell) in cells.iter().enumerate() {
        out.raw(if side(place) == Side::Right { "<td class=\"r\">" } else { "<td>" }).push(cell).raw("</td>");
    }
}
