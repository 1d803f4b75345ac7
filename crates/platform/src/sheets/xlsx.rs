//! Reading .xlsx: values cell by cell from calamine, marks from our own pass, never a dense range.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, Xlsx};

use super::archive::Archive;
use super::grid::{Cell, Gather, Sheet, Value, Workbook};
use super::limits::{Limits, SheetError};
use super::values::date_time_of_serial;
use super::xlsx_marks::{Marks, SheetPart, read_marks, sheet_parts};

/// Reads a whole .xlsx workbook.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let mut archive = Archive::open(bytes, limits)?;
    let (parts, date1904) = sheet_parts(&mut archive)?;
    if parts.len() > limits.sheets {
        return Err(SheetError::TooManyParts { count: parts.len(), limit: limits.sheets });
    }
    // A third-party parser in front of a hostile file: a panic in it is a damaged file, not a crash of ours.
    let read_all = || {
        let mut xlsx = Xlsx::new(Cursor::new(bytes)).map_err(SheetError::damaged)?;
        let mut gather = Gather::new(limits);
        let mut sheets = Vec::new();
        for part in &parts {
            let Some(xml) = archive.part(&part.path)? else { continue };
            let marks = read_marks(&xml)?;
            drop(xml);
            if let Some(sheet) = read_sheet(&mut xlsx, part, marks, date1904, &mut gather)? {
                sheets.push(sheet);
            }
        }
        Ok(sheets)
    };
    let sheets = catch_unwind(AssertUnwindSafe(read_all)).map_err(|_| SheetError::damaged("the parser gave up"))??;
    Ok(Workbook { name: name.to_owned(), sheets, date1904 })
}

fn read_sheet(
    xlsx: &mut Xlsx<Cursor<&[u8]>>,
    part: &SheetPart,
    marks: Marks,
    date1904: bool,
    gather: &mut Gather<'_>,
) -> Result<Option<Sheet>, SheetError> {
    let mut sheet =
        Sheet { name: part.name.clone(), hidden: part.hidden, merges: marks.merges.clone(), ..Sheet::default() };
    if xlsx.sheets_metadata().iter().any(|m| m.name == part.name && m.typ != calamine::SheetType::WorkSheet) {
        return Ok(None);
    }
    let mut cells = xlsx.worksheet_cells_reader(&part.name).map_err(SheetError::damaged)?;
    let percent: Vec<bool> = cells.styles().iter().map(is_percent).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(SheetError::damaged)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row.saturating_add(1), column.saturating_add(1));
        let value = value_of(cell.get_value(), &sheet, row, date1904, gather)?;
        let formula = marks.formulas.get(&(row, column)).cloned();
        let percent = percent.get(style).copied().unwrap_or(false);
        gather.put(&mut sheet, row, Cell { column, value, formula, percent })?;
    }
    sheet.merges.sort_by_key(|m| (m.left, m.top));
    mark_hidden(&mut sheet, &marks);
    Ok(Some(sheet))
}

fn is_percent(style: &calamine::Style) -> bool {
    style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%'))
}

fn mark_hidden(sheet: &mut Sheet, marks: &Marks) {
    for number in &marks.hidden_rows {
        if let Ok(at) = sheet.rows.binary_search_by_key(number, |row| row.number) {
            sheet.rows[at].hidden = true;
        }
    }
    if marks.hidden_columns.is_empty() {
        return;
    }
    let hidden = |column: u32| marks.hidden_columns.iter().any(|(from, to)| (*from..=*to).contains(&column));
    let mut used: Vec<u32> = sheet.rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
    used.sort_unstable();
    used.dedup();
    sheet.hidden_columns = used.into_iter().filter(|column| hidden(*column)).collect();
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers of this kind come from spreadsheets, which hold doubles")]
fn value_of(
    data: &DataRef<'_>,
    sheet: &Sheet,
    row: u32,
    date1904: bool,
    gather: &mut Gather<'_>,
) -> Result<Value, SheetError> {
    Ok(match data {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(number) => Value::Number(*number),
        DataRef::String(text) => Value::Text(gather.text(sheet, row, text)?),
        DataRef::SharedString(text) => Value::Text(gather.text(sheet, row, text)?),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Text(gather.text(sheet, row, text)?),
        DataRef::Bool(truth) => Value::Bool(*truth),
        DataRef::DateTime(serial) => match date_time_of_serial(serial.as_f64(), date1904) {
            Some(at) if serial.is_datetime() => Value::Date(at),
            _ => Value::Number(serial.as_f64()),
        },
        DataRef::Error(error) => Value::Error(gather.text(sheet, row, &error.to_string())?),
    })
}
