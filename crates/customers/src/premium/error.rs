//! Refusals of the list of premium enterprises (名单拒绝): each says what to do.

use platform::error::{Refusal, RefusalKind, Refused};

/// Why a use case of the list says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PremiumError {
    /// The rules in force have no such list.
    #[error("the rules have no list of premium enterprises")]
    NotOffered,
    /// An entry of this enterprise waits already.
    #[error("{number} waits already")]
    Waits {
        /// Its number.
        number: String,
    },
    /// It stands somewhere else.
    #[error("the entry is {state}")]
    State {
        /// Where it stands.
        state: &'static str,
    },
    /// A subsidiary does not meet the conditions of the policy.
    #[error("the conditions of a subsidiary are not met")]
    Conditions {
        /// The article.
        article: Option<String>,
    },
}

impl PremiumError {
    /// The message id, without the prefix `error-`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOffered => "premium-not-offered",
            Self::Waits { .. } => "premium-waits",
            Self::State { .. } => "premium-state",
            Self::Conditions { .. } => "premium-conditions",
        }
    }
}

impl Refusal for PremiumError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotOffered => Refused::new(RefusalKind::Conflict, self.code()).under("premium.entry", None),
            Self::Waits { number } => {
                Refused::new(RefusalKind::Conflict, self.code()).with("number", number).under("premium.entry", None)
            }
            Self::State { state } => {
                Refused::new(RefusalKind::Conflict, self.code()).with("state", state).under("premium.force", None)
            }
            Self::Conditions { article } => {
                Refused::new(RefusalKind::Invalid, self.code()).under("premium.subsidiary", article.clone())
            }
        }
    }
}
