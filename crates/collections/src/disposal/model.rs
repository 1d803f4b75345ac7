//! The steps of a disposal and their order. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::{id_type, stored_as_text};

id_type!(StepId, "The key of a step of a disposal (不良处置步骤) within its customer.");

/// The longest words.
const MAX_WORDS: usize = 2_000;

/// A step of a disposal (不良处置步骤).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// 移交.
    Handover,
    /// 责任认定.
    Responsibility,
    /// 处置方案.
    Plan,
    /// 方案审定, by somebody who did not make it.
    Decision,
    /// 清收结果.
    Recovery,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 5] = [Self::Handover, Self::Responsibility, Self::Plan, Self::Decision, Self::Recovery];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Handover => "handover",
            Self::Responsibility => "responsibility",
            Self::Plan => "plan",
            Self::Decision => "decision",
            Self::Recovery => "recovery",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }

    /// Whether it names a person: who takes over.
    #[must_use]
    pub fn needs_person(self) -> bool {
        match self {
            Self::Handover => true,
            Self::Responsibility | Self::Plan | Self::Decision | Self::Recovery => false,
        }
    }
}
stored_as_text!(Step, "step of a disposal");

/// A step that was done (不良处置步骤).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Which.
    pub step: Step,
    /// To whom it was handed over, or who is responsible.
    pub person: Option<i64>,
    /// Of a decision: whether the plan is agreed to.
    pub accepted: Option<bool>,
    /// The transfer sheet, the finding, the plan, the opinion, what was recovered.
    pub words: String,
    /// The business date.
    pub on: Date,
    /// By whom.
    pub by: i64,
    /// The name of that person.
    pub by_name: String,
}

/// What is recorded (步骤登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// Which.
    pub step: Step,
    /// To whom it was handed over, or who is responsible.
    pub person: Option<i64>,
    /// Of a decision: whether the plan is agreed to.
    pub accepted: Option<bool>,
    /// The words.
    pub words: String,
}

/// Why a step is not taken (处置拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DisposalError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// No loan of the customer is bad.
    #[error("no loan is non-performing")]
    NotBad,
    /// Another step comes first, or everything is done.
    #[error("{next} comes next")]
    Order {
        /// Which comes next; `none`: everything is done.
        next: &'static str,
    },
    /// Whoever made the plan does not decide on it.
    #[error("own plan")]
    Own,
    /// Whoever was found responsible for the bad loan does not decide on its plan.
    #[error("responsible for the bad loan")]
    Responsible,
}

impl Refusal for DisposalError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NotBad => conflict("disposal-not-bad").under("disposal.bad", None),
            Self::Order { next } => conflict("disposal-order").with("next", next).under("disposal.order", None),
            Self::Own => conflict("disposal-own").under("disposal.second", None),
            Self::Responsible => conflict("disposal-responsible").under("disposal.impartial", None),
        }
    }
}

/// The step that comes next (rule `disposal.order`): each follows the one before; after a plan that was not agreed to
/// another plan; none after the recovery. `done` is in the order in which it was done.
#[must_use]
pub fn next(done: &[Done]) -> Option<Step> {
    match done.last().map(|one| (one.step, one.accepted)) {
        None => Some(Step::Handover),
        Some((Step::Handover, _)) => Some(Step::Responsibility),
        Some((Step::Responsibility, _)) => Some(Step::Plan),
        Some((Step::Plan, _)) => Some(Step::Decision),
        Some((Step::Decision, Some(true))) => Some(Step::Recovery),
        Some((Step::Decision, Some(false) | None)) => Some(Step::Plan),
        Some((Step::Recovery, _)) => None,
    }
}

/// Why somebody does not decide on a plan: whoever made it (rule `disposal.second`), and whoever any step of this disposal
/// found responsible for the bad loan (rule `disposal.impartial`). `other` tells whether the one who decides is another than
/// a person.
///
/// # Errors
/// [`DisposalError::Own`], [`DisposalError::Responsible`], and what `other` cannot tell.
pub fn may_decide<E: From<DisposalError>>(done: &[Done], other: impl Fn(i64) -> Result<bool, E>) -> Result<(), E> {
    if let Some(plan) = done.iter().rev().find(|one| one.step == Step::Plan)
        && !other(plan.by)?
    {
        return Err(DisposalError::Own.into());
    }
    for responsible in done.iter().filter(|one| one.step == Step::Responsibility).filter_map(|one| one.person) {
        if !other(responsible)? {
            return Err(DisposalError::Responsible.into());
        }
    }
    Ok(())
}

/// Whether a loan is one to dispose of (rule `disposal.bad`): of a class that the policy calls non-performing, or written off and
/// still pursued.
#[must_use]
pub fn is_bad(class: Option<&str>, written_off: bool, non_performing: &[String]) -> bool {
    written_off || class.is_some_and(|class| non_performing.iter().any(|bad| bad == class))
}

/// What is wrong with a step, all at once (rule `disposal.step`); `people` are those whom one can name.
#[must_use]
pub fn check(new: &NewStep, people: &dyn Fn(i64) -> bool) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if new.person.is_none() && new.step.needs_person() || new.person.is_some_and(|one| !people(one)) {
        wrong.push(FieldError::new("disposal_person", "choice-invalid"));
    }
    if (new.step == Step::Decision) != new.accepted.is_some() {
        wrong.push(FieldError::new("disposal_accepted", "choice-invalid"));
    }
    let words = new.words.trim();
    if words.is_empty() {
        wrong.push(FieldError::new("disposal_words", "field-empty"));
    } else if words.chars().count() > MAX_WORDS {
        wrong.push(FieldError::new("disposal_words", "disposal-words-long").with("most", MAX_WORDS));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn done(step: Step, accepted: Option<bool>) -> Done {
        Done {
            step,
            person: None,
            accepted,
            words: "依据".to_owned(),
            on: date(2027, 2, 20),
            by: 1,
            by_name: "甲".to_owned(),
        }
    }

    // Rule `disposal.order`. S2.2-06
    #[test]
    fn no_step_comes_before_the_one_that_it_follows() {
        let mut all = Vec::new();
        let mut named = Vec::new();
        for (step, accepted) in [
            (Step::Handover, None),
            (Step::Responsibility, None),
            (Step::Plan, None),
            (Step::Decision, Some(false)),
            (Step::Plan, None),
            (Step::Decision, Some(true)),
            (Step::Recovery, None),
        ] {
            assert_eq!(next(&all), Some(step), "{named:?}");
            named.push(step.as_str());
            all.push(done(step, accepted));
        }
        assert_eq!(next(&all), None);
    }

    // Rules `disposal.second`, `disposal.impartial`. S2.2-06
    #[test]
    fn neither_who_planned_nor_who_is_responsible_decides() {
        let by = |step, by, person| Done { by, person, ..done(step, None) };
        let all = [
            by(Step::Handover, 1, Some(8)),
            by(Step::Responsibility, 2, Some(7)),
            by(Step::Plan, 3, None),
            Done { accepted: Some(false), ..by(Step::Decision, 4, None) },
            by(Step::Plan, 5, None),
        ];
        let decides = |me: i64| may_decide::<DisposalError>(&all, |one| Ok(one != me));
        assert_eq!(decides(5), Err(DisposalError::Own));
        assert_eq!(decides(7), Err(DisposalError::Responsible));
        for free in [1, 2, 3, 4, 8] {
            assert_eq!(decides(free), Ok(()), "{free}");
        }
    }

    // Rule `disposal.bad`. S2.2-06
    #[test]
    fn what_is_bad_says_the_policy_and_a_write_off() {
        let bad = ["doubtful".to_owned(), "loss".to_owned()];
        assert!(is_bad(Some("loss"), false, &bad) && !is_bad(Some("substandard"), false, &bad));
        assert!(!is_bad(None, false, &bad) && is_bad(None, true, &bad) && is_bad(Some("normal"), true, &[]));
    }

    // Rule `disposal.step`. S2.2-06
    #[test]
    fn a_handover_names_who_takes_over_and_only_a_decision_decides() {
        let fields = |new: &NewStep| check(new, &|one| one == 7).iter().map(|one| one.field).collect::<Vec<_>>();
        let new = |step, person, accepted, words: &str| NewStep { step, person, accepted, words: words.to_owned() };
        assert_eq!(fields(&new(Step::Handover, Some(7), None, "移交清单")), Vec::<&str>::new());
        assert_eq!(fields(&new(Step::Handover, None, None, " ")), ["disposal_person", "disposal_words"]);
        assert_eq!(fields(&new(Step::Responsibility, Some(8), None, "认定")), ["disposal_person"]);
        assert_eq!(fields(&new(Step::Responsibility, None, None, "无人有责")), Vec::<&str>::new());
        assert_eq!(fields(&new(Step::Plan, None, Some(true), "方案")), ["disposal_accepted"]);
        assert_eq!(fields(&new(Step::Decision, None, None, "同意")), ["disposal_accepted"]);
        assert_eq!(fields(&new(Step::Recovery, None, None, &"长".repeat(2_001))), ["disposal_words"]);
    }
}
