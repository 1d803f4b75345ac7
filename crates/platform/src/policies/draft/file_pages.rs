//! A table as a file (决策表文件): out as Excel, CSV or DMN 1.3, in again with every error beside its cell.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use policy::{TableText, from_dmn, to_dmn};

use super::actions;
use super::model::DraftError;
use super::pages::address;
use super::table_pages::draw_table;
use crate::error::ActionError;
use crate::page::Html;
use crate::policies::pages::POLICY_VIEW;
use crate::sheets::{self, BookWriter, Column, ColumnKind, Limits, Written};
use crate::web::{Upload, Visit, WebError, refusal_box, shown_in_form, xlsx};

/// What a table goes out as: Excel, CSV, DMN.
pub(super) const KINDS: [&str; 3] = [
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv; charset=utf-8",
    "application/xml; charset=utf-8",
];

/// A table is small: whatever is larger than this is no table.
fn limits() -> Limits {
    Limits {
        file_bytes: 4 << 20,
        unzipped_bytes: 32 << 20,
        rows: 3_000,
        columns: 80,
        cells: 200_000,
        text_bytes: 8_192,
        sheets: 8,
        ..Limits::default()
    }
}

pub(super) async fn download(
    visit: Visit,
    Path((id, decision, form)): Path<(i64, String, String)>,
) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    work.authorise(POLICY_VIEW)?;
    let checked = actions::checked(&mut work, id).await?;
    let (table, _) = actions::table(&mut work, &checked.draft, &decision).await?;
    let name: String = decision.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    let attachment = |kind: &'static str, ending: &str, bytes: Vec<u8>| {
        let place = format!("attachment; filename=\"{name}.{ending}\"");
        ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)], bytes).into_response()
    };
    match form.as_str() {
        "xlsx" => Ok(xlsx(&format!("{name}.xlsx"), workbook(&decision, &table)?)),
        // With the mark that makes Excel read it as UTF-8.
        "csv" => Ok(attachment("text/csv; charset=utf-8", "csv", format!("\u{feff}{}", table.to_csv()).into_bytes())),
        "dmn" => {
            let pack = checked.pack.as_ref().ok_or_else(|| {
                let first = checked.problems.first().map(ToString::to_string).unwrap_or_default();
                ActionError::from(DraftError::Problems { count: checked.problems.len(), first })
            })?;
            let on = checked.draft.effective_from.unwrap_or(work.business_date);
            let found = pack.on(on).decision(&decision).map_err(|_| ActionError::from(DraftError::Unknown))?;
            Ok(attachment("application/xml; charset=utf-8", "dmn", to_dmn(found.sheet()).into_bytes()))
        }
        _ => Err(ActionError::from(DraftError::Unknown).into()),
    }
}

/// The lines of the file as a sheet of texts: what is exported is what can be read again.
fn workbook(decision: &str, table: &TableText) -> Result<Vec<u8>, WebError> {
    let broken = |error: sheets::WriteError| WebError::from(ActionError::Internal(error.to_string()));
    let lines = table.lines();
    let mut book = BookWriter::new();
    let first = lines.first().cloned().unwrap_or_default();
    let columns: Vec<Column> = first.iter().map(|cell| Column::new(cell, ColumnKind::Text).wide(22)).collect();
    book.sheet(decision, &[], &columns).map_err(broken)?;
    for line in lines.iter().skip(1) {
        let cells: Vec<Written<'_>> = line.iter().map(|cell| Written::Text(cell)).collect();
        book.row(&cells).map_err(broken)?;
    }
    book.finish().map_err(broken)
}

pub(super) async fn import(Path((id, decision)): Path<(i64, String)>, upload: Upload) -> Result<Response, WebError> {
    let visit = &upload.visit;
    let revision = upload.fields.first("revision").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut work = visit.begin().await?;
    let read = upload
        .files
        .first()
        .ok_or(DraftError::File { detail: String::new() })
        .and_then(|file| read(&file.name, &file.bytes));
    let done = match read {
        Ok(table) => {
            let change = move |own: TableText| own.with_rows_of(&table).map_err(DraftError::from);
            actions::edit_table(&mut work, (id, revision), &decision, change).await
        }
        Err(error) => Err(error.into()),
    };
    let place = format!("{}/tables/{decision}", address(id));
    match done {
        Ok(_) => {
            work.commit().await?;
            Ok(Redirect::to(&format!("{place}?imported=yes")).into_response())
        }
        Err(error) => {
            work.tx.rollback().await?;
            let refused = shown_in_form(error)?;
            let status = super::pages::status(&refused);
            let refusal: Html = refusal_box(&visit.ui(), &refused);
            let mut work = visit.read().await?;
            let page = draw_table(visit, &mut work, (id, &decision), refusal).await?;
            Ok((status, page).into_response())
        }
    }
}

/// A table from any of the three kinds of files, told by its content.
fn read(name: &str, bytes: &[u8]) -> Result<TableText, DraftError> {
    let failed = |detail: &dyn std::fmt::Display| DraftError::File { detail: detail.to_string() };
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && ![0xEF, 0xBB, 0xBF].contains(byte));
    if start.and_then(|at| bytes.get(at)) == Some(&b'<') {
        let text = std::str::from_utf8(bytes).map_err(|error| failed(&error))?;
        return from_dmn(text).map_err(|error| failed(&error));
    }
    let book = sheets::read(name, bytes, &limits()).map_err(|error| failed(&error))?;
    let sheet = book.sheets.iter().find(|sheet| !sheet.hidden && !sheet.rows.is_empty());
    let sheet = sheet.ok_or_else(|| failed(&"the workbook is empty"))?;
    let width = sheet.last_column();
    let lines = sheet.rows.iter().map(|row| {
        let cell = |column| row.cell(column).map(sheets::Cell::shown).unwrap_or_default();
        (1..=width).map(cell).collect()
    });
    Ok(TableText::of_lines(lines.collect())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "decision,late\ntitle,是否逾期,Late\nrule,late\nhit,unique\ncolumn,overdue_days,late,article\n\
                         use,input,output,article\ntype,,boolean,\nA,0,false,a1\nB,>= 1,true,a1\n";

    #[test]
    fn a_table_goes_out_and_comes_back_alike_in_every_form() {
        let table = TableText::parse(TABLE).unwrap();
        let book = workbook("late", &table).unwrap();
        assert_eq!(read("late.xlsx", &book).unwrap(), table);
        assert_eq!(read("late.csv", format!("\u{feff}{TABLE}").as_bytes()).unwrap(), table);
    }

    #[test]
    fn hostile_files_are_refused() {
        let bomb = b"<!DOCTYPE x [<!ENTITY a \"aaaa\">]><definitions>&a;</definitions>";
        for bytes in [&bomb[..], b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04rest", b"a,b\nc,d\n", &vec![b'x'; 5 << 20]] {
            assert!(read("x", bytes).is_err(), "{:?}", &bytes[..bytes.len().min(12)]);
        }
        let formula = TABLE.replace(">= 1", "\"=cmd|' /C calc'!A0\"");
        let kept = read("x.csv", formula.as_bytes()).unwrap();
        assert_eq!(kept.rows()[1][1], "=cmd|' /C calc'!A0", "a text stays a text; the check refuses it as a cell");
        let back = workbook("late", &kept).unwrap();
        assert_eq!(read("x.xlsx", &back).unwrap().rows()[1][1], "=cmd|' /C calc'!A0");
    }
}
