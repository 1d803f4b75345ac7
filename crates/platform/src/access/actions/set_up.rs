//! Setting up an institution (建账): its name, head office, first business date and first users.

use jiff::civil::Date;
use serde_json::json;

use super::super::store::{GrantState, UserKind};
use super::super::{AccessError, Actor, Denied, Origin, USER_EDIT, secret};
use super::grants::insert_grant;
use super::users::{NewUser, insert_user};
use crate::app::App;
use crate::args;
use crate::audit::Entry;
use crate::calendar;
use crate::db::{StoreError, Tx};
use crate::error::ActionError;
use crate::id::{BranchId, HEAD_OFFICE, TeamId, UserId};
use crate::locale::Lang;
use crate::work::Work;

/// A new institution (建账请求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUp {
    /// The institution's name.
    pub institution: String,
    /// The name of its head office, the branch with key 1.
    pub head_office: String,
    /// The first business date.
    pub opens_on: Date,
    /// The first users.
    pub users: Vec<FirstUser>,
}

/// A user of the first hour (首批用户).
#[derive(Clone, PartialEq, Eq)]
pub struct FirstUser {
    /// The log-in name.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// The roles; provisional until a second person confirms them.
    pub roles: Vec<String>,
    /// The first password; `None` has one made. Demo books set it.
    pub password: Option<String>,
    /// Whether it must be changed at the first log-in.
    pub must_change: bool,
    /// The language of the pages.
    pub lang: Lang,
}

impl std::fmt::Debug for FirstUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FirstUser({})", self.login)
    }
}

/// Sets up an institution in an empty database; the users with their first passwords, in order.
///
/// Errors: [`AccessError::AlreadySetUp`]; whatever a user's fields refuse.
pub async fn set_up(app: &App, wish: &SetUp) -> Result<Vec<(UserId, String)>, ActionError> {
    let (work, made) = set_up_in(app, app.db.write().await?, wish).await?;
    work.commit().await?;
    Ok(made)
}

/// The same within a transaction that goes on.
///
/// Errors: as [`set_up`].
pub(crate) async fn set_up_in(
    app: &App,
    mut tx: Tx,
    wish: &SetUp,
) -> Result<(Work, Vec<(UserId, String)>), ActionError> {
    let now = app.clock.now();
    if tx.fetch_optional("select name from setting where name = 'institution.name'", args![]).await?.is_some() {
        return Err(AccessError::AlreadySetUp.into());
    }
    calendar::open_book(&mut tx, wish.opens_on, now).await?;
    let actor = Actor::system(Origin::Setup);
    let mut work = Work { app: app.clone(), tx, actor, business_date: wish.opens_on, now, lent: None };
    let name = args![required("institution", &wish.institution)?];
    let named = work.tx.execute("insert into setting (name, value) values ('institution.name', $1)", name).await;
    // Another process was faster.
    if named.as_ref().is_err_and(StoreError::is_unique_violation) {
        return Err(AccessError::AlreadySetUp.into());
    }
    named?;
    work.tx
        .execute(
            "insert into branch (id, name, parent_id, opened_on) values ($1, $2, null, $3)",
            args![HEAD_OFFICE, required("head_office", &wish.head_office)?, wish.opens_on],
        )
        .await?;
    let entry = Entry::new(None, "institution.set_up", "institution");
    work.audit(entry.after(json!({"name": wish.institution, "opens_on": wish.opens_on}))).await?;
    let mut made = Vec::new();
    for first in &wish.users {
        made.push(add_first_user(&mut work, first, (HEAD_OFFICE, None)).await?);
    }
    Ok((work, made))
}

fn required<'a>(field: &'static str, typed: &'a str) -> Result<&'a str, AccessError> {
    match typed.trim() {
        "" => Err(AccessError::Empty(field)),
        name => Ok(name),
    }
}

/// Lets the time that passwords hold begin now: the people of a made-up book have theirs from its first day, and its
/// clock stands long after it. For those books only.
pub async fn passwords_begin_now(app: &App) -> Result<(), ActionError> {
    let mut tx = app.db.write().await?;
    tx.execute("update app_user set password_set_at = $1", args![app.clock.now()]).await?;
    Ok(tx.commit().await?)
}

/// Adds a user of the first hour to a branch and team: set-up and the demo book, whose passwords are given.
///
/// Errors: [`Denied`] for everybody but the system itself; whatever the fields refuse.
pub async fn add_first_user(
    work: &mut Work,
    first: &FirstUser,
    (branch, team): (BranchId, Option<TeamId>),
) -> Result<(UserId, String), ActionError> {
    if work.actor.user.is_some() {
        return Err(Denied { action: USER_EDIT.to_owned() }.into());
    }
    let password = first.password.clone().unwrap_or_else(secret::initial_password);
    let new = NewUser {
        login: first.login.clone(),
        name: first.name.clone(),
        kind: UserKind::Person,
        branch,
        team,
        lang: first.lang,
    };
    let user = insert_user(work, &new, Some(password.clone()), first.must_change).await?;
    for role in &first.roles {
        insert_grant(work, user, role, GrantState::Provisional).await?;
    }
    Ok((user, password))
}
