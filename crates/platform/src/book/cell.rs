//! What stands in a cell of the workbook, between the database and the file.

use std::borrow::Cow;
use std::fmt::Write as _;

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::sheets::Written;

/// The longest text that goes into a cell whole, in characters: Excel holds 32,767 units of UTF-16.
pub(super) const LONGEST: usize = 16_000;
/// What begins a text that is written otherwise than it reads: `\"…"` is JSON, `\long:7` stands on the sheet of long
/// texts.
const ESCAPE: char = '\\';
/// Where a long text is found.
const LONG: &str = "\\long:";

/// A value as the file holds it (单元格的值).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Out {
    /// Nothing.
    Empty,
    /// A text as it reads.
    Text(String),
    /// Fen.
    Money(i64),
    /// A date.
    Date(Date),
    /// Billionths.
    Rate(i64),
    /// A whole number.
    Count(i64),
}

impl Out {
    /// The value as what the writer takes; texts are escaped by the caller.
    pub(super) fn written<'a>(&self, text: &'a str) -> Written<'a> {
        match self {
            Self::Empty => Written::Empty,
            Self::Text(_) => Written::Text(text),
            Self::Money(fen) => Written::Money(Fen(*fen)),
            Self::Date(date) => Written::Date(*date),
            Self::Rate(e9) => Written::RateE9(*e9),
            Self::Count(count) => Written::Count(*count),
        }
    }

    /// One text for one value, for digests and messages.
    pub(super) fn canonical(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Money(fen) => Cow::Owned(yuan(i128::from(*fen))),
            Self::Date(date) => Cow::Owned(date.to_string()),
            Self::Rate(number) | Self::Count(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// Yuan with two decimals.
pub(super) fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let all = fen.unsigned_abs();
    format!("{sign}{}.{:02}", all / 100, all % 100)
}

/// A text as it is written into a cell, so that it reads back as it was; nothing where it must go to the long ones.
///
/// Texts that XML cannot hold, that a reader would trim or that look like our own marks become JSON behind a
/// backslash. `kept_empty` tells an empty text from no text where both can be.
pub(super) fn escaped(text: &str, kept_empty: bool) -> Option<Cow<'_, str>> {
    if text.is_empty() {
        return Some(Cow::Borrowed(if kept_empty { "\\\"\"" } else { "" }));
    }
    let fits = text.len() <= LONGEST || text.chars().take(LONGEST + 1).count() <= LONGEST;
    let plain = !text.starts_with(ESCAPE)
        && !text.contains("_x")
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.chars().any(|c| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}'));
    match (fits, plain) {
        (true, true) => Some(Cow::Borrowed(text)),
        (true, false) => {
            let mut json = String::with_capacity(text.len() + 8);
            json.push(ESCAPE);
            json.push('"');
            for c in text.chars() {
                match c {
                    '"' => json.push_str("\\\""),
                    '\\' => json.push_str("\\\\"),
                    '_' => json.push_str("\\u005f"),
                    c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}') => {
                        // Writing to a String cannot fail.
                        let _ = write!(json, "\\u{:04x}", u32::from(c));
                    }
                    c => json.push(c),
                }
            }
            json.push('"');
            Some(Cow::Owned(json))
        }
        (false, _) => None,
    }
}

/// The mark of a long text.
pub(super) fn long_mark(no: usize) -> String {
    format!("{LONG}{no}")
}

/// What a cell's text stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unescaped {
    /// The text.
    Text(String),
    /// The long text of this number.
    Long(usize),
}

/// Reads a text as [`escaped`] wrote it; nothing when the mark is damaged.
pub(super) fn unescaped(text: String) -> Option<Unescaped> {
    if !text.starts_with(ESCAPE) {
        return Some(Unescaped::Text(text));
    }
    if let Some(no) = text.strip_prefix(LONG) {
        return no.parse().ok().map(Unescaped::Long);
    }
    serde_json::from_str(text.strip_prefix(ESCAPE)?).ok().map(Unescaped::Text)
}

/// A value as a reader finds it in a cell (读出的单元格).
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number, which a workbook holds as a double.
    Number(f64),
    /// A date.
    Date(Date),
    /// Yes or no, an error: never ours.
    Other(String),
}

impl Raw {
    /// The number as the shortest decimal text that means it: what a person sees, without the double's tail.
    pub(super) fn decimal(&self) -> Option<String> {
        match self {
            Self::Number(number) if number.is_finite() => Some(format!("{number}")),
            Self::Text(text) => Some(text.trim().replace(',', "")),
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn whole(&self) -> Option<i64> {
        self.decimal()?.parse().ok()
    }

    /// A decimal number with at most so many decimals, as a whole number of its last unit.
    pub(super) fn scaled(&self, decimals: usize) -> Option<i64> {
        let text = self.decimal()?;
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.as_str()),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if part.len() > decimals || whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: i64 = format!("{whole}{part:0<decimals$}").parse().ok()?;
        Some(number * sign)
    }

    /// A date, typed or as text.
    pub(super) fn date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The text of a cell that was written as text; a number that somebody typed counts when it is whole.
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) => self.whole().map(|whole| whole.to_string()),
            Self::Date(date) => Some(date.to_string()),
            Self::Empty | Self::Other(_) => None,
        }
    }
}

/// A moment in the one form in which it is stored.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_double_is_read_as_the_amount_that_people_see() {
        // What Excel stores for 1234.56 and for 0.1 + 0.2.
        assert_eq!(Raw::Number(1234.56).scaled(2), Some(123_456));
        assert_eq!(Raw::Number(9_999_999_999_999.99).scaled(2), Some(999_999_999_999_999));
        assert_eq!(Raw::Number(-0.01).scaled(2), Some(-1));
        assert_eq!(Raw::Number(0.300_000_000_000_000_04).scaled(2), None, "more than two decimals is not our money");
        assert_eq!(Raw::Text("1,234.5".into()).scaled(2), Some(123_450));
        assert_eq!(Raw::Text("NaN".into()).scaled(2), None);
        assert_eq!(Raw::Number(f64::INFINITY).scaled(2), None);
        assert_eq!(Raw::Number(0.084).scaled(9), Some(84_000_000));
    }

    #[test]
    fn an_empty_text_is_told_from_none() {
        let read = |text: &str| unescaped(text.to_owned());
        assert_eq!(escaped("", true).as_deref(), Some("\\\"\""));
        assert_eq!(read("\\\"\""), Some(Unescaped::Text(String::new())));
        assert_eq!(escaped("", false).as_deref(), Some(""));
        assert_eq!(read("\\long:7"), Some(Unescaped::Long(7)));
        assert_eq!(read("\\oops"), None);
        assert_eq!(escaped(&"长".repeat(LONGEST + 1), false), None);
    }

    proptest! {
        #[test]
        fn every_text_reads_back_as_it_was(text in "[=+@\\\\ \t\r\n_x0-9\"\u{0}-\u{20}a长😀\u{feff}-]{0,40}") {
            let cell = escaped(&text, true).unwrap().into_owned();
            prop_assert_eq!(unescaped(cell), Some(Unescaped::Text(text)));
        }
    }
}
