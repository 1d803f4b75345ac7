//! Who acts, from where, and how far their eye reaches.

#![deny(clippy::wildcard_enum_match_arm)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Refusal, RefusalKind, Refused};
use crate::id::{BranchId, TeamId, UserId};

use super::AccessError;
use super::delegation::StandIn;

/// How far a permission reaches (数据范围), narrowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What the person manages.
    Own,
    /// What the person's team manages.
    Team,
    /// The person's branch.
    Branch,
    /// All of the institution.
    Institution,
}

impl Scope {
    /// Its name in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Branch => "branch",
            Self::Institution => "institution",
        }
    }

    /// Reads its name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Own, Self::Team, Self::Branch, Self::Institution].into_iter().find(|s| s.as_str() == text)
    }
}

/// Where an act came from (来源).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A page, from this address.
    Screen {
        /// The visitor's address.
        address: String,
    },
    /// A program with a token of the interface.
    Api {
        /// The program's address.
        address: String,
        /// The token's number.
        token: i64,
    },
    /// An imported file.
    Import {
        /// The import's number.
        import: i64,
    },
    /// The day close.
    Close,
    /// The command line.
    Console,
    /// Set-up and the demo book.
    Setup,
}

impl Origin {
    /// Its name in data.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Screen { .. } => "screen",
            Self::Api { .. } => "api",
            Self::Import { .. } => "import",
            Self::Close => "close",
            Self::Console => "console",
            Self::Setup => "setup",
        }
    }

    /// What it points to: an address, an import.
    pub fn detail(&self) -> String {
        match self {
            Self::Screen { address } => address.clone(),
            Self::Api { address, token } => format!("{address} #{token}"),
            Self::Import { import } => import.to_string(),
            Self::Close | Self::Console | Self::Setup => String::new(),
        }
    }
}

/// The person (or the system) that acts (经办人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user; `None` is the system itself (the close, set-up).
    pub user: Option<UserId>,
    /// The name to show.
    pub name: String,
    /// Roles held.
    pub roles: Vec<String>,
    /// Whether it is a service account (服务账号).
    pub service: bool,
    /// The branch the person belongs to.
    pub branch: BranchId,
    /// The team, if any.
    pub team: Option<TeamId>,
    /// Action → widest scope granted by any role.
    pub grants: BTreeMap<String, Scope>,
    /// Where the act comes from.
    pub origin: Origin,
    /// For whom the person acts, under a delegation: roles, branch and team are then the absent person's.
    pub stands_for: Option<StandIn>,
}

impl Actor {
    /// The system itself: the close, set-up, the console.
    pub fn system(origin: Origin) -> Self {
        Self {
            user: None,
            name: "system".to_owned(),
            roles: Vec::new(),
            service: false,
            branch: BranchId(1),
            team: None,
            grants: BTreeMap::new(),
            origin,
            stands_for: None,
        }
    }

    /// Whether it may be the second pair of eyes on anything.
    ///
    /// Rule `service.no-second-person`: whoever holds a token of a service account could otherwise agree to what they
    /// asked for themselves.
    ///
    /// # Errors
    /// [`AccessError::ServiceAccount`].
    pub fn decides(&self) -> Result<(), AccessError> {
        if self.service { Err(AccessError::ServiceAccount) } else { Ok(()) }
    }

    /// The person whose work this is: the absent one under a delegation, else the actor.
    #[must_use]
    pub fn acts_as(&self) -> Option<UserId> {
        self.stands_for.as_ref().map(|hat| hat.user).or(self.user)
    }

    /// Whether the actor is this person, or stands in for them: who stands in approves nothing that either of the two made.
    #[must_use]
    pub fn is_or_stands_for(&self, user: i64) -> bool {
        self.recorded_by() == user || self.stands_for.as_ref().is_some_and(|hat| hat.user.0 == user)
    }

    /// Whether the actor is another pair of eyes than this person's; a service account is nobody's.
    ///
    /// # Errors
    /// [`AccessError::ServiceAccount`].
    pub fn is_second_to(&self, maker: i64) -> Result<bool, AccessError> {
        self.decides()?;
        Ok(!self.is_or_stands_for(maker))
    }

    /// Where an act comes from, for the trail: the address, and for whom it was done.
    #[must_use]
    pub fn trace(&self) -> String {
        let detail = self.origin.detail();
        match &self.stands_for {
            None => detail,
            Some(hat) => format!("{detail} for:user:{}", hat.user).trim_start().to_owned(),
        }
    }

    /// The data that the person may see or change under this action.
    ///
    /// Errors: [`Denied`] when no role grants the action at all.
    pub fn scope_of(&self, action: &str) -> Result<DataScope, Denied> {
        let Some(user) = self.acts_as() else { return Ok(DataScope::everything()) };
        match self.grants.get(action) {
            None => Err(Denied { action: action.to_owned() }),
            Some(Scope::Institution) => Ok(DataScope::everything()),
            Some(Scope::Branch) => Ok(DataScope { branch: self.branch.0, ..DataScope::everything() }),
            Some(Scope::Team) => match self.team {
                Some(team) => Ok(DataScope { team: team.0, ..DataScope::everything() }),
                None => Ok(DataScope { manager: user.0, ..DataScope::everything() }),
            },
            Some(Scope::Own) => Ok(DataScope { manager: user.0, ..DataScope::everything() }),
        }
    }

    /// True when any role grants the action.
    pub fn may(&self, action: &str) -> bool {
        self.user.is_none() || self.grants.contains_key(action)
    }

    /// The user's key, 0 for the system: for `recorded_by` columns.
    pub fn recorded_by(&self) -> i64 {
        self.user.map_or(0, |u| u.0)
    }
}

/// The rows that a person may touch, as three values to bind; 0 means "no limit".
///
/// SQL: `($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) and ($3 = 0 or manager_id = $3)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataScope {
    /// Only this branch.
    pub branch: i64,
    /// Only this team.
    pub team: i64,
    /// Only what this person manages.
    pub manager: i64,
}

impl DataScope {
    /// No limit.
    pub fn everything() -> Self {
        Self { branch: 0, team: 0, manager: 0 }
    }

    /// What lies within both. Both belong to one person: where both are narrowed, it is to the same branch, team or person.
    #[must_use]
    pub fn narrowed_to(self, other: Self) -> Self {
        let narrower = |one: i64, other: i64| if one == 0 { other } else { one };
        Self {
            branch: narrower(self.branch, other.branch),
            team: narrower(self.team, other.team),
            manager: narrower(self.manager, other.manager),
        }
    }

    /// True when a row with these owners is inside.
    pub fn covers(&self, branch: BranchId, team: Option<TeamId>, manager: UserId) -> bool {
        (self.branch == 0 || self.branch == branch.0)
            && (self.team == 0 || team.is_some_and(|t| t.0 == self.team))
            && (self.manager == 0 || self.manager == manager.0)
    }
}

/// The person has no role that grants the action.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no role grants {action}")]
pub struct Denied {
    /// The action asked for.
    pub action: String,
}

impl Refusal for Denied {
    fn refused(&self) -> Refused {
        Refused::new(RefusalKind::Forbidden, "denied").with("action", &self.action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule export.both-scopes
    #[test]
    fn what_lies_within_both_scopes_is_the_narrower_of_each() {
        let scope = |branch, team, manager| DataScope { branch, team, manager };
        // one | other | both
        let rows = [
            (scope(0, 0, 0), scope(0, 0, 0), scope(0, 0, 0)),
            (scope(3, 0, 0), scope(0, 0, 0), scope(3, 0, 0)),
            (scope(0, 0, 7), scope(3, 0, 0), scope(3, 0, 7)),
            (scope(3, 5, 0), scope(3, 0, 7), scope(3, 5, 7)),
        ];
        for (one, other, both) in rows {
            assert_eq!(one.narrowed_to(other), both, "{one:?} {other:?}");
            assert_eq!(other.narrowed_to(one), both, "{other:?} {one:?}");
        }
    }
}
