//! What people do about people (人员用例): each authorises, loads, decides, saves, and leaves its audit entry.

mod door;
mod grants;
mod set_up;
mod users;

pub use door::{
    Comer, EnterCode, Entrance, LogIn, LoggedIn, change_password, end_other_sessions, end_session, enter_code, log_in,
    log_out,
};
pub use grants::{ask_role, confirm_grant, refuse_grant, revoke_role};
pub(crate) use set_up::set_up_in;
pub use set_up::{FirstUser, SetUp, add_first_user, passwords_begin_now, set_up};
pub(super) use users::parse_reason;
pub use users::{
    Created, NewUser, create_branch, create_team, create_user, disable_user, enable_user, end_sessions_of,
    reset_password, unlock_user,
};
pub(crate) use users::{parse_login, parse_name};

use super::store::{self, User};
use super::{AccessError, USER_EDIT};
use crate::error::ActionError;
use crate::id::UserId;
use crate::work::Work;

/// A user that the actor may edit.
///
/// Errors: unknown, or outside the actor's data scope, which looks the same.
pub(super) async fn editable(work: &mut Work, id: UserId, action: &str) -> Result<User, ActionError> {
    let scope = work.authorise(action)?;
    let found = store::user(&mut work.tx, id).await?.filter(|user| scope.covers(user.branch, user.team, user.id));
    Ok(found.ok_or(AccessError::Unknown("user"))?)
}

pub(super) async fn editable_user(work: &mut Work, id: UserId) -> Result<User, ActionError> {
    editable(work, id, USER_EDIT).await
}

pub(super) fn subject(user: UserId) -> String {
    format!("user:{user}")
}
