//! A case, who works it and how it ends. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;
use jiff::civil::Date;
use platform::error::{Refusal, RefusalKind, Refused};
use platform::id::{BranchId, CustomerId, TeamId, UserId};
use platform::{id_type, stored_as_text};

id_type!(CaseId, "The key of a case (催收案件) within its customer.");

/// Customer and case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseKey {
    /// Whose.
    pub customer: CustomerId,
    /// Which.
    pub case: CaseId,
}

impl CaseKey {
    /// How duties, events and the audit trail name it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("case:{}", self.case)
    }
}

/// Why a case ended (结案原因).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseReason {
    /// 还款: money came in and nothing is overdue any more.
    Repaid,
    /// 调整: an extension, a waiver or a correction left nothing overdue.
    Adjusted,
}

impl CloseReason {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repaid => "repaid",
            Self::Adjusted => "adjusted",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Repaid, Self::Adjusted].into_iter().find(|reason| reason.as_str() == text)
    }
}
stored_as_text!(CloseReason, "reason of a closed case");

/// Who works a case now, and until when if nothing is heard (锁定).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Who.
    pub by: UserId,
    /// The end of the lease.
    pub until: Timestamp,
}

/// Where a case stands (案件状态).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseState {
    /// Something is overdue.
    Open {
        /// Who collects; nobody holds a fitting role when none.
        owner: Option<UserId>,
        /// Who works it now.
        lock: Option<Lock>,
    },
    /// Nothing is.
    Closed {
        /// Since when.
        on: Date,
        /// Why.
        reason: CloseReason,
    },
}

/// A case (催收案件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Customer and case.
    pub key: CaseKey,
    /// 案件编号.
    pub number: String,
    /// The branch that granted the loan.
    pub branch: BranchId,
    /// The team, if any.
    pub team: Option<TeamId>,
    /// The originator: who manages the customer's loan.
    pub manager: UserId,
    /// The role in which it is collected.
    pub owner_role: String,
    /// The step of the action ladder whose duties were opened last.
    pub rung: String,
    /// Since when.
    pub opened_on: Date,
    /// Where it stands.
    pub state: CaseState,
    /// Rises with every change.
    pub version: i64,
}

/// Why a case does not move (案件拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// There is no such case, or none that this person may see.
    #[error("no such case")]
    NotFound,
    /// It is closed.
    #[error("the case was closed on {on}")]
    Closed {
        /// When.
        on: Date,
    },
    /// Somebody else works it.
    #[error("{by} works it until {until}")]
    Locked {
        /// Who.
        by: String,
        /// Until when.
        until: String,
    },
    /// It is that person's already.
    #[error("{name} has it already")]
    AlreadyOwner {
        /// Who.
        name: String,
    },
    /// The person may not work cases in the branch.
    #[error("{name} works no cases of this branch")]
    CannotWork {
        /// Who.
        name: String,
    },
    /// It is placed with an agency: it is recalled first.
    #[error("the case is placed with an agency")]
    Placed,
    /// The reason is none of the policy's.
    #[error("{reason} is no reason of the policy")]
    NoSuchReason {
        /// What was given.
        reason: String,
    },
}

impl Refusal for CaseError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "case-not-found"),
            Self::Closed { on } => conflict("case-closed").with("on", on),
            Self::Locked { by, until } => {
                conflict("case-locked").with("by", by).with("until", until).under("case.lock", None)
            }
            Self::AlreadyOwner { name } => conflict("case-already-owner").with("name", name),
            Self::CannotWork { name } => conflict("case-cannot-work").with("name", name).under("case.transfer", None),
            Self::Placed => conflict("case-placed").under("case.transfer", None),
            Self::NoSuchReason { reason } => Refused::new(RefusalKind::Invalid, "case-no-such-reason")
                .with("reason", reason)
                .under("case.transfer", None),
        }
    }
}

impl CaseState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Closed { .. } => "closed",
        }
    }

    /// Who collects.
    #[must_use]
    pub fn owner(&self) -> Option<UserId> {
        match self {
            Self::Open { owner, .. } => *owner,
            Self::Closed { .. } => None,
        }
    }

    /// The lease that holds at `now`, unless it is that person's own.
    #[must_use]
    pub fn held_by_other(&self, who: UserId, now: Timestamp) -> Option<Lock> {
        match self {
            Self::Open { lock, .. } => lock.filter(|lock| lock.by != who && lock.until > now),
            Self::Closed { .. } => None,
        }
    }

    /// Takes the case for `by` (rule `case.lock`): a lease that has run out is nobody's.
    ///
    /// # Errors
    /// [`CaseError::Closed`]; [`CaseError::Locked`] names its holder by key.
    pub fn lock(&self, by: UserId, now: Timestamp, until: Timestamp) -> Result<Self, CaseError> {
        match self {
            Self::Open { owner, .. } => match self.held_by_other(by, now) {
                Some(lock) => Err(CaseError::Locked { by: lock.by.to_string(), until: lock.until.to_string() }),
                None => Ok(Self::Open { owner: *owner, lock: Some(Lock { by, until }) }),
            },
            Self::Closed { on, .. } => Err(CaseError::Closed { on: *on }),
        }
    }

    /// Gives the case to a person (rule `case.transfer`); whoever worked it leaves it.
    ///
    /// # Errors
    /// [`CaseError::Closed`], [`CaseError::AlreadyOwner`].
    pub fn transfer(&self, to: UserId) -> Result<Self, CaseError> {
        match self {
            Self::Open { owner, .. } if *owner == Some(to) => Err(CaseError::AlreadyOwner { name: to.to_string() }),
            Self::Open { .. } => Ok(Self::Open { owner: Some(to), lock: None }),
            Self::Closed { on, .. } => Err(CaseError::Closed { on: *on }),
        }
    }

    /// Ends it (rule `case.close`).
    ///
    /// # Errors
    /// [`CaseError::Closed`].
    pub fn close(&self, on: Date, reason: CloseReason) -> Result<Self, CaseError> {
        match self {
            Self::Open { .. } => Ok(Self::Closed { on, reason }),
            Self::Closed { on, .. } => Err(CaseError::Closed { on: *on }),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ON: Date = date(2026, 11, 20);

    fn at(minute: i8) -> Timestamp {
        platform::clock::civil_moment(ON.at(9, minute, 0, 0)).unwrap()
    }

    fn name(result: Result<CaseState, CaseError>) -> String {
        result.map_or_else(|error| error.refused().code.to_owned(), |state| state.as_str().to_owned())
    }

    #[test]
    fn every_verb_from_every_state() {
        // Rules `case.lock`, `case.transfer`, `case.close`. S2.3-02
        let (me, other) = (UserId(1), UserId(2));
        let open = |owner, lock| CaseState::Open { owner, lock };
        let held = Some(Lock { by: other, until: at(30) });
        let rows = [
            (open(None, None), "open", "open", "closed"),
            (open(Some(me), None), "open", "case-already-owner", "closed"),
            (open(Some(other), held), "case-locked", "open", "closed"),
            (CaseState::Closed { on: ON, reason: CloseReason::Repaid }, "case-closed", "case-closed", "case-closed"),
        ];
        for (state, lock, transfer, close) in rows {
            let found = (
                name(state.lock(me, at(0), at(15))),
                name(state.transfer(me)),
                name(state.close(ON, CloseReason::Repaid)),
            );
            assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), (lock, transfer, close), "{state:?}");
        }
    }

    #[test]
    fn a_lease_that_ran_out_is_nobodys() {
        // Rule `case.lock`: at the end of the lease itself the next may come.
        let state = CaseState::Open { owner: None, lock: Some(Lock { by: UserId(2), until: at(15) }) };
        assert_eq!(name(state.lock(UserId(1), at(14), at(29))), "case-locked");
        assert_eq!(name(state.lock(UserId(1), at(15), at(30))), "open");
    }
}
