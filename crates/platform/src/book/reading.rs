//! Reading the workbook in a thread of its own, row by row.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use calamine::{DataRef, Reader as _, Xlsx};
use tokio::sync::mpsc;

use super::cell::{Raw, Unescaped, unescaped};
use super::finding::Finding;
use super::manifest::{KEYS, LONG_TAB, Manifest, TAB, Tab};
use super::writing::HEAD_ROWS;
use crate::sheets::column_letters;
use crate::sheets::values::date_time_of_serial;

/// Rows of a batch.
const BATCH: usize = 1_000;
/// Batches that wait.
const WAITING: usize = 4;
/// Columns of a sheet at most.
const COLUMNS: u32 = 256;
/// Rows of the first page at most.
const FIRST_ROWS: usize = 10_000;
/// Bytes of long texts at most: they are kept while the sheets are read.
const LONG_BYTES: usize = 128 << 20;

/// A row as it stands in the file (读出的行).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// As Excel counts.
    pub number: u32,
    /// By column, from the first.
    pub cells: Vec<Raw>,
}

/// What the thread tells.
pub(super) enum Read {
    /// A tab begins, with the keys of its second row.
    Tab { name: String, keys: Vec<String> },
    /// Rows of the tab that began last.
    Lines(Vec<Line>),
    /// The file cannot be read on.
    Wrong(Finding),
}

/// An opened workbook.
pub(super) struct Book {
    path: PathBuf,
    /// What the first page says.
    pub manifest: Manifest,
    long: HashMap<usize, String>,
}

impl Book {
    /// Reads the first page and the long texts.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(super) fn open(path: &Path) -> Result<Self, Finding> {
        guarded(|| {
            let mut xlsx = xlsx(path)?;
            let mut rows: Vec<[String; 6]> = Vec::new();
            each_line(&mut xlsx, TAB, &HashMap::new(), &mut |line| {
                let mut row: [String; 6] = Default::default();
                for (at, cell) in line.cells.into_iter().enumerate().take(KEYS.len()) {
                    row[at] = cell.text().unwrap_or_default();
                }
                rows.push(row);
                if rows.len() > FIRST_ROWS { Err(Finding::sheet("too-many-rows", TAB)) } else { Ok(()) }
            })
            .map_err(|wrong| if wrong.code == "no-tab" { Finding::file("no-first-page") } else { wrong })?;
            let data = rows.get(2..).unwrap_or_default();
            let manifest =
                Manifest::parse(data).map_err(|item| Finding::sheet("first-page", TAB).with("item", item))?;
            let long = long_texts(&mut xlsx)?;
            Ok(Self { path: path.to_owned(), manifest, long })
        })
    }

    /// Reads these tabs, one after the other, in a thread.
    pub(super) fn read(self, tabs: Vec<Tab>) -> mpsc::Receiver<Read> {
        let (send, take) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || {
            let read = guarded(|| {
                let mut xlsx = xlsx(&self.path)?;
                tabs.iter().try_for_each(|tab| one_tab(&mut xlsx, &tab.name, &self.long, &send))
            });
            if let Err(wrong) = read {
                // Nobody listens any more: the other side found enough.
                let _ = send.blocking_send(Read::Wrong(wrong));
            }
        });
        take
    }
}

type File1 = Xlsx<BufReader<File>>;

fn xlsx(path: &Path) -> Result<File1, Finding> {
    let file = File::open(path).map_err(|_| Finding::file("damaged"))?;
    Xlsx::new(BufReader::new(file)).map_err(|_| Finding::file("no-workbook"))
}

/// A third-party parser in front of a hostile file: a panic in it is a damaged file, not a crash of ours.
fn guarded<T>(work: impl FnOnce() -> Result<T, Finding>) -> Result<T, Finding> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Finding::file("damaged")))
}

/// The texts that no cell holds, put together from their parts.
fn long_texts(xlsx: &mut File1) -> Result<HashMap<usize, String>, Finding> {
    let mut all: HashMap<usize, String> = HashMap::new();
    if !xlsx.sheet_names().iter().any(|name| name == LONG_TAB) {
        return Ok(all);
    }
    let mut bytes = 0;
    each_line(xlsx, LONG_TAB, &HashMap::new(), &mut |mut line| {
        if line.number <= HEAD_ROWS {
            return Ok(());
        }
        let wrong = || Finding::sheet("long-text", LONG_TAB).at(line.number);
        let text = line.cells.pop().and_then(Raw::text).unwrap_or_default();
        let no = line.cells.pop().and_then(|cell| cell.whole()).and_then(|no| usize::try_from(no).ok());
        bytes += text.len();
        if bytes > LONG_BYTES {
            return Err(Finding::file("too-large").with("what", "text").with("limit", LONG_BYTES >> 20));
        }
        all.entry(no.ok_or_else(wrong)?).or_default().push_str(&text);
        Ok(())
    })?;
    Ok(all)
}

fn one_tab(
    xlsx: &mut File1,
    name: &str,
    long: &HashMap<usize, String>,
    send: &mpsc::Sender<Read>,
) -> Result<(), Finding> {
    let mut batch = Vec::with_capacity(BATCH);
    let (mut begun, mut gone) = (false, false);
    let mut tell = |read| {
        gone = gone || send.blocking_send(read).is_err();
        if gone { Err(Finding::file("stopped")) } else { Ok(()) }
    };
    each_line(xlsx, name, long, &mut |line| {
        if !begun && line.number >= HEAD_ROWS {
            begun = true;
            let keys = if line.number == HEAD_ROWS { line.cells.clone() } else { Vec::new() };
            let keys = keys.into_iter().map(|cell| cell.text().unwrap_or_default()).collect();
            tell(Read::Tab { name: name.to_owned(), keys })?;
            if line.number == HEAD_ROWS {
                return Ok(());
            }
        }
        if line.number > HEAD_ROWS {
            batch.push(line);
        }
        if batch.len() == BATCH {
            tell(Read::Lines(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))))?;
        }
        Ok(())
    })?;
    if !begun {
        tell(Read::Tab { name: name.to_owned(), keys: Vec::new() })?;
    }
    if batch.is_empty() { Ok(()) } else { tell(Read::Lines(batch)) }
}

/// Calls `take` with every row that holds something, in the order of the file.
fn each_line(
    xlsx: &mut File1,
    tab: &str,
    long: &HashMap<usize, String>,
    take: &mut dyn FnMut(Line) -> Result<(), Finding>,
) -> Result<(), Finding> {
    if !xlsx.sheet_names().iter().any(|name| name == tab) {
        return Err(Finding::sheet("no-tab", tab));
    }
    let damaged = |_| Finding::sheet("damaged", tab);
    let mut cells = xlsx.worksheet_cells_reader(tab).map_err(damaged)?;
    let mut line = Line { number: 0, cells: Vec::new() };
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row.saturating_add(1), column.saturating_add(1));
        if column > COLUMNS {
            return Err(Finding::sheet("too-many-columns", tab).at(row).with("limit", COLUMNS));
        }
        if row < line.number {
            return Err(Finding::sheet("row-order", tab).at(row));
        }
        if row > line.number {
            let full = std::mem::replace(&mut line, Line { number: row, cells: Vec::new() });
            if !full.cells.is_empty() {
                take(full)?;
            }
        }
        let value = raw(cell.get_value(), tab, row, column, long)?;
        if value == Raw::Empty {
            continue;
        }
        let place = column as usize - 1;
        if line.cells.len() <= place {
            line.cells.resize(place + 1, Raw::Empty);
        }
        line.cells[place] = value;
    }
    if line.cells.is_empty() { Ok(()) } else { take(line) }
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers of this kind come from spreadsheets, which hold doubles")]
fn raw(data: &DataRef<'_>, tab: &str, row: u32, column: u32, long: &HashMap<usize, String>) -> Result<Raw, Finding> {
    let text = |text: &str| {
        let wrong = || Finding::sheet("text-mark", tab).at(row).column(&column_letters(column));
        match unescaped(text.to_owned()).ok_or_else(wrong)? {
            Unescaped::Text(text) => Ok(Raw::Text(text)),
            Unescaped::Long(no) => long.get(&no).cloned().map(Raw::Text).ok_or_else(wrong),
        }
    };
    Ok(match data {
        DataRef::Empty => Raw::Empty,
        DataRef::Int(number) => Raw::Number(*number as f64),
        DataRef::Float(number) => Raw::Number(*number),
        DataRef::String(found) => text(found)?,
        DataRef::SharedString(found) => text(found)?,
        DataRef::DateTimeIso(found) | DataRef::DurationIso(found) => Raw::Text(found.clone()),
        DataRef::Bool(truth) => Raw::Other(truth.to_string()),
        DataRef::DateTime(serial) => match date_time_of_serial(serial.as_f64(), false) {
            Some(at) if serial.is_datetime() => Raw::Date(at.date()),
            _ => Raw::Number(serial.as_f64()),
        },
        DataRef::Error(error) => Raw::Other(error.to_string()),
    })
}

/// The tabs of a sheet as the first page names them.
pub(super) fn tabs_by_sheet(manifest: &Manifest) -> BTreeMap<String, Vec<Tab>> {
    let mut all: BTreeMap<String, Vec<Tab>> = BTreeMap::new();
    for tab in &manifest.tabs {
        all.entry(tab.sheet.clone()).or_default().push(tab.clone());
    }
    all
}
