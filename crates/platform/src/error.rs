//! Refusals and failures (拒绝与故障): how a use case says no.
//!
//! A refusal is a business answer with numbers in fields and a stable code; its text lives in the
//! locale files under `error-<code>`. A failure is the store's or ours; the visitor gets an id that the log knows.

use crate::db::StoreError;

/// What kind of no it is; decides the HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// What was typed cannot be accepted (422).
    Invalid,
    /// There is no such thing, or none that this person may see (404).
    NotFound,
    /// The person may not do this (403).
    Forbidden,
    /// The state of things does not allow it, or it changed meanwhile (409).
    Conflict,
}

/// One field's complaint in a form: which, why, with which numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: &'static str,
    /// The message id in the locale files, without the prefix `error-`.
    pub code: &'static str,
    /// Numbers and names for the message.
    pub details: Vec<(&'static str, String)>,
}

impl FieldError {
    /// A choice that is none of those offered: not made at all, or an unknown word.
    #[must_use]
    pub fn choice(field: &'static str, typed: &str) -> Self {
        if typed.trim().is_empty() {
            Self::new(field, "choice-missing")
        } else {
            Self::new(field, "choice-unknown").with("text", typed)
        }
    }

    /// A complaint without numbers.
    pub fn new(field: &'static str, code: &'static str) -> Self {
        Self { field, code, details: Vec::new() }
    }

    /// Adds a number or name for the message.
    ///
    /// What was typed is the detail `text`: where nothing was, the field is asked for, in the same words everywhere, in
    /// place of a complaint that nothing cannot be read. Complaints that say more than that stay what they are.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        if key == "text" && value.trim().is_empty() {
            let asked_for = match self.code {
                "choice-unknown" => Some("choice-missing"),
                code if code.ends_with("-unreadable") => Some("field-empty"),
                _ => None,
            };
            if let Some(code) = asked_for {
                self.code = code;
                return self;
            }
        }
        self.details.push((key, value));
        self
    }
}

/// A business refusal, ready to be shown (业务拒绝).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Decides the status.
    pub kind: RefusalKind,
    /// Message id in the locale files: `error-<code>`.
    pub code: &'static str,
    /// Numbers and names for the message.
    pub details: Vec<(&'static str, String)>,
    /// Complaints about single fields.
    pub fields: Vec<FieldError>,
    /// The rule that refused, if it has an id.
    pub rule: Option<String>,
    /// The article behind the rule.
    pub article: Option<String>,
}

impl Refused {
    /// A refusal of this kind and code.
    pub fn new(kind: RefusalKind, code: &'static str) -> Self {
        Self { kind, code, details: Vec::new(), fields: Vec::new(), rule: None, article: None }
    }

    /// Adds a number or name for the message.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.details.push((key, value.to_string()));
        self
    }

    /// Names the rule and its article.
    #[must_use]
    pub fn under(mut self, rule: impl Into<String>, article: Option<String>) -> Self {
        self.rule = Some(rule.into());
        self.article = article;
        self
    }

    /// All complaints about a form at once.
    pub fn form(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(RefusalKind::Invalid, "form-invalid") }
    }
}

/// A capability's error enum: every variant knows its refusal.
pub trait Refusal: std::error::Error {
    /// Kind, code and numbers of this refusal.
    fn refused(&self) -> Refused;
}

/// What a use case answers when it does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// A business refusal.
    #[error("refused: {}", .0.code)]
    Refused(Box<Refused>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that must hold did not; a defect or a damaged file.
    #[error("internal: {0}")]
    Internal(String),
}

impl<E: Refusal> From<E> for ActionError {
    fn from(error: E) -> Self {
        Self::Refused(Box::new(error.refused()))
    }
}

impl From<Refused> for ActionError {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

impl ActionError {
    /// The refusal, when it is one.
    pub fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Store(_) | Self::Internal(_) => None,
        }
    }
}
