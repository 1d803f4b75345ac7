//! What the use cases of the guard refuse.

use platform::error::{FieldError, Refusal, RefusalKind, Refused};

use super::lost_contact::Missing;

/// Why a use case of the guard is refused (守卫用例拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// There is no such allowance.
    #[error("no such allowance")]
    NoAllowance,
    /// Its outcome was entered before.
    #[error("the outcome was entered before")]
    AlreadySettled,
    /// The result does not fit the channel.
    #[error("the result does not fit the channel")]
    WrongResult,
    /// The debtor counts as unreachable only after what is missing was tried (S2.4-10, S2.4-11).
    #[error("not yet unreachable")]
    NotUnreachable(Missing),
    /// A ground stands already.
    #[error("a ground stands already")]
    GroundStands,
    /// The debtor is not known to be dead or incapable: the stop flag is set first.
    #[error("the stop flag is set first")]
    FlagFirst,
    /// Nothing refuses this contact.
    #[error("nothing refuses this contact")]
    NothingToOpen,
    /// As many limits as the policy allows were opened for this person today.
    #[error("{most} limits were opened for this person today")]
    TooManyOpenings {
        /// How many the policy allows.
        most: i64,
        /// Its article.
        article: String,
    },
    /// No record of hours waits for its second person, or not the one that was looked at.
    #[error("nothing waits for a second person")]
    NothingWaits,
    /// Nobody confirms what one recorded.
    #[error("one's own record")]
    OwnHours,
    /// The law refuses it: nobody may open that.
    #[error("the law refuses it")]
    LawRefuses {
        /// The rule.
        rule: &'static str,
        /// Its article.
        article: String,
    },
    /// The line is registered already.
    #[error("the line is registered already")]
    LineExists,
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for GuardError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NoAllowance => Refused::new(RefusalKind::NotFound, "allowance-not-found"),
            Self::AlreadySettled => conflict("allowance-settled"),
            Self::WrongResult => Refused::form(vec![FieldError::new("result", "result-of-other-channel")]),
            Self::NotUnreachable(missing) => conflict("not-unreachable")
                .with("numbers", missing.numbers)
                .with("bands", missing.bands)
                .with("calls", missing.calls)
                .with("messages", missing.messages)
                .under("contact.unreachable", Some(missing.article.clone())),
            Self::GroundStands => conflict("ground-stands"),
            Self::FlagFirst => conflict("ground-flag-first").under("contact.third-party", None),
            Self::NothingToOpen => conflict("nothing-to-open"),
            Self::LawRefuses { rule, article } => conflict("law-refuses").under(*rule, Some(article.clone())),
            Self::TooManyOpenings { most, article } => {
                conflict("openings-many").with("most", most).under("contact.openings-per-day", Some(article.clone()))
            }
            Self::NothingWaits => conflict("hours-nothing-waits").under("contact.hours-confirmed", None),
            Self::OwnHours => conflict("hours-own").under("contact.hours-confirmed", None),
            Self::LineExists => Refused::form(vec![FieldError::new("number", "line-exists")]),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}
