//! The uploaded file (导入文件): kept sealed under its content hash, so that it can be given back with findings.

use platform::args;
use platform::error::ActionError;
use platform::vault::{Personal, Place, Sealed};
use platform::work::Work;

/// Where the seal lies.
/// Its part of the seal.
pub(crate) const COLUMN: &str = "import_file.sealed";

/// The bytes of a book as what can be sealed (账本文件): one sign a byte.
pub struct BookFile(String);

impl BookFile {
    /// From the file's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().map(|byte| char::from(*byte)).collect())
    }

    /// The file's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.chars().filter_map(|sign| u8::try_from(u32::from(sign)).ok()).collect()
    }
}

impl std::fmt::Debug for BookFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BookFile(…)")
    }
}

impl Personal for BookFile {
    const KIND: &'static str = "book_file";
    const REVEALED: &'static str = "import.download";

    fn clear(&self) -> &str {
        &self.0
    }

    fn from_clear(text: String) -> Self {
        Self(text)
    }

    fn normalise(text: &str) -> String {
        text.to_owned()
    }

    fn masked(&self) -> String {
        format!("{} bytes", self.0.chars().count())
    }
}

/// The name of a content: its digest under the vault's key, which tells nobody what the file is.
pub fn content_hash(work: &Work, file: &BookFile) -> Result<String, ActionError> {
    Ok(work.app.vault()?.blind_index(file))
}

/// Keeps a file; the same content is kept once.
pub async fn keep(work: &mut Work, file: &BookFile, size: usize) -> Result<String, ActionError> {
    let hash = content_hash(work, file)?;
    let known =
        work.tx.fetch_optional("select size_bytes from import_file where content_hash = $1", args![hash]).await?;
    if known.is_none() {
        let sealed = work.app.vault()?.seal(Place { column: COLUMN, row: &hash }, file);
        work.tx
            .execute(
                "insert into import_file (content_hash, sealed, size_bytes, recorded_at, recorded_by) \
                 values ($1, $2, $3, $4, $5) on conflict (content_hash) do nothing",
                args![hash, sealed, size, work.now, work.actor.recorded_by()],
            )
            .await?;
    }
    Ok(hash)
}

/// The bytes of a kept file.
pub async fn load(work: &mut Work, hash: &str) -> Result<Vec<u8>, ActionError> {
    let row = work.tx.fetch_one("select sealed from import_file where content_hash = $1", args![hash]).await?;
    let sealed: Sealed<BookFile> = row.get("sealed")?;
    Ok(work.app.vault()?.open(Place { column: COLUMN, row: hash }, &sealed)?.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(BookFile::of(&bytes).bytes(), bytes);
        assert_eq!(format!("{:?}", BookFile::of(b"abc")), "BookFile(…)");
    }
}
