//! What calamine does not tell about a workbook: hidden rows and columns, formulas, merges, the parts behind the sheets.
//!
//! Formulas are read here and not by calamine, whose reader keeps a table indexed by a number the file chooses.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::archive::Archive;
use super::grid::{Merge, column_number};
use super::limits::SheetError;

/// Longest formula that is kept; longer ones are cut, since they are only shown.
const FORMULA_CHARS: usize = 200;
/// Most merged ranges that are kept of one sheet.
const MERGES: usize = 20_000;

/// Marks of one sheet (工作表标记).
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Hidden rows, ascending as read.
    pub hidden_rows: Vec<u32>,
    /// Hidden column ranges, inclusive.
    pub hidden_columns: Vec<(u32, u32)>,
    /// Merged ranges.
    pub merges: Vec<Merge>,
    /// Formula texts by (row, column).
    pub formulas: HashMap<(u32, u32), Arc<str>>,
}

/// A sheet as the workbook part lists it.
#[derive(Debug, Clone)]
pub(super) struct SheetPart {
    pub name: String,
    pub hidden: bool,
    pub path: String,
}

/// The sheets in order with their parts, and whether serials count from 1904.
pub(super) fn sheet_parts(archive: &mut Archive<'_>) -> Result<(Vec<SheetPart>, bool), SheetError> {
    let workbook_path = workbook_path(archive)?;
    let folder = workbook_path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let file = workbook_path.rsplit('/').next().unwrap_or_default();
    let rels_path =
        if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let targets = relations(archive, &rels_path)?;
    let bytes = archive.part(&workbook_path)?.ok_or(SheetError::NotASpreadsheet)?;
    let mut sheets = Vec::new();
    let mut date1904 = false;
    each_element(&bytes, |e| {
        match e.local_name().as_ref() {
            "workbookPr" => date1904 = matches!(attribute(e, "date1904").as_deref(), Some("1" | "true")),
            "sheet" => {
                let target = attribute(e, "id").and_then(|id| targets.get(&id).cloned()).unwrap_or_default();
                sheets.push(SheetPart {
                    name: attribute(e, "name").unwrap_or_default(),
                    hidden: matches!(attribute(e, "state").as_deref(), Some("hidden" | "veryHidden")),
                    path: resolve(&folder, &target),
                });
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok((sheets, date1904))
}

/// Finds the workbook part, which most writers call `xl/workbook.xml`.
fn workbook_path(archive: &mut Archive<'_>) -> Result<String, SheetError> {
    let targets = relations(archive, "_rels/.rels")?;
    let named = targets.values().find(|t| t.ends_with("workbook.xml")).map(|t| resolve("", t));
    match named {
        Some(path) if archive.has(&path) => Ok(path),
        _ if archive.has("xl/workbook.xml") => Ok("xl/workbook.xml".to_owned()),
        _ => Err(SheetError::NotASpreadsheet),
    }
}

fn relations(archive: &mut Archive<'_>, path: &str) -> Result<HashMap<String, String>, SheetError> {
    let mut targets = HashMap::new();
    let Some(bytes) = archive.part(path)? else { return Ok(targets) };
    each_element(&bytes, |e| {
        if e.local_name().as_ref() == "Relationship"
            && let (Some(id), Some(target)) = (attribute(e, "Id"), attribute(e, "Target"))
        {
            targets.insert(id, target);
        }
        Ok(())
    })?;
    Ok(targets)
}

fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => drop(parts.pop()),
            piece => parts.push(piece),
        }
    }
    parts.join("/")
}

/// Reads the marks of one sheet part in one pass.
pub(super) fn read_marks(bytes: &[u8]) -> Result<Marks, SheetError> {
    let mut marks = Marks::default();
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    let (mut row, mut column) = (0u32, 0u32);
    let mut in_formula = false;
    let mut formula = String::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(SheetError::damaged)?;
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(e) | Event::Empty(e) => match e.local_name().as_ref() {
                "row" => {
                    row = attribute(&e, "r").and_then(|r| r.parse().ok()).unwrap_or(row.saturating_add(1));
                    column = 0;
                    if matches!(attribute(&e, "hidden").as_deref(), Some("1" | "true")) {
                        marks.hidden_rows.push(row);
                    }
                }
                "c" => {
                    column = attribute(&e, "r")
                        .and_then(|r| place(&r))
                        .map_or(column.saturating_add(1), |(_, column)| column);
                }
                "col" => note_hidden_columns(&mut marks, &e),
                "mergeCell" => note_merge(&mut marks, &e),
                "f" if empty => drop(marks.formulas.insert((row, column), Arc::from(""))),
                "f" => {
                    in_formula = true;
                    formula.clear();
                }
                _ => {}
            },
            Event::Text(text) if in_formula => formula.extend(text.chars().take(FORMULA_CHARS)),
            Event::End(e) if in_formula && e.local_name().as_ref() == "f" => {
                in_formula = false;
                let cut: String = formula.chars().take(FORMULA_CHARS).collect();
                marks.formulas.insert((row, column), Arc::from(cut));
            }
            Event::Eof => return Ok(marks),
            _ => {}
        }
    }
}

fn note_hidden_columns(marks: &mut Marks, e: &BytesStart<'_>) {
    let number = |key| attribute(e, key).and_then(|n| n.parse::<u32>().ok());
    if matches!(attribute(e, "hidden").as_deref(), Some("1" | "true"))
        && let (Some(min), Some(max)) = (number("min"), number("max"))
    {
        marks.hidden_columns.push((min, max));
    }
}

fn note_merge(marks: &mut Marks, e: &BytesStart<'_>) {
    let Some(range) = attribute(e, "ref") else { return };
    let (from, to) = range.split_once(':').unwrap_or((&range, &range));
    if let (Some((top, left)), Some((bottom, right))) = (place(from), place(to))
        && marks.merges.len() < MERGES
    {
        marks.merges.push(Merge { top, left, bottom, right });
    }
}

/// `B12` as (12, 2).
pub(super) fn place(reference: &str) -> Option<(u32, u32)> {
    let at = reference.find(|c: char| c.is_ascii_digit())?;
    Some((reference[at..].parse().ok()?, column_number(&reference[..at])?))
}

/// An attribute by its local name, unescaped.
pub(super) fn attribute(e: &BytesStart<'_>, local: &str) -> Option<String> {
    e.attributes()
        .filter_map(Result::ok)
        .find(|a| a.key.local_name().as_ref() == local)
        .and_then(|a| quick_xml::escape::unescape(&a.value).ok().map(|v| v.into_owned()))
}

fn each_element(
    bytes: &[u8],
    mut visit: impl FnMut(&BytesStart<'_>) -> Result<(), SheetError>,
) -> Result<(), SheetError> {
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(SheetError::damaged)? {
            Event::Start(e) | Event::Empty(e) => visit(&e)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
