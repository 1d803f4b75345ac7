//! Writing the workbook in a thread of its own, in constant memory: tabs of bounded length, texts that read back.

use std::collections::BTreeMap;
use std::io::Write;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;

use super::cell::{self, LONGEST, Out};
use super::manifest::{HEADINGS, KEYS, LONG_TAB, Manifest, TAB, Tab, Tally, colour};
use super::sheet::{Cell, Column, Sheet};
use crate::sheets::{Formats, WriteError, Written, index, sheet_name, write_value};

/// Rows of a tab in Excel, headings included.
pub const EXCEL_ROWS: u32 = 1_048_576;
/// Rows above the first row of data: Chinese headings, stable keys.
pub(super) const HEAD_ROWS: u32 = 2;
/// Batches that wait for the thread.
const WAITING: usize = 4;

/// What the thread is told.
pub(super) enum Told {
    /// Another sheet begins.
    Begin(Box<Sheet>),
    /// Rows of the sheet that began last.
    Rows(Vec<Vec<Out>>),
    /// There is no more: the head of the first page.
    End(Box<Manifest>),
}

/// Why a workbook cannot be written (写出失败).
#[derive(Debug, thiserror::Error)]
pub enum WritingError {
    /// The workbook.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    /// One of its cells.
    #[error(transparent)]
    Cell(#[from] WriteError),
    /// It was broken off.
    #[error("the workbook was broken off")]
    BrokenOff,
}

/// Starts the thread that writes to `to`, with tabs of at most `tab_rows` rows.
pub(super) fn start(
    to: impl Write + Send + 'static,
    tab_rows: u32,
) -> (mpsc::Sender<Told>, tokio::task::JoinHandle<Result<Manifest, WritingError>>) {
    let (send, mut take) = mpsc::channel(WAITING);
    let thread = tokio::task::spawn_blocking(move || {
        let mut writing = Writing::new(tab_rows)?;
        while let Some(told) = take.blocking_recv() {
            match told {
                Told::Begin(sheet) => writing.begin(*sheet)?,
                Told::Rows(rows) => rows.iter().try_for_each(|row| writing.row(row))?,
                Told::End(head) => return writing.end(*head, to),
            }
        }
        Err(WritingError::BrokenOff)
    });
    (send, thread)
}

struct Writing {
    workbook: Workbook,
    formats: Formats,
    tab_rows: u32,
    tabs: Vec<Tab>,
    open: Option<Open>,
    long: Option<(usize, u32)>,
    totals: BTreeMap<String, super::manifest::Totals>,
}

struct Open {
    sheet: Sheet,
    /// The columns of the file, those of who recorded it included.
    columns: Vec<Column>,
    tally: Tally,
    /// The place of its last tab.
    at: usize,
    next: u32,
    parts: u32,
}

impl Writing {
    fn new(tab_rows: u32) -> Result<Self, WritingError> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet_with_constant_memory()?.set_name(TAB)?;
        let (tab_rows, formats) = (tab_rows.clamp(HEAD_ROWS + 1, EXCEL_ROWS), Formats::new());
        Ok(Self { workbook, formats, tab_rows, tabs: Vec::new(), open: None, long: None, totals: BTreeMap::new() })
    }

    fn begin(&mut self, sheet: Sheet) -> Result<(), WritingError> {
        self.close();
        let columns = super::columns_in_file(&sheet);
        let tally = Tally::of(&sheet);
        self.open = Some(Open { sheet, columns, tally, at: 0, next: HEAD_ROWS, parts: 0 });
        self.tab()
    }

    /// Another tab of the open sheet.
    fn tab(&mut self) -> Result<(), WritingError> {
        let Some(open) = self.open.as_mut() else { return Ok(()) };
        open.parts += 1;
        let name = match open.parts {
            1 => sheet_name(open.sheet.title),
            part => sheet_name(&format!("{} ({part})", open.sheet.title)),
        };
        open.at = self.workbook.worksheets().len();
        open.next = HEAD_ROWS;
        let tab = self.workbook.add_worksheet_with_constant_memory()?;
        tab.set_name(&name)?.set_tab_color(colour(open.sheet.nature)).set_freeze_panes(HEAD_ROWS, 0)?;
        for (at, column) in open.columns.iter().enumerate() {
            tab.set_column_width(index(at), width(column))?;
            let money = if matches!(column.cell, Cell::Money) { "(元)" } else { "" };
            let heading = format!("{}{money}", column.heading);
            tab.write_string_with_format(0, index(at), &heading, &self.formats.heading)?;
        }
        for (at, column) in open.columns.iter().enumerate() {
            write_value(tab, &self.formats, 1, index(at), Written::Text(column.key()))?;
        }
        self.tabs.push(Tab { sheet: open.sheet.key.to_owned(), name, rows: 0 });
        Ok(())
    }

    fn row(&mut self, row: &[Out]) -> Result<(), WritingError> {
        if self.open.as_ref().is_some_and(|open| open.next >= self.tab_rows) {
            self.tab()?;
        }
        let Some((at, line)) = self.open.as_ref().map(|open| (open.at, open.next)) else { return Ok(()) };
        for (place, value) in row.iter().enumerate() {
            let text = match value {
                Out::Text(text) => {
                    let optional = self.open.as_ref().and_then(|o| o.columns.get(place)).is_some_and(|c| c.optional);
                    match cell::escaped(text, optional) {
                        Some(text) => text,
                        None => std::borrow::Cow::Owned(self.long(text)?),
                    }
                }
                _ => std::borrow::Cow::Borrowed(""),
            };
            let tab = self.workbook.worksheet_from_index(at)?;
            write_value(tab, &self.formats, line, index(place), value.written(&text))?;
        }
        if let Some(open) = self.open.as_mut() {
            open.tally.add(row);
            open.next += 1;
        }
        if let Some(tab) = self.tabs.last_mut() {
            tab.rows += 1;
        }
        Ok(())
    }

    /// Puts a text that no cell holds on its own sheet, in parts; answers its mark.
    fn long(&mut self, text: &str) -> Result<String, WritingError> {
        let (at, mut line) = match self.long {
            Some(place) => place,
            None => {
                let at = self.workbook.worksheets().len();
                let tab = self.workbook.add_worksheet_with_constant_memory()?;
                tab.set_name(LONG_TAB)?.set_freeze_panes(HEAD_ROWS, 0)?;
                for (place, (heading, key)) in [("序号", "no"), ("内容", "text")].into_iter().enumerate() {
                    tab.write_string_with_format(0, index(place), heading, &self.formats.heading)?;
                    tab.write_string(1, index(place), key)?;
                }
                (at, HEAD_ROWS)
            }
        };
        let no = line;
        let letters: Vec<char> = text.chars().collect();
        for part in letters.chunks(LONGEST / 2) {
            let part: String = part.iter().collect();
            let tab = self.workbook.worksheet_from_index(at)?;
            tab.write_string(line, 0, no.to_string())?;
            // Half the length leaves room for the escapes of a part.
            tab.write_string(line, 1, cell::escaped(&part, true).as_deref().unwrap_or_default())?;
            line += 1;
        }
        self.long = Some((at, line));
        Ok(cell::long_mark(usize::try_from(no).unwrap_or(usize::MAX)))
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.totals.insert(open.sheet.key.to_owned(), open.tally.end());
        }
    }

    fn end(mut self, head: Manifest, to: impl Write + Send) -> Result<Manifest, WritingError> {
        self.close();
        let manifest = Manifest { tabs: self.tabs, totals: self.totals, ..head };
        let first = self.workbook.worksheet_from_index(0)?;
        first_page(first, &self.formats, &manifest)?;
        first.set_active(true);
        self.workbook.save_to_writer(to)?;
        Ok(manifest)
    }
}

fn first_page(page: &mut Worksheet, formats: &Formats, manifest: &Manifest) -> Result<(), WritingError> {
    for (at, heading) in HEADINGS.iter().enumerate() {
        page.write_string_with_format(0, index(at), *heading, &formats.heading)?;
    }
    for (at, wide) in [18.0, 44.0, 20.0, 12.0, 40.0, 24.0].into_iter().enumerate() {
        page.set_column_width(index(at), wide)?;
    }
    page.set_freeze_panes(HEAD_ROWS, 0)?;
    let keys = KEYS.map(str::to_owned);
    for (line, row) in (1..).zip(std::iter::once(keys).chain(manifest.rows())) {
        for (at, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let text = cell::escaped(text, false).unwrap_or_default();
            write_value(page, formats, line, index(at), Written::Text(&text))?;
        }
    }
    Ok(())
}

fn width(column: &Column) -> f64 {
    match column.cell {
        Cell::Id | Cell::Ref(_) | Cell::PersonRef | Cell::NumberRef => 22.0,
        Cell::Money => 16.0,
        Cell::Date | Cell::Rate | Cell::Count | Cell::Flag => 12.0,
        Cell::Moment => 26.0,
        _ => 18.0,
    }
}
