//! Sessions (会话): who is logged in, from which browser, until when.
//!
//! The browser holds a random token; the table holds only its fingerprint. A session ends when it is
//! idle too long, too old, logged out, ended by its owner or an administrator, or its user is disabled.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::delegation::{self, DelegationId};
use super::rules::password_expired;
use super::{AccessRules, Actor, Origin, second_step};
use crate::app::App;
use crate::args;
use crate::clock::civil_day;
use crate::db::{StoreError, Tx};
use crate::id::UserId;
use crate::locale::Lang;
use crate::notice;
use crate::web::Token;

/// How often a session notes that it was seen: a page must not cost a write each.
const SEEN_EVERY_SECONDS: i64 = 60;
/// How long a page waits for that note while somebody else writes; it is not worth more.
pub(crate) const SEEN_PATIENCE: Duration = Duration::from_millis(300);

/// A person recognised by a session (已登录的人).
#[derive(Debug, Clone)]
pub struct Recognised {
    /// Who it is, with what the roles grant.
    pub actor: Actor,
    /// The fingerprint of the session's token.
    pub session: String,
    /// The token for forms.
    pub csrf: String,
    /// The person's language.
    pub lang: Lang,
    /// Whether a password must be chosen first.
    pub must_change_password: bool,
    /// Whether that is because the old one has held too long.
    pub password_expired: bool,
    /// Whether a role must have a second step that the person has not enrolled for.
    pub must_enrol: bool,
    /// Notices that the person has not read.
    pub unread: i64,
    /// The institution's name.
    pub institution: String,
    /// The branch's name.
    pub branch: String,
    /// The business date.
    pub business_date: Date,
    /// The moment.
    pub now: Timestamp,
}

impl Recognised {
    /// The person's key.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.actor.user.unwrap_or(UserId(0))
    }
}

/// A session as its owner sees it (我的会话).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The fingerprint of its token.
    pub fingerprint: String,
    /// From where.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// Since when.
    pub started_at: Timestamp,
    /// Last seen.
    pub seen_at: Timestamp,
}

/// The person behind a token, if its session is alive.
pub async fn recognise(app: &App, token: &Token, address: &str) -> Result<Option<Recognised>, StoreError> {
    let now = app.clock.now();
    let session = token.fingerprint();
    let mut tx = app.db.read().await?;
    let row = tx
        .fetch_optional(
            "select s.csrf_token, s.seen_at, s.expires_at, u.id, u.name, u.branch_id, u.team_id, u.language, \
             u.must_change_password, coalesce(u.password_set_at, u.created_at) as password_set_at, \
             s.delegation_id, \
             (select count(*) from totp t where t.user_id = u.id and t.confirmed_at is not null) as devices, b.name as branch_name, \
             (select current_on from business_day where id = 1) as business_date, \
             (select value from setting where name = 'institution.name') as institution \
             from session s join app_user u on u.id = s.user_id join branch b on b.id = u.branch_id \
             where s.token_hash = $1 and s.ended_at is null and u.state = 'active'",
            args![session],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let (seen_at, expires_at): (Timestamp, Timestamp) = (row.get("seen_at")?, row.get("expires_at")?);
    let idle = now.as_second().saturating_sub(seen_at.as_second());
    if now >= expires_at || idle >= app.access().idle_seconds {
        return Ok(None);
    }
    let user: UserId = row.get("id")?;
    let own_roles = roles_of(&mut tx, user).await?;
    let business_date = row.get::<Option<Date>>("business_date")?.unwrap_or_else(|| civil_day(now));
    let hat = match row.get::<Option<DelegationId>>("delegation_id")? {
        Some(id) => delegation::stand_in(&mut tx, id, user, business_date).await?,
        None => None,
    };
    let unread = notice::unread(&mut tx, user).await?;
    drop(tx);
    let enrolled = row.get::<i64>("devices")? > 0;
    let (rules, hat_roles) = (&app.access(), hat.as_ref().map_or(&[][..], |hat| hat.roles.as_slice()));
    let must_enrol = !enrolled && (second_step::required(rules, &own_roles) || second_step::required(rules, hat_roles));
    let password_expired = password_expired(&app.access(), row.get("password_set_at")?, now);
    if idle >= SEEN_EVERY_SECONDS {
        note_seen(app, &session, now).await;
    }
    let (roles, branch, team, stands_for) = match hat {
        Some(hat) => (hat.roles, hat.branch, hat.team, Some(hat.stand_in)),
        None => (own_roles, row.get("branch_id")?, row.get("team_id")?, None),
    };
    let actor = Actor {
        user: Some(user),
        name: row.get("name")?,
        grants: app.roles().grants(roles.iter().map(String::as_str)),
        roles,
        service: false,
        branch,
        team,
        origin: Origin::Screen { address: address.to_owned() },
        stands_for,
    };
    Ok(Some(Recognised {
        actor,
        session,
        csrf: row.get("csrf_token")?,
        lang: row.get::<String>("language").map(|tag| Lang::parse(&tag).unwrap_or_default())?,
        must_change_password: password_expired || row.get("must_change_password")?,
        password_expired,
        must_enrol,
        institution: row.get::<Option<String>>("institution")?.unwrap_or_default(),
        branch: row.get("branch_name")?,
        unread,
        business_date,
        now,
    }))
}

/// The person as they may act today, for what runs in their name beside a request; none who may not come in.
///
/// # Errors
/// The store's.
pub async fn actor_of(app: &App, user: UserId) -> Result<Option<Actor>, StoreError> {
    let mut tx = app.db.read().await?;
    actor_within(&mut tx, app, user).await
}

/// The same within a transaction that is under way.
///
/// # Errors
/// The store's.
pub async fn actor_within(tx: &mut Tx, app: &App, user: UserId) -> Result<Option<Actor>, StoreError> {
    let Some(known) = super::store::user(tx, user).await? else { return Ok(None) };
    if known.state != super::store::UserState::Active {
        return Ok(None);
    }
    Ok(Some(Actor {
        user: Some(user),
        name: known.name,
        grants: app.roles().grants(known.roles.iter().map(String::as_str)),
        roles: known.roles,
        service: known.kind == super::store::UserKind::Service,
        branch: known.branch,
        team: known.team,
        origin: Origin::Console,
        stands_for: None,
    }))
}

/// The roles in effect of a user.
pub async fn roles_of(tx: &mut Tx, user: UserId) -> Result<Vec<String>, StoreError> {
    tx.fetch_all("select role from user_role where user_id = $1 order by role limit 100", args![user])
        .await?
        .iter()
        .map(|row| row.get("role"))
        .collect()
}

/// Best effort: a session that cannot note it now notes it with its next page.
async fn note_seen(app: &App, session: &str, now: Timestamp) {
    let note = async {
        let mut tx = app.db.write().await?;
        tx.execute("update session set seen_at = $1 where token_hash = $2", args![now, session]).await?;
        tx.commit().await
    };
    match tokio::time::timeout(SEEN_PATIENCE, note).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(cause = %error, "a session could not note that it was seen"),
        Err(_) => tracing::debug!("a session did not wait to note that it was seen"),
    }
}

/// Keeps the person's choice of language.
pub async fn choose_language(app: &App, user: UserId, lang: Lang) -> Result<(), StoreError> {
    let mut tx = app.db.write().await?;
    keep_language(&mut tx, user, lang).await?;
    tx.commit().await
}

/// The same, in a transaction that is open.
pub(super) async fn keep_language(tx: &mut Tx, user: UserId, lang: Lang) -> Result<(), StoreError> {
    tx.execute("update app_user set language = $1 where id = $2", args![lang.tag(), user]).await.map(drop)
}

/// Begins a session; what comes back is for the browser only.
pub(super) async fn begin(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    address: &str,
    agent: &str,
    now: Timestamp,
) -> Result<Token, StoreError> {
    let (token, csrf) = (Token::new(), Token::new());
    let expires =
        Timestamp::from_second(now.as_second().saturating_add(app.access().session_seconds)).unwrap_or(Timestamp::MAX);
    tx.execute(
        "insert into session (token_hash, user_id, csrf_token, address, agent, started_at, seen_at, expires_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![token.fingerprint(), user, csrf.expose(), address, agent, now, now, expires],
    )
    .await?;
    Ok(token)
}

/// Ends one session of a user; the number ended.
pub(super) async fn end(tx: &mut Tx, user: UserId, fingerprint: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "update session set ended_at = $1 where user_id = $2 and token_hash = $3 and ended_at is null",
        args![now, user, fingerprint],
    )
    .await
}

/// Ends all sessions of a user but this one; the number ended.
pub(super) async fn end_others(tx: &mut Tx, user: UserId, kept: &str, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "update session set ended_at = $1 where user_id = $2 and token_hash <> $3 and ended_at is null",
        args![now, user, kept],
    )
    .await
}

/// Ends all sessions of a user, and log-ins that wait for their code; the number of sessions ended.
pub(super) async fn end_all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute("delete from login_step where user_id = $1", args![user]).await?;
    tx.execute("update session set ended_at = $1 where user_id = $2 and ended_at is null", args![now, user]).await
}

/// The live sessions of a user, the latest first.
pub async fn list(tx: &mut Tx, rules: &AccessRules, user: UserId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    // Who was idle for too long is out, though the row does not say so.
    let awake = Timestamp::from_second(now.as_second().saturating_sub(rules.idle_seconds)).unwrap_or(Timestamp::MIN);
    tx.fetch_all(
        "select token_hash, address, agent, started_at, seen_at from session \
         where user_id = $1 and ended_at is null and expires_at > $2 and seen_at > $3 \
         order by seen_at desc, token_hash limit 50",
        args![user, now, awake],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Session {
            fingerprint: row.get("token_hash")?,
            address: row.get("address")?,
            agent: row.get("agent")?,
            started_at: row.get("started_at")?,
            seen_at: row.get("seen_at")?,
        })
    })
    .collect()
}
