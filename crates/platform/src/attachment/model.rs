//! A kept file as it is known without opening it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;

use crate::id::{CustomerId, UserId};
use crate::{id_type, stored_as_text};

id_type!(AttachmentId, "The key of a kept file within a customer's file (附件).");

/// What kind of content a file has (文件类型), by its first bytes and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Media {
    /// PDF.
    Pdf,
    /// A photo (JPEG).
    Jpeg,
    /// A picture (PNG).
    Png,
    /// An Excel workbook without macros.
    Xlsx,
    /// A Word document without macros.
    Docx,
    /// Plain text.
    Plain,
}

impl Media {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Xlsx, Self::Docx, Self::Plain];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Plain => "plain",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.as_str() == text)
    }

    /// What a browser calls it.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Plain => "text/plain; charset=utf-8",
        }
    }

    /// The ending of its file names.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Plain => "txt",
            Self::Pdf | Self::Png | Self::Xlsx | Self::Docx => self.as_str(),
        }
    }
}

stored_as_text!(Media, "media type of a kept file");

/// Why a file counts no longer (撤回).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The reason.
    pub reason: String,
    /// The business date.
    pub on: Date,
    /// By whom.
    pub by: UserId,
}

/// A kept file (附件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Whose file it stands in.
    pub customer: CustomerId,
    /// The key.
    pub id: AttachmentId,
    /// The thing that it belongs to: `customer:7`.
    pub subject: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// How many bytes it has.
    pub bytes: i64,
    /// SHA-256 of its content.
    pub digest: String,
    /// The file that it replaces.
    pub replaces: Option<AttachmentId>,
    /// The file that replaced it.
    pub replaced_by: Option<AttachmentId>,
    /// The business date on which it came.
    pub effective_on: Date,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: UserId,
    /// Why it counts no longer.
    pub withdrawn: Option<Withdrawn>,
    /// Whether it came in with a workbook of the whole book, which carries no content.
    pub brought_in: bool,
}

impl Attachment {
    /// Whether it counts: neither replaced nor withdrawn.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.replaced_by.is_none() && self.withdrawn.is_none()
    }

    /// Whether it counted at the end of a day, given the day on which another replaced it, if one did.
    #[must_use]
    pub fn counted_on(&self, on: Date, replaced_on: Option<Date>) -> bool {
        let gone = |day: Date| day <= on;
        self.effective_on <= on
            && !replaced_on.is_some_and(gone)
            && !self.withdrawn.as_ref().is_some_and(|withdrawn| gone(withdrawn.on))
    }

    /// The thing for the audit trail.
    #[must_use]
    pub fn audited(&self) -> String {
        format!("attachment:{}:{}", self.customer, self.id)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_file_counts_from_its_day_until_it_is_replaced_or_withdrawn() {
        let (came, gone) = (date(2026, 12, 1), date(2026, 12, 10));
        let file = |withdrawn: Option<Date>| Attachment {
            customer: CustomerId(7),
            id: AttachmentId(1),
            subject: "customer:7".to_owned(),
            name: "a.pdf".to_owned(),
            media: Media::Pdf,
            bytes: 1,
            digest: String::new(),
            replaces: None,
            replaced_by: None,
            effective_on: came,
            recorded_at: Timestamp::UNIX_EPOCH,
            recorded_by: UserId(1),
            withdrawn: withdrawn.map(|on| Withdrawn { reason: "误传".to_owned(), on, by: UserId(1) }),
            brought_in: false,
        };
        let day = |day| date(2026, 12, day);
        assert!(!file(None).counted_on(date(2026, 11, 30), None));
        assert!(file(None).counted_on(came, None));
        for (withdrawn, replaced) in [(Some(gone), None), (None, Some(gone))] {
            assert!(file(withdrawn).counted_on(day(9), replaced), "it counted until then");
            assert!(!file(withdrawn).counted_on(day(10), replaced));
        }
    }
}
