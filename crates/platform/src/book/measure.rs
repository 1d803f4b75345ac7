//! Measuring a workbook before anybody parses it: what it unpacks to, how long its pieces are, whether it calculates.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

use super::finding::Finding;

/// Bounds that protect the machine; they are not rules of the trade.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    /// Parts of the archive.
    pub parts: usize,
    /// Bytes after unpacking, over all parts.
    pub unpacked: u64,
    /// How many times larger than the file it may become.
    pub ratio: u64,
    /// Bytes between two signs of markup: a reader keeps them in memory.
    pub piece: usize,
    /// Bytes of texts that a saved workbook keeps in one part, which a reader keeps in memory.
    pub shared: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { parts: 4_096, unpacked: 32 << 30, ratio: 150, piece: 1 << 20, shared: 256 << 20 }
    }
}

/// A small file may unpack to this whatever the ratio.
const SMALL: u64 = 64 << 20;

/// Reads every part once into nothing.
///
/// # Errors
/// What is wrong with the file.
pub(super) fn measure(path: &Path, bounds: &Bounds) -> Result<(), Finding> {
    let damaged = || Finding::file("damaged");
    let file = File::open(path).map_err(|_| damaged())?;
    let size = file.metadata().map_err(|_| damaged())?.len();
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|_| Finding::file("no-workbook"))?;
    if zip.len() > bounds.parts {
        return Err(Finding::file("too-large").with("what", "parts").with("limit", bounds.parts));
    }
    let most = bounds.unpacked.min(SMALL.max(size.saturating_mul(bounds.ratio)));
    let mut all = 0;
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).map_err(|_| damaged())?;
        if part.encrypted() {
            return Err(Finding::file("encrypted"));
        }
        let name = part.name().map_err(|_| damaged())?.into_owned();
        let mut scan = Scan::new(name.starts_with("xl/worksheets/"), bounds.piece);
        let most_here = if name == "xl/sharedStrings.xml" { bounds.shared } else { most };
        let (mut buffer, mut here) = (vec![0; 256 * 1024], 0_u64);
        loop {
            let read = part.read(&mut buffer).map_err(|_| damaged())?;
            if read == 0 {
                break;
            }
            here += read as u64;
            all += read as u64;
            if here > most_here || all > most {
                let megabytes = most_here.min(most) >> 20;
                return Err(Finding::file("too-large").with("what", "unpacked").with("limit", megabytes));
            }
            scan.take(&buffer[..read]).map_err(|wrong| wrong.said(&name))?;
        }
    }
    Ok(())
}

/// What a scan finds.
enum Wrong {
    /// A piece without end.
    Piece(usize),
    /// A cell that calculates.
    Formula(String),
}

impl Wrong {
    fn said(self, part: &str) -> Finding {
        match self {
            Self::Piece(limit) => Finding::file("too-large").with("what", "text").with("limit", limit),
            Self::Formula(cell) => Finding::file("formula").with("part", part).with("cell", cell),
        }
    }
}

/// Walks over the markup of a part: lengths of its pieces, formulas.
struct Scan {
    sheet: bool,
    limit: usize,
    piece: usize,
    /// The name and attributes of the tag that is open, as far as they are looked at.
    tag: Option<Vec<u8>>,
    /// The last cell.
    cell: String,
}

/// As much of a tag as names it and its cell.
const TAG_LOOK: usize = 48;

impl Scan {
    fn new(sheet: bool, limit: usize) -> Self {
        Self { sheet, limit, piece: 0, tag: None, cell: String::new() }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Wrong> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = if self.tag.is_some() { b'>' } else { b'<' };
            let (piece, found) = match rest.iter().position(|byte| *byte == end) {
                Some(at) => (&rest[..at], true),
                None => (rest, false),
            };
            self.piece += piece.len();
            if self.piece > self.limit {
                return Err(Wrong::Piece(self.limit));
            }
            if let Some(tag) = self.tag.as_mut() {
                let room = TAG_LOOK.saturating_sub(tag.len());
                tag.extend_from_slice(&piece[..piece.len().min(room)]);
            }
            if !found {
                return Ok(());
            }
            rest = &rest[piece.len() + 1..];
            self.piece = 0;
            match self.tag.take() {
                Some(tag) if self.sheet => self.look(&tag)?,
                Some(_) => {}
                None => self.tag = Some(Vec::with_capacity(TAG_LOOK)),
            }
        }
        Ok(())
    }

    fn look(&mut self, tag: &[u8]) -> Result<(), Wrong> {
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match local {
            b"c" => {
                let text = String::from_utf8_lossy(tag);
                self.cell =
                    text.split_once("r=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or("").to_owned();
                Ok(())
            }
            b"f" => Err(Wrong::Formula(std::mem::take(&mut self.cell))),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_found_wherever_a_buffer_ends() {
        let xml = b"<row><c r=\"A1\"><v>1</v></c><c r=\"B7\" t=\"n\"><x:f>1+1</x:f></c></row>";
        for cut in 1..xml.len() {
            let mut scan = Scan::new(true, 100);
            let found = scan.take(&xml[..cut]).and_then(|()| scan.take(&xml[cut..]));
            assert!(matches!(found, Err(Wrong::Formula(cell)) if cell == "B7"), "cut at {cut}");
        }
        assert!(Scan::new(false, 100).take(xml).is_ok(), "only sheets calculate");
        assert!(Scan::new(true, 100).take(b"<font/><formatCode/><c r=\"A1\"/>").is_ok());
    }

    #[test]
    fn a_piece_without_end_is_refused_before_it_is_kept() {
        let mut scan = Scan::new(true, 1_000);
        let found = (0..10).try_for_each(|_| scan.take(&[b' '; 400]));
        assert!(matches!(found, Err(Wrong::Piece(1_000))));
    }
}
