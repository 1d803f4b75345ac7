//! What the use cases of lost contacts refuse.

use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// Why nothing is done about a lost contact (失联类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LostError {
    /// There is no such record, or not for this person.
    #[error("no such lost contact")]
    NotFound,
    /// A status stands already.
    #[error("a status stands already")]
    Stands,
    /// None stands.
    #[error("no status stands")]
    NoneStands,
    /// Only an objective loss asks for a finding, and once.
    #[error("no finding is asked for")]
    NoFindingAsked,
    /// Nobody judges the own work.
    #[error("the own work")]
    OwnWork,
    /// The policy forbids the step.
    #[error("never taken: {step}")]
    Forbidden {
        /// Which.
        step: String,
        /// The article.
        article: String,
    },
    /// Another step comes first.
    #[error("another step comes first")]
    Order {
        /// The article.
        article: String,
    },
    /// The step needs an authorisation.
    #[error("an authorisation is needed")]
    Authority {
        /// The article.
        article: String,
    },
    /// The legal department takes the step, and nobody else.
    #[error("legal alone asks court or police")]
    LegalOnly {
        /// The article.
        article: String,
    },
    /// The file holds no authorisation that covers the step.
    #[error("the file holds no authorisation that covers it")]
    Unauthorised {
        /// What is wrong with the one that it holds, or that it holds none.
        error: FieldError,
        /// The article.
        article: String,
    },
    /// No query that the step could look at is logged.
    #[error("no permitted query is logged")]
    NotQueried {
        /// The article.
        article: String,
    },
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for LostError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "lost-not-found"),
            Self::Stands => conflict("lost-stands").under("lost.one", None),
            Self::NoneStands => conflict("lost-none-stands").under("trace.of-lost", None),
            Self::NoFindingAsked => conflict("lost-no-finding").under("lost.quality", None),
            Self::OwnWork => conflict("lost-own-work").under("lost.quality", None),
            Self::Forbidden { article, .. } => {
                conflict("trace-forbidden").under("trace.no-abuse", Some(article.clone()))
            }
            Self::Order { article } => conflict("trace-order").under("trace.order", Some(article.clone())),
            Self::LegalOnly { article } => {
                conflict("trace-legal-only").under("trace.legal-only", Some(article.clone()))
            }
            Self::Authority { article } => Refused::form(vec![FieldError::new("authority", "trace-authority")])
                .under("trace.authority", Some(article.clone())),
            Self::Unauthorised { error, article } => {
                let code = match error.code {
                    "credit-not-authorised" => "trace-not-authorised",
                    other => other,
                };
                let error = FieldError { field: "authority", code, details: error.details.clone() };
                Refused::form(vec![error]).under("trace.authority", Some(article.clone()))
            }
            Self::NotQueried { article } => Refused::form(vec![FieldError::new("authority", "trace-not-queried")])
                .under("trace.query", Some(article.clone())),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}
