//! Refusals of plans of care (客户维护拒绝): each says what to do.

use platform::error::{Refusal, RefusalKind, Refused};

/// Why a use case of care says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CareError {
    /// The policy asks for no such plan for this customer.
    #[error("no plan of the kind {kind} for this customer")]
    NotOffered {
        /// The kind.
        kind: String,
    },
    /// One of this kind waits already.
    #[error("{number} waits already")]
    Waits {
        /// Its number.
        number: String,
    },
    /// Items without a word.
    #[error("items without a word: {en}")]
    Lacking {
        /// Their titles in Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// It is somewhere else.
    #[error("the plan is {state}")]
    State {
        /// Where it stands.
        state: &'static str,
    },
}

impl CareError {
    /// The message id, without the prefix `error-`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOffered { .. } => "care-not-offered",
            Self::Waits { .. } => "care-waits",
            Self::Lacking { .. } => "care-lacking",
            Self::State { .. } => "care-state",
        }
    }
}

impl Refusal for CareError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotOffered { kind } => {
                Refused::new(RefusalKind::Invalid, self.code()).with("kind", kind).under("care.plans", None)
            }
            Self::Waits { number } => {
                Refused::new(RefusalKind::Conflict, self.code()).with("number", number).under("care.plans", None)
            }
            Self::Lacking { zh, en } => {
                Refused::new(RefusalKind::Invalid, self.code()).with("zh", zh).with("en", en).under("care.items", None)
            }
            Self::State { state } => {
                Refused::new(RefusalKind::Conflict, self.code()).with("state", state).under("care.plans", None)
            }
        }
    }
}
