//! Users, branches, teams (用户、机构、团队).

use serde_json::json;

use super::super::store::{self, User, UserKind, UserState};
use super::super::{AccessError, BRANCH_EDIT, USER_EDIT, secret, session};
use super::{editable_user, subject};
use crate::args;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::id::{BranchId, TeamId, UserId};
use crate::locale::Lang;
use crate::work::Work;

/// A user to be created (新用户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// The log-in name: 2 to 32 small letters, digits, `.`, `-`, `_`.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Whether somebody logs in as it.
    pub kind: UserKind,
    /// The branch.
    pub branch: BranchId,
    /// The team, of that branch.
    pub team: Option<TeamId>,
    /// The language of the pages.
    pub lang: Lang,
}

/// A user that was created, or whose password was renewed (新建结果).
#[derive(Clone, PartialEq, Eq)]
pub struct Created {
    /// The key.
    pub user: UserId,
    /// The password to hand over once; it must be changed at the first log-in. None of a service account.
    pub password: Option<String>,
}

/// Creates a user without roles, with a first password to hand over.
pub async fn create_user(work: &mut Work, new: &NewUser) -> Result<Created, ActionError> {
    let scope = work.authorise(USER_EDIT)?;
    if scope.branch != 0 && scope.branch != new.branch.0 {
        return Err(AccessError::Unknown("branch").into());
    }
    let password = match new.kind {
        UserKind::Person => Some(secret::initial_password()),
        UserKind::Service => None,
    };
    let user = insert_user(work, new, password.clone(), true).await?;
    Ok(Created { user, password })
}

/// What no password fits.
const NO_PASSWORD: &str = "!";

pub(super) async fn insert_user(
    work: &mut Work,
    new: &NewUser,
    password: Option<String>,
    must_change: bool,
) -> Result<UserId, ActionError> {
    let login = parse_login(&new.login)?;
    let name = parse_name("name", &new.name)?;
    require_place(work, new.branch, new.team).await?;
    let must_change = must_change && password.is_some();
    let hash = match password {
        Some(password) => secret::hash(work.app.access().hashing, password).await?,
        None => NO_PASSWORD.to_owned(),
    };
    let user = UserId(work.next_id());
    let written = work
        .tx
        .execute(
            "insert into app_user (id, login, name, kind, branch_id, team_id, state, password_hash, must_change_password, \
             language, password_set_at, created_at, created_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             on conflict (login) do nothing",
            args![
                user,
                login,
                name,
                new.kind,
                new.branch,
                new.team,
                UserState::Active,
                hash,
                must_change,
                new.lang.tag(),
                work.now,
                work.now,
                work.actor.recorded_by()
            ],
        )
        .await?;
    if written == 0 {
        return Err(AccessError::LoginTaken.into());
    }
    let state = json!({"login": login, "kind": new.kind.as_str(), "branch": new.branch, "team": new.team});
    work.audit(Entry::new(None, "user.create", subject(user)).after(state)).await?;
    Ok(user)
}

/// 2 to 32 small letters, digits and `.-_`, beginning with a letter.
pub(crate) fn parse_login(typed: &str) -> Result<String, AccessError> {
    let login = typed.trim().to_lowercase();
    if login.is_empty() {
        return Err(AccessError::Empty("login"));
    }
    let plain = login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b));
    let starts = login.starts_with(|c: char| c.is_ascii_lowercase());
    if plain && starts && (2..=32).contains(&login.len()) { Ok(login) } else { Err(AccessError::Invalid("login")) }
}

pub(crate) fn parse_name(field: &'static str, typed: &str) -> Result<String, AccessError> {
    let name = typed.trim();
    match name.chars().count() {
        0 => Err(AccessError::Empty(field)),
        1..=60 if !name.chars().any(char::is_control) => Ok(name.to_owned()),
        _ => Err(AccessError::Invalid(field)),
    }
}

async fn require_place(work: &mut Work, branch: BranchId, team: Option<TeamId>) -> Result<(), ActionError> {
    let found = work.tx.fetch_optional("select id from branch where id = $1", args![branch]).await?;
    found.ok_or(AccessError::Unknown("branch"))?;
    if let Some(team) = team {
        let sql = "select id from team where id = $1 and branch_id = $2";
        work.tx.fetch_optional(sql, args![team, branch]).await?.ok_or(AccessError::Unknown("team"))?;
    }
    Ok(())
}

/// Shuts a user out; sessions end at once, history stays.
pub async fn disable_user(work: &mut Work, id: UserId, reason: &str) -> Result<(), ActionError> {
    let user = editable_user(work, id).await?;
    if work.actor.user == Some(id) {
        return Err(AccessError::OwnAccount.into());
    }
    move_state(work, &user, UserState::Disabled, "user.disable", reason).await?;
    let now = work.now;
    session::end_all(&mut work.tx, id, now).await?;
    Ok(())
}

/// Lets a user in again.
pub async fn enable_user(work: &mut Work, id: UserId, reason: &str) -> Result<(), ActionError> {
    let user = editable_user(work, id).await?;
    move_state(work, &user, UserState::Active, "user.enable", reason).await
}

async fn move_state(
    work: &mut Work,
    user: &User,
    to: UserState,
    action: &'static str,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = parse_reason(reason)?;
    if user.state == to {
        return Err(AccessError::AlreadyDone.into());
    }
    work.tx
        .execute_one(
            "update app_user set state = $1, version = version + 1 where id = $2 and version = $3",
            args![to, user.id, user.version],
        )
        .await?;
    let entry = Entry::new(None, action, subject(user.id));
    let entry = entry.before(json!({"state": user.state.as_str()})).after(json!({"state": to.as_str()})).reason(reason);
    Ok(work.audit(entry).await?)
}

pub(in crate::access) fn parse_reason(typed: &str) -> Result<String, AccessError> {
    let reason = typed.trim();
    match reason.chars().count() {
        0 => Err(AccessError::Empty("reason")),
        1..=500 => Ok(reason.to_owned()),
        _ => Err(AccessError::Invalid("reason")),
    }
}

/// Gives a new first password; sessions end, a lock opens.
pub async fn reset_password(work: &mut Work, id: UserId) -> Result<Created, ActionError> {
    let user = editable_user(work, id).await?;
    if user.kind == UserKind::Service {
        return Err(AccessError::ServiceAccount.into());
    }
    let password = secret::initial_password();
    let hash = secret::hash(work.app.access().hashing, password.clone()).await?;
    let before = store::password_of(&mut work.tx, id).await?;
    work.tx
        .execute_one(
            "update app_user set password_hash = $1, must_change_password = 1, password_set_at = $2, failures = 0, \
             locked_until = null, version = version + 1 where id = $3 and version = $4",
            args![hash, work.now, id, user.version],
        )
        .await?;
    // Who came in with a book has no password yet: nothing that could come back.
    if let Some((_, before)) = before.filter(|(_, before)| before != NO_PASSWORD) {
        store::remember_password(work, id, &before).await?;
    }
    let now = work.now;
    session::end_all(&mut work.tx, id, now).await?;
    work.audit(Entry::new(None, "user.password_reset", subject(id))).await?;
    Ok(Created { user: id, password: Some(password) })
}

/// Ends all sessions of a person, who may log in again: a lost device, a doubt.
///
/// Errors: [`AccessError::AlreadyDone`] when none is alive.
pub async fn end_sessions_of(work: &mut Work, id: UserId, reason: &str) -> Result<(), ActionError> {
    let user = editable_user(work, id).await?;
    let reason = parse_reason(reason)?;
    let now = work.now;
    match session::end_all(&mut work.tx, user.id, now).await? {
        0 => Err(AccessError::AlreadyDone.into()),
        ended => {
            let entry = Entry::new(None, "user.sessions_end", subject(id)).after(json!({"sessions": ended}));
            Ok(work.audit(entry.reason(reason)).await?)
        }
    }
}

/// Opens the lock of failed log-ins before its time.
pub async fn unlock_user(work: &mut Work, id: UserId) -> Result<(), ActionError> {
    let user = editable_user(work, id).await?;
    if user.locked_until.is_none() {
        return Err(AccessError::AlreadyDone.into());
    }
    work.tx
        .execute_one(
            "update app_user set failures = 0, locked_until = null, version = version + 1 where id = $1 and version = $2",
            args![id, user.version],
        )
        .await?;
    Ok(work.audit(Entry::new(None, "user.unlock", subject(id))).await?)
}

/// Opens a branch under another.
pub async fn create_branch(work: &mut Work, name: &str, parent: BranchId) -> Result<BranchId, ActionError> {
    work.authorise(BRANCH_EDIT)?;
    let name = parse_name("name", name)?;
    require_place(work, parent, None).await?;
    let id = BranchId(work.next_id());
    let sql =
        "insert into branch (id, name, parent_id, opened_on) values ($1, $2, $3, $4) on conflict (name) do nothing";
    insert_named(work.tx.execute(sql, args![id, name, parent, work.business_date]).await)?;
    let entry =
        Entry::new(None, "branch.create", format!("branch:{id}")).after(json!({"name": name, "parent": parent}));
    work.audit(entry).await?;
    Ok(id)
}

/// Forms a team in a branch.
pub async fn create_team(work: &mut Work, branch: BranchId, name: &str) -> Result<TeamId, ActionError> {
    let scope = work.authorise(BRANCH_EDIT)?;
    if scope.branch != 0 && scope.branch != branch.0 {
        return Err(AccessError::Unknown("branch").into());
    }
    let name = parse_name("name", name)?;
    require_place(work, branch, None).await?;
    let id = TeamId(work.next_id());
    let sql = "insert into team (id, branch_id, name) values ($1, $2, $3) on conflict (branch_id, name) do nothing";
    insert_named(work.tx.execute(sql, args![id, branch, name]).await)?;
    let entry = Entry::new(None, "team.create", format!("team:{id}")).after(json!({"name": name, "branch": branch}));
    work.audit(entry).await?;
    Ok(id)
}

fn insert_named(written: Result<u64, StoreError>) -> Result<(), ActionError> {
    if written? == 0 { Err(AccessError::NameTaken.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_in_names_are_plain() {
        let rows = [
            ("Lin.Jingyi", Ok("lin.jingyi")),
            (" li ", Ok("li")),
            ("", Err(AccessError::Empty("login"))),
            ("1st", Err(AccessError::Invalid("login"))),
            ("林静怡", Err(AccessError::Invalid("login"))),
            ("a", Err(AccessError::Invalid("login"))),
            ("a b", Err(AccessError::Invalid("login"))),
        ];
        for (typed, expected) in rows {
            assert_eq!(parse_login(typed), expected.map(str::to_owned), "{typed}");
        }
    }
}
