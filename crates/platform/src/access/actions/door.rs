//! Log in, log out, choose a password (登录、退出、改密).

use jiff::Timestamp;
use serde_json::json;

use super::super::rules::{Weakness, after_failure, judge_password, lock_left};
use super::super::second_step::SecondStep;
use super::super::store::{self, Credentials, UserKind, UserState};
use super::super::{AccessError, Actor, Origin, device, device_name, second_step, secret, session};
use super::subject;
use crate::app::App;
use crate::args;
use crate::audit::Entry;
use crate::clock::civil_day;
use crate::db::{StoreError, Tx};
use crate::error::ActionError;
use crate::id::UserId;
use crate::locale::Lang;
use crate::notice::{self, News, Notice};
use crate::web::{Token, Visit};
use crate::work::Work;

/// The longest password that is hashed: beyond it a request only costs time.
const MAX_PASSWORD_BYTES: usize = 1024;

/// An attempt to log in (登录请求).
#[derive(Clone)]
pub struct LogIn {
    /// The log-in name as typed.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// The browser that it comes from.
    pub from: Comer,
}

/// The code for a log-in whose password was right (第二步验证).
#[derive(Clone)]
pub struct EnterCode {
    /// The token of the waiting log-in.
    pub waiting: Token,
    /// The code as typed.
    pub code: String,
    /// The browser that it comes from.
    pub from: Comer,
}

/// The browser behind a log-in (登录来源).
#[derive(Clone)]
pub struct Comer {
    /// The network address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// The cookie by which this browser is known again.
    pub device: Token,
    /// The session that this browser had before; it ends.
    pub previous: Option<Token>,
    /// The language chosen before the log-in; it stays the person's.
    pub language: Option<Lang>,
}

/// How far a log-in got (登录结果).
#[derive(Debug, Clone)]
pub enum Entrance {
    /// The person is in.
    In(LoggedIn),
    /// The password was right; a code is asked for. The token is for the browser only.
    Code(Token),
}

/// A log-in that succeeded (登录成功).
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// Who it is.
    pub user: UserId,
    /// The new session's token, for the browser only.
    pub token: Token,
}

/// Logs a person in, always with a new session; who has enrolled a device is asked for its code first.
///
/// Errors: [`AccessError::LoginRefused`], the same for every reason.
pub async fn log_in(app: &App, attempt: LogIn) -> Result<Entrance, ActionError> {
    let now = app.clock.now();
    let login = attempt.login.trim().to_lowercase();
    let known = store::credentials(&mut app.db.read().await?, &login).await?;
    let open = known.as_ref().filter(|known| admits(known, now));
    let fits = attempt.password.len() <= MAX_PASSWORD_BYTES;
    let hash = open.filter(|_| fits).map(|known| known.password_hash.clone());
    let right = secret::verify(app.access().hashing, attempt.password.clone(), hash).await?;

    let mut tx = app.db.write().await?;
    // What was true before the hashing may have changed: many attempts can run at once.
    let known = store::credentials(&mut tx, &login).await?;
    let result = match known {
        Some(known) if right && admits(&known, now) => match second_step::state(&mut tx, known.id).await? {
            SecondStep::On { .. } => {
                let seconds = app.access().second_step_seconds;
                let waiting = second_step::wait(&mut tx, known.id, &attempt.from.address, now, seconds).await?;
                Some(Entrance::Code(waiting))
            }
            SecondStep::Off | SecondStep::Begun => {
                Some(Entrance::In(admit(&mut tx, app, &known, &attempt.from, now, None).await?))
            }
        },
        Some(known) => {
            turn_away(&mut tx, app, &known, &attempt.from, now, "password").await?;
            None
        }
        None => {
            let entry = Entry::new(None, "access.login_refused", "user:unknown");
            append(&mut tx, app, nobody(&attempt.from), now, entry).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(result.ok_or_else(|| login_refused(app))?)
}

fn login_refused(app: &App) -> AccessError {
    let rules = &app.access();
    AccessError::LoginRefused { max: rules.max_failures, minutes: rules.lock_seconds / 60 }
}

/// Lets in whose password was right and whose code is right too. Wrong codes count as wrong passwords do.
///
/// Errors: [`AccessError::StepOver`] when no log-in waits, [`AccessError::WrongCode`].
pub async fn enter_code(app: &App, attempt: EnterCode) -> Result<LoggedIn, ActionError> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    let waiting = second_step::waiting(&mut tx, &attempt.waiting, now).await?.ok_or(AccessError::StepOver)?;
    let known = store::credentials_of(&mut tx, waiting.user).await?.filter(|known| admits(known, now));
    let known = known.ok_or(AccessError::StepOver)?;
    let taken = second_step::take_any(&mut tx, app.vault()?, waiting.user, &attempt.code, now).await?;
    let result = match taken {
        Some(by) => {
            second_step::waited(&mut tx, &waiting).await?;
            Some(admit(&mut tx, app, &known, &attempt.from, now, Some(by)).await?)
        }
        None => {
            turn_away(&mut tx, app, &known, &attempt.from, now, "code").await?;
            None
        }
    };
    tx.commit().await?;
    Ok(result.ok_or(AccessError::WrongCode)?)
}

fn admits(known: &Credentials, now: Timestamp) -> bool {
    known.state == UserState::Active && known.kind == UserKind::Person && lock_left(known.locked_until, now).is_none()
}

async fn admit(
    tx: &mut Tx,
    app: &App,
    known: &Credentials,
    from: &Comer,
    now: Timestamp,
    second_step: Option<&str>,
) -> Result<LoggedIn, StoreError> {
    tx.execute_one("update app_user set failures = 0, locked_until = null where id = $1", args![known.id]).await?;
    if let Some(previous) = &from.previous {
        tx.execute(
            "update session set ended_at = $1 where token_hash = $2 and ended_at is null",
            args![now, previous.fingerprint()],
        )
        .await?;
    }
    if let Some(lang) = from.language {
        session::keep_language(tx, known.id, lang).await?;
    }
    let agent: String = from.agent.chars().filter(|c| !c.is_control()).take(200).collect();
    let token = session::begin(tx, app, known.id, &from.address, &agent, now).await?;
    let actor = Actor { user: Some(known.id), name: known.name.clone(), ..nobody(from) };
    let device = from.device.fingerprint();
    let new_device = device::note(tx, known.id, &device, &agent, now).await?;
    if new_device {
        let news = News::NewDevice { device: device_name(&agent), address: from.address.clone() };
        let occasion = format!("device:{device}");
        let notice = Notice { news, thing: occasion.clone(), occasion, href: "/me".to_owned() };
        notice::tell_of_account(tx, app, known.id, &notice, now).await?;
    }
    let entry = Entry::new(None, "access.login", subject(known.id))
        .after(json!({"new_device": new_device, "second_step": second_step}));
    append(tx, app, actor, now, entry).await?;
    Ok(LoggedIn { user: known.id, token })
}

async fn turn_away(
    tx: &mut Tx,
    app: &App,
    known: &Credentials,
    from: &Comer,
    now: Timestamp,
    what: &str,
) -> Result<(), StoreError> {
    let entry = Entry::new(None, "access.login_refused", subject(known.id));
    if !admits(known, now) {
        // A locked door counts no further: its lock would never open.
        let why = if known.state == UserState::Active { "locked" } else { "disabled" };
        return append(tx, app, nobody(from), now, entry.after(json!({"why": why}))).await;
    }
    let (failures, until) = after_failure(&app.access(), known.failures, known.locked_until, now);
    tx.execute_one(
        "update app_user set failures = $1, locked_until = $2 where id = $3",
        args![failures, until, known.id],
    )
    .await?;
    let state = json!({"why": what, "failures": failures, "locked": until.is_some()});
    append(tx, app, nobody(from), now, entry.after(state)).await
}

/// Before the log-in succeeds nobody acts; only the address is known.
fn nobody(from: &Comer) -> Actor {
    Actor::system(Origin::Screen { address: from.address.clone() })
}

async fn append(tx: &mut Tx, app: &App, actor: Actor, now: Timestamp, entry: Entry) -> Result<(), StoreError> {
    let on = tx.fetch_optional("select current_on from business_day where id = 1", args![]).await?;
    let business_date = on.map(|row| row.get("current_on")).transpose()?.unwrap_or_else(|| civil_day(app.clock.now()));
    crate::audit::append(tx, &actor, now, business_date, &entry).await
}

/// Ends the visitor's session.
pub async fn log_out(visit: &Visit) -> Result<(), ActionError> {
    let mut work = Work::begin(&visit.app, visit.actor.clone()).await?;
    let user = own(&work)?;
    let now = work.now;
    session::end(&mut work.tx, user, &visit.session, now).await?;
    work.audit(Entry::new(None, "access.logout", subject(user))).await?;
    Ok(work.commit().await?)
}

/// Ends another session of the same person.
pub async fn end_session(work: &mut Work, fingerprint: &str) -> Result<(), ActionError> {
    let user = own(work)?;
    let now = work.now;
    match session::end(&mut work.tx, user, fingerprint, now).await? {
        0 => Err(AccessError::Unknown("session").into()),
        _ => Ok(work.audit(Entry::new(None, "access.session_ended", subject(user))).await?),
    }
}

/// Ends all sessions of the same person but the one that asks.
pub async fn end_other_sessions(work: &mut Work, kept: &str) -> Result<(), ActionError> {
    let user = own(work)?;
    let now = work.now;
    match session::end_others(&mut work.tx, user, kept, now).await? {
        0 => Err(AccessError::AlreadyDone.into()),
        ended => {
            let entry = Entry::new(None, "access.sessions_ended", subject(user)).after(json!({"sessions": ended}));
            Ok(work.audit(entry).await?)
        }
    }
}

/// Chooses a new password. All sessions of the person end; the answer is a new one for this browser.
///
/// Errors: [`AccessError::WrongPassword`], [`AccessError::WeakPassword`] (also for one of the last ones),
/// [`AccessError::PasswordsDiffer`].
pub async fn change_password(visit: &Visit, old: String, new: String, again: &str) -> Result<Token, ActionError> {
    let app = &visit.app;
    let cost = app.access().hashing;
    let user = visit.actor.user.ok_or(AccessError::Unknown("user"))?;
    let known = store::password_of(&mut app.db.read().await?, user).await?;
    let (login, hash) = known.ok_or(AccessError::Unknown("user"))?;
    if new.len() > MAX_PASSWORD_BYTES || old.len() > MAX_PASSWORD_BYTES {
        return Err(AccessError::Invalid("new").into());
    }
    if !secret::verify(cost, old.clone(), Some(hash.clone())).await? {
        return Err(AccessError::WrongPassword.into());
    }
    judge_password(&app.access(), &login, &new)?;
    if new == old {
        return Err(AccessError::WeakPassword(Weakness::Unchanged).into());
    }
    if new != again {
        return Err(AccessError::PasswordsDiffer.into());
    }
    refuse_used_before(app, user, &new).await?;
    let hashed = secret::hash(cost, new).await?;
    let mut work = Work::begin(app, visit.actor.clone()).await?;
    let now = work.now;
    work.tx
        .execute_one(
            "update app_user set password_hash = $1, must_change_password = 0, password_set_at = $2, \
             version = version + 1 where id = $3 and password_hash = $4",
            args![hashed, now, user, hash],
        )
        .await?;
    store::remember_password(&mut work, user, &hash).await?;
    let agent = session::list(&mut work.tx, &app.access(), user, now).await?;
    let agent = agent.into_iter().find(|one| one.fingerprint == visit.session).map(|one| one.agent).unwrap_or_default();
    session::end_all(&mut work.tx, user, now).await?;
    let token = session::begin(&mut work.tx, app, user, visit.request.address(), &agent, now).await?;
    work.audit(Entry::new(None, "access.password_changed", subject(user))).await?;
    work.commit().await?;
    Ok(token)
}

/// Compares with the hashes of the last passwords, as many as the policy names.
async fn refuse_used_before(app: &App, user: UserId, new: &str) -> Result<(), ActionError> {
    let last = app.access().password_history;
    let hashes = store::last_passwords(&mut app.db.read().await?, user, last).await?;
    for hash in hashes {
        if secret::verify(app.access().hashing, new.to_owned(), Some(hash)).await? {
            return Err(AccessError::WeakPassword(Weakness::UsedBefore { last }).into());
        }
    }
    Ok(())
}

fn own(work: &Work) -> Result<UserId, AccessError> {
    work.actor.user.ok_or(AccessError::Unknown("user"))
}
