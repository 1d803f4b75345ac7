//! What was given back, and why a file is not closed yet. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// The longest text.
const MAX_WORDS: usize = 500;

/// A paper that is given back (归还登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Of which thing: the key of its line.
    pub collateral: i64,
    /// Who took it and signed.
    pub by: String,
    /// On which day.
    pub on: Date,
    /// Where the signed receipt lies.
    pub place: String,
}

/// What the register says of one thing (签收登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// What was signed.
    pub receipt: Receipt,
    /// Who entered it.
    pub recorded_by: String,
}

/// Why papers are not given back, or a file is not closed (归还拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// The loan is not paid off.
    #[error("the loan is not paid off")]
    Owed,
    /// These papers were given back.
    #[error("given back before")]
    GivenBack,
    /// Papers are still here.
    #[error("{count} papers are here")]
    Papers {
        /// How many.
        count: usize,
    },
    /// The file is closed.
    #[error("the file is closed")]
    Closed,
}

impl Refusal for ReleaseError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::Owed => conflict("release-owed").under("release.paid", None),
            Self::GivenBack => conflict("release-given-back").under("release.receipt", None),
            Self::Papers { count } => conflict("release-papers").with("count", count).under("release.close", None),
            Self::Closed => conflict("release-closed").under("release.close", None),
        }
    }
}

/// What is wrong with a receipt, all at once (rule `release.receipt`): of a thing of the loan, by somebody, on a day that is
/// not to come, and its paper lies somewhere.
#[must_use]
pub fn wrong(receipt: &Receipt, things: &[i64], today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !things.contains(&receipt.collateral) {
        wrong.push(FieldError::new("collateral", "choice-invalid"));
    }
    if receipt.on > today {
        wrong.push(FieldError::new("received_on", "letter-future").with("date", today));
    }
    for (field, text) in [("received_by", &receipt.by), ("place", &receipt.place)] {
        if text.trim().is_empty() {
            wrong.push(FieldError::new(field, "field-empty"));
        } else if text.chars().count() > MAX_WORDS {
            wrong.push(FieldError::new(field, "contact-too-long").with("max", MAX_WORDS));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rule `release.receipt`. S2.2-04
    #[test]
    fn a_receipt_names_thing_person_day_and_place() {
        let today = date(2026, 12, 21);
        let good = Receipt { collateral: 7, by: "程一诺".to_owned(), on: today, place: "档案盒 3".to_owned() };
        let fields = |one: &Receipt| wrong(one, &[7], today).iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(&good), Vec::<&str>::new());
        let blank = Receipt { collateral: 8, by: " ".to_owned(), on: date(2026, 12, 22), place: String::new() };
        assert_eq!(fields(&blank), ["collateral", "received_on", "received_by", "place"]);
        assert_eq!(fields(&Receipt { by: "长".repeat(501), ..good }), ["received_by"]);
    }
}
