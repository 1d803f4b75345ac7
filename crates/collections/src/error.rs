//! Refusals of collections (拒绝): each with its numbers, its rule and what to do instead.

use platform::error::{Refusal, RefusalKind, Refused};

/// Why a use case of collections says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CollectionsError {
    /// There is no such letter, or not for this person.
    #[error("no letter {number}")]
    LetterNotFound {
        /// As asked for.
        number: String,
    },
    /// Somebody else changed the letter since it was read.
    #[error("letter {number} was changed meanwhile")]
    LetterChanged {
        /// Which.
        number: String,
    },
    /// The policy has no text for it, or it is not made as a letter.
    #[error("the policy has no letter {template}")]
    NoTemplate {
        /// The template.
        template: String,
    },
    /// Fields of the letter are empty: it must not go out (S4-10).
    #[error("the letter lacks {}", fields.join(", "))]
    EmptyFields {
        /// The fields.
        fields: Vec<String>,
        /// The rule of the template.
        rule: String,
        /// Its article.
        article: String,
    },
    /// Nothing is overdue, or not long enough for this kind of letter.
    #[error("{days} days overdue, needs {least}")]
    TooEarly {
        /// Days overdue.
        days: i64,
        /// Days needed.
        least: i64,
        /// The article that asks for them, where one does.
        article: Option<String>,
    },
    /// The loan may not go to legal recovery yet.
    #[error("legal gate: {missing}")]
    LegalGate {
        /// The conditions that are not met.
        missing: String,
        /// Days overdue needed.
        days: i64,
        /// Attempts needed.
        attempts: i64,
        /// The article that asks for them.
        article: Option<String>,
    },
    /// A legal file is open already.
    #[error("a legal file is open")]
    LegalOpen,
    /// There is no open legal file, or no such means in it.
    #[error("no open legal file")]
    NoLegalFile,
    /// Somebody else changed the legal file since it was read.
    #[error("the legal file was changed meanwhile")]
    LegalChanged,
    /// The guarantor is not among the customer's related parties, so nobody knows whom the letter reaches.
    #[error("the guarantor {name} has no place in the customer's file")]
    GuarantorUnknown {
        /// The guarantor.
        name: String,
    },
    /// The contact guard keeps the letter back.
    #[error("the guard refuses the letter: {rule}")]
    LetterRefused {
        /// The rule.
        rule: String,
        /// Its article.
        article: Option<String>,
    },
    /// A guarantor's letter without a guarantor, or the other way round.
    #[error("this letter is not for that addressee")]
    WrongAddressee,
    /// Other letters claim all that the heir received, or it was paid.
    #[error("nothing is left of what the heir received")]
    EstateClaimed,
}

impl Refusal for CollectionsError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::LetterNotFound { number } => {
                Refused::new(RefusalKind::NotFound, "letter-not-found").with("number", number)
            }
            Self::LetterChanged { number } => conflict("letter-changed").with("number", number),
            Self::NoTemplate { template } => conflict("letter-no-template").with("template", template),
            Self::EmptyFields { fields, rule, article } => {
                conflict("letter-empty-fields").with("fields", fields.join(", ")).under(rule, Some(article.clone()))
            }
            Self::TooEarly { days, least, article } => conflict("letter-too-early")
                .with("days", days)
                .with("least", least)
                .under("letter.from", article.clone()),
            Self::LegalGate { missing, days, attempts, article } => conflict("legal-gate")
                .with("missing", missing)
                .with("days", days)
                .with("attempts", attempts)
                .under("legal.gate", article.clone()),
            Self::GuarantorUnknown { name } => conflict("letter-guarantor-unknown").with("name", name),
            Self::LetterRefused { rule, article } => conflict("letter-refused").under(rule, article.clone()),
            Self::LegalOpen => conflict("legal-open"),
            Self::NoLegalFile => Refused::new(RefusalKind::NotFound, "legal-none"),
            Self::LegalChanged => conflict("legal-changed"),
            Self::EstateClaimed => conflict("letter-estate-claimed").under("obligor.cap", None),
            Self::WrongAddressee => {
                Refused::form(vec![platform::error::FieldError::new("to", "letter-wrong-addressee")])
            }
        }
    }
}
