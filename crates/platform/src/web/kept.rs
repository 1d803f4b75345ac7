//! A form that lost its session (失去会话的表单): kept through the log-in and offered again to whoever sent it.
//!
//! Only a form with the token of the session that has ended is kept, so nobody else can plant one. Address and fields
//! lie sealed in the table, for as long as a session may be idle; the browser holds a random token, and nothing of
//! the form stands in an address or a log. What the form would do still needs the permission of who sends it again,
//! and its own key against double submits goes with it: what was done before is not done twice.

use askama::Template;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::posted::{check_origin, parse};
use super::request::text;
use super::token::same;
use super::{Circumstances, Posted, SESSION_COOKIE, Token, Visit, WebError, cookie, set_cookie};
use crate::app::App;
use crate::args;
use crate::db::StoreError;
use crate::error::ActionError;
use crate::id::UserId;
use crate::page::{CSRF_FIELD, Icon, Page, Ui, own_address};
use crate::vault::{Personal, Place, Sealed};

/// The cookie that finds the kept form again.
const KEPT_COOKIE: &str = "loanward_kept";
/// The largest form that is kept; nobody types more.
const MAX_BYTES: usize = 256 * 1024;
/// Its part of the seal.
pub(crate) const COLUMN: &str = "kept_form.form_sealed";

/// A form as it was sent (表单原文).
#[derive(Serialize, Deserialize)]
struct Form {
    to: String,
    fields: Vec<(String, String)>,
}

/// A form as the vault seals it.
struct Typed(String);

impl Personal for Typed {
    const KIND: &'static str = "kept_form";
    const REVEALED: &'static str = "personal.reveal.kept_form";

    fn clear(&self) -> &str {
        &self.0
    }
    fn from_clear(text: String) -> Self {
        Self(text)
    }
    fn normalise(text: &str) -> String {
        text.to_owned()
    }
    fn masked(&self) -> String {
        String::new()
    }
}

/// The answer to a request without a session: to the log-in, with its form kept where it has one worth keeping.
pub(super) async fn or_log_in(app: &App, parts: Parts, body: Body, error: WebError) -> Response {
    if !matches!(error, WebError::NotLoggedIn { .. }) {
        return error.into_response();
    }
    let request = Circumstances::in_parts(&parts);
    match keep(app, &parts, body).await {
        Ok(Some(token)) => {
            let mut answer = WebError::NotLoggedIn { next: "/kept".to_owned() }.into_response();
            let life = app.access().idle_seconds;
            let kept = set_cookie(KEPT_COOKIE, Some(token.expose()), request.secure(), Some(life));
            answer.headers_mut().append(header::SET_COOKIE, kept);
            answer
        }
        Ok(None) => error.into_response(),
        Err(cause) => {
            tracing::warn!(request = request.id(), %cause, "a form could not be kept");
            error.into_response()
        }
    }
}

/// Keeps the form, if it is one of ours whose session has ended; the token for the browser.
async fn keep(app: &App, parts: &Parts, body: Body) -> Result<Option<Token>, WebError> {
    let kind = text(&parts.headers, "content-type").unwrap_or("");
    let typed = parts.method == Method::POST && kind.starts_with("application/x-www-form-urlencoded");
    if !typed || text(&parts.headers, "accept").is_some_and(|accept| accept.contains("json")) {
        return Ok(None);
    }
    let Some(vault) = &app.settings.vault else { return Ok(None) };
    let Some(session) = cookie(&parts.headers, SESSION_COOKIE).and_then(Token::parse) else { return Ok(None) };
    check_origin(&parts.headers)?;
    let Ok(body): Result<Bytes, _> = to_bytes(body, MAX_BYTES).await else { return Ok(None) };
    let fields = parse::<Vec<(String, String)>>(parts, &body, app).await?;
    let Some(user) = sender(app, &session, &fields).await? else { return Ok(None) };
    let secret = |name: &str| name == CSRF_FIELD || name.contains("password");
    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| !secret(name)).collect();
    let to = Circumstances::in_parts(parts).here().to_owned();
    if own_address(&to) != to || to.starts_with("/password") || to.starts_with("/logout") {
        return Ok(None);
    }
    let form = serde_json::to_string(&Form { to, fields }).map_err(|e| ActionError::Internal(e.to_string()))?;
    let token = Token::new();
    let place = token.fingerprint();
    let sealed = vault.seal(Place { column: COLUMN, row: &place }, &Typed(form));
    let now = app.clock.now();
    let until = now.as_second().saturating_add(app.access().idle_seconds);
    let until = Timestamp::from_second(until).unwrap_or(Timestamp::MAX);
    let mut tx = app.db.write().await?;
    // One form a person: the last one. What nobody came back for goes at the same time.
    tx.execute("delete from kept_form where user_id = $1 or expires_at <= $2", args![user, now]).await?;
    tx.execute(
        "insert into kept_form (token_hash, user_id, form_sealed, kept_at, expires_at) values ($1, $2, $3, $4, $5)",
        args![place, user, sealed, now, until],
    )
    .await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Who sent a form with the token of this session, alive or ended.
async fn sender(app: &App, session: &Token, fields: &[(String, String)]) -> Result<Option<UserId>, StoreError> {
    let row = app
        .db
        .read()
        .await?
        .fetch_optional(
            "select s.user_id, s.csrf_token from session s join app_user u on u.id = s.user_id \
             where s.token_hash = $1 and u.state = 'active'",
            args![session.fingerprint()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let own: String = row.get("csrf_token")?;
    let sent = fields.iter().find(|(name, _)| name == CSRF_FIELD);
    if sent.is_some_and(|(_, sent)| same(sent, &own)) { Ok(Some(row.get("user_id")?)) } else { Ok(None) }
}

/// The form that waits for this person in this browser, with the fingerprint of its token.
async fn waiting(visit: &Visit, headers: &HeaderMap) -> Result<Option<(String, Form)>, WebError> {
    let Some(token) = cookie(headers, KEPT_COOKIE).and_then(Token::parse) else { return Ok(None) };
    let place = token.fingerprint();
    let row = visit
        .app
        .db
        .read()
        .await?
        .fetch_optional(
            "select form_sealed from kept_form where token_hash = $1 and user_id = $2 and expires_at > $3",
            args![place, visit.user()?, visit.now],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let sealed: Sealed<Typed> = row.get("form_sealed")?;
    let vault = visit.app.vault().map_err(ActionError::from)?;
    let Typed(text) = vault.open(Place { column: COLUMN, row: &place }, &sealed).map_err(ActionError::from)?;
    let form = serde_json::from_str(&text).map_err(|e| ActionError::Internal(e.to_string()))?;
    Ok(Some((place, form)))
}

#[derive(Template)]
#[template(path = "access/kept.html")]
struct KeptPage<'a> {
    ui: &'a Ui,
    form: Option<Form>,
    csrf: String,
}

impl KeptPage<'_> {
    /// What a person typed: no technical fields, nothing empty.
    fn shown<'f>(&self, form: &'f Form) -> Vec<&'f (String, String)> {
        form.fields.iter().filter(|(name, value)| !name.starts_with('_') && !value.trim().is_empty()).collect()
    }
}

/// `/kept`
pub(super) async fn page(visit: Visit, headers: HeaderMap) -> Result<Response, WebError> {
    let ui = visit.ui();
    let form = waiting(&visit, &headers).await?.map(|(_, form)| form);
    let body = KeptPage { ui: &ui, form, csrf: visit.csrf.clone() };
    visit.page(&Page::new(ui.t("kept-title"), ""), &body)
}

/// Sends the form where it was going: the browser repeats it there (307), with this session's token.
pub(super) async fn send(headers: HeaderMap, posted: Posted<Vec<(String, String)>>) -> Result<Response, WebError> {
    match waiting(&posted.visit, &headers).await? {
        None => Ok(Redirect::to("/kept").into_response()),
        Some((place, form)) => forget(&posted.visit, &place, Redirect::temporary(&form.to).into_response()).await,
    }
}

/// Throws the form away.
pub(super) async fn discard(headers: HeaderMap, posted: Posted<Vec<(String, String)>>) -> Result<Response, WebError> {
    let home = Redirect::to("/").into_response();
    match waiting(&posted.visit, &headers).await? {
        None => Ok(home),
        Some((place, _)) => forget(&posted.visit, &place, home).await,
    }
}

async fn forget(visit: &Visit, place: &str, mut answer: Response) -> Result<Response, WebError> {
    let mut tx = visit.app.db.write().await?;
    tx.execute("delete from kept_form where token_hash = $1", args![place]).await?;
    tx.commit().await?;
    answer.headers_mut().append(header::SET_COOKIE, set_cookie(KEPT_COOKIE, None, visit.request.secure(), None));
    Ok(answer)
}
