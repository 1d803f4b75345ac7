//! A bundle (诉讼卷宗): a cover, an index with page numbers, chapters of words and tables, and what is enclosed as pages.
//! Rule `bundle.paper`: the index tells the true page, and every enclosure begins on a page of its own.

use std::sync::Arc;

use hayro_syntax::Pdf;
use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

use crate::document::{Document, Frame, must_be_filled};
use crate::error::PrintError;
use crate::report::Section;

const TEMPLATE: &str = "bundle.typ";
/// A picture with more signs than this is listed and not enclosed: it would fill the memory when it is unpacked.
const MOST_PIXELS: u64 = 60_000_000;

/// A bundle (卷宗).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Letterhead, imprint, language.
    pub frame: Frame,
    /// Title, such as 诉讼卷宗.
    pub title: String,
    /// Behind the number under the title.
    pub subtitle: Vec<String>,
    /// Label and value on the cover, two pairs a row.
    pub facts: Vec<(String, String)>,
    /// What stands over the index.
    pub index_title: String,
    /// The chapters in order.
    pub chapters: Vec<Chapter>,
    /// What is enclosed, each beginning on a page of its own.
    pub enclosures: Vec<Enclosure>,
    /// Who signs, each with a blank.
    pub signatures: Vec<String>,
}

/// A chapter of a bundle (卷宗章节).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Its title in the index.
    pub title: String,
    /// Its sections; a section without a title follows on.
    pub sections: Vec<Section>,
}

/// What a file is by its content (附件格式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnclosedKind {
    /// A photo (JPEG).
    Jpeg,
    /// A picture (PNG).
    Png,
    /// PDF, page by page.
    Pdf,
}

/// A file that was opened and can be enclosed as pages (卷宗附件).
#[derive(Clone, PartialEq, Eq)]
pub struct Enclosure {
    title: String,
    caption: String,
    kind: EnclosedKind,
    pages: usize,
    bytes: Vec<u8>,
}

/// Never shows the content.
impl std::fmt::Debug for Enclosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Enclosure({:?}, {} pages, {} bytes)", self.kind, self.pages, self.bytes.len())
    }
}

impl Enclosure {
    /// Opens a file; `None` where it cannot be drawn: damaged, locked, or larger than a page can hold.
    ///
    /// Synchronous; call it in `tokio::task::spawn_blocking`.
    #[must_use]
    pub fn open(title: String, caption: String, kind: EnclosedKind, bytes: Vec<u8>) -> Option<Self> {
        let data = Bytes::new(bytes.clone());
        let pages = match kind {
            EnclosedKind::Pdf => Pdf::new(Arc::new(data)).ok()?.pages().len(),
            EnclosedKind::Jpeg => usize::from(draws(data, jpeg_pixels(&bytes)?, ExchangeFormat::Jpg)),
            EnclosedKind::Png => usize::from(draws(data, png_pixels(&bytes)?, ExchangeFormat::Png)),
        };
        comemo::evict(0);
        (pages > 0).then_some(Self { title, caption, kind, pages, bytes })
    }

    /// How many pages it takes.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Whether it is a PDF, whose pages are taken over as they are.
    #[must_use]
    pub fn is_pdf(&self) -> bool {
        self.kind == EnclosedKind::Pdf
    }
}

fn draws(data: Bytes, pixels: u64, format: ExchangeFormat) -> bool {
    pixels <= MOST_PIXELS && RasterImage::plain(data, format).is_ok()
}

/// Width times height as the head of a PNG says.
fn png_pixels(bytes: &[u8]) -> Option<u64> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes).map(u64::from);
    number(16)?.checked_mul(number(20)?)
}

/// Width times height as the frame of a JPEG says.
fn jpeg_pixels(bytes: &[u8]) -> Option<u64> {
    let mut at = 2;
    loop {
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xFF {
            return None;
        }
        let two = |from: usize| bytes.get(from..from + 2)?.try_into().ok().map(u16::from_be_bytes);
        match kind {
            // Fill, and marks without content.
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            // A frame; C4, C8 and CC are tables.
            0xC0..=0xCF if !matches!(kind, 0xC4 | 0xC8 | 0xCC) => {
                return u64::from(two(at + 5)?).checked_mul(u64::from(two(at + 7)?));
            }
            _ => at += 2 + usize::from(two(at + 2)?),
        }
    }
}

impl Document for Bundle {
    fn template(&self) -> &'static str {
        TEMPLATE
    }

    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn data(&self) -> Result<Value, PrintError> {
        must_be_filled(TEMPLATE, &[("title", &self.title), ("index_title", &self.index_title)])?;
        if self.facts.is_empty() || self.chapters.is_empty() {
            return Err(PrintError::EmptyField { document: TEMPLATE, field: "chapters" });
        }
        let mut facts: Vec<&str> = self.facts.iter().flat_map(|(label, value)| [label.as_str(), value]).collect();
        if self.facts.len() % 2 == 1 {
            facts.extend(["", ""]);
        }
        let chapter = |one: &Chapter| -> Result<Value, PrintError> {
            let sections = one.sections.iter().map(Section::data).collect::<Result<Vec<_>, _>>()?;
            Ok(json!({ "title": one.title, "sections": sections }))
        };
        let enclosures = self.enclosures.iter().enumerate().map(|(file, one)| {
            let format = match one.kind {
                EnclosedKind::Jpeg => "jpg",
                EnclosedKind::Png => "png",
                EnclosedKind::Pdf => "pdf",
            };
            json!({ "title": one.title, "caption": one.caption, "format": format, "pages": one.pages, "file": file })
        });
        Ok(json!({
            "title": self.title,
            "subtitle": self.subtitle,
            "facts": facts,
            "index_title": self.index_title,
            "chapters": self.chapters.iter().map(chapter).collect::<Result<Vec<_>, _>>()?,
            "enclosures": enclosures.collect::<Vec<_>>(),
            "signatures": self.signatures,
        }))
    }

    fn files(&self) -> Vec<Vec<u8>> {
        self.enclosures.iter().map(|one| one.bytes.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_picture_is_read_from_its_head() {
        let mut png = vec![0; 16];
        png.extend(40_000_u32.to_be_bytes());
        png.extend(30_000_u32.to_be_bytes());
        assert_eq!(png_pixels(&png), Some(1_200_000_000));
        assert_eq!(png_pixels(&png[..20]), None);
        let jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC4, 0, 2, 0xFF, 0xC0, 0, 11, 8, 0, 20, 0, 30];
        assert_eq!(jpeg_pixels(&jpeg), Some(600));
        for cut in 0..jpeg.len() - 1 {
            assert_eq!(jpeg_pixels(&jpeg[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn what_cannot_be_drawn_is_not_enclosed() {
        let open = |kind, bytes: &[u8]| Enclosure::open("附件".to_owned(), String::new(), kind, bytes.to_vec());
        for kind in [EnclosedKind::Jpeg, EnclosedKind::Png, EnclosedKind::Pdf] {
            for bytes in [&b""[..], b"%PDF-1.7 and nothing", b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF\xE0"] {
                assert_eq!(open(kind, bytes), None, "{kind:?}");
            }
        }
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bomb.extend(60_000_u32.to_be_bytes());
        bomb.extend(60_000_u32.to_be_bytes());
        assert_eq!(open(EnclosedKind::Png, &bomb), None);
    }
}
