//! A start before anything is overdue. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

use crate::case::start::Known;

id_type!(EarlyStartId, "The key of a start recorded before anything is overdue (催收起因登记) within its customer.");

/// The longest reason and evidence.
const MAX_TEXT: usize = 2_000;

/// What happened (起因类别), S2.3-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StartKind {
    /// 借款人失联.
    Missing,
    /// 合同终止或须提前收回.
    Ended,
    /// 到期无力偿还，且不能展期、重组.
    Unable,
}

impl StartKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Missing, Self::Ended, Self::Unable];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ended => "ended",
            Self::Unable => "unable",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What is known of the borrower by it.
    #[must_use]
    pub fn known(self) -> Known {
        match self {
            Self::Missing => Known { missing: true, ..Known::default() },
            Self::Ended => Known { recalled: true, ..Known::default() },
            Self::Unable => Known { matured: true, unable: true, ..Known::default() },
        }
    }
}
stored_as_text!(StartKind, "kind of an early start");

/// A start before anything is overdue (催收起因登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyStart {
    /// Whose.
    pub customer: CustomerId,
    /// Which.
    pub id: EarlyStartId,
    /// What happened.
    pub kind: StartKind,
    /// On which day.
    pub happened_on: Date,
    /// In words.
    pub reason: String,
    /// What shows it.
    pub evidence: String,
    /// When and why it ended.
    pub ended: Option<(Date, String)>,
    /// Who recorded it; empty is the system.
    pub by: String,
}

impl EarlyStart {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("early_start:{}:{}", self.customer, self.id)
    }
}

/// What is handed in (新登记起因).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStart {
    /// What happened.
    pub kind: StartKind,
    /// On which day.
    pub happened_on: Date,
    /// In words.
    pub reason: String,
    /// What shows it.
    pub evidence: String,
}

/// Why a start is not recorded or ended (起因登记拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EarlyError {
    /// There is none, or none that stands.
    #[error("no such start")]
    NotFound,
    /// One of the kind stands.
    #[error("one of this kind stands")]
    Stands,
    /// The customer owes nothing.
    #[error("the customer has no loan that runs")]
    NoLoan,
    /// No loan of the customer has matured.
    #[error("no loan has matured")]
    NotMatured,
    /// An extension or restructuring was asked for and is not decided.
    #[error("other terms are still possible")]
    OtherTerms,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for EarlyError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code).under("case.start-early", None);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "early-not-found"),
            Self::Stands => Refused::form(vec![FieldError::new("kind", "early-stands")]),
            Self::NoLoan => conflict("early-no-loan"),
            Self::NotMatured => conflict("early-not-matured"),
            Self::OtherTerms => conflict("early-other-terms"),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// A text that must say something and not too much.
#[must_use]
pub fn wrong_text(field: &'static str, text: &str) -> Option<FieldError> {
    if text.trim().is_empty() {
        return Some(FieldError::new(field, "field-empty"));
    }
    let long = text.chars().count() > MAX_TEXT;
    long.then(|| FieldError::new(field, "contact-too-long").with("max", MAX_TEXT))
}

/// Reads the form, or says everything that is wrong with it at once: what happened lies behind.
///
/// # Errors
/// [`EarlyError::Form`].
pub fn read(kind: &str, on: &str, (reason, evidence): (&str, &str), today: Date) -> Result<NewStart, EarlyError> {
    let mut wrong = Vec::new();
    let read = StartKind::parse(kind.trim());
    if read.is_none() {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    let day = on.trim().parse::<Date>().ok();
    match day {
        None => wrong.push(FieldError::new("early_on", "date-unreadable").with("text", on.trim())),
        Some(day) if day > today => wrong.push(FieldError::new("early_on", "early-to-come").with("on", today)),
        Some(_) => {}
    }
    wrong.extend(wrong_text("reason", reason));
    wrong.extend(wrong_text("evidence", evidence));
    match (read, day) {
        (Some(kind), Some(happened_on)) if wrong.is_empty() => {
            let text = |text: &str| text.trim().to_owned();
            Ok(NewStart { kind, happened_on, reason: text(reason), evidence: text(evidence) })
        }
        _ => Err(EarlyError::Form(wrong)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::case::start::{Ground, ground};

    const TODAY: Date = date(2026, 11, 20);

    // Rule `case.start-early`. S2.3-01
    #[test]
    fn every_kind_is_a_ground_of_its_own() {
        let grounds = StartKind::ALL.map(|kind| ground(kind.known()));
        assert_eq!(grounds, [Ground::Missing, Ground::Recalled, Ground::Matured]);
        let waits = Known { other_terms: true, ..StartKind::Unable.known() };
        assert_eq!(ground(waits), Ground::Overdue, "while other terms are possible nothing starts");
        for kind in StartKind::ALL {
            assert_eq!(StartKind::parse(kind.as_str()), Some(kind));
        }
    }

    // Rule `case.start-early`. S2.3-01
    #[test]
    fn a_form_says_everything_that_is_wrong_at_once() {
        let Err(EarlyError::Form(wrong)) = read("gone", "昨天", (" ", ""), TODAY) else { panic!("taken") };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["kind", "early_on", "reason", "evidence"]);
        assert!(read("missing", "2026-11-21", ("搬离", "走访"), TODAY).is_err(), "not before it happened");
        let new = read("missing", "2026-11-20", (" 搬离 ", "走访记录"), TODAY).unwrap();
        assert_eq!((new.kind, new.reason.as_str()), (StartKind::Missing, "搬离"));
    }
}
