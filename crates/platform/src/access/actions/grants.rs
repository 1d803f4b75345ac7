//! Grants of roles (授权): asked for by one, confirmed by another.
//!
//! While nobody else could confirm, a grant takes effect at once as provisional and is shown as such
//! until a second person confirms or refuses it: a new institution must be able to begin.

use serde_json::json;

use super::super::bar;
use super::super::rules::second_person;
use super::super::store::{self, Grant, GrantId, GrantState, UserState};
use super::super::{AccessError, GRANT_CONFIRM, USER_EDIT};
use super::users::parse_reason;
use super::{editable, editable_user, subject};
use crate::args;
use crate::audit::Entry;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::id::UserId;
use crate::work::Work;

/// Asks for a role for a user. Provisional when there is no second person yet.
pub async fn ask_role(work: &mut Work, id: UserId, role: &str) -> Result<GrantState, ActionError> {
    let user = editable_user(work, id).await?;
    if work.app.roles().get(role).is_none() {
        return Err(AccessError::Unknown("role").into());
    }
    if user.roles.iter().any(|held| held == role) {
        return Err(AccessError::AlreadyGranted.into());
    }
    bar::check(work, id, &[role.to_owned()]).await?;
    let state = if second_person_exists(work, id).await? { GrantState::Asked } else { GrantState::Provisional };
    insert_grant(work, id, role, state).await?;
    Ok(state)
}

pub(super) async fn insert_grant(
    work: &mut Work,
    user: UserId,
    role: &str,
    state: GrantState,
) -> Result<GrantId, ActionError> {
    let id = GrantId(work.next_id());
    let by = work.actor.recorded_by();
    let written = work
        .tx
        .execute(
            "insert into role_grant (id, user_id, role, state, asked_at, asked_by) values ($1, $2, $3, $4, $5, $6) \
             on conflict do nothing",
            args![id, user, role, state, work.now, by],
        )
        .await?;
    if written == 0 {
        return Err(AccessError::AlreadyGranted.into());
    }
    if state == GrantState::Provisional {
        take_effect(work, user, role).await?;
    }
    let after = json!({"role": role, "state": state.as_str(), "grant": id});
    work.audit(Entry::new(None, "user.role.ask", subject(user)).after(after)).await?;
    Ok(id)
}

/// Whether somebody other than the asker and the receiver could confirm.
async fn second_person_exists(work: &mut Work, receiver: UserId) -> Result<bool, StoreError> {
    let asker = work.actor.recorded_by();
    let roles: Vec<String> = work.app.roles().granting(GRANT_CONFIRM).map(str::to_owned).collect();
    let rows = work
        .tx
        .fetch_all(
            "select distinct r.role from user_role r join app_user u on u.id = r.user_id \
             where u.state = $1 and u.kind = 'person' and u.id <> $2 and u.id <> $3 limit 500",
            args![UserState::Active, asker, receiver],
        )
        .await?;
    for row in rows {
        if roles.contains(&row.get("role")?) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn take_effect(work: &mut Work, user: UserId, role: &str) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute(
            "insert into user_role (user_id, role, granted_at, granted_by) values ($1, $2, $3, $4) \
             on conflict (user_id, role) do nothing",
            args![user, role, work.now, by],
        )
        .await
        .map(drop)
}

/// Confirms a grant as the second person: neither who asked nor who receives.
pub async fn confirm_grant(work: &mut Work, id: GrantId) -> Result<(), ActionError> {
    let grant = decidable(work, id).await?;
    // What bars it may have come since it was asked for.
    bar::check(work, grant.user, std::slice::from_ref(&grant.role)).await?;
    decide(work, &grant, GrantState::Confirmed).await?;
    take_effect(work, grant.user, &grant.role).await?;
    let entry = Entry::new(None, "user.role.confirm", subject(grant.user));
    Ok(work.audit(entry.after(json!({"role": grant.role, "grant": id}))).await?)
}

/// Refuses a grant as the second person; a provisional one loses its effect.
pub async fn refuse_grant(work: &mut Work, id: GrantId, reason: &str) -> Result<(), ActionError> {
    let reason = parse_reason(reason)?;
    let grant = decidable(work, id).await?;
    decide(work, &grant, GrantState::Refused).await?;
    if grant.state == GrantState::Provisional {
        remove(work, grant.user, &grant.role).await?;
    }
    let entry = Entry::new(None, "user.role.refuse", subject(grant.user)).reason(reason);
    Ok(work.audit(entry.after(json!({"role": grant.role, "grant": id}))).await?)
}

/// A grant that this person may decide (rule `maker-checker`).
async fn decidable(work: &mut Work, id: GrantId) -> Result<Grant, ActionError> {
    work.authorise(GRANT_CONFIRM)?;
    work.actor.decides()?;
    let grant = store::grant(&mut work.tx, id).await?.ok_or(AccessError::Unknown("grant"))?;
    editable(work, grant.user, GRANT_CONFIRM).await?;
    match grant.state {
        GrantState::Asked | GrantState::Provisional => {}
        GrantState::Confirmed | GrantState::Refused | GrantState::Withdrawn => {
            return Err(AccessError::AlreadyDecided.into());
        }
    }
    second_person(UserId(grant.asked_by), work.actor.user)?;
    second_person(UserId(grant.asked_by), work.actor.acts_as())?;
    if work.actor.is_or_stands_for(grant.user.0) {
        return Err(AccessError::OwnGrant.into());
    }
    Ok(grant)
}

async fn decide(work: &mut Work, grant: &Grant, to: GrantState) -> Result<(), StoreError> {
    let by = work.actor.recorded_by();
    work.tx
        .execute_one(
            "update role_grant set state = $1, decided_at = $2, decided_by = $3 where id = $4 and state = $5",
            args![to, work.now, by, grant.id, grant.state],
        )
        .await
}

/// Takes a role away: fewer rights need no second person. A grant still open is withdrawn.
pub async fn revoke_role(work: &mut Work, id: UserId, role: &str, reason: &str) -> Result<(), ActionError> {
    work.authorise(USER_EDIT)?;
    let reason = parse_reason(reason)?;
    let user = editable_user(work, id).await?;
    let withdrawn = work
        .tx
        .execute(
            "update role_grant set state = $1 where user_id = $2 and role = $3 and state in ('asked', 'provisional')",
            args![GrantState::Withdrawn, id, role],
        )
        .await?;
    if !user.roles.iter().any(|held| held == role) && withdrawn == 0 {
        return Err(AccessError::AlreadyDone.into());
    }
    remove(work, id, role).await?;
    let entry = Entry::new(None, "user.role.revoke", subject(id)).before(json!({"role": role})).reason(reason);
    Ok(work.audit(entry).await?)
}

async fn remove(work: &mut Work, user: UserId, role: &str) -> Result<(), StoreError> {
    work.tx.execute("delete from user_role where user_id = $1 and role = $2", args![user, role]).await.map(drop)
}
