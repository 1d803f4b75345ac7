//! Refusals of kept files (拒绝).

use crate::error::{Refusal, RefusalKind, Refused};

/// Rule `attachment.final`: a kept file is never edited.
pub const RULE_FINAL: &str = "attachment.final";
/// Rule `attachment.content`: the content is what was handed in.
pub const RULE_CONTENT: &str = "attachment.content";

/// Why a kept file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentError {
    /// There is none of this key in the file.
    #[error("no such attachment")]
    NotFound,
    /// It was replaced or withdrawn already.
    #[error("the attachment counts no longer")]
    NotCurrent,
    /// It was withdrawn: its content is shown no more.
    #[error("the attachment was withdrawn")]
    Withdrawn,
    /// The content does not lie here: the book came in as a workbook.
    #[error("the content of the attachment is not in this database")]
    Elsewhere,
    /// What is kept is not what was handed in.
    #[error("the content of the attachment is damaged")]
    Damaged,
}

impl Refusal for AttachmentError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "attachment-not-found"),
            Self::NotCurrent => conflict("attachment-not-current").under(RULE_FINAL, None),
            Self::Withdrawn => conflict("attachment-withdrawn").under(RULE_FINAL, None),
            Self::Elsewhere => conflict("attachment-elsewhere").under(RULE_CONTENT, None),
            Self::Damaged => conflict("attachment-damaged").under(RULE_CONTENT, None),
        }
    }
}
