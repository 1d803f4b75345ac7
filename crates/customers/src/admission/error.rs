//! Refusals of admission reviews (准入拒绝): each with its numbers and its rule.

use platform::error::{Refusal, RefusalKind, Refused};

use super::rules;

/// Why a use case about admission reviews says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// An admission review of the same product is open already.
    #[error("admission review {number} is open")]
    Open {
        /// Its number.
        number: String,
    },
    /// An admission review is somewhere else.
    #[error("the admission review is {state}")]
    WrongState {
        /// Where it stands.
        state: &'static str,
    },
    /// Somebody else began the admission review.
    #[error("somebody else began it")]
    NotYours,
    /// Who began an admission review does not decide it.
    #[error("who began it does not decide it")]
    OwnWork,
    /// Checks of the policy failed: the applicant does not fit.
    #[error("failed: {en}")]
    Failed {
        /// Their titles in Chinese.
        zh: String,
        /// Their titles in English.
        en: String,
    },
    /// Items lack a value or evidence.
    #[error("lacking: {en}")]
    Lacking {
        /// Their titles in Chinese.
        zh: String,
        /// Their titles in English.
        en: String,
    },
    /// Subjects were not checked by enough means.
    #[error("{count} subjects not checked by enough means")]
    Unchecked {
        /// How many.
        count: i64,
    },
}

impl Refusal for AdmissionError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Forbidden, Invalid};
        let of = Refused::new;
        match self {
            Self::Open { number } => {
                of(Conflict, "admission-open").with("number", number).under(rules::RULE_BEGIN, None)
            }
            Self::WrongState { state } => {
                of(Conflict, "admission-state").with("state", state).under(rules::RULE_STEPS, None)
            }
            Self::NotYours => of(Conflict, "admission-not-yours").under(rules::RULE_STEPS, None),
            Self::OwnWork => of(Forbidden, "admission-own").under(rules::RULE_DECIDE, None),
            Self::Failed { zh, en } => {
                of(Invalid, "admission-failed").with("zh", zh).with("en", en).under(rules::RULE_CHECKS, None)
            }
            Self::Lacking { zh, en } => {
                of(Invalid, "admission-lacking").with("zh", zh).with("en", en).under(rules::RULE_ITEMS, None)
            }
            Self::Unchecked { count } => {
                of(Invalid, "admission-unchecked").with("count", count).under(rules::RULE_MEANS, None)
            }
        }
    }
}
