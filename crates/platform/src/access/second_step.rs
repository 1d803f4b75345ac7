//! The second step of a log-in (两步验证): enrolling a device, codes, recovery codes. Tables `totp`, `recovery_code`,
//! `login_step`.
//!
//! The secret of a device is sealed in the vault; recovery codes are kept as digests, each good for once. A code is
//! taken once: its time step is noted with it. Wrong codes count with wrong passwords, and lock in the same way.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::actions::{editable_user, parse_reason, subject};
use super::totp::Secret;
use super::{AccessError, AccessRules, secret, session};
use crate::args;
use crate::audit::Entry;
use crate::db::{StoreError, Tx};
use crate::error::ActionError;
use crate::hex::hex;
use crate::id::UserId;
use crate::notice::{self, News, Notice};
use crate::vault::{Place, Sealed, Vault};
use crate::web::Token;
use crate::work::Work;

/// The column of the sealed secret.
/// Its part of the seal.
pub(crate) const COLUMN: &str = "totp.secret";

/// Whether and since when a person's log-in has a second step (两步验证状态).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SecondStep {
    /// None.
    Off,
    /// A secret was shown; no code has proved yet that a device has it.
    Begun,
    /// Every log-in asks for a code.
    On {
        /// Since when.
        since: Timestamp,
        /// Recovery codes that are left.
        recovery_left: i64,
    },
}

/// A person's secret as the table has it.
struct Enrolled {
    secret: Secret,
    confirmed: bool,
    last_step: i64,
}

/// How it stands.
pub(super) async fn state(tx: &mut Tx, user: UserId) -> Result<SecondStep, StoreError> {
    let row = tx
        .fetch_optional(
            "select confirmed_at, (select count(*) from recovery_code r where r.user_id = $1 and r.used_at is null) \
             as recovery_left from totp where user_id = $1",
            args![user],
        )
        .await?;
    let Some(row) = row else { return Ok(SecondStep::Off) };
    let recovery_left = row.get("recovery_left")?;
    Ok(match row.get::<Option<Timestamp>>("confirmed_at")? {
        None => SecondStep::Begun,
        Some(since) => SecondStep::On { since, recovery_left },
    })
}

/// Whether one of these roles must have a second step.
#[must_use]
pub(super) fn required(rules: &AccessRules, roles: &[String]) -> bool {
    roles.iter().any(|role| rules.second_step_roles.contains(role))
}

fn place(row: &str) -> Place<'_> {
    Place { column: COLUMN, row }
}

async fn enrolled(tx: &mut Tx, vault: &Vault, user: UserId) -> Result<Option<Enrolled>, ActionError> {
    let sql = "select secret_sealed, confirmed_at, last_step from totp where user_id = $1";
    let Some(row) = tx.fetch_optional(sql, args![user]).await? else { return Ok(None) };
    let sealed: Sealed<Secret> = row.get("secret_sealed")?;
    Ok(Some(Enrolled {
        secret: vault.open(place(&user.to_string()), &sealed)?,
        confirmed: row.get::<Option<Timestamp>>("confirmed_at")?.is_some(),
        last_step: row.get("last_step")?,
    }))
}

/// The secret that waits for its first code, to be shown to its owner.
pub(super) async fn pending_secret(work: &mut Work) -> Result<Option<Secret>, ActionError> {
    let (app, user) = (work.app.clone(), own(work)?);
    let found = enrolled(&mut work.tx, app.vault()?, user).await?;
    Ok(found.filter(|one| !one.confirmed).map(|one| one.secret))
}

/// Makes a secret for the person who asks; an earlier one that was never confirmed goes.
///
/// Errors: [`AccessError::AlreadyDone`] when a device is enrolled.
pub(super) async fn begin(work: &mut Work) -> Result<(), ActionError> {
    let user = own(work)?;
    let app = work.app.clone();
    let sealed = app.vault()?.seal(place(&user.to_string()), &Secret::new());
    let written = work
        .tx
        .execute(
            "insert into totp (user_id, secret_sealed, begun_at) values ($1, $2, $3) on conflict (user_id) do update \
             set secret_sealed = excluded.secret_sealed, begun_at = excluded.begun_at where totp.confirmed_at is null",
            args![user, sealed, work.now],
        )
        .await?;
    if written == 0 {
        return Err(AccessError::AlreadyDone.into());
    }
    Ok(work.audit(Entry::new(None, "access.second_step_begun", subject(user))).await?)
}

/// Confirms with a code that the device has the secret; the recovery codes, shown once.
///
/// Errors: [`AccessError::WrongCode`].
pub(super) async fn confirm(work: &mut Work, code: &str) -> Result<Vec<String>, ActionError> {
    let user = own(work)?;
    let app = work.app.clone();
    let found = enrolled(&mut work.tx, app.vault()?, user).await?.filter(|one| !one.confirmed);
    let found = found.ok_or(AccessError::AlreadyDone)?;
    let step = found.secret.step_of(code, work.now.as_second(), found.last_step).ok_or(AccessError::WrongCode)?;
    work.tx
        .execute_one(
            "update totp set confirmed_at = $1, last_step = $2 where user_id = $3 and confirmed_at is null",
            args![work.now, step, user],
        )
        .await?;
    let codes = fresh_codes(work, user).await?;
    work.audit(Entry::new(None, "access.second_step_on", subject(user))).await?;
    Ok(codes)
}

/// Another set of recovery codes; the earlier ones are worth nothing. A code of the device is asked for.
pub(super) async fn renew_codes(work: &mut Work, code: &str) -> Result<Vec<String>, ActionError> {
    let user = own(work)?;
    prove(work, user, code).await?;
    let codes = fresh_codes(work, user).await?;
    work.audit(Entry::new(None, "access.recovery_codes_renewed", subject(user))).await?;
    Ok(codes)
}

/// Ends the second step of the own log-in. A code of the device is asked for.
///
/// Errors: [`AccessError::SecondStepRequired`] when a role of the person must have it.
pub(super) async fn turn_off(work: &mut Work, code: &str) -> Result<(), ActionError> {
    let user = own(work)?;
    let own_roles = session::roles_of(&mut work.tx, user).await?;
    if required(&work.app.access(), &own_roles) {
        return Err(AccessError::SecondStepRequired.into());
    }
    prove(work, user, code).await?;
    remove(&mut work.tx, user).await?;
    Ok(work.audit(Entry::new(None, "access.second_step_off", subject(user))).await?)
}

/// Takes the second step off somebody who lost the device: another administrator, with a reason.
///
/// Errors: [`AccessError::OwnAccount`], [`AccessError::AlreadyDone`] when there is none.
pub(super) async fn reset(work: &mut Work, id: UserId, reason: &str) -> Result<(), ActionError> {
    let user = editable_user(work, id).await?;
    let reason = parse_reason(reason)?;
    if work.actor.user == Some(id) {
        return Err(AccessError::OwnAccount.into());
    }
    if remove(&mut work.tx, user.id).await? == 0 {
        return Err(AccessError::AlreadyDone.into());
    }
    let now = work.now;
    session::end_all(&mut work.tx, id, now).await?;
    let occasion = format!("second-step-reset:{}", work.next_id());
    let notice =
        Notice { news: News::SecondStepReset, thing: occasion.clone(), occasion, href: "/me/second-step".to_owned() };
    notice::tell(work, &[id], &notice).await?;
    Ok(work.audit(Entry::new(None, "user.second_step_reset", subject(id)).reason(reason)).await?)
}

async fn remove(tx: &mut Tx, user: UserId) -> Result<u64, StoreError> {
    tx.execute("delete from recovery_code where user_id = $1", args![user]).await?;
    tx.execute("delete from totp where user_id = $1", args![user]).await
}

/// A code of the enrolled device, from somebody who is logged in.
async fn prove(work: &mut Work, user: UserId, code: &str) -> Result<(), ActionError> {
    let app = work.app.clone();
    if take(&mut work.tx, app.vault()?, user, code, work.now).await? {
        Ok(())
    } else {
        Err(AccessError::WrongCode.into())
    }
}

/// Takes a code of the device, if it is one and was not taken before.
async fn take(tx: &mut Tx, vault: &Vault, user: UserId, code: &str, now: Timestamp) -> Result<bool, ActionError> {
    let Some(found) = enrolled(tx, vault, user).await?.filter(|one| one.confirmed) else { return Ok(false) };
    let Some(step) = found.secret.step_of(code, now.as_second(), found.last_step) else { return Ok(false) };
    // Of two that come with the same code at once, one finds it taken.
    let sql = "update totp set last_step = $1 where user_id = $2 and last_step < $1";
    Ok(tx.execute(sql, args![step, user]).await? == 1)
}

/// Takes a code of the device or a recovery code: which of them it was; nothing when it is neither.
pub(super) async fn take_any(
    tx: &mut Tx,
    vault: &Vault,
    user: UserId,
    code: &str,
    now: Timestamp,
) -> Result<Option<&'static str>, ActionError> {
    if take(tx, vault, user, code, now).await? {
        return Ok(Some("device"));
    }
    let sql = "update recovery_code set used_at = $1 where user_id = $2 and code_hash = $3 and used_at is null";
    let used = tx.execute(sql, args![now, user, digest(user, code)]).await?;
    Ok((used == 1).then_some("recovery"))
}

/// A set of recovery codes in place of the earlier ones.
async fn fresh_codes(work: &mut Work, user: UserId) -> Result<Vec<String>, StoreError> {
    work.tx.execute("delete from recovery_code where user_id = $1", args![user]).await?;
    let codes: Vec<String> = (0..work.app.access().recovery_codes).map(|_| secret::initial_password()).collect();
    for code in &codes {
        let id = work.next_id();
        let sql = "insert into recovery_code (user_id, id, code_hash) values ($1, $2, $3)";
        work.tx.execute(sql, args![user, id, digest(user, code)]).await?;
    }
    Ok(codes)
}

/// What is kept of a recovery code. It has 78 bits by chance, so a plain digest cannot be searched through.
fn digest(user: UserId, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    hex(&Sha256::digest(format!("{user}:{plain}")))
}

/// A log-in whose password was right (待验证登录).
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) user: UserId,
    pub(super) token_hash: String,
}

/// Lets a log-in wait for its code, as many seconds as the rules give it; the token is for the browser only.
pub(super) async fn wait(
    tx: &mut Tx,
    user: UserId,
    address: &str,
    now: Timestamp,
    seconds: i64,
) -> Result<Token, StoreError> {
    let token = Token::new();
    let until = Timestamp::from_second(now.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX);
    tx.execute("delete from login_step where expires_at <= $1", args![now]).await?;
    tx.execute(
        "insert into login_step (token_hash, user_id, address, begun_at, expires_at) values ($1, $2, $3, $4, $5)",
        args![token.fingerprint(), user, address, now, until],
    )
    .await?;
    Ok(token)
}

/// The log-in that waits behind a token, if it still does.
pub(super) async fn waiting(tx: &mut Tx, token: &Token, now: Timestamp) -> Result<Option<Waiting>, StoreError> {
    let token_hash = token.fingerprint();
    let sql = "select user_id from login_step where token_hash = $1 and expires_at > $2";
    let row = tx.fetch_optional(sql, args![token_hash, now]).await?;
    row.map(|row| Ok(Waiting { user: row.get("user_id")?, token_hash })).transpose()
}

/// A log-in waits no longer: it got its code.
pub(super) async fn waited(tx: &mut Tx, waiting: &Waiting) -> Result<(), StoreError> {
    tx.execute("delete from login_step where token_hash = $1", args![waiting.token_hash]).await.map(drop)
}

fn own(work: &Work) -> Result<UserId, AccessError> {
    work.actor.user.ok_or(AccessError::Unknown("user"))
}
