//! A bundle as it is kept, and what is asked for. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::attachment::AttachmentId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};
use policy::{Edition, ParameterError};

use crate::case::model::CaseKey;
use crate::dossier::model::Block;

id_type!(BundleId, "The key of a bundle (诉讼卷宗) within its customer.");

/// What a bundle is for (用途).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// 起诉.
    Suit,
    /// 仲裁.
    Arbitration,
    /// 投诉答复: a complaint or dispute is answered with it.
    Complaint,
    /// 有权机关调取: an authority asked for it.
    Authority,
}

impl Purpose {
    /// Every purpose, the usual first.
    pub const ALL: [Self; 4] = [Self::Suit, Self::Arbitration, Self::Complaint, Self::Authority];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suit => "suit",
            Self::Arbitration => "arbitration",
            Self::Complaint => "complaint",
            Self::Authority => "authority",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }

    /// Whether why the debtor does not pay is part of it (rule `bundle.private`): what was found of its causes is the lender's
    /// judgement, which the answer to a complaint does not put before the debtor.
    #[must_use]
    pub fn shows_causes(self) -> bool {
        match self {
            Self::Suit | Self::Arbitration | Self::Authority => true,
            Self::Complaint => false,
        }
    }

    /// Whether what the debtor can pay is part of it (rule `bundle.private`).
    #[must_use]
    pub fn shows_capacity(self) -> bool {
        match self {
            Self::Suit | Self::Arbitration | Self::Authority => true,
            Self::Complaint => false,
        }
    }

    /// Whether a block of the dossier is part of it (rule `bundle.private`): what a court decides about, and nothing of how
    /// people live; the answer to a complaint goes to the debtor, who reads of no referral to the police in it.
    #[must_use]
    pub fn shows(self, block: Block) -> bool {
        match block {
            Block::Asset | Block::Death | Block::Heir | Block::Spouse => true,
            Block::Fraud => self != Self::Complaint,
            Block::Analysis | Block::Living | Block::Business | Block::Liability | Block::Hardship | Block::Custody => {
                false
            }
        }
    }
}
stored_as_text!(Purpose, "purpose of a bundle");

/// What is asked for (卷宗申请).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What for.
    pub purpose: Purpose,
    /// What happened until the end of this day.
    pub as_of: Date,
    /// Whether pictures and PDFs of the file are enclosed as pages; otherwise all files are only listed.
    pub enclose: bool,
}

impl Order {
    /// For a suit, with its files.
    #[must_use]
    pub fn suit(as_of: Date) -> Self {
        Self { purpose: Purpose::Suit, as_of, enclose: true }
    }
}

/// What the policy lets a bundle hold (卷宗限额), under `house.bundle`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most lines.
    pub lines: i64,
    /// The most lines of one volume, which is what is printed at a time.
    pub volume_lines: i64,
    /// The most lines of one that is made while its maker waits.
    pub at_once_lines: i64,
    /// The most bytes enclosed.
    pub enclosed: i64,
    /// Whether the words of people who do not answer for the debt are printed.
    pub third_parties: bool,
    /// The title of the article.
    pub article: String,
}

impl Limits {
    /// The limits of an edition.
    ///
    /// # Errors
    /// A parameter that the policy does not have.
    pub fn read(edition: &Edition, article: String) -> Result<Self, ParameterError> {
        Ok(Self {
            lines: edition.integer("bundle_lines")?,
            volume_lines: edition.integer("bundle_volume_lines")?,
            at_once_lines: edition.integer("bundle_at_once_lines")?,
            enclosed: edition.integer("bundle_enclosed_mib")?.saturating_mul(1 << 20),
            third_parties: edition.flag("bundle_third_party_words")?,
            article,
        })
    }

    /// Refuses more lines than a bundle may hold (rule `bundle.budget`): nothing is cut off in silence.
    ///
    /// # Errors
    /// [`BundleError::TooLarge`].
    pub fn hold(&self, lines: usize) -> Result<(), BundleError> {
        if i64::try_from(lines).unwrap_or(i64::MAX) <= self.lines {
            return Ok(());
        }
        Err(BundleError::TooLarge { lines, most: self.lines, article: self.article.clone() })
    }

    /// Refuses to make a large one while its maker waits (rule `bundle.background`).
    ///
    /// # Errors
    /// [`BundleError::NotAtOnce`].
    pub fn at_once(&self, lines: usize) -> Result<(), BundleError> {
        if i64::try_from(lines).unwrap_or(i64::MAX) <= self.at_once_lines {
            return Ok(());
        }
        Err(BundleError::NotAtOnce { lines, most: self.at_once_lines, article: self.article.clone() })
    }
}

/// Where a kept file is in a bundle (入卷情况).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Its pages are the enclosure of this number.
    Enclosed(usize),
    /// It is listed with its digest.
    Listed,
    /// It is listed, because no pages can be made of it.
    NotDrawn,
}

/// A bundle (诉讼卷宗).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Its key.
    pub id: BundleId,
    /// Of which case.
    pub case: CaseKey,
    /// 卷宗编号.
    pub number: String,
    /// What for.
    pub purpose: Purpose,
    /// What happened until the end of this day.
    pub as_of: Date,
    /// The kept file.
    pub file: AttachmentId,
    /// Which volume it is (分册).
    pub volume: i64,
    /// Of how many.
    pub volumes: i64,
    /// How many files of the customer it tells of: with those that were merged into one.
    pub files: i64,
    /// SHA-256 of the kept file.
    pub digest: String,
    /// How many pages it has.
    pub pages: i64,
    /// How many files of the customer are enclosed as pages.
    pub enclosed: i64,
    /// Whether documents of the customer are among them.
    pub documents: bool,
    /// How many are listed.
    pub listed: i64,
    /// Entries of the customer's audit trail when it was made.
    pub trail_entries: i64,
    /// The hash of the last of them.
    pub trail_hash: String,
    /// The business date of its making.
    pub made_on: Date,
    /// When.
    pub made_at: Timestamp,
    /// By whom.
    pub by: String,
}

impl Bundle {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("bundle:{}", self.id)
    }
}

/// Why there is no bundle (卷宗拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// There is no such bundle, or not for this person.
    #[error("no such bundle")]
    NotFound,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// Nothing was lent to the customer on that day.
    #[error("no loan on {on}")]
    NoLoan {
        /// The day.
        on: Date,
    },
    /// The customer's audit trail does not hold, so nothing can be proved with it.
    #[error("the audit trail is broken at entry {entry}")]
    TrailBroken {
        /// The first entry that does not hold.
        entry: i64,
    },
    /// There is more to tell than the policy lets one bundle hold.
    #[error("{lines} lines, at most {most}")]
    TooLarge {
        /// Lines found so far.
        lines: usize,
        /// The most.
        most: i64,
        /// The article.
        article: String,
    },
    /// It is too large to be made while its maker waits.
    #[error("{lines} lines, at most {most} at once")]
    NotAtOnce {
        /// Its lines.
        lines: usize,
        /// The most.
        most: i64,
        /// The article.
        article: String,
    },
    /// Another one was made meanwhile.
    #[error("bundle {number} was made meanwhile")]
    Meanwhile {
        /// Its number.
        number: String,
    },
}

impl Refusal for BundleError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "bundle-not-found"),
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NoLoan { on } => conflict("bundle-no-loan").with("on", on).under("bundle.as-of", None),
            Self::TrailBroken { entry } => {
                conflict("bundle-trail-broken").with("entry", entry).under("bundle.trail", None)
            }
            Self::TooLarge { lines, most, article } => conflict("bundle-too-large")
                .with("lines", lines)
                .with("most", most)
                .under("bundle.budget", Some(article.clone())),
            Self::NotAtOnce { lines, most, article } => conflict("bundle-not-at-once")
                .with("lines", lines)
                .with("most", most)
                .under("bundle.background", Some(article.clone())),
            Self::Meanwhile { number } => conflict("bundle-meanwhile").with("number", number),
        }
    }
}

/// What is wrong with an order (rule `bundle.as-of`).
#[must_use]
pub fn wrong_day(as_of: Date, opened_on: Date, today: Date) -> Option<FieldError> {
    match as_of {
        on if on > today => Some(FieldError::new("as_of", "bundle-future").with("on", today)),
        on if on < opened_on => Some(FieldError::new("as_of", "bundle-before-case").with("on", opened_on)),
        _ => None,
    }
}

/// Which of these files are enclosed (rule `bundle.enclosed`): in order, as long as their bytes fit; the others are listed.
#[must_use]
pub fn fitting(sizes: &[i64], most: i64) -> Vec<bool> {
    let mut left = most;
    let fits = |size: &i64| {
        let fits = *size <= left;
        left -= if fits { *size } else { 0 };
        fits
    };
    sizes.iter().map(fits).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_bundle_is_of_a_day_of_the_case_that_has_come() {
        // Rule `bundle.as-of`.
        let (opened, today) = (date(2026, 11, 21), date(2026, 12, 21));
        let code = |on| wrong_day(on, opened, today).map(|wrong| wrong.code);
        assert_eq!(code(date(2026, 12, 22)), Some("bundle-future"));
        assert_eq!(code(date(2026, 11, 20)), Some("bundle-before-case"));
        assert_eq!((code(opened), code(today)), (None, None));
    }

    #[test]
    fn the_answer_to_a_complaint_judges_neither_causes_nor_capacity() {
        // Rule `bundle.private`. S4-24
        for purpose in Purpose::ALL {
            let told = purpose != Purpose::Complaint;
            assert_eq!((purpose.shows_causes(), purpose.shows_capacity()), (told, told), "{}", purpose.as_str());
        }
    }

    #[test]
    fn what_is_too_large_is_refused_and_never_cut() {
        // Rules `bundle.budget`, `bundle.background`. S4-24
        let limits = Limits {
            lines: 10,
            volume_lines: 4,
            at_once_lines: 5,
            enclosed: 0,
            third_parties: false,
            article: String::new(),
        };
        let code = |refused: Result<(), BundleError>| refused.err().map(|error| error.refused().code);
        assert_eq!((code(limits.hold(10)), code(limits.hold(11))), (None, Some("bundle-too-large")));
        assert_eq!((code(limits.at_once(5)), code(limits.at_once(6))), (None, Some("bundle-not-at-once")));
    }

    #[test]
    fn what_does_not_fit_is_listed_and_smaller_ones_still_come_in() {
        // Rule `bundle.enclosed`.
        assert_eq!(fitting(&[4, 7, 5, 1, 1], 10), [true, false, true, true, false]);
        assert_eq!(fitting(&[1], 0), [false]);
    }
}
