//! Tokens (接口令牌): what a program comes with. Shown once, stored as a fingerprint, limited and revocable.
//!
//! A token never allows more than its owner may do today: the owner's grants are read with every request, and the
//! token's scopes only take away from them.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use jiff::Timestamp;
use jiff::civil::Date;

use super::limit::Counted;
use crate::access::session::{self, Recognised, roles_of};
use crate::access::store::UserKind;
use crate::access::{Actor, Origin};
use crate::app::App;
use crate::args;
use crate::clock::civil_day;
use crate::db::{StoreError, Tx};
use crate::id::UserId;
use crate::locale::Lang;
use crate::notice;
use crate::web::{Token, WebError};

/// How every token begins: whoever finds one in a log or a repository knows what it is.
pub const PREFIX: &str = "lw_";
/// The scope of what needs no action but to be oneself: approvals on one's way, notices, views.
pub const SELF: &str = "self";
/// How often a token notes that it was used: a request must not cost a write each.
const USED_EVERY_SECONDS: i64 = 60;

/// A token as a request carries it (持令请求).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bearer {
    /// Its number.
    pub id: i64,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// What was asked with it: method, address and body as one fingerprint.
    pub request: String,
}

impl Bearer {
    /// The same with what was asked.
    #[must_use]
    pub(crate) fn with_request(&self, parts: &Parts, body: &[u8]) -> Self {
        Self { request: super::fingerprint(parts, body), ..self.clone() }
    }
}

/// A token as its owner and the administrator see it (令牌).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its number.
    pub id: i64,
    /// For whom it speaks.
    pub user: UserId,
    /// That person's name.
    pub owner: String,
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was used last.
    pub used_at: Option<Timestamp>,
    /// From where it was used last.
    pub used_from: String,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// Scopes as the table keeps them: between bars.
pub(super) fn kept(scopes: &BTreeSet<String>) -> String {
    let inner: Vec<&str> = scopes.iter().map(String::as_str).collect();
    format!("|{}|", inner.join("|"))
}

pub(super) fn read(kept: &str) -> BTreeSet<String> {
    kept.split('|').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// What of a minute's requests this process may let through: several servers share it.
fn share(app: &App, most: i64) -> i64 {
    let servers = app.in_house().servers.max(1);
    most.saturating_add(servers - 1).div_euclid(servers)
}

/// The person that a request's token speaks for, with what both allow.
pub(crate) async fn recognise(app: &App, headers: &HeaderMap, address: &str) -> Result<(Recognised, Bearer), WebError> {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
    let token = given.strip_prefix("Bearer ").and_then(|token| token.trim().strip_prefix(PREFIX));
    let stranger = Counted::Stranger(address.to_owned());
    let (rules, now) = (&app.access(), app.clock.now());
    let too_many = |seconds| WebError::TooMany { seconds };
    app.rates.full(&stranger, rules.bad_tokens, now).map_err(too_many)?;
    let Some(token) = token.and_then(Token::parse) else {
        app.rates.count(stranger, rules.bad_tokens, now).map_err(too_many)?;
        return Err(WebError::BadToken);
    };
    match find(app, &token, address).await? {
        Some(found) => {
            app.rates.count(Counted::Token(found.1.id), share(app, rules.token_requests), now).map_err(too_many)?;
            Ok(found)
        }
        None => {
            app.rates.count(stranger, rules.bad_tokens, now).map_err(too_many)?;
            let fingerprint = token.fingerprint();
            let short = fingerprint.get(..12).unwrap_or("");
            tracing::warn!(address, token = short, "a token of the interface was refused");
            Err(WebError::BadToken)
        }
    }
}

async fn find(app: &App, token: &Token, address: &str) -> Result<Option<(Recognised, Bearer)>, StoreError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let row = tx
        .fetch_optional(
            "select t.id as token_id, t.scopes, t.expires_at, t.used_at, u.id, u.name, u.kind, u.branch_id, u.team_id, \
             u.language, u.must_change_password, b.name as branch_name, \
             (select current_on from business_day where id = 1) as business_date, \
             (select value from setting where name = 'institution.name') as institution \
             from api_token t join app_user u on u.id = t.user_id join branch b on b.id = u.branch_id \
             where t.token_hash = $1 and t.revoked_at is null and u.state = 'active'",
            args![token.fingerprint()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    if now >= row.get::<Timestamp>("expires_at")? {
        return Ok(None);
    }
    let user: UserId = row.get("id")?;
    let roles = roles_of(&mut tx, user).await?;
    let unread = notice::unread(&mut tx, user).await?;
    drop(tx);
    let id: i64 = row.get("token_id")?;
    let used: Option<Timestamp> = row.get("used_at")?;
    if used.is_none_or(|used| now.as_second().saturating_sub(used.as_second()) >= USED_EVERY_SECONDS) {
        note_used(app, id, address, now).await;
    }
    let scopes = read(&row.get::<String>("scopes")?);
    let actor = Actor {
        user: Some(user),
        name: row.get("name")?,
        grants: app.roles().grants(roles.iter().map(String::as_str)),
        roles,
        service: row.get::<UserKind>("kind")? == UserKind::Service,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        origin: Origin::Api { address: address.to_owned(), token: id },
        stands_for: None,
    };
    let mut found = Recognised {
        actor,
        session: String::new(),
        csrf: String::new(),
        lang: row.get::<String>("language").map(|tag| Lang::parse(&tag).unwrap_or_default())?,
        must_change_password: row.get("must_change_password")?,
        // A program has no password to renew and no device to enrol.
        password_expired: false,
        must_enrol: false,
        institution: row.get::<Option<String>>("institution")?.unwrap_or_default(),
        branch: row.get("branch_name")?,
        unread,
        business_date: row.get::<Option<Date>>("business_date")?.unwrap_or_else(|| civil_day(now)),
        now,
    };
    narrow(&mut found.actor, &scopes);
    Ok(Some((found, Bearer { id, scopes, request: String::new() })))
}

/// Takes away what the token does not name.
fn narrow(actor: &mut Actor, scopes: &BTreeSet<String>) {
    actor.grants.retain(|action, _| scopes.contains(action));
}

/// Best effort, like that of sessions: a request does not fail because its note cannot be written now.
async fn note_used(app: &App, id: i64, address: &str, now: Timestamp) {
    let note = async {
        let mut tx: Tx = app.db.write().await?;
        let noted = "update api_token set used_at = $1, used_from = $2 where id = $3";
        tx.execute(noted, args![now, address, id]).await?;
        tx.commit().await
    };
    match tokio::time::timeout(session::SEEN_PATIENCE, note).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(cause = %error, "a token could not note that it was used"),
        Err(_) => tracing::debug!("a token did not wait to note that it was used"),
    }
}
