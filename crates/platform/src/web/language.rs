//! The switch of language (切换语言): kept with the person; before the log-in in a cookie, which the log-in spends.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::request::LANGUAGE_COOKIE;
use super::visit::SESSION_COOKIE;
use super::{Circumstances, Token, WebError, cookie, set_cookie};
use crate::access::session;
use crate::app::App;
use crate::locale::Lang;
use crate::page::own_address;

/// A year, for a choice that nobody wants to repeat.
const YEAR_SECONDS: i64 = 365 * 24 * 3600;

#[derive(Debug, Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    to: String,
}

/// `/language/en?to=/loans`
pub(super) async fn switch(
    State(app): State<App>,
    request: Circumstances,
    Path(tag): Path<String>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let lang = Lang::parse(&tag).ok_or(WebError::NoSuchPage)?;
    if let Some(token) = cookie(&headers, SESSION_COOKIE).and_then(Token::parse)
        && let Some(found) = session::recognise(&app, &token, request.address()).await?
    {
        session::choose_language(&app, found.user(), lang).await?;
        return Ok(Redirect::to(own_or_home(&back.to)).into_response());
    }
    let kept = set_cookie(LANGUAGE_COOKIE, Some(lang.tag()), request.secure(), Some(YEAR_SECONDS));
    Ok(([(header::SET_COOKIE, kept)], Redirect::to(own_or_home(&back.to))).into_response())
}

fn own_or_home(to: &str) -> &str {
    match own_address(to) {
        "#" | "" => "/",
        own => own,
    }
}
