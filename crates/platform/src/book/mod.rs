//! The whole book (整本台账) in one workbook, out and in again.
//!
//! Every capability offers its sheets ([`Share`]): one a noun, each a table with its columns described once; the rest
//! happens here. Facts go out and come in; what is derived goes out for reading, is computed anew on the way in and
//! compared with what the file says. The first page holds what the workbook is and its control totals.
//!
//! - [`ask`] and [`write`] take the book out; [`bring`] tries a workbook out or brings it into an empty institution,
//!   all of it or nothing, in one transaction.
//! - Personal data goes out masked; in clear only on that choice, and only then the workbook can come in again.
//! - Why it is so: `docs/decisions/005-whole-book.md`; the layout: `docs/formats.md`.

mod bring;
mod cell;
mod compare;
mod data;
mod files;
mod finding;
mod kept;
mod manifest;
mod measure;
mod out;
pub(crate) mod pages;
mod people;
mod reading;
mod row_in;
mod run;
pub mod seal;
pub mod sheet;
mod sheets;
mod writing;

pub use bring::{Brought, bring};
pub use finding::{Finding, Findings};
pub use manifest::{Manifest, Tab, Totals};
pub use out::{Wanted, ask, write};
pub(crate) use run::COLUMN as PIECE_COLUMN;
pub use run::{keep, remove_old};
pub use sheet::{Cell, Column, Computed, Drawn, Fields, Nature, Recorded, Settle, Share, Sheet, Unsettled};
pub(crate) use sheets::share;
pub use writing::{EXCEL_ROWS, WritingError};

use std::io::Read as _;

use sha2::{Digest as _, Sha256};

use crate::app::App;

/// Take the whole book out, personal data masked.
pub const EXPORT: &str = "book.export";
/// Take it out with personal data in clear.
pub const EXPORT_CLEAR: &str = "book.export_clear";
/// Bring a whole book into an empty institution.
pub const IMPORT: &str = "book.import";

/// How far it is (进度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// `out`, `packing`, `checking`, `in`, `settling`, `comparing`.
    pub phase: &'static str,
    /// The sheet.
    pub sheet: &'a str,
    /// Rows done.
    pub done: u64,
    /// Rows expected; 0 where nobody knows.
    pub expected: u64,
}

/// Told after every batch.
pub type Tell<'a> = &'a (dyn Fn(&Progress<'_>) + Send + Sync);

/// The digest of a file's bytes: the same file is known again by it.
///
/// # Errors
/// The file cannot be read.
pub async fn digest_of(path: &std::path::Path) -> std::io::Result<String> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut digest = Sha256::new();
        let mut file = std::fs::File::open(path)?;
        let mut buffer = vec![0; 1 << 20];
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok(crate::hex::hex(&digest.finalize()));
            }
            digest.update(&buffer[..read]);
        }
    });
    read.await.map_err(std::io::Error::other)?
}

/// All sheets of the house: facts in the order in which they refer to each other, then what is derived.
#[must_use]
pub fn sheets_of(app: &App) -> Vec<Sheet> {
    let mut all: Vec<Sheet> = app.capabilities.iter().flat_map(|one| one.book().sheets).collect();
    all.sort_by_key(|sheet| (sheet.nature == Nature::Derived, sheet.late));
    all
}

/// The columns of a sheet as they stand in the file, those that say who recorded a row included.
pub(crate) fn columns_in_file(sheet: &Sheet) -> Vec<Column> {
    let mut all: Vec<Column> = sheet.in_file().cloned().collect();
    let at = Column::new("recorded_at", "登记时间", Cell::Moment);
    let by = Column::new("recorded_by", "登记人", Cell::Text);
    let (source, detail) =
        (Column::new("source", "来源", Cell::Text), Column::new("source_detail", "来源明细", Cell::Text));
    match sheet.recorded {
        Recorded::Not => {}
        Recorded::Bare => all.extend([at, by]),
        Recorded::Full => all.extend([at, by, source, detail]),
    }
    all
}
