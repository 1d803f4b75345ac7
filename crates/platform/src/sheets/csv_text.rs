//! Reading CSV text: the encoding and the separator are found out, every cell stays a text.

use std::borrow::Cow;
use std::sync::Arc;

use super::grid::{Cell, Gather, Sheet, Value, Workbook};
use super::limits::{Limits, SheetError};

/// Reads delimited text as a workbook of one sheet named after the file.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Workbook, SheetError> {
    let text = decode(bytes)?;
    let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let mut sheet = Sheet { name: stem.to_owned(), ..Sheet::default() };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut gather = Gather::new(limits);
    let mut record = csv::StringRecord::new();
    let mut row = 0u32;
    while reader.read_record(&mut record).map_err(SheetError::damaged)? {
        // Rows are counted as Excel shows them: a blank line is a row, a line break inside quotes is not.
        let start = record.position().and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0);
        row = row.saturating_add(1).saturating_add(blank_lines_at(text.as_bytes(), start));
        for (at, field) in record.iter().enumerate() {
            if field.trim().is_empty() {
                continue;
            }
            let column = u32::try_from(at).unwrap_or(u32::MAX).saturating_add(1);
            let value = Value::Text(gather.text(&sheet, row, field)?);
            gather.put(&mut sheet, row, Cell { column, value, formula: None::<Arc<str>>, percent: false })?;
        }
    }
    Ok(Workbook { name: name.to_owned(), sheets: vec![sheet], date1904: false })
}

/// UTF-8 with or without its mark, UTF-16 by its mark, else GB18030, which contains GBK and GB2312.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, SheetError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, wrong) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if wrong { Err(SheetError::NotASpreadsheet) } else { Ok(text) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if wrong { Err(SheetError::NotASpreadsheet) } else { Ok(text) }
}

/// Blank lines that the reader skipped before the record that starts here.
fn blank_lines_at(text: &[u8], start: usize) -> u32 {
    let run = text.get(start..).unwrap_or_default().iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    let breaks = run.filter(|b| **b == b'\n').count();
    // The reader may stop between the two halves of a line break.
    let half = start > 0 && text.get(start - 1) == Some(&b'\r') && text.get(start) == Some(&b'\n');
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_sub(u32::from(half))
}

/// The separator that stands most often in the first lines, outside quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0usize), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in text.bytes().take(8_192) {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted && let Some((_, count)) = counts.iter_mut().find(|(b, _)| *b == byte) {
            *count += 1;
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let book = read("客户.csv", bytes, &Limits::default()).unwrap();
        let row = |r: &super::super::Row| (r.number, r.cells.iter().map(Cell::shown).collect());
        book.sheets[0].rows.iter().map(row).collect()
    }

    #[test]
    fn the_same_table_is_read_in_every_encoding() {
        let table = "客户姓名,金额\r\n钱庆峰,\"1,200.50\"\r\n\r\n蒋景华,3\r\n";
        let expected = vec![
            (1, vec!["客户姓名".to_owned(), "金额".to_owned()]),
            (2, vec!["钱庆峰".to_owned(), "1,200.50".to_owned()]),
            (4, vec!["蒋景华".to_owned(), "3".to_owned()]),
        ];
        let mut utf8_mark = vec![0xEF, 0xBB, 0xBF];
        utf8_mark.extend_from_slice(table.as_bytes());
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
        let gbk = encoding_rs::GBK.encode(table).0.into_owned();
        assert_eq!(texts(table.as_bytes()), expected);
        assert_eq!(texts(&utf8_mark), expected);
        assert_eq!(texts(&utf16), expected);
        assert_eq!(texts(&gbk), expected);
    }

    #[test]
    fn tabs_and_semicolons_separate_too() {
        assert_eq!(texts(b"a\tb\n1,5\t2")[1].1, ["1,5", "2"]);
        assert_eq!(texts(b"a;b;c\n1,5;2;3")[1].1, ["1,5", "2", "3"]);
    }
}
