//! What a file is (文件类型识别): read from its content, in memory, whatever it is called.

use std::io::Cursor;

use super::model::Media;

/// How far into a text markup is looked for.
const HEAD: usize = 2_048;
/// What a text never holds: a browser could run it.
const ACTIVE: [&str; 8] = ["<!doctype", "<html", "<svg", "<script", "<?xml", "<iframe", "<body", "javascript:"];

/// What the content is; nothing for what is none of our kinds, holds macros, or is markup.
#[must_use]
pub fn media_of(bytes: &[u8]) -> Option<Media> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Media::Pdf),
        [0xff, 0xd8, 0xff, ..] => Some(Media::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Media::Png),
        [b'P', b'K', 3, 4, ..] => office(bytes),
        _ => is_plain(bytes).then_some(Media::Plain),
    }
}

/// A workbook or a document by its main part; one with macros is neither.
fn office(bytes: &[u8]) -> Option<Media> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut found = None;
    for name in archive.file_names() {
        let name = name.ok()?.to_lowercase();
        if name.ends_with("vbaproject.bin") || name.contains("/activex/") || name.contains("/macrosheets/") {
            return None;
        }
        match name.as_str() {
            "xl/workbook.xml" => found = Some(Media::Xlsx),
            "word/document.xml" => found = Some(Media::Docx),
            _ => {}
        }
    }
    found
}

/// Text in UTF-8 or GBK without control signs and without markup.
fn is_plain(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => match encoding_rs::GB18030.decode_without_bom_handling(bytes) {
            (text, false) => text,
            (_, true) => return false,
        },
    };
    let head: String = text.chars().take(HEAD).flat_map(char::to_lowercase).collect();
    let quiet = text.chars().all(|c| matches!(c, '\t' | '\r' | '\n') || !c.is_control());
    quiet && !ACTIVE.iter().any(|word| head.contains(word))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn archive(parts: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in parts {
            zip.start_file(*part, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"<x/>").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    // Rule attachment.kinds
    #[test]
    fn a_file_is_what_it_holds_and_nothing_active_is_taken() {
        let rows: Vec<(Vec<u8>, Option<Media>)> = vec![
            (b"%PDF-1.7\n...".to_vec(), Some(Media::Pdf)),
            (vec![0xff, 0xd8, 0xff, 0xe0, 0], Some(Media::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....".to_vec(), Some(Media::Png)),
            (archive(&["[Content_Types].xml", "xl/workbook.xml"]), Some(Media::Xlsx)),
            (archive(&["word/document.xml"]), Some(Media::Docx)),
            (archive(&["xl/workbook.xml", "xl/vbaProject.bin"]), None),
            (archive(&["notes.txt"]), None),
            (b"PK\x03\x04 cut off".to_vec(), None),
            ("银行流水\n2026-11-01 1,200.00".as_bytes().to_vec(), Some(Media::Plain)),
            (vec![0xd2, 0xf8, 0xd0, 0xd0], Some(Media::Plain)),
            (b"<!DOCTYPE html><p>x</p>".to_vec(), None),
            (b"\n\n <SVG onload=alert(1)>".to_vec(), None),
            (b"note\n<script>alert(1)</script>".to_vec(), None),
            (b"MZ\x90\x00\x03".to_vec(), None),
            (b"GIF89a\x01\x00".to_vec(), None),
        ];
        for (bytes, media) in rows {
            assert_eq!(media_of(&bytes), media, "{:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
