//! What a delegation is, and when it holds. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;

use crate::error::{FieldError, Refusal, RefusalKind, Refused};
use crate::id::UserId;
use crate::id_type;

id_type!(DelegationId, "The key of a delegation (代理).");

/// Where a delegation stands (代理状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelegationState {
    /// Asked for; not in effect.
    Asked,
    /// Approved: it holds on its days.
    Approved,
    /// Refused.
    Refused,
    /// Ended before its last day.
    Ended,
}

impl DelegationState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Asked, Self::Approved, Self::Refused, Self::Ended].into_iter().find(|state| state.as_str() == text)
    }
}
crate::stored_as_text!(DelegationState, "state of a delegation");

/// One person standing in for another (代理).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// The key.
    pub id: DelegationId,
    /// Who goes.
    pub absent: UserId,
    /// The name of who goes.
    pub absent_name: String,
    /// Who stands in.
    pub delegate: UserId,
    /// The name of who stands in.
    pub delegate_name: String,
    /// The roles that are handed on.
    pub roles: Vec<String>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub state: DelegationState,
    /// Who asked.
    pub asked_by: i64,
}

impl Delegation {
    /// Whether it holds on a business date (rule `delegation.days`).
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        match self.state {
            DelegationState::Approved => self.from <= on && on <= self.until,
            DelegationState::Asked | DelegationState::Refused | DelegationState::Ended => false,
        }
    }

    /// Whether this person may approve or refuse it (rule `delegation.second_person`).
    ///
    /// Errors: [`DelegationError::AlreadyDecided`], [`DelegationError::OwnDelegation`].
    pub fn decidable_by(&self, user: UserId) -> Result<(), DelegationError> {
        match self.state {
            DelegationState::Asked => {}
            DelegationState::Approved | DelegationState::Refused | DelegationState::Ended => {
                return Err(DelegationError::AlreadyDecided);
            }
        }
        if [self.asked_by, self.absent.0, self.delegate.0].contains(&user.0) {
            return Err(DelegationError::OwnDelegation);
        }
        Ok(())
    }
}

/// For whom somebody acts (代理身份).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// The delegation.
    pub delegation: DelegationId,
    /// The absent person.
    pub user: UserId,
    /// The absent person's name.
    pub name: String,
    /// The last day.
    pub until: Date,
}

/// Why a delegation is refused (代理拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DelegationError {
    /// There is none, or it is not this person's.
    #[error("no such delegation")]
    NotFound,
    /// The last day lies before the first, or before the business date.
    #[error("the days are in no order")]
    Days,
    /// The delegate is the absent person, or disabled.
    #[error("this person cannot stand in")]
    Delegate,
    /// The absent person does not hold the role.
    #[error("the absent person does not hold the role")]
    Role,
    /// No reason is given.
    #[error("no reason")]
    Reason,
    /// It was decided, or ended.
    #[error("already decided")]
    AlreadyDecided,
    /// Who asks, goes or stands in never approves.
    #[error("who asks, goes or stands in never approves")]
    OwnDelegation,
    /// It does not hold today.
    #[error("it does not hold on this business date")]
    NotNow,
}

impl Refusal for DelegationError {
    fn refused(&self) -> Refused {
        let field = |field: &'static str, code: &'static str| Refused::form(vec![FieldError::new(field, code)]);
        match self {
            Self::NotFound => Refused::new(RefusalKind::NotFound, "delegation-unknown"),
            Self::Days => field("until", "delegation-days").under("delegation.days", None),
            Self::Delegate => field("delegate", "delegation-delegate"),
            Self::Role => field("role", "delegation-role"),
            Self::Reason => field("reason", "field-empty"),
            Self::AlreadyDecided => Refused::new(RefusalKind::Conflict, "already-decided"),
            Self::OwnDelegation => {
                Refused::new(RefusalKind::Forbidden, "delegation-own").under("delegation.second_person", None)
            }
            Self::NotNow => Refused::new(RefusalKind::Conflict, "delegation-not-now").under("delegation.days", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn delegation(state: DelegationState) -> Delegation {
        Delegation {
            id: DelegationId(1),
            absent: UserId(10),
            absent_name: String::new(),
            delegate: UserId(20),
            delegate_name: String::new(),
            roles: Vec::new(),
            from: date(2026, 11, 23),
            until: date(2026, 11, 25),
            reason: String::new(),
            state,
            asked_by: 30,
        }
    }

    #[test]
    fn it_holds_from_its_first_day_through_its_last_and_only_when_approved() {
        // rule `delegation.days`
        let days = [(22, false), (23, true), (25, true), (26, false)];
        for (day, holds) in days {
            assert_eq!(delegation(DelegationState::Approved).holds(date(2026, 11, day)), holds, "{day}");
        }
        for state in [DelegationState::Asked, DelegationState::Refused, DelegationState::Ended] {
            assert!(!delegation(state).holds(date(2026, 11, 24)), "{state:?}");
            assert_eq!(DelegationState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn none_of_the_three_decides() {
        // X-02, rule `delegation.second_person`
        let asked = delegation(DelegationState::Asked);
        for user in [10, 20, 30] {
            assert_eq!(asked.decidable_by(UserId(user)), Err(DelegationError::OwnDelegation), "{user}");
        }
        assert_eq!(asked.decidable_by(UserId(40)), Ok(()));
        for state in [DelegationState::Approved, DelegationState::Refused, DelegationState::Ended] {
            assert_eq!(delegation(state).decidable_by(UserId(40)), Err(DelegationError::AlreadyDecided), "{state:?}");
        }
    }
}
