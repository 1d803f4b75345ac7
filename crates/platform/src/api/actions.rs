//! What people do about tokens (令牌用例): make one, take one back; each audited.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;

use super::store;
use super::token::{ApiToken, SELF, kept};
use super::{TOKEN_MANAGE, TOKEN_OWN};
use crate::access::store::{User, UserKind};
use crate::access::{AccessError, store as people};
use crate::args;
use crate::audit::Entry;
use crate::error::{ActionError, FieldError, Refusal, RefusalKind, Refused};
use crate::id::UserId;
use crate::web::Token;
use crate::work::Work;

/// The longest name of a token.
const MAX_NAME: usize = 60;
const DAY_SECONDS: i64 = 24 * 3600;

/// A token that somebody wants (令牌申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it may do: some of the actions that its owner may do.
    pub scopes: BTreeSet<String>,
    /// How many days it lives.
    pub days: i64,
    /// The service account that it speaks for; none: whoever makes it.
    pub service: Option<UserId>,
}

/// Why there is no such token (令牌类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It has no name, or too long a one.
    #[error("no name")]
    Name,
    /// It may do nothing.
    #[error("no scope")]
    NoScope,
    /// Its owner may not do this.
    #[error("the owner may not {0}")]
    BeyondOwner(String),
    /// It would live longer than the policy allows, or no day.
    #[error("more than {most} days")]
    Days {
        /// The most days.
        most: i64,
    },
    /// There is no such token, or none that this person may touch.
    #[error("no such token")]
    Unknown,
    /// It was taken back before.
    #[error("revoked before")]
    Revoked,
}

impl Refusal for TokenError {
    fn refused(&self) -> Refused {
        let form = |error: FieldError| Refused::form(vec![error]);
        match self {
            Self::Name => form(FieldError::new("name", "token-name").with("most", MAX_NAME)),
            Self::NoScope => form(FieldError::new("scope", "token-no-scope")),
            Self::BeyondOwner(action) => form(FieldError::new("scope", "token-beyond").with("action", action)),
            Self::Days { most } => form(FieldError::new("days", "token-days").with("most", most)),
            Self::Unknown => Refused::new(RefusalKind::NotFound, "unknown-thing").with("what", "token"),
            Self::Revoked => Refused::new(RefusalKind::Conflict, "already-done"),
        }
    }
}

/// Makes a token; what comes back is shown once and stored nowhere.
///
/// Rule `api.token-within-owner`: its scopes are among what its owner may do, and its life is at most what the policy
/// says. It speaks for whoever makes it, or for a service account: nobody makes one for another person.
pub async fn make(work: &mut Work, new: &NewToken) -> Result<Token, ActionError> {
    let user = owner(work, new.service).await?.id;
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(TokenError::Name.into());
    }
    let most = work.app.access().token_days;
    if !(1..=most).contains(&new.days) {
        return Err(TokenError::Days { most }.into());
    }
    check_scopes(work, user, new).await?;
    let token = Token::new();
    let (id, now, by) = (work.next_id(), work.now, work.actor.recorded_by());
    let expires = now.as_second().saturating_add(new.days.saturating_mul(DAY_SECONDS));
    let expires = Timestamp::from_second(expires).unwrap_or(Timestamp::MAX);
    work.tx
        .execute(
            "insert into api_token (id, user_id, name, token_hash, scopes, created_at, created_by, expires_at, \
             used_from) values ($1, $2, $3, $4, $5, $6, $7, $8, '')",
            args![id, user, name, token.fingerprint(), kept(&new.scopes), now, by, expires],
        )
        .await?;
    let made = json!({"user": user, "scopes": new.scopes, "expires_at": expires.to_string()});
    work.audit(Entry::new(None, "token.make", format!("token:{id}")).after(made)).await?;
    Ok(token)
}

/// For whom a token may be made: oneself, or a service account within reach for whoever manages tokens.
///
/// # Errors
/// Denied; [`TokenError::Unknown`].
pub(super) async fn owner(work: &mut Work, service: Option<UserId>) -> Result<User, ActionError> {
    let own = work.authorise(TOKEN_OWN).map(|_| work.actor.user)?;
    let Some(id) = service else {
        let own = own.ok_or(TokenError::Unknown)?;
        return Ok(people::user(&mut work.tx, own).await?.ok_or(TokenError::Unknown)?);
    };
    let scope = work.authorise(TOKEN_MANAGE)?;
    let found = people::user(&mut work.tx, id).await?;
    let found = found.filter(|user| user.kind == UserKind::Service && scope.covers(user.branch, user.team, user.id));
    Ok(found.ok_or(TokenError::Unknown)?)
}

async fn check_scopes(work: &mut Work, user: UserId, new: &NewToken) -> Result<(), ActionError> {
    if new.scopes.is_empty() {
        return Err(TokenError::NoScope.into());
    }
    let owner = people::user(&mut work.tx, user).await?.ok_or(AccessError::Unknown("user"))?;
    let held = work.app.roles().grants(owner.roles.iter().map(String::as_str));
    for scope in &new.scopes {
        if scope != SELF && !held.contains_key(scope) {
            return Err(TokenError::BeyondOwner(scope.clone()).into());
        }
    }
    Ok(())
}

/// Takes a token back: the next request with it is refused.
pub async fn revoke(work: &mut Work, id: i64) -> Result<(), ActionError> {
    work.authorise(TOKEN_OWN)?;
    let token =
        store::token(&mut work.tx, id).await?.filter(|token| touches(work, token)).ok_or(TokenError::Unknown)?;
    let (now, by) = (work.now, work.actor.recorded_by());
    let taken = "update api_token set revoked_at = $1, revoked_by = $2 where id = $3 and revoked_at is null";
    if work.tx.execute(taken, args![now, by, token.id]).await? == 0 {
        return Err(TokenError::Revoked.into());
    }
    Ok(work.audit(Entry::new(None, "token.revoke", format!("token:{id}"))).await?)
}

/// One's own, and for the administrator everybody's.
fn touches(work: &Work, token: &ApiToken) -> bool {
    work.actor.user == Some(token.user) || work.actor.may(TOKEN_MANAGE)
}
