//! The outside anchor (外部锚): daily roots kept on paper or elsewhere, compared with those of the database.
//!
//! Whoever owns the database can write a whole trail anew, with every link in order. A root that was printed, mailed
//! or kept on another machine on its day says so: it fixes everything that was recorded up to that day.

use std::fmt;

use jiff::civil::Date;

use super::Broken;
use crate::args;
use crate::db::{Db, StoreError};

/// The root of a sealed day (每日审计根), as it is kept outside: one line `2026-11-20 <64 hexadecimal digits>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The business date.
    pub on: Date,
    /// Its root.
    pub root: String,
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.on, self.root)
    }
}

/// A line that is no anchor (锚文件有误).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not a date and a root: expected 2026-11-20 and 64 hexadecimal digits")]
pub struct NotAnAnchor {
    /// Counts from 1.
    pub line: usize,
}

impl Anchor {
    /// Reads kept anchors, one a line; empty lines and lines that begin with `#` say nothing.
    ///
    /// # Errors
    /// [`NotAnAnchor`] with the first line that cannot be read.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, NotAnAnchor> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(number, line)| Self::parse(line).ok_or(NotAnAnchor { line: number }))
            .collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (on, root) = line.split_once(char::is_whitespace)?;
        let root = root.trim().to_ascii_lowercase();
        let whole = root.len() == 64 && root.bytes().all(|b| b.is_ascii_hexdigit());
        whole.then_some(())?;
        Some(Self { on: on.parse().ok()?, root })
    }
}

/// The roots of all sealed days, oldest first.
pub async fn anchors(db: &Db) -> Result<Vec<Anchor>, StoreError> {
    let mut tx = db.read().await?;
    let rows = tx
        .fetch_all("select business_date, root from audit_root order by business_date limit $1", args![1_000_000_i64])
        .await?;
    rows.iter().map(|row| Ok(Anchor { on: row.get("business_date")?, root: row.get("root")? })).collect()
}

/// Compares anchors kept outside with the roots of the database; the first that differs or is missing, if any.
pub async fn compare(db: &Db, kept: &[Anchor]) -> Result<Option<Broken>, StoreError> {
    let mut tx = db.read().await?;
    for anchor in kept {
        let row = tx.fetch_optional("select root from audit_root where business_date = $1", args![anchor.on]).await?;
        let same = match row {
            Some(row) => row.get::<String>("root")? == anchor.root,
            None => false,
        };
        if !same {
            return Ok(Some(Broken::Anchor { on: anchor.on.to_string() }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_printed_and_nothing_is_guessed() {
        let root = "ab".repeat(32);
        let text = format!("# 某某小额贷款有限公司\n\n2026-11-20 {root}\n  2026-11-21   {}  \n", root.to_uppercase());
        let read = Anchor::parse_all(&text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].to_string(), format!("2026-11-20 {root}"));
        assert_eq!(read[1].root, root);
        for (text, line) in [
            ("2026-11-20", 1),
            ("# x\n2026-11-31 ab", 2),
            (&*format!("2026-13-01 {root}"), 1),
            (&*format!("2026-11-20 {}", "zz".repeat(32)), 1),
        ] {
            assert_eq!(Anchor::parse_all(text), Err(NotAnAnchor { line }), "{text}");
        }
    }
}
