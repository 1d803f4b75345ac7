//! Writing findings into the user's own file: one more column at the right, everything else as it was.

use std::collections::HashMap;
use std::io::{Cursor, Write};

use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::archive::Archive;
use super::grid::{Sheet, Value, Workbook, column_letters};
use super::limits::{Limits, SheetError};
use super::write::{BookWriter, Column, ColumnKind, Written};
use super::xlsx_marks::{attribute, place, sheet_parts};
use super::{FileKind, read};

/// A text to put beside a row (行旁批注).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// What to write; several notes of one row are joined.
    pub text: String,
}

/// Gives the user's file back with the notes in a column right of everything else.
///
/// An .xlsx keeps its formats, formulas, widths and other sheets: only the noted rows gain a cell.
/// An .xls or CSV comes back as .xlsx with its values.
///
/// # Errors
/// [`SheetError`] when the file cannot be read; a row without any cell gets no note.
pub fn annotate(name: &str, bytes: &[u8], notes: &[Note], limits: &Limits) -> Result<Vec<u8>, SheetError> {
    let mut by_sheet: HashMap<&str, HashMap<u32, String>> = HashMap::new();
    for note in notes {
        let text = by_sheet.entry(&note.sheet).or_default().entry(note.row).or_default();
        if !text.is_empty() {
            text.push('；');
        }
        text.push_str(&note.text);
    }
    limits.check_bytes(bytes.len())?;
    match FileKind::of(bytes)? {
        FileKind::Xlsx => annotate_xlsx(bytes, &by_sheet, limits),
        FileKind::Xls | FileKind::Csv => copy_values(&read(name, bytes, limits)?, &by_sheet),
    }
}

fn annotate_xlsx(
    bytes: &[u8],
    notes: &HashMap<&str, HashMap<u32, String>>,
    limits: &Limits,
) -> Result<Vec<u8>, SheetError> {
    let mut archive = Archive::open(bytes, limits)?;
    let (parts, _) = sheet_parts(&mut archive)?;
    let mut changed: HashMap<String, Vec<u8>> = HashMap::new();
    for part in parts {
        if let Some(rows) = notes.get(part.name.as_str())
            && let Some(xml) = archive.part(&part.path)?
        {
            changed.insert(part.path.clone(), add_column(&xml, rows)?);
        }
    }
    let mut zip = archive.into_inner();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let part = zip.by_index_raw(at).map_err(SheetError::damaged)?;
        let name = part.name().map_err(SheetError::damaged)?.into_owned();
        match changed.get(&name) {
            Some(xml) => {
                out.start_file(name, SimpleFileOptions::default()).map_err(SheetError::damaged)?;
                out.write_all(xml).map_err(SheetError::damaged)?;
            }
            None => out.raw_copy_file(part).map_err(SheetError::damaged)?,
        }
    }
    Ok(out.finish().map_err(SheetError::damaged)?.into_inner())
}

/// Adds a cell with the note behind the last cell of each noted row.
fn add_column(xml: &[u8], rows: &HashMap<u32, String>) -> Result<Vec<u8>, SheetError> {
    let letters = column_letters(last_column(xml)?.saturating_add(1));
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len() + rows.len() * 96));
    let mut buffer = Vec::new();
    let mut row = 0u32;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(SheetError::damaged)?;
        match event {
            Event::Start(e) if e.local_name().as_ref() == "row" => {
                row = row_number(&e, row);
                // `spans` names the columns of the row; it is a hint, and a wrong one upsets readers.
                let mut open = BytesStart::new(e.name().as_ref().to_owned());
                open.extend_attributes(e.attributes().filter_map(Result::ok).filter(|a| a.key.as_ref() != "spans"));
                put(&mut writer, Event::Start(open))?;
            }
            Event::Empty(e) if e.local_name().as_ref() == "row" => {
                row = row_number(&e, row);
                put(&mut writer, Event::Empty(e))?;
            }
            Event::End(e) if e.local_name().as_ref() == "row" => {
                if let Some(text) = rows.get(&row) {
                    put_cell(&mut writer, &format!("{letters}{row}"), text)?;
                }
                put(&mut writer, Event::End(e))?;
            }
            Event::Eof => return Ok(writer.into_inner()),
            // The declared extent would be wrong now, and it is optional.
            Event::Empty(e) if e.local_name().as_ref() == "dimension" => {}
            other => put(&mut writer, other)?,
        }
    }
}

fn row_number(e: &BytesStart<'_>, before: u32) -> u32 {
    attribute(e, "r").and_then(|r| r.parse().ok()).unwrap_or(before.saturating_add(1))
}

fn put(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), SheetError> {
    writer.write_event(event).map_err(SheetError::damaged)
}

/// An inline text cell: it needs no shared string and can never be a formula.
fn put_cell(writer: &mut Writer<Vec<u8>>, reference: &str, text: &str) -> Result<(), SheetError> {
    let cell = BytesStart::new("c").with_attributes([("r", reference), ("t", "inlineStr")]);
    put(writer, Event::Start(cell))?;
    put(writer, Event::Start(BytesStart::new("is")))?;
    put(writer, Event::Start(BytesStart::new("t").with_attributes([("xml:space", "preserve")])))?;
    put(writer, Event::Text(BytesText::new(text)))?;
    for name in ["t", "is", "c"] {
        put(writer, Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}

fn last_column(xml: &[u8]) -> Result<u32, SheetError> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let (mut last, mut column) = (0u32, 0u32);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(SheetError::damaged)? {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "row" => column = 0,
                "c" => {
                    let named = attribute(&e, "r").and_then(|r| place(&r)).map(|(_, column)| column);
                    column = named.unwrap_or(column.saturating_add(1));
                    last = last.max(column);
                }
                _ => {}
            },
            Event::Eof => return Ok(last),
            _ => {}
        }
    }
}

/// The values of a workbook that is not .xlsx, row for row, with the notes behind.
fn copy_values(book: &Workbook, notes: &HashMap<&str, HashMap<u32, String>>) -> Result<Vec<u8>, SheetError> {
    let mut out = BookWriter::new();
    for sheet in &book.sheets {
        copy_sheet(&mut out, sheet, notes.get(sheet.name.as_str())).map_err(SheetError::damaged)?;
    }
    out.finish().map_err(SheetError::damaged)
}

fn copy_sheet(
    out: &mut BookWriter,
    sheet: &Sheet,
    notes: Option<&HashMap<u32, String>>,
) -> Result<(), super::WriteError> {
    let width = usize::try_from(sheet.last_column()).unwrap_or(0);
    let column = |at: usize| {
        let at = u32::try_from(at).unwrap_or(0) + 1;
        let shown = sheet.cell(1, at).map(super::Cell::shown).unwrap_or_default();
        Column::new(&shown, ColumnKind::Text)
    };
    let mut columns: Vec<Column> = (0..width).map(column).collect();
    let first_note = notes.and_then(|n| n.get(&1)).cloned().unwrap_or_default();
    columns.push(Column::new(&first_note, ColumnKind::Text).wide(60));
    out.sheet(&sheet.name, &[], &columns)?;
    for number in 2..=sheet.last_row() {
        let shown: Vec<Option<(String, Value)>> = (1..=width)
            .map(|at| sheet.cell(number, u32::try_from(at).unwrap_or(0)).map(|c| (c.shown(), c.value.clone())))
            .collect();
        let mut values: Vec<Written<'_>> = shown.iter().map(written).collect();
        let note = notes.and_then(|n| n.get(&number));
        values.push(note.map_or(Written::Empty, |text| Written::Text(text)));
        out.row(&values)?;
    }
    Ok(())
}

fn written(cell: &Option<(String, Value)>) -> Written<'_> {
    match cell {
        Some((_, Value::Date(at))) => Written::Date(at.date()),
        Some((shown, _)) => Written::Text(shown),
        None => Written::Empty,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_own_file_gains_one_column_and_keeps_the_rest() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "姓名").unwrap();
        sheet.write_string(2, 0, "=甲 & 乙").unwrap();
        sheet.write_formula(2, 1, rust_xlsxwriter::Formula::new("1+1").set_result("2")).unwrap();
        sheet.set_row_hidden(2).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let note = |row, text: &str| Note { sheet: "Sheet1".to_owned(), row, text: text.to_owned() };
        let notes = [note(1, "校验"), note(3, "证件号 <错误>"), note(3, "金额为空")];
        let out = annotate("x.xlsx", &bytes, &notes, &Limits::default()).unwrap();
        let read = read("x.xlsx", &out, &Limits::default()).unwrap();
        let sheet = &read.sheets[0];
        assert_eq!(sheet.cell(1, 3).unwrap().text(), Some("校验"));
        assert_eq!(sheet.cell(3, 3).unwrap().text(), Some("证件号 <错误>；金额为空"));
        assert_eq!(sheet.cell(3, 1).unwrap().text(), Some("=甲 & 乙"));
        assert_eq!(sheet.cell(3, 2).unwrap().formula.as_deref(), Some("1+1"));
        assert!(sheet.row(3).unwrap().hidden);
    }

    #[test]
    fn a_csv_comes_back_as_a_workbook_with_its_values() {
        let notes = [Note { sheet: "a".to_owned(), row: 2, text: "没有金额".to_owned() }];
        let out = annotate("a.csv", "姓名,金额\n甲,\n".as_bytes(), &notes, &Limits::default()).unwrap();
        let read = read("a.xlsx", &out, &Limits::default()).unwrap();
        assert_eq!(read.sheets[0].cell(2, 1).unwrap().text(), Some("甲"));
        assert_eq!(read.sheets[0].cell(2, 3).unwrap().text(), Some("没有金额"));
    }
}
