//! What is approved, its chain and its states. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeSet;

use finance::Fen;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::heading::Heading;
use crate::error::{Refusal, RefusalKind, Refused};
use crate::id::{BranchId, CustomerId, UserId};
use crate::id_type;

id_type!(ApprovalId, "The key of an approval (审批).");

/// A step of a chain (审批环节): the roles of which any one may decide.
pub type Step = Vec<String>;

/// A field that the maker must mend (待补正项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The field, or the paper that is missing, as the checker names it.
    pub field: String,
    /// What is wrong with it.
    pub note: String,
}

/// Where an approval stands (审批状态).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApprovalState {
    /// Waits for the step of this place in the chain.
    Pending {
        /// Counted from 0.
        step: usize,
    },
    /// Back at the maker with what must be mended.
    Returned {
        /// The step that returned it: there it continues.
        step: usize,
        /// What must be mended.
        missing: Vec<Missing>,
    },
    /// Agreed by the whole chain.
    Approved {
        /// The business date.
        on: Date,
    },
    /// Refused by one step.
    Rejected {
        /// The business date.
        on: Date,
    },
    /// Taken back by the maker.
    Withdrawn {
        /// The business date.
        on: Date,
    },
}

impl ApprovalState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pending { .. } => "pending",
            Self::Returned { .. } => "returned",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// Something that waits for agreement (审批事项).
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Its key.
    pub id: ApprovalId,
    /// Whose file; 0 is the institution's own.
    pub customer: CustomerId,
    /// What kind of thing: `extension`, `waiver`, `policy`.
    pub kind: String,
    /// The thing: `loan:123`.
    pub subject: String,
    /// What people call it.
    pub title: Heading,
    /// Everything that agreement makes true; amounts in fen.
    pub payload: Json,
    /// The amount at stake.
    pub amount: Option<Fen>,
    /// Why it is handled before others (优先办理); `None`: in its turn.
    pub priority: Option<Heading>,
    /// Who made it.
    pub maker: i64,
    /// The branch it belongs to.
    pub branch: BranchId,
    /// The steps in order.
    pub chain: Vec<Step>,
    /// What people call the chain.
    pub chain_title: Heading,
    /// The rule that chose the chain.
    pub rule: String,
    /// Its article.
    pub article: String,
    /// The version of the rules that chose the chain.
    pub policy_version: String,
    /// Where it stands.
    pub state: ApprovalState,
    /// Who decided a step of this chain already.
    pub decided_by: BTreeSet<i64>,
    /// The business date of the submission.
    pub submitted_on: Date,
    /// The moment of the submission.
    pub submitted_at: Timestamp,
    /// Rises with every change: two people on one approval get one success.
    pub version: i64,
}

/// Who decides, as far as the decision depends on it (审批人).
#[derive(Debug, Clone, Copy)]
pub struct Checker<'a> {
    /// The person.
    pub user: UserId,
    /// The roles held.
    pub roles: &'a [String],
    /// Whether anybody else could decide at all.
    pub alone: bool,
    /// For whom the person decides, under a delegation.
    pub stands_for: Option<UserId>,
}

/// Why an approval does not move on (审批拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// The maker never approves.
    #[error("who made it cannot decide on it")]
    OwnWork,
    /// The institution has one person: it may record, but not approve.
    #[error("a one-person institution cannot approve")]
    OnePerson,
    /// This person decided an earlier step of the same chain.
    #[error("this person decided an earlier step")]
    DecidedBefore,
    /// The step is for other roles.
    #[error("the step is for {roles}")]
    NotThisStep {
        /// The roles of the step.
        roles: String,
    },
    /// The state does not allow it.
    #[error("an approval that is {state} cannot be {verb}")]
    WrongState {
        /// Where it stands.
        state: &'static str,
        /// What was asked.
        verb: &'static str,
    },
    /// Only the maker takes back or submits again.
    #[error("only the maker can do this")]
    NotMaker,
    /// A return must say what to mend, a rejection why.
    #[error("an opinion is needed")]
    OpinionNeeded,
    /// There is no such approval, or none that this person may see.
    #[error("no such approval")]
    NotFound,
    /// No capability knows what agreement would bring about.
    #[error("nobody handles approvals of kind {kind}")]
    UnknownKind {
        /// The kind.
        kind: String,
    },
    /// The same thing waits already.
    #[error("{subject} already waits for an approval of this kind")]
    Waits {
        /// The thing.
        subject: String,
    },
}

impl Refusal for ApprovalError {
    fn refused(&self) -> Refused {
        let new = |kind, code| Refused::new(kind, code);
        match self {
            Self::OwnWork => new(RefusalKind::Forbidden, "approval-own").under("approval.maker_checker", None),
            Self::OnePerson => new(RefusalKind::Conflict, "approval-one-person").under("approval.maker_checker", None),
            Self::DecidedBefore => {
                new(RefusalKind::Forbidden, "approval-decided-before").under("approval.maker_checker", None)
            }
            Self::NotThisStep { roles } => new(RefusalKind::Forbidden, "approval-step").with("roles", roles),
            Self::WrongState { state, verb } => {
                new(RefusalKind::Conflict, "approval-state").with("state", state).with("verb", verb)
            }
            Self::NotMaker => new(RefusalKind::Forbidden, "approval-not-maker"),
            Self::OpinionNeeded => new(RefusalKind::Invalid, "approval-opinion"),
            Self::NotFound => new(RefusalKind::NotFound, "approval-not-found"),
            Self::UnknownKind { kind } => new(RefusalKind::Conflict, "approval-unknown-kind").with("kind", kind),
            Self::Waits { subject } => new(RefusalKind::Conflict, "approval-waits").with("subject", subject),
        }
    }
}

impl Approval {
    /// The step that waits, if one does.
    #[must_use]
    pub fn open_step(&self) -> Option<&Step> {
        match &self.state {
            ApprovalState::Pending { step } => self.chain.get(*step),
            ApprovalState::Returned { .. }
            | ApprovalState::Approved { .. }
            | ApprovalState::Rejected { .. }
            | ApprovalState::Withdrawn { .. } => None,
        }
    }

    /// Agrees to the step that waits; the last step approves the whole (rule `approval.maker_checker`, X-02).
    ///
    /// # Errors
    /// [`ApprovalError`].
    pub fn approve(&self, by: Checker<'_>, on: Date) -> Result<ApprovalState, ApprovalError> {
        let step = self.waiting("approved", by)?;
        let next = step.saturating_add(1);
        Ok(if next >= self.chain.len() {
            ApprovalState::Approved { on }
        } else {
            ApprovalState::Pending { step: next }
        })
    }

    /// Refuses the whole.
    ///
    /// # Errors
    /// [`ApprovalError`].
    pub fn reject(&self, by: Checker<'_>, on: Date) -> Result<ApprovalState, ApprovalError> {
        self.waiting("rejected", by).map(|_| ApprovalState::Rejected { on })
    }

    /// Sends it back to the maker with what must be mended.
    ///
    /// # Errors
    /// [`ApprovalError`].
    pub fn return_to_maker(&self, by: Checker<'_>, missing: Vec<Missing>) -> Result<ApprovalState, ApprovalError> {
        let step = self.waiting("returned", by)?;
        if missing.is_empty() {
            return Err(ApprovalError::OpinionNeeded);
        }
        Ok(ApprovalState::Returned { step, missing })
    }

    /// Takes it back.
    ///
    /// # Errors
    /// [`ApprovalError`].
    pub fn withdraw(&self, by: UserId, on: Date) -> Result<ApprovalState, ApprovalError> {
        match &self.state {
            ApprovalState::Pending { .. } | ApprovalState::Returned { .. } => {
                if by.0 == self.maker {
                    Ok(ApprovalState::Withdrawn { on })
                } else {
                    Err(ApprovalError::NotMaker)
                }
            }
            ApprovalState::Approved { .. } | ApprovalState::Rejected { .. } | ApprovalState::Withdrawn { .. } => {
                Err(self.wrong("withdrawn"))
            }
        }
    }

    /// Submits it again after mending; it continues at the step that returned it.
    ///
    /// # Errors
    /// [`ApprovalError`].
    pub fn resubmit(&self, by: UserId) -> Result<ApprovalState, ApprovalError> {
        match &self.state {
            ApprovalState::Returned { step, .. } => {
                if by.0 == self.maker {
                    Ok(ApprovalState::Pending { step: *step })
                } else {
                    Err(ApprovalError::NotMaker)
                }
            }
            ApprovalState::Pending { .. }
            | ApprovalState::Approved { .. }
            | ApprovalState::Rejected { .. }
            | ApprovalState::Withdrawn { .. } => Err(self.wrong("resubmitted")),
        }
    }

    /// The place of the waiting step, when this person may decide on it. Guards in their precedence.
    fn waiting(&self, verb: &'static str, by: Checker<'_>) -> Result<usize, ApprovalError> {
        let step = match &self.state {
            ApprovalState::Pending { step } => *step,
            ApprovalState::Returned { .. }
            | ApprovalState::Approved { .. }
            | ApprovalState::Rejected { .. }
            | ApprovalState::Withdrawn { .. } => return Err(self.wrong(verb)),
        };
        // Who stands in for somebody counts as both: what either made or decided is not decided again by the one.
        let is = |user: i64| by.user.0 == user || by.stands_for.is_some_and(|absent| absent.0 == user);
        if is(self.maker) {
            return Err(if by.alone { ApprovalError::OnePerson } else { ApprovalError::OwnWork });
        }
        if self.decided_by.iter().any(|user| is(*user)) {
            return Err(ApprovalError::DecidedBefore);
        }
        let roles = self.chain.get(step).map(Vec::as_slice).unwrap_or_default();
        if !by.roles.iter().any(|role| roles.contains(role)) {
            return Err(ApprovalError::NotThisStep { roles: roles.join("|") });
        }
        Ok(step)
    }

    fn wrong(&self, verb: &'static str) -> ApprovalError {
        ApprovalError::WrongState { state: self.state.as_str(), verb }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ON: Date = date(2026, 11, 20);

    fn approval(state: ApprovalState) -> Approval {
        Approval {
            id: ApprovalId(1),
            customer: CustomerId(7),
            kind: "waiver".to_owned(),
            subject: "loan:1".to_owned(),
            title: Heading::default(),
            payload: Json::Null,
            amount: None,
            priority: None,
            maker: 10,
            branch: BranchId(1),
            chain: vec![vec!["head".to_owned()], vec!["manager".to_owned(), "risk".to_owned()]],
            chain_title: Heading::default(),
            rule: String::new(),
            article: String::new(),
            policy_version: String::new(),
            state,
            decided_by: BTreeSet::new(),
            submitted_on: ON,
            submitted_at: Timestamp::UNIX_EPOCH,
            version: 1,
        }
    }

    fn states() -> Vec<ApprovalState> {
        vec![
            ApprovalState::Pending { step: 0 },
            ApprovalState::Returned { step: 0, missing: vec![missing()] },
            ApprovalState::Approved { on: ON },
            ApprovalState::Rejected { on: ON },
            ApprovalState::Withdrawn { on: ON },
        ]
    }

    fn missing() -> Missing {
        Missing { field: "income".to_owned(), note: "proof".to_owned() }
    }

    fn code(result: Result<ApprovalState, ApprovalError>) -> String {
        result.map_or_else(|error| error.refused().code.to_owned(), |state| state.as_str().to_owned())
    }

    #[test]
    fn every_verb_from_every_state() {
        //
        let roles = ["head".to_owned()];
        let head = Checker { user: UserId(20), roles: &roles, alone: false, stands_for: None };
        let wrong = "approval-state";
        let rows = [
            // state, approve, reject, return, withdraw, resubmit
            ("pending", "rejected", "returned", "withdrawn", wrong),
            (wrong, wrong, wrong, "withdrawn", "pending"),
            (wrong, wrong, wrong, wrong, wrong),
            (wrong, wrong, wrong, wrong, wrong),
            (wrong, wrong, wrong, wrong, wrong),
        ];
        for (state, row) in states().into_iter().zip(rows) {
            let it = approval(state);
            let found = (
                code(it.approve(head, ON)),
                code(it.reject(head, ON)),
                code(it.return_to_maker(head, vec![missing()])),
                code(it.withdraw(UserId(10), ON)),
                code(it.resubmit(UserId(10))),
            );
            let found = (found.0.as_str(), found.1.as_str(), found.2.as_str(), found.3.as_str(), found.4.as_str());
            assert_eq!(found, row, "{:?}", it.state);
        }
    }

    #[test]
    fn who_stands_in_decides_neither_what_the_absent_made_nor_what_the_absent_decided() {
        // X-02, rule `approval.maker_checker`
        let all = ["head".to_owned(), "manager".to_owned()];
        let by =
            |user, absent| Checker { user: UserId(user), roles: &all, alone: false, stands_for: Some(UserId(absent)) };
        let mut it = approval(ApprovalState::Pending { step: 0 });
        assert_eq!(code(it.approve(by(20, 10), ON)), "approval-own", "the absent made it");
        assert_eq!(code(it.approve(by(10, 20), ON)), "approval-own", "who stands in made it");
        it.decided_by.insert(30);
        assert_eq!(code(it.approve(by(20, 30), ON)), "approval-decided-before");
        assert_eq!(code(it.approve(by(20, 40), ON)), "pending", "on to the second step");
    }

    #[test]
    fn the_maker_never_decides_and_nobody_decides_twice() {
        // X-02, rule `approval.maker_checker`
        let all = ["head".to_owned(), "manager".to_owned()];
        let by = |user, alone| Checker { user: UserId(user), roles: &all, alone, stands_for: None };
        let mut it = approval(ApprovalState::Pending { step: 0 });
        assert_eq!(it.approve(by(10, false), ON), Err(ApprovalError::OwnWork));
        assert_eq!(it.approve(by(10, true), ON), Err(ApprovalError::OnePerson));
        it.state = it.approve(by(20, false), ON).unwrap();
        it.decided_by.insert(20);
        assert_eq!(it.approve(by(20, false), ON), Err(ApprovalError::DecidedBefore));
        assert_eq!(it.approve(by(30, false), ON), Ok(ApprovalState::Approved { on: ON }));
    }

    #[test]
    fn a_step_is_for_its_roles() {
        let clerk = ["clerk".to_owned()];
        let it = approval(ApprovalState::Pending { step: 1 });
        let by = Checker { user: UserId(20), roles: &clerk, alone: false, stands_for: None };
        assert_eq!(it.approve(by, ON), Err(ApprovalError::NotThisStep { roles: "manager|risk".to_owned() }));
    }

    #[test]
    fn a_return_says_what_to_mend() {
        let head = ["head".to_owned()];
        let by = Checker { user: UserId(20), roles: &head, alone: false, stands_for: None };
        let it = approval(ApprovalState::Pending { step: 0 });
        assert_eq!(it.return_to_maker(by, Vec::new()), Err(ApprovalError::OpinionNeeded));
    }
}
