//! What is wrong with a pack, and where: every problem found while loading, with file, row and column.
//!
//! Problems are data. [`Problem::code`] and [`Problem::fields`] are what the page translates; the English
//! sentence of `Display` is for logs and the command line.

use std::fmt;

/// Where a problem is (位置): the file, and the row and column as a spreadsheet counts them, from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// Path of the file inside the folder of packs, such as `microloan/tables/asset_class.csv`.
    pub file: String,
    /// Row from 1; `None` when the whole file is meant.
    pub row: Option<u32>,
    /// Column from 1; `None` when the whole row is meant.
    pub column: Option<u32>,
}

impl Place {
    /// The whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), row: None, column: None }
    }

    /// One row of a file.
    pub fn row(file: impl Into<String>, row: u32) -> Self {
        Self { file: file.into(), row: Some(row), column: None }
    }

    /// One cell of a file.
    pub fn cell(file: impl Into<String>, row: u32, column: u32) -> Self {
        Self { file: file.into(), row: Some(row), column: Some(column) }
    }

    /// The cell as a spreadsheet names it (`C7`), or the row number, or nothing for a whole file.
    pub fn reference(&self) -> String {
        match (self.row, self.column) {
            (Some(row), Some(column)) => format!("{}{row}", column_letters(column)),
            (Some(row), None) => row.to_string(),
            (None, _) => String::new(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ", row {row}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {} ({})", column, column_letters(column))?;
        }
        Ok(())
    }
}

/// One thing that is wrong with a pack (策略包问题), with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: ProblemKind,
}

impl Problem {
    /// A problem at a place.
    pub fn new(place: Place, kind: ProblemKind) -> Self {
        Self { place, kind }
    }

    /// The stable code, such as `gap`; the locale files hold one text per code and language.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// The figures and names to put into the translated text.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("file", self.place.file.clone()),
            ("row", self.place.row.map(|row| row.to_string()).unwrap_or_default()),
            ("column", self.place.column.map(|column| column.to_string()).unwrap_or_default()),
            ("cell", self.place.reference()),
        ];
        fields.extend(self.kind.fields());
        fields
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

macro_rules! problems {
    ($( $(#[$doc:meta])* $variant:ident { $( $(#[$fdoc:meta])* $field:ident ),* } $code:literal $text:literal; )*) => {
        /// The kinds of problems (问题种类) a pack can have; each has a stable code.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum ProblemKind {
            $( $(#[$doc])* #[error($text)] $variant { $( $(#[$fdoc])* $field: String ),* }, )*
        }

        impl ProblemKind {
            /// The stable code.
            pub fn code(&self) -> &'static str {
                match self { $( Self::$variant { .. } => $code, )* }
            }

            /// The facts of the problem by name.
            pub fn fields(&self) -> Vec<(&'static str, String)> {
                match self {
                    $( Self::$variant { $( $field ),* } => vec![ $( (stringify!($field), $field.clone()) ),* ], )*
                }
            }

            /// Every code there is, for the check that each has a text in both languages.
            pub const CODES: &'static [&'static str] = &[ $( $code ),* ];
        }
    };
}

problems! {
    /// A file that a pack must have is not there.
    MissingFile {} "missing_file" "the file is missing";
    /// The CSV text itself cannot be read.
    BadCsv {
        /// What the reader said.
        detail } "bad_csv" "this is not readable CSV: {detail}";
    /// A column that the file must have is not in its header.
    MissingColumn {
        /// Its name.
        name } "missing_column" "the column {name} is missing";
    /// A column that nobody knows.
    UnknownColumn {
        /// Its name.
        name } "unknown_column" "the column {name} is unknown";
    /// A header line of a decision table that nobody knows, or that is not where it must be.
    UnknownLine {
        /// Its first cell.
        name } "unknown_line" "the header line {name} is unknown";
    /// A header line that a decision table must have.
    MissingLine {
        /// Its first cell.
        name } "missing_line" "the header line {name} is missing";
    /// A cell that must not be empty. In a decision table "any" is written as -.
    EmptyCell {
        /// The name of its column.
        name } "empty_cell" "the cell of {name} is empty; write - for any value";
    /// The same key twice.
    Duplicate {
        /// The key.
        name } "duplicate" "{name} is here twice";
    /// A table looks at a fact that no capability offers.
    UnknownFact {
        /// As written.
        name,
        /// The nearest name that exists, or empty.
        nearest } "unknown_fact" "the fact {name} is unknown; is {nearest} meant?";
    /// A parameter that no pack of the stack has on that date.
    UnknownParameter {
        /// As written.
        name,
        /// The nearest name that exists, or empty.
        nearest } "unknown_parameter" "the parameter {name} is unknown; is {nearest} meant?";
    /// A role, decision, template, pack or other key that is not defined.
    UnknownReference {
        /// What kind of thing.
        what,
        /// As written.
        name } "unknown_reference" "there is no {what} {name}";
    /// A value of the wrong type.
    WrongType {
        /// What the place asks for.
        expected,
        /// What is written.
        found } "wrong_type" "{expected} is expected here, not {found}";
    /// A value that is not in the list of allowed ones.
    NotAllowed {
        /// The value.
        found,
        /// The list.
        allowed } "not_allowed" "{found} is not one of {allowed}";
    /// A number with a fraction that the unit cannot hold, or a floating-point literal in a formula.
    FloatingPoint {
        /// As written.
        found } "floating_point" "{found} is a floating-point value; write a whole number of the unit";
    /// A cell or formula that cannot be understood.
    Unreadable {
        /// As written.
        found,
        /// Why not.
        detail } "unreadable" "{found} cannot be read: {detail}";
    /// Inputs for which no row hits.
    Gap {
        /// The decision.
        decision,
        /// The uncovered inputs, such as `overdue_days = 31..60`.
        inputs } "gap" "no row of {decision} covers {inputs}";
    /// Two rows of a table of hit policy unique hit for the same inputs.
    Overlap {
        /// The other row.
        other_row,
        /// The inputs both cover.
        inputs } "overlap" "this row and row {other_row} both cover {inputs}";
    /// A row that can never hit, or never counts because earlier rows cover it.
    Unreachable {
        /// Rows that cover it, or empty when its own cell can never hold.
        covered_by } "unreachable" "this row can never take effect (covered by rows {covered_by})";
    /// A row or rule without an article.
    MissingArticle {} "missing_article" "the article is missing";
    /// An article that no register holds.
    UnknownArticle {
        /// As written.
        name } "unknown_article" "the article {name} is in no register";
    /// Effective dates of one key that run over each other, or end before they begin.
    BadPeriod {
        /// The key.
        name,
        /// The period.
        period } "bad_period" "the period {period} of {name} overlaps another or ends before it begins";
    /// A parameter looser than the law layer allows.
    LooserThanLaw {
        /// The parameter.
        name,
        /// What the pack says.
        value,
        /// What the law says.
        law,
        /// min, max, subset or superset.
        direction,
        /// The article of the law layer.
        article,
        /// From which date this holds.
        on } "looser_than_law" "{name} = {value} is looser than the law, {direction} {law} ({article}, on {on})";
    /// A parameter or table of the law layer that no pack may override.
    NotOverridable {
        /// The parameter or table.
        name,
        /// What the pack says.
        value,
        /// What the law says.
        law,
        /// The article of the law layer.
        article } "not_overridable" "{name} = {value} overrides the law, which fixes it at {law} ({article})";
    /// A table whose order of outcomes differs from the floor of the law layer.
    FloorOrder {
        /// The output.
        name,
        /// The order of the law layer.
        law } "floor_order" "the output {name} must be ordered as in the law layer: {law}";
    /// A text that lacks a field which it must name.
    MissingField {
        /// The field.
        name } "missing_field" "the mandatory field {name} is not in the text";
}

/// The letters by which a spreadsheet names a column: 1 = A, 27 = AA.
fn column_letters(column: u32) -> String {
    let mut left = column;
    let mut letters = Vec::new();
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The candidate nearest to a misspelt name, when near enough to be worth naming.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    candidates
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 4)
        .min()
        .map(|(_, candidate)| candidate.to_owned())
        .unwrap_or_default()
}

/// Levenshtein distance over characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_like_a_spreadsheet_reference() {
        assert_eq!(Place::cell("a.csv", 7, 3).reference(), "C7");
        assert_eq!(Place::cell("a.csv", 7, 28).reference(), "AB7");
        assert_eq!(Place::cell("a.csv", 7, 3).to_string(), "a.csv, row 7, column 3 (C)");
        assert_eq!(Place::row("a.csv", 7).to_string(), "a.csv, row 7");
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        let names = ["overdue_days", "asset_class"];
        assert_eq!(nearest("overdue_day", names.into_iter()), "overdue_days");
        assert_eq!(nearest("balance", names.into_iter()), "");
    }
}
