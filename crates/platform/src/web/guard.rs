//! The guards around all pages (守卫): headers, limits, the log line, the drawing of failures.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use super::way_back::Pages;
use super::{Circumstances, Visit, WebError, failure, health, once_key};
use crate::api;
use crate::api::answer::Places;
use crate::app::App;

/// What a page may load: only files of this server, no inline script, no evaluation.
/// Inline style attributes stay for the widths of bars and meters.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The largest form without files.
const MAX_FORM_BYTES: usize = 2 * 1024 * 1024;
/// The longest that a page may take, from the head of its request on; what takes longer runs beside and shows its
/// progress.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// Puts the guards around the pages and gives the router its program.
pub(super) fn around(app: &App, (places, ways): (Places, Pages), limit: Duration, pages: Router<App>) -> Router {
    pages
        .fallback(nowhere)
        .method_not_allowed_fallback(async || WebError::WrongMethod)
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(from_fn_with_state((app.clone(), Arc::new(places), ways, limit), watch))
        .with_state(app.clone())
}

/// There is no such page: said in the language of whoever asks, where a session tells it.
async fn nowhere(State(app): State<App>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let answer = WebError::NoSuchPage.into_response();
    if Circumstances::in_parts(&parts).api() {
        return answer;
    }
    // Whether anybody is logged in changes nothing else.
    match Visit::recognise(&mut parts, &app).await {
        Ok(visit) => failure::met_by(visit, answer),
        Err(_) => answer,
    }
}

/// Notes the circumstances, lets the request through, draws its failure, logs one line without personal data.
async fn watch(
    State((app, places, ways, limit)): State<(App, Arc<Places>, Pages, Duration)>,
    request: Request,
    next: Next,
) -> Response {
    let started = app.clock.now();
    let (mut parts, body) = request.into_parts();
    let circumstances = Circumstances::of(&parts, once_key(), app.settings.trusts_proxy);
    parts.extensions.insert(circumstances.clone());
    let method = parts.method.clone();
    let route = parts.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let answer = next.run(Request::from_parts(parts, body));
    let answer = match tokio::time::timeout(limit, answer).await {
        Ok(answer) => answer,
        Err(_) => WebError::TimedOut.into_response(),
    };
    let mut answer = failure::draw(&app, &ways, &circumstances, answer);
    if circumstances.api() {
        answer = failure::draw(&app, &ways, &circumstances, api::face(&places, &circumstances, answer));
    }
    seal(answer.headers_mut(), circumstances.id());
    health::count(answer.status());
    tracing::info!(
        request = circumstances.id(),
        method = known(&method),
        route = route.as_deref().unwrap_or("-"),
        status = answer.status().as_u16(),
        ms = app.clock.now().as_millisecond() - started.as_millisecond(),
        user = circumstances.user(),
        "request"
    );
    answer
}

/// The headers that every answer carries.
fn seal(headers: &mut HeaderMap, id: &str) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(self), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(header::HeaderName::from_static("x-request-id"), id);
    }
}

/// The method of a request, for the log: whatever else a client calls a method is its own text.
fn known(method: &Method) -> &str {
    let usual = [Method::GET, Method::POST, Method::HEAD, Method::OPTIONS, Method::PUT, Method::PATCH, Method::DELETE];
    if usual.contains(method) { method.as_str() } else { "-" }
}
