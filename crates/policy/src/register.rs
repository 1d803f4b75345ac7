//! A register of a pack (parameters, articles) as text cells, for editing one row of it.

use crate::edit::EditError;
use crate::sheet::Sheet;

/// A register as text (编辑中的登记表): a head of column names, one entry a row.
///
/// ```
/// use policy::RegisterText;
/// let mut register = RegisterText::parse("id,title_zh\na1,第一条\n").unwrap();
/// register.set("a1", &[("id", "a1"), ("title_zh", "第一条（修订）")]);
/// register.set("a2", &[("id", "a2"), ("source", "本公司制度")]);
/// assert_eq!(register.to_csv(), "id,title_zh,source\na1,第一条（修订）,\na2,,本公司制度\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterText {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl RegisterText {
    /// Reads a register; an empty text is an empty register.
    ///
    /// # Errors
    /// [`EditError::NotATable`].
    pub fn parse(csv: &str) -> Result<Self, EditError> {
        let mut problems = Vec::new();
        let sheet = Sheet::read("", csv, &mut problems);
        if let Some(problem) = problems.first() {
            return Err(EditError::NotATable { detail: problem.to_string() });
        }
        let mut rows = sheet.rows.into_iter().map(|row| row.cells);
        let head = rows.next().unwrap_or_default();
        let mut register = Self { head, rows: rows.collect() };
        register.pad();
        Ok(register)
    }

    /// The entry of a key: its cells by column.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<Vec<(String, String)>> {
        let row = self.rows.iter().find(|row| row.first().is_some_and(|cell| cell == key))?;
        Some(self.head.iter().cloned().zip(row.iter().cloned()).collect())
    }

    /// The entry in a row of the file, from 1.
    #[must_use]
    pub fn entry_at(csv: &str, row: u32) -> Option<Vec<(String, String)>> {
        let sheet = Sheet::read("", csv, &mut Vec::new());
        let head = sheet.rows.first()?;
        let found = sheet.rows.iter().find(|one| one.number == row)?;
        Some(head.cells.iter().enumerate().map(|(at, name)| (name.clone(), found.cell(at).to_owned())).collect())
    }

    /// The row of the file, from 1, in which the entry of a key stands.
    #[must_use]
    pub fn row_of(csv: &str, key: &str) -> Option<u32> {
        let sheet = Sheet::read("", csv, &mut Vec::new());
        sheet.rows.iter().skip(1).find(|row| row.cell(0) == key).map(|row| row.number)
    }

    /// Writes an entry over the one with its key, or behind the last; new columns go to the right.
    pub fn set(&mut self, key: &str, cells: &[(&str, &str)]) {
        for (column, _) in cells {
            if !self.head.iter().any(|known| known == column) {
                self.head.push((*column).to_owned());
            }
        }
        self.pad();
        let place = self.rows.iter().position(|row| row.first().is_some_and(|cell| cell == key));
        let at = place.unwrap_or_else(|| {
            self.rows.push(vec![String::new(); self.head.len()]);
            self.rows.len() - 1
        });
        for (column, text) in cells {
            if let Some(place) = self.head.iter().position(|known| known == column) {
                self.rows[at][place] = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            }
        }
    }

    /// Takes the entry of a key out; whether there was one.
    pub fn remove(&mut self, key: &str) -> bool {
        let before = self.rows.len();
        self.rows.retain(|row| row.first().is_none_or(|cell| cell != key));
        self.rows.len() < before
    }

    /// Whether it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As CSV.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for line in std::iter::once(&self.head).chain(&self.rows) {
            // Writing to memory cannot fail; rows are padded to one width.
            let _ = writer.write_record(line);
        }
        writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn pad(&mut self) {
        let width = self.head.len();
        self.rows.iter_mut().for_each(|row| row.resize(width, String::new()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_written_found_and_taken_out() {
        let mut register = RegisterText::parse("name,value\na,1\n\nb,2\n").unwrap();
        register.set("b", &[("name", "b"), ("value", "3\n"), ("article", "x")]);
        assert_eq!(register.entry("b").unwrap()[1], ("value".to_owned(), "3".to_owned()));
        assert_eq!(register.entry("a").unwrap()[2].1, "");
        assert!(register.remove("a") && !register.remove("a") && !register.is_empty());
        assert_eq!(RegisterText::entry_at("name,value\na,1\n\nb,2\n", 4).unwrap()[0].1, "b");
        assert_eq!(RegisterText::row_of("name,value\na,1\n\nb,2\n", "b"), Some(4));
        assert!(RegisterText::parse("").unwrap().is_empty());
    }
}
