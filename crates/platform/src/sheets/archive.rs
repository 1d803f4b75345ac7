//! The zip archive inside an .xlsx file: measured before anybody parses it.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::limits::{Limits, SheetError};

/// An opened archive (压缩包) whose parts are known to unpack within the limits.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limit: u64,
}

impl<'a> Archive<'a> {
    /// Opens and measures the archive.
    ///
    /// The sizes that the central directory declares are checked first, because that costs nothing.
    /// They may lie, so every part is then unpacked once into nothing, stopping at the limit.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Archive<'a>, SheetError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(SheetError::damaged)?;
        if zip.len() > limits.parts {
            return Err(SheetError::TooManyParts { count: zip.len(), limit: limits.parts });
        }
        let limit = limits.unzipped_bytes;
        let mut declared: u64 = 0;
        for at in 0..zip.len() {
            let part = zip.by_index_raw(at).map_err(SheetError::damaged)?;
            if part.encrypted() {
                return Err(SheetError::Encrypted);
            }
            declared = declared.saturating_add(part.size());
        }
        if declared > limit {
            return Err(SheetError::UnpacksTooLarge { limit });
        }
        let mut real: u64 = 0;
        for at in 0..zip.len() {
            let part = zip.by_index(at).map_err(SheetError::damaged)?;
            let mut bounded = part.take(limit - real + 1);
            real += io::copy(&mut bounded, &mut io::sink()).map_err(SheetError::damaged)?;
            if real > limit {
                return Err(SheetError::UnpacksTooLarge { limit });
            }
        }
        Ok(Archive { zip, limit })
    }

    /// Whether a part exists.
    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// One part as bytes; `None` when there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, SheetError> {
        let Some(at) = self.zip.index_for_name(name) else { return Ok(None) };
        let part = self.zip.by_index(at).map_err(SheetError::damaged)?;
        let mut bytes = Vec::new();
        part.take(self.limit).read_to_end(&mut bytes).map_err(SheetError::damaged)?;
        Ok(Some(bytes))
    }

    /// The archive itself, for copying parts.
    pub(super) fn into_inner(self) -> ZipArchive<Cursor<&'a [u8]>> {
        self.zip
    }
}
