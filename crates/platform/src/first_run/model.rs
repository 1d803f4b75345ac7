//! Steps and answers of the first run. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A step (步骤), in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Which kind of institution: the pack.
    Kind,
    /// Its name, head office, first business date.
    House,
    /// Where the book comes from.
    Book,
    /// The key file.
    Key,
    /// The first administrator and the second person.
    People,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Kind, Self::House, Self::Book, Self::Key, Self::People];

    /// Its name in addresses and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::House => "house",
            Self::Book => "book",
            Self::Key => "key",
            Self::People => "people",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }

    /// Its place, from 0.
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|step| *step == self).unwrap_or(0)
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        self.place().checked_sub(1).map(|place| Self::ALL[place])
    }
}

/// Where the book comes from (账从哪来).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookFrom {
    /// A workbook is imported first.
    Import,
    /// The whole book of another house comes in.
    Whole,
    /// Loans are entered one by one.
    Empty,
}

/// What was answered so far (已填内容).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The pack.
    pub pack: Option<String>,
    /// The institution's name.
    pub institution: String,
    /// The head office's.
    pub head_office: String,
    /// The first business date.
    pub opens_on: Option<Date>,
    /// Where the book comes from.
    pub book: Option<BookFrom>,
    /// A copy of the key file is kept elsewhere.
    pub key_copied: bool,
    /// Lists of rest days of the institution's own, in the place of or beside those that ship with the program.
    pub rest_days: Option<String>,
}

impl Answers {
    /// The first step without an answer: no later one may be entered.
    #[must_use]
    pub fn open_step(&self) -> Step {
        if self.pack.is_none() {
            Step::Kind
        } else if self.institution.is_empty() || self.opens_on.is_none() {
            Step::House
        } else if self.book.is_none() {
            Step::Book
        } else if self.key_copied {
            Step::People
        } else {
            Step::Key
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_answer_opens_the_next_step_and_no_other() {
        let mut answers = Answers::default();
        assert_eq!(answers.open_step(), Step::Kind);
        answers.key_copied = true;
        assert_eq!(answers.open_step(), Step::Kind, "an answer to a later step opens nothing");
        answers.pack = Some("microloan".to_owned());
        assert_eq!(answers.open_step(), Step::House);
        answers.institution = "示例".to_owned();
        assert_eq!(answers.open_step(), Step::House);
        answers.opens_on = Some(date(2026, 11, 20));
        assert_eq!(answers.open_step(), Step::Book);
        answers.book = Some(BookFrom::Empty);
        assert_eq!(answers.open_step(), Step::People);
        answers.key_copied = false;
        assert_eq!(answers.open_step(), Step::Key);
    }
}
