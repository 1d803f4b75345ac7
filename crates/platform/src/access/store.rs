//! Tables `app_user`, `user_role`, `role_grant`, `branch`, `team`.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::args;
use crate::db::{Row, StoreError, Tx};
use crate::id::{BranchId, TeamId, UserId};
use crate::id_type;

id_type!(GrantId, "The key of a grant of a role (授权).");

/// Whether a user may log in (用户状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// May.
    Active,
    /// May not; the history stays.
    Disabled,
}

impl UserState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|state| state.as_str() == text)
    }
}
crate::stored_as_text!(UserState, "state of a user");

/// What kind of user it is (用户种类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UserKind {
    /// Somebody who logs in.
    #[default]
    Person,
    /// A service account (服务账号): nobody logs in as it; programs come with its tokens.
    Service,
}

impl UserKind {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Service => "service",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Person, Self::Service].into_iter().find(|kind| kind.as_str() == text)
    }
}
crate::stored_as_text!(UserKind, "kind of a user");

/// A user (用户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The key.
    pub id: UserId,
    /// The log-in name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Whether somebody logs in as it.
    pub kind: UserKind,
    /// The branch.
    pub branch: BranchId,
    /// The branch's name.
    pub branch_name: String,
    /// The team.
    pub team: Option<TeamId>,
    /// The team's name.
    pub team_name: Option<String>,
    /// Whether the user may log in.
    pub state: UserState,
    /// Whether a password must be chosen first.
    pub must_change_password: bool,
    /// Until when failed log-ins keep the door shut.
    pub locked_until: Option<Timestamp>,
    /// The roles in effect, in order.
    pub roles: Vec<String>,
    /// Counts changes.
    pub version: i64,
}

/// What the log-in looks at (登录资料).
pub(super) struct Credentials {
    pub id: UserId,
    pub name: String,
    pub state: UserState,
    pub kind: UserKind,
    pub password_hash: String,
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
}

/// Where a grant of a role stands (授权状态).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantState {
    /// Asked for; not in effect.
    Asked,
    /// In effect since before there was a second person; awaits one.
    Provisional,
    /// Confirmed by a second person.
    Confirmed,
    /// Refused by a second person.
    Refused,
    /// Taken back before it was decided.
    Withdrawn,
}

impl GrantState {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Provisional => "provisional",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Asked, Self::Provisional, Self::Confirmed, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}
crate::stored_as_text!(GrantState, "state of a grant");

/// A grant of a role that awaits its second person (待确认授权).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The key.
    pub id: GrantId,
    /// Who receives the role.
    pub user: UserId,
    /// The receiver's name.
    pub user_name: String,
    /// The role.
    pub role: String,
    /// Where it stands.
    pub state: GrantState,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who asked; 0 is set-up.
    pub asked_by: i64,
    /// The asker's name.
    pub asked_by_name: Option<String>,
}

/// A branch (分支机构) with its teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The key.
    pub id: BranchId,
    /// Its name.
    pub name: String,
    /// The branch above it.
    pub parent: Option<BranchId>,
    /// Since when.
    pub opened_on: Date,
    /// Its teams.
    pub teams: Vec<Team>,
}

/// A team (团队).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The key.
    pub id: TeamId,
    /// Its branch.
    pub branch: BranchId,
    /// Its name.
    pub name: String,
}

const USER: &str = "select u.id, u.login, u.name, u.kind, u.branch_id, b.name as branch_name, u.team_id, t.name as team_name, \
     u.state, u.must_change_password, u.locked_until, u.version \
     from app_user u join branch b on b.id = u.branch_id left join team t on t.id = u.team_id ";

/// One user with roles.
pub async fn user(tx: &mut Tx, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = crate::db::AssertSqlSafe(format!("{USER} where u.id = $1"));
    let Some(row) = tx.fetch_optional(sql, args![id]).await? else { return Ok(None) };
    let mut user = decode_user(&row)?;
    user.roles = super::session::roles_of(tx, id).await?;
    Ok(Some(user))
}

/// The user of this log-in name, with roles.
pub async fn user_by_login(tx: &mut Tx, login: &str) -> Result<Option<User>, StoreError> {
    let row = tx.fetch_optional("select id from app_user where login = $1", args![login]).await?;
    match row {
        Some(row) => user(tx, row.get("id")?).await,
        None => Ok(None),
    }
}

/// All users in order of log-in name, with roles; `branch` 0 is every branch.
pub async fn users(tx: &mut Tx, branch: i64, limit: i64, offset: i64) -> Result<Vec<User>, StoreError> {
    let sql = format!("{USER} where ($1 = 0 or u.branch_id = $1) order by u.login limit $2 offset $3");
    let rows = tx.fetch_all(crate::db::AssertSqlSafe(sql), args![branch, limit, offset]).await?;
    let mut users = rows.iter().map(decode_user).collect::<Result<Vec<_>, _>>()?;
    let roles =
        tx.fetch_all("select user_id, role from user_role order by user_id, role limit 100000", args![]).await?;
    for row in &roles {
        let id: UserId = row.get("user_id")?;
        if let Some(user) = users.iter_mut().find(|user| user.id == id) {
            user.roles.push(row.get("role")?);
        }
    }
    Ok(users)
}

/// How many users there are in a branch; 0 is every branch.
pub async fn count_users(tx: &mut Tx, branch: i64) -> Result<i64, StoreError> {
    tx.fetch_one("select count(*) as n from app_user where $1 = 0 or branch_id = $1", args![branch]).await?.get("n")
}

fn decode_user(row: &Row) -> Result<User, StoreError> {
    Ok(User {
        id: row.get("id")?,
        login: row.get("login")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        branch: row.get("branch_id")?,
        branch_name: row.get("branch_name")?,
        team: row.get("team_id")?,
        team_name: row.get("team_name")?,
        state: row.get("state")?,
        must_change_password: row.get("must_change_password")?,
        locked_until: row.get("locked_until")?,
        roles: Vec::new(),
        version: row.get("version")?,
    })
}

pub(super) async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<Credentials>, StoreError> {
    let row = tx
        .fetch_optional(
            "select id, name, state, kind, password_hash, failures, locked_until from app_user where login = $1",
            args![login],
        )
        .await?;
    row.map(|row| {
        Ok(Credentials {
            id: row.get("id")?,
            name: row.get("name")?,
            state: row.get("state")?,
            kind: row.get("kind")?,
            password_hash: row.get("password_hash")?,
            failures: row.get("failures")?,
            locked_until: row.get("locked_until")?,
        })
    })
    .transpose()
}

/// The same of a user who is known.
pub(super) async fn credentials_of(tx: &mut Tx, id: UserId) -> Result<Option<Credentials>, StoreError> {
    match password_of(tx, id).await? {
        Some((login, _)) => credentials(tx, &login).await,
        None => Ok(None),
    }
}

pub(super) async fn password_of(tx: &mut Tx, id: UserId) -> Result<Option<(String, String)>, StoreError> {
    let row = tx.fetch_optional("select login, password_hash from app_user where id = $1", args![id]).await?;
    row.map(|row| Ok((row.get("login")?, row.get("password_hash")?))).transpose()
}

/// Since when a user has the password.
pub(super) async fn password_set_at(tx: &mut Tx, user: UserId) -> Result<Timestamp, StoreError> {
    let sql = "select coalesce(password_set_at, created_at) as set_at from app_user where id = $1";
    tx.fetch_one(sql, args![user]).await?.get("set_at")
}

/// Keeps the hash of a password that another takes the place of, so that it does not come back.
pub(super) async fn remember_password(
    work: &mut crate::work::Work,
    user: UserId,
    hash: &str,
) -> Result<(), StoreError> {
    let id = work.next_id();
    let sql = "insert into password_history (user_id, id, password_hash, ended_at) values ($1, $2, $3, $4)";
    work.tx.execute(sql, args![user, id, hash, work.now]).await.map(drop)
}

/// The hashes of the last passwords of a user, the latest first.
pub(super) async fn last_passwords(tx: &mut Tx, user: UserId, most: i64) -> Result<Vec<String>, StoreError> {
    let sql = "select password_hash from password_history where user_id = $1 order by id desc limit $2";
    tx.fetch_all(sql, args![user, most]).await?.iter().map(|row| row.get("password_hash")).collect()
}

/// The grants that await a second person, oldest first; `user` 0 is everybody.
pub async fn open_grants(tx: &mut Tx, user: i64) -> Result<Vec<Grant>, StoreError> {
    tx.fetch_all(
        "select g.id, g.user_id, u.name as user_name, g.role, g.state, g.asked_at, g.asked_by, a.name as asked_by_name \
         from role_grant g join app_user u on u.id = g.user_id left join app_user a on a.id = g.asked_by \
         where ($1 = 0 or g.user_id = $1) and g.state in ('asked', 'provisional') order by g.id limit 500",
        args![user],
    )
    .await?
    .iter()
    .map(decode_grant)
    .collect()
}

pub(super) async fn grant(tx: &mut Tx, id: GrantId) -> Result<Option<Grant>, StoreError> {
    tx.fetch_optional(
        "select g.id, g.user_id, u.name as user_name, g.role, g.state, g.asked_at, g.asked_by, a.name as asked_by_name \
         from role_grant g join app_user u on u.id = g.user_id left join app_user a on a.id = g.asked_by where g.id = $1",
        args![id],
    )
    .await?
    .as_ref()
    .map(decode_grant)
    .transpose()
}

fn decode_grant(row: &Row) -> Result<Grant, StoreError> {
    Ok(Grant {
        id: row.get("id")?,
        user: row.get("user_id")?,
        user_name: row.get("user_name")?,
        role: row.get("role")?,
        state: row.get("state")?,
        asked_at: row.get("asked_at")?,
        asked_by: row.get("asked_by")?,
        asked_by_name: row.get("asked_by_name")?,
    })
}

/// All branches with their teams, the head office first.
pub async fn branches(tx: &mut Tx) -> Result<Vec<Branch>, StoreError> {
    let rows =
        tx.fetch_all("select id, name, parent_id, opened_on from branch order by id limit 2000", args![]).await?;
    let teams =
        tx.fetch_all("select id, branch_id, name from team order by branch_id, name limit 5000", args![]).await?;
    let teams = teams
        .iter()
        .map(|row| Ok(Team { id: row.get("id")?, branch: row.get("branch_id")?, name: row.get("name")? }))
        .collect::<Result<Vec<_>, StoreError>>()?;
    rows.iter()
        .map(|row| {
            let id: BranchId = row.get("id")?;
            Ok(Branch {
                id,
                name: row.get("name")?,
                parent: row.get("parent_id")?,
                opened_on: row.get("opened_on")?,
                teams: teams.iter().filter(|team| team.branch == id).cloned().collect(),
            })
        })
        .collect()
}

/// The institution's name; empty before set-up.
pub async fn institution(tx: &mut Tx) -> Result<String, StoreError> {
    match tx.fetch_optional("select value from setting where name = 'institution.name'", args![]).await? {
        Some(row) => row.get("value"),
        None => Ok(String::new()),
    }
}

/// The active people who hold a role, with their branch.
///
/// # Errors
/// The store's.
pub async fn holders(tx: &mut Tx, role: &str) -> Result<Vec<(UserId, BranchId)>, StoreError> {
    let rows = tx
        .fetch_all(
            "select r.user_id, u.branch_id from user_role r join app_user u on u.id = r.user_id \
             where r.role = $1 and u.state = 'active' and u.kind = 'person' order by r.user_id limit $2",
            args![role, 5_000_i64],
        )
        .await?;
    rows.iter().map(|row| Ok((row.get("user_id")?, row.get("branch_id")?))).collect()
}
