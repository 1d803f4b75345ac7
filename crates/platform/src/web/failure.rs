//! Failures (拒绝与故障) as answers: one exhaustive map from error to status and page.
//!
//! A handler does not know the visitor's language. So [`WebError`] answers with a bare [`Failure`], and
//! the outermost guard draws it: a page in the visitor's language, or problem+json (RFC 9457).

use askama::Template;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::way_back::{Pages, WayBack};
use super::{Circumstances, Visit};
use crate::access;
use crate::app::App;
use crate::asset;
use crate::db::StoreError;
use crate::error::{ActionError, RefusalKind, Refused};
use crate::locale::Locale;
use crate::page::{self, Button, Html, Icon, Look, Page, Refusal, Ui, own_address, query_escape};
use crate::vault::mask_numbers;

/// Why a request gets no page (网页错误).
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The use case refused or failed.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// A page could not be drawn.
    #[error("page: {0}")]
    Page(#[from] askama::Error),
    /// Nobody is logged in.
    #[error("not logged in")]
    NotLoggedIn {
        /// Where to go after the log-in.
        next: String,
    },
    /// The first password must be chosen before anything else.
    #[error("the first password is not yet chosen")]
    PasswordFirst,
    /// A role must have a second step; the person enrols a device before anything else.
    #[error("no device is enrolled for the second step")]
    SecondStepFirst,
    /// The form did not come from our own page, or its page is older than the session.
    #[error("forged or outdated form")]
    Forged,
    /// The form or the address cannot be read.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The form or file is larger than allowed.
    #[error("too large")]
    TooLarge,
    /// It took longer than a page may take.
    #[error("timed out")]
    TimedOut,
    /// There is no such page.
    #[error("no such page")]
    NoSuchPage,
    /// The page is only to be looked at, or only to be sent to.
    #[error("method not allowed")]
    WrongMethod,
    /// The token is none, has ended, or speaks for nobody who may come in.
    #[error("no such token")]
    BadToken,
    /// A writing request of a program without its key against repetition.
    #[error("no idempotency key")]
    NoKey,
    /// The token asked too often, or the address came with too many that are none.
    #[error("too many requests")]
    TooMany {
        /// The seconds to wait.
        seconds: i64,
    },
    /// The body is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The form was sent before; here is where its result is shown.
    #[error("already done")]
    AlreadyDone {
        /// A path within the application.
        result: String,
    },
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        Self::Action(error.into())
    }
}

impl From<Refused> for WebError {
    fn from(refused: Refused) -> Self {
        Self::Action(refused.into())
    }
}

impl From<access::Denied> for WebError {
    fn from(denied: access::Denied) -> Self {
        Self::Action(denied.into())
    }
}

impl From<page::list::ListQueryError> for WebError {
    fn from(error: page::list::ListQueryError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// What the guard draws (待绘制的错误).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The status.
    pub status: StatusCode,
    /// The message: `failure-<code>` with title and `-text`, when it is no business refusal.
    pub code: &'static str,
    /// The business refusal.
    pub refused: Option<Box<Refused>>,
    /// What the log says; never shown.
    pub cause: Option<String>,
}

impl Failure {
    fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, refused: None, cause: None }
    }

    fn because(self, cause: impl ToString) -> Self {
        Self { cause: Some(cause.to_string()), ..self }
    }

    fn refusal(refused: Box<Refused>) -> Self {
        let (status, code) = match refused.kind {
            RefusalKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            RefusalKind::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            RefusalKind::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            RefusalKind::Conflict => (StatusCode::CONFLICT, "conflict"),
        };
        Self { refused: Some(refused), ..Self::new(status, code) }
    }

    fn store(error: &StoreError) -> Self {
        if error.is_unavailable() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").because(error);
        }
        if error.is_full() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "no-room").because(error);
        }
        match error {
            StoreError::Stale { .. } => Self::new(StatusCode::CONFLICT, "changed"),
            StoreError::Driver(_)
            | StoreError::Sqlite(_)
            | StoreError::Busy
            | StoreError::Closed
            | StoreError::NoRow
            | StoreError::Corrupt { .. }
            | StoreError::Url { .. }
            | StoreError::Migrate(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").because(error),
        }
    }
}

impl WebError {
    /// The one map from error to answer; every variant is named.
    fn answer(self) -> Response {
        let internal = || Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal");
        let failure = match self {
            Self::Action(ActionError::Refused(refused)) => Failure::refusal(refused),
            Self::Action(ActionError::Store(error)) => Failure::store(&error),
            Self::Action(ActionError::Internal(cause)) => internal().because(cause),
            Self::Page(cause) => internal().because(cause),
            Self::Forged => Failure::new(StatusCode::FORBIDDEN, "forged"),
            Self::Malformed(cause) => Failure::new(StatusCode::BAD_REQUEST, "malformed").because(cause),
            Self::TooLarge => Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::TimedOut => Failure::new(StatusCode::SERVICE_UNAVAILABLE, "timed-out"),
            Self::NoSuchPage => Failure::new(StatusCode::NOT_FOUND, "no-such-page"),
            Self::WrongMethod => Failure::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method"),
            Self::TooMany { seconds } => {
                let mut answer = Failure::new(StatusCode::TOO_MANY_REQUESTS, "too-many").into_response();
                answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                return answer;
            }
            Self::NoKey => Failure::new(StatusCode::BAD_REQUEST, "key-missing"),
            Self::NotJson => Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"),
            Self::BadToken => {
                let mut answer = Failure::new(StatusCode::UNAUTHORIZED, "bad-token").into_response();
                answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                return answer;
            }
            Self::NotLoggedIn { next } => {
                let mut answer = Failure::new(StatusCode::UNAUTHORIZED, "not-logged-in").into_response();
                answer.extensions_mut().insert(Elsewhere(format!("/login?next={}", query_escape(&next))));
                return answer;
            }
            Self::PasswordFirst => {
                let mut answer = Failure::new(StatusCode::FORBIDDEN, "password-first").into_response();
                answer.extensions_mut().insert(Elsewhere("/password".to_owned()));
                return answer;
            }
            Self::SecondStepFirst => {
                let mut answer = Failure::new(StatusCode::FORBIDDEN, "second-step-first").into_response();
                answer.extensions_mut().insert(Elsewhere("/me/second-step".to_owned()));
                return answer;
            }
            Self::AlreadyDone { result } => return Redirect::to(own_or_home(&result)).into_response(),
        };
        failure.into_response()
    }
}

/// The place of a first result; an unsettled key leads home.
fn own_or_home(result: &str) -> &str {
    match own_address(result) {
        "#" | "" => "/",
        own => own,
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        self.answer()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Where a page sends who may not see it yet; data gets the failure instead.
#[derive(Debug, Clone)]
struct Elsewhere(String);

/// Who met a refusal (遇到拒绝的人): it is drawn inside this person's frame.
#[derive(Debug, Clone)]
struct MetBy(Visit);

/// Notes with a refusal who met it. What broke is drawn without a frame: the frame may be what is broken.
pub(super) fn met_by(visit: Visit, mut answer: Response) -> Response {
    if answer.status().is_client_error() && !visit.must_change_password && !visit.must_enrol {
        answer.extensions_mut().insert(MetBy(visit));
    }
    answer
}

/// Draws the failure that an answer carries, if it carries one.
pub(super) fn draw(app: &App, pages: &Pages, request: &Circumstances, mut response: Response) -> Response {
    let Some(failure) = response.extensions_mut().remove::<Failure>().or_else(|| unread(&response)) else {
        return response;
    };
    if let Some(cause) = &failure.cause
        && failure.status.is_server_error()
    {
        tracing::error!(request = request.id(), code = failure.code, cause, "request failed");
    }
    if request.json() {
        let mut answer = problem(app, request, &failure);
        for name in [header::WWW_AUTHENTICATE, header::RETRY_AFTER] {
            if let Some(value) = response.headers_mut().remove(&name) {
                answer.headers_mut().insert(name, value);
            }
        }
        return wait(failure.status, answer);
    }
    if let Some(Elsewhere(path)) = response.extensions_mut().remove::<Elsewhere>() {
        let mut answer = elsewhere(request, &path);
        // What the browser shall keep on its way goes with it.
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
        }
        return answer;
    }
    if let Some(MetBy(visit)) = response.extensions_mut().remove::<MetBy>()
        && failure.status.is_client_error()
        && !request.fragment()
        && let Ok(html) = framed(app, pages, &visit, request, &failure)
    {
        return (failure.status, html).into_response();
    }
    let answer = match page(app, request, &failure).render() {
        Ok(html) => (failure.status, axum::response::Html(html)).into_response(),
        Err(_) => failure.status.into_response(),
    };
    wait(failure.status, answer)
}

/// Says when to come again, where that is of use.
fn wait(status: StatusCode, mut answer: Response) -> Response {
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    answer
}

/// An address or question that the framework could not read and said so in words of its own: those echo what was
/// sent, in one language only, so they never go out.
fn unread(response: &Response) -> Option<Failure> {
    let kind = response.headers().get(header::CONTENT_TYPE)?;
    let own_words = response.status().is_client_error() && kind.as_bytes().starts_with(b"text/plain");
    let found = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        _ => Failure::new(StatusCode::BAD_REQUEST, "malformed"),
    };
    own_words.then_some(found)
}

fn elsewhere(request: &Circumstances, path: &str) -> Response {
    if request.fragment() {
        // A part of a page cannot become the log-in: the whole page goes there.
        let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/login"));
        return (StatusCode::UNAUTHORIZED, [(header::HeaderName::from_static("hx-redirect"), place)]).into_response();
    }
    Redirect::to(path).into_response()
}

/// A failure as a page.
#[derive(Debug, Template)]
#[template(path = "access/failure.html")]
struct FailurePage {
    ui: Ui,
    status: u16,
    title: String,
    text: String,
    refusal: Html,
    id: String,
}

/// A refusal inside the frame of the person who met it, with the ways back.
#[derive(Debug, Template)]
#[template(path = "access/refused.html")]
struct RefusedBody {
    ui: Ui,
    status: u16,
    text: String,
    refusal: Html,
    buttons: Html,
    id: String,
}

/// The refusal drawn where the person works. The frame's own links lead back too: the address that was refused may
/// only take what is sent to it, or hold what must not be repeated.
fn framed(
    app: &App,
    pages: &Pages,
    visit: &Visit,
    request: &Circumstances,
    failure: &Failure,
) -> Result<axum::response::Html<String>, askama::Error> {
    let FailurePage { ui, status, title, text, refusal, id } = page(app, request, failure);
    let back = pages.ways_back(visit, request, failure.status != StatusCode::NOT_FOUND);
    let mut frame = visit.frame();
    frame.here =
        [&back.from, &back.thing, &back.above].into_iter().flatten().next().map_or("/", String::as_str).to_owned();
    let body = RefusedBody { buttons: ui.buttons(ways(&ui, back)), ui, status, text, refusal, id };
    frame.render(&Page::new(title, ""), &body)
}

/// The ways back as buttons; the nearest one stands out.
fn ways(ui: &Ui, back: WayBack) -> Vec<Button> {
    let home = Some("/".to_owned());
    let all = [
        (back.from, "failure-from", Icon::ArrowBackUp),
        (back.thing, "failure-thing", Icon::Eye),
        (back.above, "failure-above", Icon::ListDetails),
        (home, "failure-home", Icon::Home),
    ];
    let mut look = Look::Primary;
    let button = |(href, text, icon): (Option<String>, &str, Icon)| {
        let href = href?;
        Some(Button::link(std::mem::replace(&mut look, Look::Secondary), ui.t(text), href).icon(icon))
    };
    all.into_iter().filter_map(button).collect()
}

fn page(app: &App, request: &Circumstances, failure: &Failure) -> FailurePage {
    let locale = Locale::new(app.catalogue.clone(), request.lang());
    let now = app.clock.now();
    let ui = Ui::new(locale, crate::clock::civil_day(now));
    let refusal = match &failure.refused {
        None => Html::new(),
        Some(refused) => ui.refusal(Refusal {
            title: sentence(&ui, refused),
            way_out: way_out(&ui, refused),
            rule: refused.rule.clone(),
            articles: refused.article.iter().map(|article| (String::new(), article.clone())).collect(),
            recorded_at: String::new(),
        }),
    };
    FailurePage {
        status: failure.status.as_u16(),
        title: ui.t(format!("failure-{}", failure.code)),
        text: ui.t(format!("failure-{}-text", failure.code)),
        refusal,
        id: request.id().to_owned(),
        ui,
    }
}

/// A code as message ids write it: the engines' codes have points and underscores.
fn message_of(code: &str) -> String {
    code.replace(['.', '_'], "-")
}

/// The sentence of a refusal with its numbers.
fn sentence(ui: &Ui, refused: &Refused) -> String {
    let details: Vec<(&str, &str)> = refused.details.iter().map(|(name, value)| (*name, value.as_str())).collect();
    sentence_of(ui, refused.code, &details)
}

/// The sentence of a code with its numbers, for refusals that were kept.
pub(crate) fn sentence_of(ui: &Ui, code: &str, details: &[(&str, &str)]) -> String {
    let action = details.iter().find(|(name, _)| code == "denied" && *name == "action");
    let title = action.map(|(_, action)| access::action_title(ui, action));
    let titled: Vec<(&str, &str)> =
        details.iter().copied().chain(title.as_deref().map(|title| ("title", title))).collect();
    told(ui, code, &titled)
}

/// A complaint with what it repeats of the form or the address: never anybody's number.
fn told<V: AsRef<str>>(ui: &Ui, code: &str, details: &[(&str, V)]) -> String {
    let masked: Vec<(&str, String)> =
        details.iter().map(|(name, value)| (*name, mask_numbers(value.as_ref()))).collect();
    ui.tn(format!("error-{}", message_of(code)), &masked)
}

/// The refusal's own advice with its numbers, where it has one.
fn advice(ui: &Ui, refused: &Refused) -> Option<String> {
    let id = format!("error-{}-way", message_of(refused.code));
    let masked: Vec<(&str, String)> =
        refused.details.iter().map(|(name, value)| (*name, mask_numbers(value))).collect();
    ui.locale.find_with(&id, &masked)
}

/// What to do: the refusal's own advice, and every field's complaint.
fn way_out(ui: &Ui, refused: &Refused) -> Html {
    let mut out = Html::new();
    if let Some(advice) = advice(ui, refused) {
        out.text(advice);
    }
    for field in &refused.fields {
        out.raw("<br>").text(told(ui, field.code, &field.details));
    }
    out
}

fn problem(app: &App, request: &Circumstances, failure: &Failure) -> Response {
    let ui = Ui::new(Locale::new(app.catalogue.clone(), request.lang()), crate::clock::civil_day(app.clock.now()));
    let code = failure.refused.as_ref().map_or(failure.code, |refused| refused.code);
    let mut body = json!({
        "type": format!("urn:loanward:{code}"),
        "code": code,
        "title": ui.t(format!("failure-{}", failure.code)),
        "status": failure.status.as_u16(),
        "instance": request.id(),
    });
    match &failure.refused {
        None => body["detail"] = json!(ui.t(format!("failure-{}-text", failure.code))),
        Some(refused) => {
            body["detail"] = json!(sentence(&ui, refused));
            body["rule"] = json!(refused.rule);
            body["article"] = json!(refused.article);
            body["errors"] = refused.fields.iter().map(|field| complaint(&ui, field)).collect();
        }
    }
    (failure.status, [(header::CONTENT_TYPE, "application/problem+json")], Json(body).0.to_string()).into_response()
}

/// The complaint about one field, as data.
fn complaint(ui: &Ui, error: &crate::error::FieldError) -> serde_json::Value {
    let named = error.details.iter().find(|(name, _)| error.field == crate::api::NAMED && *name == "field");
    json!({
        "field": named.map_or(error.field, |(_, name)| name),
        "code": error.code,
        "detail": told(ui, error.code, &error.details),
    })
}

/// The complaint about one field of a form, ready for [`page::Field::error`].
///
/// With several complaints about the same field the first one is shown.
#[must_use]
pub fn failing_field(ui: &Ui, refused: &Refused, field: &str) -> Option<page::FieldError> {
    let error = refused.fields.iter().find(|error| error.field == field)?;
    let text = ui.tn(format!("error-{}", error.code), &error.details);
    Some(page::FieldError { text, article: refused.article.clone().map(|article| (String::new(), article)) })
}

/// A refusal as a box on the page of the form: what is wrong, the way out, the rule and its article.
#[must_use]
pub fn refusal_box(ui: &Ui, refused: &Refused) -> Html {
    ui.refusal(Refusal {
        title: ui.tn(format!("error-{}", refused.code), &refused.details),
        way_out: advice(ui, refused).map(Html::of_text).unwrap_or_default(),
        rule: refused.rule.clone(),
        articles: refused.article.iter().map(|id| (crate::policies::article_address(id), id.clone())).collect(),
        recorded_at: String::new(),
    })
}
