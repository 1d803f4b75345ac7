//! People, branches, permissions and delegations as a program reads them (人员数据).

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::matrix::holders;
use super::second_step::{self, SecondStep};
use super::session;
use super::store::{self, Grant, GrantState};
use super::{AccessError, BRANCH_VIEW, USER_VIEW};
use crate::api::Data;
use crate::error::Refusal as _;
use crate::id::UserId;
use crate::locale::Lang;
use crate::web::{Visit, WebError};

/// A branch (分支机构) with its teams.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BranchData {
    /// The key.
    id: String,
    /// Its name.
    name: String,
    /// The branch above it.
    parent: Option<String>,
    /// Since when.
    opened_on: String,
    /// Its teams.
    teams: Vec<TeamData>,
}

/// A team (团队).
#[derive(Debug, Serialize, JsonSchema)]
struct TeamData {
    /// The key.
    id: String,
    /// Its name.
    name: String,
}

/// `/api/v1/branches`
pub(super) async fn branches(visit: Visit) -> Result<Data<Vec<BranchData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(BRANCH_VIEW)?;
    let branches = store::branches(&mut work.tx).await?.into_iter().map(|branch| BranchData {
        id: branch.id.to_string(),
        name: branch.name,
        parent: branch.parent.map(|parent| parent.to_string()),
        opened_on: branch.opened_on.to_string(),
        teams: branch.teams.into_iter().map(|team| TeamData { id: team.id.to_string(), name: team.name }).collect(),
    });
    Ok(Data(branches.collect()))
}

/// A user (用户): where they work, what they hold, whether they can come in.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct UserData {
    /// The key.
    id: String,
    /// The log-in name.
    login: String,
    /// The name.
    name: String,
    /// `person`, or `service`: an account that comes with tokens only.
    kind: String,
    /// The branch.
    branch: String,
    /// The team.
    team: Option<String>,
    /// `active` or `disabled`.
    state: String,
    /// Until when failed log-ins keep the door shut.
    locked_until: Option<String>,
    /// Whether a password must be chosen first.
    must_change_password: bool,
    /// The roles in effect.
    roles: Vec<String>,
    /// Grants that await a second person.
    open_grants: Vec<GrantData>,
    /// Since when the log-in has a second step.
    second_step_since: Option<String>,
    /// Where the person is logged in now.
    sessions: Vec<SessionData>,
}

/// A log-in that holds (登录会话).
#[derive(Debug, Serialize, JsonSchema)]
struct SessionData {
    /// When it began.
    started_at: String,
    /// When it was last used.
    seen_at: String,
    /// From which address.
    address: String,
}

/// A grant of a role that awaits its second person (待确认授权).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct GrantData {
    /// The key.
    id: String,
    /// Who receives the role.
    user: String,
    /// The role.
    role: String,
    /// `asked`, or `provisional`: in effect since before there was a second person.
    state: String,
    /// When it was asked for.
    asked_at: String,
    /// Who asked; `0` is the set-up.
    asked_by: String,
}

impl GrantData {
    fn of(grant: Grant) -> Self {
        Self {
            id: grant.id.to_string(),
            user: grant.user.to_string(),
            role: grant.role,
            state: grant.state.as_str().to_owned(),
            asked_at: grant.asked_at.to_string(),
            asked_by: grant.asked_by.to_string(),
        }
    }
}

/// `/api/v1/users/{id}`
pub(super) async fn user(visit: Visit, Path(id): Path<UserId>) -> Result<Data<UserData>, WebError> {
    let mut work = visit.read().await?;
    let scope = work.authorise(USER_VIEW)?;
    let found = store::user(&mut work.tx, id).await?.filter(|user| scope.covers(user.branch, user.team, user.id));
    let user = found.ok_or(AccessError::Unknown("user").refused())?;
    let grants = store::open_grants(&mut work.tx, id.0).await?.into_iter();
    let open = grants.filter(|grant| matches!(grant.state, GrantState::Asked | GrantState::Provisional));
    let sessions = session::list(&mut work.tx, &visit.app.access(), id, work.now).await?;
    Ok(Data(UserData {
        id: user.id.to_string(),
        login: user.login,
        name: user.name,
        kind: user.kind.as_str().to_owned(),
        branch: user.branch.to_string(),
        team: user.team.map(|team| team.to_string()),
        state: user.state.as_str().to_owned(),
        locked_until: user.locked_until.map(|at| at.to_string()),
        must_change_password: user.must_change_password,
        roles: user.roles,
        open_grants: open.map(GrantData::of).collect(),
        second_step_since: match second_step::state(&mut work.tx, id).await? {
            SecondStep::On { since, .. } => Some(since.to_string()),
            SecondStep::Off | SecondStep::Begun => None,
        },
        sessions: sessions
            .into_iter()
            .map(|one| SessionData {
                started_at: one.started_at.to_string(),
                seen_at: one.seen_at.to_string(),
                address: one.address,
            })
            .collect(),
    }))
}

/// `/api/v1/users/grants`
pub(super) async fn grants(visit: Visit) -> Result<Data<Vec<GrantData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(USER_VIEW)?;
    Ok(Data(store::open_grants(&mut work.tx, 0).await?.into_iter().map(GrantData::of).collect()))
}

/// A role (角色): what it grants, how far, and who holds it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RoleData {
    /// Its id.
    id: String,
    /// 名称.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// Each action with its scope: `own`, `team`, `branch` or `institution`.
    grants: BTreeMap<String, String>,
    /// The names of those who hold it, as far as the asker sees people.
    holders: Vec<String>,
}

/// Which roles are asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct RolesAsked {
    #[serde(default)]
    roles: String,
}

/// `/api/v1/permissions`
pub(super) async fn permissions(
    visit: Visit,
    Query(asked): Query<RolesAsked>,
) -> Result<Data<Vec<RoleData>>, WebError> {
    let mut work = visit.read().await?;
    let mut held = holders(&mut work).await?;
    let every = visit.app.roles();
    let shown = every.iter().filter(|(id, _)| asked.roles == "all" || held.contains_key(*id));
    let shown: Vec<_> = shown.map(|(id, role)| (id.to_owned(), role.grants.clone())).collect();
    let role = |(id, grants): (String, BTreeMap<String, super::Scope>)| RoleData {
        title_zh: every.title(&id, Lang::ZhCn),
        title_en: every.title(&id, Lang::En),
        grants: grants.into_iter().map(|(action, scope)| (action, scope.as_str().to_owned())).collect(),
        holders: held.remove(&id).unwrap_or_default(),
        id,
    };
    Ok(Data(shown.into_iter().map(role).collect()))
}
