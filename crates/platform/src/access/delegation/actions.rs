//! Asking for a delegation, deciding on it, ending it, putting the hat on (代理用例).

use jiff::civil::Date;
use serde_json::json;

use super::super::bar;
use super::super::store::{User, UserKind, UserState};
use super::super::{AccessError, DELEGATION_APPROVE, store as people};
use super::model::{Delegation, DelegationError, DelegationId, DelegationState};
use super::store;
use crate::args;
use crate::audit::Entry;
use crate::error::ActionError;
use crate::id::UserId;
use crate::notice::{self, News, Notice};
use crate::work::Work;

/// A delegation that is asked for (代理申请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who goes: oneself, or somebody of whom one is the supervisor.
    pub absent: UserId,
    /// Who stands in, of any branch: under the hat the scope is that of the absent person.
    pub delegate: UserId,
    /// One role that is handed on; empty for all that the absent person holds.
    pub role: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why.
    pub reason: String,
}

/// Asks for a delegation.
///
/// # Errors
/// Denied for somebody else's without the permission to approve; [`DelegationError`].
pub async fn ask(work: &mut Work, wish: &Wish) -> Result<DelegationId, ActionError> {
    let me = own(work)?;
    let absent = active(work, wish.absent).await?.ok_or(DelegationError::NotFound)?;
    if absent.id != me && !work.authorise(DELEGATION_APPROVE)?.covers(absent.branch, absent.team, absent.id) {
        return Err(DelegationError::NotFound.into());
    }
    let delegate = active(work, wish.delegate).await?;
    let delegate = delegate.filter(|one| one.id != absent.id && one.kind == UserKind::Person);
    let delegate = delegate.ok_or(DelegationError::Delegate)?;
    if wish.until < wish.from || wish.until < work.business_date {
        return Err(DelegationError::Days.into());
    }
    let roles: Vec<String> = match wish.role.as_str() {
        "" => absent.roles.clone(),
        one => absent.roles.iter().filter(|role| *role == one).cloned().collect(),
    };
    if roles.is_empty() {
        return Err(DelegationError::Role.into());
    }
    bar::check(work, delegate.id, &roles).await?;
    let reason = wish.reason.trim();
    if reason.is_empty() {
        return Err(DelegationError::Reason.into());
    }
    let id = DelegationId(work.next_id());
    work.tx
        .execute(
            "insert into delegation (id, absent_id, delegate_id, roles, from_on, until_on, reason, state, asked_by, \
             asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                id,
                absent.id,
                delegate.id,
                format!("|{}|", roles.join("|")),
                wish.from,
                wish.until,
                reason,
                DelegationState::Asked,
                me,
                work.now
            ],
        )
        .await?;
    let after = json!({"delegate": delegate.id, "roles": roles, "from": wish.from, "until": wish.until});
    let entry = Entry::new(None, "delegation.ask", subject(absent.id, id)).after(after).reason(reason);
    work.audit(entry).await?;
    let people = notice::who_may(work, DELEGATION_APPROVE, None, Some(absent.branch)).await?;
    let people: Vec<UserId> = people.into_iter().filter(|one| ![absent.id, delegate.id].contains(one)).collect();
    let news = News::DelegationWaits { absent: absent.name, delegate: delegate.name };
    tell(work, id, "asked", &people, news).await?;
    Ok(id)
}

/// Approves a delegation, as somebody who is none of the three.
///
/// # Errors
/// Denied; [`DelegationError`].
pub async fn approve(work: &mut Work, id: DelegationId) -> Result<(), ActionError> {
    let found = decidable(work, id).await?;
    bar::check(work, found.delegate, &found.roles).await?;
    decide(work, &found, DelegationState::Approved).await?;
    work.audit(Entry::new(None, "delegation.approve", subject(found.absent, id))).await?;
    let news = News::Delegated {
        absent: found.absent_name,
        delegate: found.delegate_name,
        from: found.from,
        until: found.until,
    };
    tell(work, id, "approved", &[found.absent, found.delegate], news).await
}

/// Refuses a delegation, with a reason.
///
/// # Errors
/// As [`approve`].
pub async fn refuse(work: &mut Work, id: DelegationId, reason: &str) -> Result<(), ActionError> {
    let found = decidable(work, id).await?;
    if reason.trim().is_empty() {
        return Err(DelegationError::Reason.into());
    }
    decide(work, &found, DelegationState::Refused).await?;
    let entry = Entry::new(None, "delegation.refuse", subject(found.absent, id)).reason(reason.trim());
    work.audit(entry).await?;
    Ok(notice::settle(work, &format!("delegation:{id}")).await?)
}

/// Ends a delegation before its last day, or takes the request back: any of the three, or who may approve.
///
/// # Errors
/// [`DelegationError::NotFound`], [`DelegationError::AlreadyDecided`] when it is over.
pub async fn end(work: &mut Work, id: DelegationId) -> Result<(), ActionError> {
    let me = own(work)?;
    let found = store::load(&mut work.tx, id).await?.ok_or(DelegationError::NotFound)?;
    if ![found.asked_by, found.absent.0, found.delegate.0].contains(&me.0) {
        in_reach(work, &found).await?;
    }
    let over = match found.state {
        DelegationState::Asked | DelegationState::Approved => found.until < work.business_date,
        DelegationState::Refused | DelegationState::Ended => true,
    };
    if over {
        return Err(DelegationError::AlreadyDecided.into());
    }
    work.tx
        .execute_one(
            "update delegation set state = $1, ended_by = $2, ended_at = $3 where id = $4 and state = $5",
            args![DelegationState::Ended, me, work.now, id, found.state],
        )
        .await?;
    work.audit(Entry::new(None, "delegation.end", subject(found.absent, id))).await?;
    Ok(notice::settle(work, &format!("delegation:{id}")).await?)
}

/// Lets this session act for the absent person.
///
/// # Errors
/// [`DelegationError::NotFound`], [`DelegationError::NotNow`].
pub(super) async fn take_hat(work: &mut Work, session: &str, id: DelegationId) -> Result<(), ActionError> {
    let me = own(work)?;
    let found = store::load(&mut work.tx, id).await?.filter(|one| one.delegate == me);
    let found = found.ok_or(DelegationError::NotFound)?;
    if !found.holds(work.business_date) {
        return Err(DelegationError::NotNow.into());
    }
    bar::check(work, me, &found.roles).await?;
    store::wear(&mut work.tx, session, Some(id)).await?;
    Ok(work.audit(Entry::new(None, "delegation.act", subject(found.absent, id))).await?)
}

/// Lets this session act for its own person again.
///
/// # Errors
/// The store's.
pub(super) async fn take_off_hat(work: &mut Work, session: &str) -> Result<(), ActionError> {
    let me = own(work)?;
    store::wear(&mut work.tx, session, None).await?;
    Ok(work.audit(Entry::new(None, "delegation.act_ended", format!("user:{me}"))).await?)
}

async fn decidable(work: &mut Work, id: DelegationId) -> Result<Delegation, ActionError> {
    work.actor.decides()?;
    let me = own(work)?;
    let found = store::load(&mut work.tx, id).await?.ok_or(DelegationError::NotFound)?;
    in_reach(work, &found).await?;
    found.decidable_by(me)?;
    if let Some(hat) = &work.actor.stands_for {
        found.decidable_by(hat.user)?;
    }
    Ok(found)
}

/// Whether the actor may decide on delegations of this person's branch; elsewhere they do not exist.
async fn in_reach(work: &mut Work, found: &Delegation) -> Result<(), ActionError> {
    let scope = work.authorise(DELEGATION_APPROVE)?;
    let absent = people::user(&mut work.tx, found.absent).await?;
    let covered = absent.is_some_and(|one| scope.covers(one.branch, one.team, one.id));
    if covered { Ok(()) } else { Err(DelegationError::NotFound.into()) }
}

async fn decide(work: &mut Work, found: &Delegation, to: DelegationState) -> Result<(), ActionError> {
    let by = work.actor.recorded_by();
    let sql = "update delegation set state = $1, decided_by = $2, decided_at = $3 where id = $4 and state = $5";
    work.tx.execute_one(sql, args![to, by, work.now, found.id, found.state]).await?;
    Ok(())
}

async fn tell(work: &mut Work, id: DelegationId, step: &str, people: &[UserId], news: News) -> Result<(), ActionError> {
    let thing = format!("delegation:{id}");
    notice::settle(work, &thing).await?;
    let notice = Notice { news, occasion: format!("{thing}:{step}"), thing, href: "/delegations".to_owned() };
    Ok(notice::tell(work, people, &notice).await?)
}

async fn active(work: &mut Work, id: UserId) -> Result<Option<User>, ActionError> {
    Ok(people::user(&mut work.tx, id).await?.filter(|user| user.state == UserState::Active))
}

fn own(work: &Work) -> Result<UserId, AccessError> {
    work.actor.user.ok_or(AccessError::Unknown("user"))
}

fn subject(absent: UserId, id: DelegationId) -> String {
    format!("user:{absent}:delegation:{id}")
}
