//! What recording a contact refuses.

use platform::error::{FieldError, Refusal, Refused};

/// Why an outcome is not taken (联系结果拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// What was typed.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for ContactError {
    fn refused(&self) -> Refused {
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}
