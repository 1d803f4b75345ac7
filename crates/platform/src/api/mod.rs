//! The interface for programs (接口): every action that a page offers, under `/api/v1`, from the same handlers.
//!
//! - [`token`]: a program comes with a token; what it may do is what its owner may do today, within the token's scopes.
//! - [`shape`]: which fields a form takes, read off its type, so that no field is described twice.
//! - [`operation`]: what a route takes and gives, read off its handler's arguments.
//! - [`body`]: a JSON object as the fields of a form; unknown fields are refused by name.
//! - [`answer`]: places, rows and things as JSON; a page never goes out through this face.
//! - [`example`]: what stands beside fields and parameters, so that an operation can be tried.
//! - [`open_api`]: `/api/openapi.json`, made from the router; [`docs`]: the same for people.
//! - [`limit`]: how often a token may ask.
//!
//! Conventions and examples: `docs/api.md`; why it is built this way: `docs/decisions/`.

pub mod actions;
pub mod answer;
pub(crate) mod body;
mod derivation;
mod docs;
pub mod example;
pub mod limit;
pub mod open_api;
pub mod operation;
pub(crate) mod pages;
pub mod shape;
pub(crate) mod store;
pub mod token;

pub use answer::Data;
pub use derivation::DerivationData;
pub use token::{Bearer, SELF};

pub(crate) use answer::face;
pub(crate) use body::{NAMED, fields};
pub(crate) use token::recognise;

use axum::extract::{Form, FromRequest as _, Request};
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::args;
use crate::error::{RefusalKind, Refused};
use crate::hex::hex;
use crate::page::query_escape;
use crate::web::{Fields, Visit, WebError};
use crate::work::{Claim, Work};

/// Make tokens for oneself, and take them back.
pub const TOKEN_OWN: &str = "token.own";
/// See and take back everybody's tokens.
pub const TOKEN_MANAGE: &str = "token.manage";
/// The header that makes a second request do nothing.
pub const KEY_HEADER: &str = "idempotency-key";
/// The longest key.
const MAX_KEY: usize = 128;

/// The key against repetition, apart from those of forms.
pub(crate) fn key(headers: &HeaderMap) -> Result<String, WebError> {
    let given = headers.get(KEY_HEADER).and_then(|key| key.to_str().ok()).unwrap_or("").trim();
    if given.is_empty() || given.len() > MAX_KEY {
        return Err(WebError::NoKey);
    }
    Ok(format!("api:{given}"))
}

/// The fields as the type that the handler asks for, read exactly as a form is.
pub(crate) async fn form<T: DeserializeOwned + Send>(fields: &Fields, app: &App) -> Result<T, WebError> {
    let pairs = fields.pairs().iter().map(|(name, value)| format!("{}={}", query_escape(name), query_escape(value)));
    let request = Request::post("/")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(pairs.collect::<Vec<_>>().join("&").into())
        .map_err(|error| WebError::Malformed(error.to_string()))?;
    Ok(Form::<T>::from_request(request, app).await?.0)
}

/// What was asked, in one number: method, address and body.
pub(crate) fn fingerprint(parts: &axum::http::request::Parts, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for piece in [parts.method.as_str().as_bytes(), b" ", parts.uri.path().as_bytes(), b"\n", body] {
        hash.update(piece);
    }
    hex(&hash.finalize())
}

/// Opens a writing transaction for a request and takes its key.
///
/// Errors: a repetition, answered as the first time; the same key with something else.
pub(crate) async fn begin(visit: &Visit, key: &str, action: &'static str) -> Result<Work, WebError> {
    let sent = visit.token.as_ref().map(|token| token.request.clone()).unwrap_or_default();
    let user = visit.actor.recorded_by();
    let mut work = visit.begin().await?;
    match work.claim(key, action).await? {
        Claim::First => {
            let keep = "insert into api_request (user_id, key, fingerprint) values ($1, $2, $3)";
            work.tx.execute(keep, args![user, key, sent]).await?;
            Ok(work)
        }
        Claim::AlreadyDone { result } => {
            let first = "select fingerprint from api_request where user_id = $1 and key = $2";
            let first = work.tx.fetch_optional(first, args![user, key]).await?;
            let same =
                first.map(|row| row.get::<String>("fingerprint")).transpose()?.is_some_and(|first| first == sent);
            if same {
                Err(WebError::AlreadyDone { result })
            } else {
                Err(Refused::new(RefusalKind::Conflict, "key-reused").into())
            }
        }
    }
}
