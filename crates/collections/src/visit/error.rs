//! What the use cases of visits refuse.

use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// Why nothing is done about a visit (外访拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VisitError {
    /// There is no such order, or not for this person.
    #[error("no such visit order")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("the order was changed meanwhile")]
    Changed,
    /// That cannot be done with it as it stands.
    #[error("not now: it is {state}")]
    NotNow {
        /// How it stands.
        state: &'static str,
    },
    /// Who planned it does not issue it.
    #[error("a second person issues it")]
    OwnPlan {
        /// The article.
        article: String,
    },
    /// Too few visitors.
    #[error("{least} visitors at least")]
    TooFew {
        /// How many at least.
        least: i64,
        /// The article.
        article: String,
    },
    /// A credential is missing or not valid on the day.
    #[error("a credential is missing or expired: {name}")]
    Credential {
        /// Whose.
        name: String,
        /// The article.
        article: String,
    },
    /// The address is neither the debtor's own nor that of one who answers for the debt and agreed.
    #[error("the address may not be visited")]
    Address {
        /// The article.
        article: String,
    },
    /// The visitors go, and the one who planned the order; nobody else.
    #[error("not one of the visitors")]
    NotVisitor,
    /// What came of a visit is entered with its order.
    #[error("the record of the visit is entered with its order")]
    RecordThere,
    /// The planned hours are over.
    #[error("the planned hours are over")]
    Over,
    /// The guard lets it not through.
    #[error("the guard refuses it: {rule}")]
    Guarded {
        /// The rule.
        rule: String,
        /// Its article.
        article: Option<String>,
    },
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for VisitError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "visit-not-found"),
            Self::Changed => conflict("visit-changed"),
            Self::NotNow { state } => conflict("visit-not-now").with("state", state).under("visit.life", None),
            Self::OwnPlan { article } => conflict("visit-own-plan").under("visit.issue", Some(article.clone())),
            Self::TooFew { least, article } => {
                conflict("visit-too-few").with("least", least).under("visit.crew", Some(article.clone()))
            }
            Self::Credential { name, article } => {
                conflict("visit-credential").with("name", name).under("visit.crew", Some(article.clone()))
            }
            Self::Address { article } => conflict("visit-address").under("visit.address", Some(article.clone())),
            Self::NotVisitor => conflict("visit-not-visitor").under("visit.by-visitors", None),
            Self::RecordThere => conflict("visit-record-there").under("visit.record", None),
            Self::Over => conflict("visit-over").under("visit.guarded", None),
            Self::Guarded { rule, article } => conflict("visit-guarded").under(rule, article.clone()),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}
