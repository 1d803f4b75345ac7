//! A cost of collecting and what becomes of it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::Fen;
use jiff::civil::Date;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

use crate::case::model::CaseKey;

id_type!(CostId, "The key of a cost of collecting (催收费用).");

/// What became of a recorded cost (费用状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostState {
    /// 待复核.
    Waiting,
    /// 有效.
    Standing,
    /// 已退回: a checker did not accept it.
    Refused,
    /// 已更正: another record took its place.
    Corrected,
}

impl CostState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Standing, Self::Refused, Self::Corrected];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Standing => "standing",
            Self::Refused => "refused",
            Self::Corrected => "corrected",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// What a checker makes of it (rule `cost.check`); while a correction of it waits, that is decided, not this.
    ///
    /// # Errors
    /// [`CostError::State`]: decided before, or corrected.
    pub fn decided(self, accepted: bool, has_successor: bool) -> Result<Self, CostError> {
        match self {
            Self::Waiting if has_successor => Err(CostError::State { state: Self::Corrected.as_str() }),
            Self::Waiting if accepted => Ok(Self::Standing),
            Self::Waiting => Ok(Self::Refused),
            Self::Standing | Self::Refused | Self::Corrected => Err(CostError::State { state: self.as_str() }),
        }
    }

    /// Another record takes its place (rule `cost.once`): of what waits or stands, never of what was refused, nor of a
    /// correction that waits itself: what it corrects would stand beside both.
    ///
    /// # Errors
    /// [`CostError::State`]: refused, corrected before, or a correction that is not decided.
    pub fn corrected(self, is_correction: bool) -> Result<Self, CostError> {
        match self {
            Self::Waiting if is_correction => Err(CostError::State { state: self.as_str() }),
            Self::Waiting | Self::Standing => Ok(Self::Corrected),
            Self::Refused | Self::Corrected => Err(CostError::State { state: self.as_str() }),
        }
    }
}
stored_as_text!(CostState, "state of a cost of collecting");

/// A recorded cost (催收费用).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Whose.
    pub customer: CustomerId,
    /// Which.
    pub id: CostId,
    /// For which case.
    pub case: CaseKey,
    /// What kind.
    pub kind: String,
    /// How much.
    pub amount: Fen,
    /// When it was spent.
    pub spent_on: Date,
    /// For what, and where the receipt lies.
    pub note: String,
    /// What became of it.
    pub state: CostState,
    /// Which record it corrects.
    pub corrects: Option<CostId>,
    /// By whom it was recorded.
    pub by: i64,
}

/// What is recorded of a cost (费用登记).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCost {
    /// What kind.
    pub kind: String,
    /// How much; nothing only in a correction.
    pub amount: Fen,
    /// When it was spent.
    pub spent_on: Date,
    /// For what, and where the receipt lies.
    pub note: String,
}

/// Why a cost is not taken (费用拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CostError {
    /// There is none, or not for this person.
    #[error("no such cost")]
    NotFound,
    /// It was decided or corrected meanwhile.
    #[error("the cost is {state}")]
    State {
        /// What it is.
        state: &'static str,
    },
    /// Whoever records does not check.
    #[error("own cost")]
    Own,
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
}

impl Refusal for CostError {
    fn refused(&self) -> Refused {
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "cost-not-found"),
            Self::State { state } => {
                Refused::new(RefusalKind::Conflict, "cost-state-changed").with("state", state).under("cost.once", None)
            }
            Self::Own => Refused::new(RefusalKind::Conflict, "cost-own").under("cost.check", None),
            Self::Form(fields) => Refused::form(fields.clone()),
        }
    }
}

/// What is wrong with a new record, all at once (rule `cost.record`).
#[must_use]
pub fn check(new: &NewCost, kinds: &[String], today: Date, correction: bool) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !kinds.contains(&new.kind) {
        wrong.push(FieldError::new("kind", "choice-invalid"));
    }
    if new.amount.0 < 0 || (new.amount == Fen::ZERO && !correction) {
        wrong.push(FieldError::new("amount", "amount-not-positive").with("amount", new.amount));
    }
    if new.spent_on > today {
        wrong.push(FieldError::new("spent_on", "limitation-future").with("date", today));
    }
    if new.note.trim().is_empty() {
        wrong.push(FieldError::new("note", "field-empty"));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    // Rules cost.check, cost.once
    #[test]
    fn only_what_waits_is_decided_and_what_was_refused_is_never_corrected() {
        use CostState::{Corrected, Refused, Standing, Waiting};
        let state = |one: CostState| Err::<CostState, _>(CostError::State { state: one.as_str() });
        assert_eq!([true, false].map(|accepted| Waiting.decided(accepted, false)), [Ok(Standing), Ok(Refused)]);
        assert_eq!([true, false].map(|accepted| Waiting.decided(accepted, true)), [state(Corrected), state(Corrected)]);
        for over in [Standing, Refused, Corrected] {
            assert_eq!(over.decided(true, false), state(over));
        }
        let corrected = CostState::ALL.map(|one| one.corrected(false));
        assert_eq!(corrected, [Ok(Corrected), Ok(Corrected), state(Refused), state(Corrected)]);
        assert_eq!(Waiting.corrected(true), state(Waiting), "a correction is decided before it is corrected");
    }

    // Rule cost.record. S4-29
    #[test]
    fn a_cost_has_a_known_kind_an_amount_a_past_day_and_words() {
        let kinds = ["postage".to_owned()];
        let today = date(2026, 11, 20);
        let good = NewCost { kind: "postage".to_owned(), amount: Fen(1), spent_on: today, note: "EMS".to_owned() };
        assert_eq!(check(&good, &kinds, today, false), []);
        let bad =
            NewCost { kind: "bribe".to_owned(), amount: Fen(0), spent_on: date(2026, 11, 21), note: " ".to_owned() };
        let fields = |wrong: Vec<FieldError>| wrong.iter().map(|one| one.field).collect::<Vec<_>>();
        assert_eq!(fields(check(&bad, &kinds, today, false)), ["kind", "amount", "spent_on", "note"]);
        assert_eq!(
            fields(check(&bad, &kinds, today, true)),
            ["kind", "spent_on", "note"],
            "a correction may be nothing"
        );
    }
}
