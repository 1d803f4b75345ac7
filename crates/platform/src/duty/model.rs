//! A duty, its states and what can happen to them. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use finance::Fen;
use jiff::civil::Date;

use crate::error::{Refusal, RefusalKind, Refused};
use crate::id::{BranchId, CustomerId};
use crate::id_type;

id_type!(DutyId, "The key of a duty (任务).");

/// Where a duty is found (任务主键). Customer 0: a bulk duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DutyKey {
    /// Whose file.
    pub customer: CustomerId,
    /// Which duty.
    pub id: DutyId,
}

/// Where a duty stands (任务状态).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DutyState {
    /// Must be done.
    Open,
    /// Done: this fact proves it.
    Done {
        /// The fact: `contact:12`, `repayment:34`, `members`.
        evidence: String,
        /// The business date.
        on: Date,
    },
    /// Not done, and rightly so: a limit or a flag forbade it.
    Excused {
        /// Why.
        reason: String,
        /// The rule that excuses.
        rule: String,
        /// The business date.
        on: Date,
    },
    /// Fell away: there is nothing left to do it for.
    Cancelled {
        /// Why.
        reason: String,
        /// The business date.
        on: Date,
    },
}

impl DutyState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done { .. } => "done",
            Self::Excused { .. } => "excused",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}

/// A duty (任务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Where it is found.
    pub key: DutyKey,
    /// What kind: `early_reminder`.
    pub kind: String,
    /// The rule that opened it.
    pub rule: String,
    /// The article behind the rule.
    pub article: String,
    /// What people call it in Chinese.
    pub title_zh: String,
    /// What people call it in English.
    pub title_en: String,
    /// What it is about: `loan:123`; of a bulk duty its owner.
    pub subject: String,
    /// The customer's name; empty for a bulk duty.
    pub whom: String,
    /// The loan's number.
    pub number: String,
    /// The amount at stake.
    pub amount: Option<Fen>,
    /// Who must do it; 0 is anybody with the role in the branch.
    pub owner: i64,
    /// In which role.
    pub owner_role: String,
    /// In which branch.
    pub branch: BranchId,
    /// The business date on which it was opened.
    pub opened_on: Date,
    /// The first day on which it can be done.
    pub opens_on: Date,
    /// The last day on which it is done in time.
    pub due_on: Date,
    /// When and to which role it goes if it still stands.
    pub escalation: Option<(Date, String)>,
    /// When it went there.
    pub escalated_on: Option<Date>,
    /// The kinds of evidence that close it; one suffices.
    pub evidence_kinds: Vec<String>,
    /// Whether a date rests on a year without a holiday list (暂定).
    pub provisional: bool,
    /// What a text about it can say.
    pub fields: BTreeMap<String, String>,
    /// Cases of a bulk duty, and how many still stand.
    pub members: (i64, i64),
    /// Where it stands.
    pub state: DutyState,
    /// Rises with every change.
    pub version: i64,
}

/// One case of a bulk duty (任务成员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Whose file.
    pub customer: CustomerId,
    /// What it is about.
    pub subject: String,
    /// The customer's name.
    pub whom: String,
    /// The loan's number.
    pub number: String,
    /// The amount at stake.
    pub amount: Option<Fen>,
    /// The first day on which it can be done.
    pub opens_on: Date,
    /// The kinds of evidence that close it.
    pub evidence_kinds: Vec<String>,
    /// What a text about it can say.
    pub fields: BTreeMap<String, String>,
    /// Where it stands.
    pub state: DutyState,
}

/// Why a duty does not move (任务拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DutyError {
    /// It is closed already.
    #[error("the duty is already {state}")]
    AlreadyClosed {
        /// How.
        state: &'static str,
    },
    /// The evidence is not of a kind that closes it.
    #[error("{kind} does not close it; {wanted} does")]
    WrongEvidence {
        /// What was brought.
        kind: String,
        /// What closes it.
        wanted: String,
    },
    /// It cannot be done yet.
    #[error("it opens on {opens_on}")]
    NotYet {
        /// The first day.
        opens_on: Date,
    },
    /// An excuse needs a reason and a rule.
    #[error("a reason and its rule are needed")]
    ReasonNeeded,
    /// There is no such duty, or none that this person may see.
    #[error("no such duty")]
    NotFound,
    /// The person does not hold the role of the duty in its branch.
    #[error("{name} does not hold the role {role}")]
    NotThatRole {
        /// Who.
        name: String,
        /// The role.
        role: String,
    },
}

impl Refusal for DutyError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::AlreadyClosed { state } => conflict("duty-closed").with("state", state),
            Self::WrongEvidence { kind, wanted } => conflict("duty-evidence").with("kind", kind).with("wanted", wanted),
            Self::NotYet { opens_on } => conflict("duty-not-yet").with("date", opens_on),
            Self::ReasonNeeded => Refused::new(RefusalKind::Invalid, "duty-reason"),
            Self::NotFound => Refused::new(RefusalKind::NotFound, "duty-not-found"),
            Self::NotThatRole { name, role } => conflict("duty-role").with("name", name).with("role", role),
        }
    }
}

/// What closes a duty, as far as the decision depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// The kind of evidence: `contact`, `repayment`.
    pub kind: &'a str,
    /// The fact.
    pub fact: &'a str,
    /// Whether the matter itself is settled: then it also ends what does not open before later.
    pub settles: bool,
}

impl DutyState {
    /// Closes by evidence (rule `duty.closed_by_evidence`): there is no other way to be done.
    ///
    /// # Errors
    /// [`DutyError::AlreadyClosed`], [`DutyError::WrongEvidence`], [`DutyError::NotYet`], in this order.
    pub fn close(&self, proof: Proof<'_>, wanted: &[String], opens_on: Date, on: Date) -> Result<DutyState, DutyError> {
        match self {
            Self::Open => {
                if !wanted.iter().any(|kind| kind == proof.kind) {
                    return Err(DutyError::WrongEvidence { kind: proof.kind.to_owned(), wanted: wanted.join("|") });
                }
                if on < opens_on && !proof.settles {
                    return Err(DutyError::NotYet { opens_on });
                }
                Ok(Self::Done { evidence: proof.fact.to_owned(), on })
            }
            Self::Done { .. } | Self::Excused { .. } | Self::Cancelled { .. } => Err(self.closed()),
        }
    }

    /// Excuses with a reason and the rule that gives it.
    ///
    /// # Errors
    /// [`DutyError::AlreadyClosed`], [`DutyError::ReasonNeeded`].
    pub fn excuse(&self, reason: &str, rule: &str, on: Date) -> Result<DutyState, DutyError> {
        match self {
            Self::Open => {
                if reason.trim().is_empty() || rule.trim().is_empty() {
                    return Err(DutyError::ReasonNeeded);
                }
                Ok(Self::Excused { reason: reason.trim().to_owned(), rule: rule.to_owned(), on })
            }
            Self::Done { .. } | Self::Excused { .. } | Self::Cancelled { .. } => Err(self.closed()),
        }
    }

    /// Falls away.
    ///
    /// # Errors
    /// [`DutyError::AlreadyClosed`], [`DutyError::ReasonNeeded`].
    pub fn cancel(&self, reason: &str, on: Date) -> Result<DutyState, DutyError> {
        match self {
            Self::Open => {
                if reason.trim().is_empty() {
                    return Err(DutyError::ReasonNeeded);
                }
                Ok(Self::Cancelled { reason: reason.trim().to_owned(), on })
            }
            Self::Done { .. } | Self::Excused { .. } | Self::Cancelled { .. } => Err(self.closed()),
        }
    }

    fn closed(&self) -> DutyError {
        DutyError::AlreadyClosed { state: self.as_str() }
    }
}

impl Duty {
    /// Its title in a language.
    #[must_use]
    pub fn title(&self, english: bool) -> &str {
        if english && !self.title_en.is_empty() { &self.title_en } else { &self.title_zh }
    }

    /// Whether it collects cases.
    #[must_use]
    pub fn is_bulk(&self) -> bool {
        self.key.customer.0 == 0
    }

    /// Whether it stands past its last day.
    #[must_use]
    pub fn is_late(&self, on: Date) -> bool {
        self.state == DutyState::Open && self.due_on < on
    }

    /// Whether it was done, but after its last day: a breach that stays one.
    #[must_use]
    pub fn was_late(&self) -> bool {
        match &self.state {
            DutyState::Done { on, .. } => *on > self.due_on,
            DutyState::Open | DutyState::Excused { .. } | DutyState::Cancelled { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ON: Date = date(2026, 11, 23);
    const OPENS: Date = date(2026, 11, 23);

    fn states() -> Vec<DutyState> {
        vec![
            DutyState::Open,
            DutyState::Done { evidence: "contact:1".to_owned(), on: ON },
            DutyState::Excused { reason: "stop flag".to_owned(), rule: "X-10".to_owned(), on: ON },
            DutyState::Cancelled { reason: "settled".to_owned(), on: ON },
        ]
    }

    fn name(result: Result<DutyState, DutyError>) -> String {
        result.map_or_else(|error| error.refused().code.to_owned(), |state| state.as_str().to_owned())
    }

    #[test]
    fn every_verb_from_every_state() {
        //
        let contact = Proof { kind: "contact", fact: "contact:9", settles: false };
        let kinds = ["contact".to_owned(), "repayment".to_owned()];
        let closed = "duty-closed";
        let rows = [
            ("done", "excused", "cancelled"),
            (closed, closed, closed),
            (closed, closed, closed),
            (closed, closed, closed),
        ];
        for (state, row) in states().into_iter().zip(rows) {
            let found = (
                name(state.close(contact, &kinds, OPENS, ON)),
                name(state.excuse("unreachable", "X-10", ON)),
                name(state.cancel("settled", ON)),
            );
            assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), row, "{state:?}");
        }
    }

    #[test]
    fn a_duty_closes_on_the_right_evidence_from_its_first_day_on() {
        // Rule `duty.closed_by_evidence`. S4-09: the window opens on working day 1; a call before it does not count, a payment does.
        let kinds = ["contact".to_owned(), "repayment".to_owned()];
        let early = date(2026, 11, 21);
        let rows = [
            ("letter", false, ON, "duty-evidence"),
            ("contact", false, early, "duty-not-yet"),
            ("contact", false, ON, "done"),
            ("repayment", true, early, "done"),
        ];
        for (kind, settles, on, expected) in rows {
            let proof = Proof { kind, fact: "x:1", settles };
            assert_eq!(name(DutyState::Open.close(proof, &kinds, OPENS, on)), expected, "{kind} {on}");
        }
    }

    #[test]
    fn an_excuse_needs_reason_and_rule() {
        assert_eq!(DutyState::Open.excuse(" ", "X-10", ON), Err(DutyError::ReasonNeeded));
        assert_eq!(DutyState::Open.excuse("flag", "", ON), Err(DutyError::ReasonNeeded));
        assert_eq!(DutyState::Open.cancel("", ON), Err(DutyError::ReasonNeeded));
    }
}
