//! Reading .xls: the binary records are walked first to bound what calamine will allocate.
//!
//! calamine makes a dense range of every .xls sheet, as large as its outermost cells.
//! Two cells at opposite corners cost half a gigabyte, so the extent is measured before.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader, SheetVisible, Xls};

use super::grid::{Cell, Gather, Merge, Sheet, Value, Workbook};
use super::limits::{Limits, SheetError};
use super::values::date_time_of_serial;

/// Most cells of the dense range of one sheet.
const DENSE_CELLS: u64 = 4_000_000;

/// Reads a whole .xls workbook.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let stream = workbook_stream(bytes).ok_or_else(|| SheetError::damaged("no workbook stream"))?;
    let extents = measure(&stream)?;
    drop(stream);
    if extents.len() > limits.sheets {
        return Err(SheetError::TooManyParts { count: extents.len(), limit: limits.sheets });
    }
    let parse = || read_sheets(bytes, &extents, limits);
    let (sheets, date1904) =
        catch_unwind(AssertUnwindSafe(parse)).map_err(|_| SheetError::damaged("the parser gave up"))??;
    Ok(Workbook { name: name.to_owned(), sheets, date1904 })
}

fn read_sheets(bytes: &[u8], extents: &[Extent], limits: &Limits) -> Result<(Vec<Sheet>, bool), SheetError> {
    let mut xls = Xls::new(Cursor::new(bytes)).map_err(SheetError::damaged)?;
    let date1904 = xls.has_1904_epoch();
    let metadata = xls.sheets_metadata().to_vec();
    let mut gather = Gather::new(limits);
    let mut sheets = Vec::new();
    for (at, meta) in metadata.iter().enumerate() {
        let range = xls.worksheet_range(&meta.name).map_err(SheetError::damaged)?;
        let mut sheet =
            Sheet { name: meta.name.clone(), hidden: meta.visible != SheetVisible::Visible, ..Sheet::default() };
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX)).saturating_add(1);
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX)).saturating_add(1);
            let value = value_of(data, &sheet, row, date1904, &mut gather)?;
            gather.put(&mut sheet, row, Cell { column, value, formula: None, percent: false })?;
        }
        let merged = xls.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        sheet.merges = merged.iter().map(|d| merge(d.start, d.end)).collect();
        sheet.merges.sort_by_key(|m| (m.left, m.top));
        if let Some(extent) = extents.get(at) {
            mark_hidden(&mut sheet, extent);
        }
        sheets.push(sheet);
    }
    Ok((sheets, date1904))
}

fn merge(start: (u32, u32), end: (u32, u32)) -> Merge {
    let one = |n: u32| n.saturating_add(1);
    Merge { top: one(start.0), left: one(start.1), bottom: one(end.0), right: one(end.1) }
}

fn mark_hidden(sheet: &mut Sheet, extent: &Extent) {
    for row in &mut sheet.rows {
        row.hidden = extent.hidden_rows.contains(&row.number);
    }
    for column in 1..=sheet.last_column() {
        let used = || sheet.rows.iter().any(|row| row.cell(column).is_some());
        if extent.hidden_columns.iter().any(|(from, to)| (*from..=*to).contains(&column)) && used() {
            sheet.hidden_columns.push(column);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers of this kind come from spreadsheets, which hold doubles")]
fn value_of(
    data: &Data,
    sheet: &Sheet,
    row: u32,
    date1904: bool,
    gather: &mut Gather<'_>,
) -> Result<Value, SheetError> {
    Ok(match data {
        Data::Empty => Value::Empty,
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(number) => Value::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Value::Text(gather.text(sheet, row, text)?)
        }
        Data::Bool(truth) => Value::Bool(*truth),
        Data::DateTime(serial) => match date_time_of_serial(serial.as_f64(), date1904) {
            Some(at) if serial.is_datetime() => Value::Date(at),
            _ => Value::Number(serial.as_f64()),
        },
        Data::Error(error) => Value::Error(gather.text(sheet, row, &error.to_string())?),
    })
}

/// What the records of one sheet say before calamine parses it.
#[derive(Debug, Default)]
struct Extent {
    top: Option<u32>,
    bottom: u32,
    left: u32,
    right: u32,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<(u32, u32)>,
}

/// Walks the records of the workbook stream. Source: [MS-XLS] 2.3, record numbers in the comments.
fn measure(stream: &[u8]) -> Result<Vec<Extent>, SheetError> {
    let mut extents: Vec<Extent> = Vec::new();
    let mut in_sheet = false;
    let mut at = 0usize;
    while let (Some(kind), Some(length)) = (word(stream, at), word(stream, at + 2)) {
        let body = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or_default();
        match kind {
            0x002F => return Err(SheetError::Encrypted), // FilePass
            0x0809 => {
                in_sheet = word(body, 2) == Some(0x0010); // BOF of a worksheet
                if in_sheet {
                    extents.push(Extent::default());
                }
            }
            // Number, LabelSst, Label, Rk, MulRk, Formula, BoolErr, RString: row and column first.
            0x0203 | 0x00FD | 0x0204 | 0x027E | 0x00BD | 0x0006 | 0x0205 | 0x00D6 if in_sheet => {
                if let (Some(extent), Some(row), Some(column)) = (extents.last_mut(), word(body, 0), word(body, 2)) {
                    let last = if kind == 0x00BD { word(body, body.len().saturating_sub(2)) } else { None };
                    extent.include(u32::from(row), u32::from(column), u32::from(last.unwrap_or(column)))?;
                }
            }
            0x0208 if in_sheet => {
                // Row: bit 5 of the flags at 12 is fDyZero, the row is hidden.
                if let (Some(extent), Some(row), Some(flags)) = (extents.last_mut(), word(body, 0), word(body, 12))
                    && flags & 0x0020 != 0
                {
                    extent.hidden_rows.push(u32::from(row) + 1);
                }
            }
            0x007D if in_sheet => {
                // ColInfo: bit 0 of the flags at 8 hides the columns.
                if let (Some(extent), Some(from), Some(to), Some(flags)) =
                    (extents.last_mut(), word(body, 0), word(body, 2), word(body, 8))
                    && flags & 1 != 0
                {
                    extent.hidden_columns.push((u32::from(from) + 1, u32::from(to) + 1));
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    Ok(extents)
}

impl Extent {
    fn include(&mut self, row: u32, column: u32, last: u32) -> Result<(), SheetError> {
        match self.top {
            None => (self.top, self.bottom, self.left, self.right) = (Some(row), row, column, last),
            Some(top) => {
                self.top = Some(top.min(row));
                self.bottom = self.bottom.max(row);
                self.left = self.left.min(column);
                self.right = self.right.max(last);
            }
        }
        let height = u64::from(self.bottom - self.top.unwrap_or(self.bottom)) + 1;
        let width = u64::from(self.right.saturating_sub(self.left)) + 1;
        if height * width > DENSE_CELLS {
            return Err(SheetError::TooManyCells { limit: usize::try_from(DENSE_CELLS).unwrap_or(usize::MAX) });
        }
        Ok(())
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

/// The `Workbook` (or `Book`) stream out of the compound file. Source: [MS-CFB] 2.2–2.6.
fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift = word(bytes, 30).filter(|s| matches!(s, 9 | 12))?;
    let size = 1usize << shift;
    let sector = |at: usize| bytes.get(at.checked_add(1)?.checked_mul(size)?..).map(|s| &s[..s.len().min(size)]);
    let fat = allocation_table(bytes, size)?;
    let chain = |start: usize| {
        let mut out = Vec::new();
        let mut at = start;
        // A chain cannot be longer than the table: a longer one runs in a circle.
        for _ in 0..=fat.len() {
            let Some(next) = fat.get(at) else { break };
            out.extend_from_slice(sector(at)?);
            at = *next;
        }
        Some(out)
    };
    let directory = chain(long(bytes, 48)?)?;
    let entry = |want: &str| {
        directory.chunks_exact(128).find(|entry| {
            let name: Vec<u16> =
                entry[..64].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).take_while(|c| *c != 0).collect();
            String::from_utf16_lossy(&name).eq_ignore_ascii_case(want)
        })
    };
    let book = entry("Workbook").or_else(|| entry("Book"))?;
    let (start, length) = (long(book, 116)?, long(book, 120)?);
    if length >= long(bytes, 56)? {
        return chain(start);
    }
    // A short stream lies in 64-byte pieces of the root entry's stream.
    let root = chain(long(entry("Root Entry")?, 116)?)?;
    let small = chain(long(bytes, 60)?)?;
    let mut out = Vec::new();
    let mut at = start;
    for _ in 0..=small.len() / 4 {
        let Some(piece) = root.get(at.checked_mul(64)?..) else { break };
        out.extend_from_slice(&piece[..piece.len().min(64)]);
        let Some(next) = long(&small, at * 4) else { break };
        at = next;
    }
    Some(out)
}

/// The table of next sectors, from the list in the header and its continuation.
fn allocation_table(bytes: &[u8], size: usize) -> Option<Vec<usize>> {
    let sectors = bytes.len() / size + 1;
    let mut list: Vec<usize> = (0..109).filter_map(|i| long(bytes, 76 + 4 * i)).collect();
    let mut more = long(bytes, 68)?;
    let per = size / 4;
    for _ in 0..sectors {
        let base = more.checked_add(1)?.checked_mul(size)?;
        if base + size > bytes.len() {
            break;
        }
        list.extend((0..per - 1).filter_map(|i| long(bytes, base + 4 * i)));
        more = long(bytes, base + 4 * (per - 1))?;
    }
    let mut fat = Vec::new();
    for at in list {
        let Some(base) = at.checked_add(1).and_then(|n| n.checked_mul(size)) else { continue };
        if base >= bytes.len() || fat.len() > sectors {
            continue;
        }
        fat.extend((0..per).map(|i| long(bytes, base + 4 * i).unwrap_or(usize::MAX)));
    }
    Some(fat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let mut out = kind.to_le_bytes().to_vec();
        out.extend_from_slice(&u16::try_from(body.len()).unwrap().to_le_bytes());
        out.extend_from_slice(body);
        out
    }

    #[test]
    fn two_cells_at_opposite_corners_are_refused_before_anything_is_allocated() {
        let mut stream = record(0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
        stream.extend(record(0x0203, &[0, 0, 0, 0, 0, 0]));
        assert_eq!(measure(&stream).unwrap().len(), 1);
        stream.extend(record(0x0203, &[0xFF, 0xFF, 0xFF, 0, 0, 0]));
        assert_eq!(measure(&stream).unwrap_err().code(), "too_many_cells");
    }

    #[test]
    fn a_protected_workbook_is_named_as_such() {
        assert_eq!(measure(&record(0x002F, &[0; 6])).unwrap_err(), SheetError::Encrypted);
    }

    #[test]
    fn a_compound_file_that_runs_in_a_circle_ends() {
        let mut bytes = vec![0u8; 512 * 4];
        bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
        bytes[30] = 9;
        assert!(read("x.xls", &bytes, &Limits::default()).is_err());
    }
}
