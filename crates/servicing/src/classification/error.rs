//! Refusals of classification runs (拒绝): each with its rule and what to do instead.

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};

/// Why a classification says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClassificationError {
    /// There is no such run or loan in it, or not for this person.
    #[error("no such classification run")]
    NotFound,
    /// The branch has an open run.
    #[error("run {number} is open")]
    Open {
        /// Which.
        number: String,
    },
    /// The branch was classified as of this day.
    #[error("run {number} is of this day")]
    Done {
        /// Which.
        number: String,
    },
    /// The branch lends nothing.
    #[error("nothing to classify on {on}")]
    Nothing {
        /// As of which day.
        on: Date,
    },
    /// No classes are in force on the day.
    #[error("no classes are in force on {on}")]
    NoClasses {
        /// Which day.
        on: Date,
    },
    /// The run does not allow this where it stands.
    #[error("the run is {state}")]
    State {
        /// Where it stands.
        state: &'static str,
    },
    /// Better than days overdue allow.
    #[error("{class} is better than {least}")]
    Floor {
        /// As wanted.
        class: String,
        /// The best that is allowed.
        least: String,
    },
    /// Whoever did one step does no other one.
    #[error("the same person twice")]
    SamePerson,
    /// Only who drew a run sets its first classes.
    #[error("somebody else's run")]
    NotOwn,
    /// What was typed.
    #[error("the form is wrong")]
    Form(Vec<FieldError>),
}

impl Refusal for ClassificationError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Forbidden, NotFound};
        match self {
            Self::NotFound => Refused::new(NotFound, "classification-not-found"),
            Self::Open { number } => {
                Refused::new(Conflict, "classification-open").with("number", number).under("classification.draw", None)
            }
            Self::Done { number } => {
                Refused::new(Conflict, "classification-done").with("number", number).under("classification.draw", None)
            }
            Self::Nothing { on } => Refused::new(Conflict, "classification-nothing").with("on", on),
            Self::NoClasses { on } => Refused::new(Conflict, "classification-no-classes").with("on", on),
            Self::State { state } => {
                Refused::new(Conflict, "classification-state").with("state", state).under("classification.steps", None)
            }
            Self::Floor { class, least } => Refused::new(Conflict, "classification-floor")
                .with("class", class)
                .with("least", least)
                .under("classification.floor", None),
            Self::SamePerson => {
                Refused::new(Forbidden, "classification-same-person").under("classification.segregation", None)
            }
            Self::NotOwn => Refused::new(Forbidden, "classification-not-own").under("classification.segregation", None),
            Self::Form(wrong) => Refused::form(wrong.clone()),
        }
    }
}
