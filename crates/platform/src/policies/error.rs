//! Why there are no rules (制度不可用).

use jiff::civil::Date;
use policy::{EvalError, ParameterError, Problem};

use crate::error::{Refusal, RefusalKind, Refused};

/// What the rules in force say; nothing where they were drawn up before they could say it (制度早于该参数), so that what a
/// newer program asks for does not stop the work of a house whose rules are older.
///
/// # Errors
/// The parameter is of another type.
pub fn known<T>(found: Result<T, ParameterError>) -> Result<Option<T>, PolicyError> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(ParameterError::Unknown { .. }) => Ok(None),
        Err(broken) => Err(broken.into()),
    }
}

/// Why the rules cannot be asked (制度不可用).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// No version is in force on the date.
    #[error("no policy version is in force on {on}")]
    NoneInForce {
        /// The date.
        on: Date,
    },
    /// The pack cannot be loaded; the first problem stands for all.
    #[error("the policy pack {pack} has {count} problems; the first: {first}")]
    Broken {
        /// The pack.
        pack: String,
        /// How many problems.
        count: usize,
        /// The first one with file, row and column.
        first: String,
    },
    /// Two capabilities define the same fact differently.
    #[error("the policy facts cannot be put together: {0}")]
    Facts(String),
    /// A decision cannot be made from these facts.
    #[error(transparent)]
    Evaluation(#[from] EvalError),
    /// A parameter is missing or of another type.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The version is not a draft any more.
    #[error("the policy version is {state}")]
    NotDraft {
        /// Its state.
        state: String,
    },
    /// A version takes effect in the future only: decisions of the past keep the version that made them.
    #[error("a policy version cannot take effect on {on}, the business date is {today}")]
    PastEffect {
        /// The date asked for.
        on: Date,
        /// The business date.
        today: Date,
    },
    /// There is no such version.
    #[error("no such policy version")]
    Unknown,
}

impl PolicyError {
    /// From the problems of a pack.
    #[must_use]
    pub fn broken(pack: &str, problems: &[Problem]) -> Self {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        Self::Broken { pack: pack.to_owned(), count: problems.len(), first }
    }
}

impl Refusal for PolicyError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NoneInForce { on } => conflict("policy-none").with("date", on),
            Self::Broken { pack, count, first } => {
                conflict("policy-broken").with("pack", pack).with("count", count).with("first", first)
            }
            Self::Facts(cause) => conflict("policy-facts").with("cause", cause),
            Self::Evaluation(cause) => conflict("policy-undecidable").with("cause", cause),
            Self::Parameter(cause) => conflict("policy-parameter").with("cause", cause),
            Self::NotDraft { state } => conflict("policy-not-draft").with("state", state),
            Self::PastEffect { on, today } => {
                Refused::new(RefusalKind::Invalid, "policy-past").with("date", on).with("today", today)
            }
            Self::Unknown => Refused::new(RefusalKind::NotFound, "policy-unknown"),
        }
    }
}
