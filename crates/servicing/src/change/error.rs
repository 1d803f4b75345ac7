//! What changes by agreement refuse.

use jiff::civil::Date;
use platform::error::{Refusal, RefusalKind, Refused};

/// A change by agreement that makes no sense today (协议变更被拒).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// A finding of misuse that stands already, or that does not and cannot be lifted.
    #[error("marked as misused: {flagged}, as it is")]
    MisuseAlready {
        /// The mark asked for.
        flagged: bool,
    },
    /// A change of rate to the rate in force.
    #[error("the rate is {rate} already")]
    RateSame {
        /// Percent a year.
        rate: String,
    },
    /// A suspension ends after today.
    #[error("{resume_on} is not after {on}")]
    ResumeNotLater {
        /// As asked for.
        resume_on: Date,
        /// Today.
        on: Date,
    },
    /// The first payment after a restructuring lies ahead.
    #[error("{first_due_on} is not after {on}")]
    FirstDueNotLater {
        /// As asked for.
        first_due_on: Date,
        /// Today.
        on: Date,
    },
}

impl Refusal for AgreementError {
    fn refused(&self) -> Refused {
        let invalid = |code| Refused::new(RefusalKind::Invalid, code);
        match self {
            Self::MisuseAlready { flagged } => {
                let mark = if *flagged { "yes" } else { "no" };
                invalid("misuse-already").with("mark", mark).under("misuse.change", None)
            }
            Self::RateSame { rate } => invalid("rate-same").with("rate", rate).under("rate-change.other", None),
            Self::ResumeNotLater { resume_on, on } => {
                invalid("resume-not-later").with("resume_on", resume_on).with("on", on).under("suspension.until", None)
            }
            Self::FirstDueNotLater { first_due_on, on } => invalid("first-due-not-later")
                .with("first_due_on", first_due_on)
                .with("on", on)
                .under("restructuring.first-due", None),
        }
    }
}
