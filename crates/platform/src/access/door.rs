//! The doors (登录页): log in, log out, choose a password.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::actions::{self, Comer, EnterCode, Entrance, LogIn, LoggedIn};
use super::{AccessError, store};
use crate::app::App;
use crate::clock::civil_day;
use crate::error::{ActionError, Refusal as _, Refused};
use crate::first_run;
use crate::locale::{Lang, Locale};
use crate::page::{CodePage, Field, Guard, LoginPage, PasswordPage, Ui, own_address, query_escape};
use crate::web::{
    Circumstances, LANGUAGE_COOKIE, Posted, Routes, SESSION_COOKIE, Token, Visit, WebError, check_origin, cookie,
    failing_field, once_key, same, set_cookie,
};

/// The cookie that a form of a visitor without session must match.
const DOOR_COOKIE: &str = "loanward_door";
/// The cookie of a log-in that waits for its code.
const STEP_COOKIE: &str = "loanward_step";
/// The cookie by which a browser is known again, whoever logs in from it.
const DEVICE_COOKIE: &str = "loanward_device";
/// How long a browser keeps it: browsers keep none longer than 400 days (RFC 6265bis, 5.5).
const DEVICE_SECONDS: i64 = 400 * 24 * 3600;

pub(super) fn routes() -> Routes {
    Routes::new()
        .get_public("/login", login_page)
        .post_public("/login", log_in)
        .get_public("/login/code", code_page)
        .post_public("/login/code", enter_code)
        .post_own("/logout", log_out)
        .get_own("/password", password_page)
        .post_own("/password", change_password)
        // A person's own door: a program comes with its token.
        .only_on_screen()
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn login_page(
    State(app): State<App>,
    request: Circumstances,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    if first_run::is_open(&app).await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    let door = cookie(&headers, DOOR_COOKIE).and_then(Token::parse).unwrap_or_default();
    draw_login(&app, &request, &door, "", &next.next, None).await
}

async fn draw_login(
    app: &App,
    request: &Circumstances,
    door: &Token,
    user: &str,
    next: &str,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = Ui::new(Locale::new(app.catalogue.clone(), request.lang()), civil_day(app.clock.now()));
    let institution = store::institution(&mut app.db.read().await?).await?;
    let here = if next.is_empty() { "/login".to_owned() } else { format!("/login?next={}", query_escape(next)) };
    let page = LoginPage {
        institution,
        guard: Guard { csrf: door.expose().to_owned(), once: once_key() },
        user: user.to_owned(),
        next: next.to_owned(),
        refused: refused.map(|refused| ui.tn(format!("error-{}", refused.code), &refused.details)),
        demo: app.settings.demo_logins.clone(),
        here,
        lang: request.chosen_before().map(Lang::tag).unwrap_or_default(),
        ui,
    };
    let status = if refused.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let kept = set_cookie(DOOR_COOKIE, Some(door.expose()), request.secure(), None);
    Ok((status, [(header::SET_COOKIE, kept)], axum::response::Html(page.render()?)).into_response())
}

#[derive(Deserialize)]
struct LoginForm {
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    lang: String,
    #[serde(default, rename = "_csrf")]
    csrf: String,
}

async fn log_in(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(form): Form<LoginForm>,
) -> Result<Response, WebError> {
    check_origin(&headers)?;
    let door = cookie(&headers, DOOR_COOKIE).and_then(Token::parse).ok_or(WebError::Forged)?;
    if !same(door.expose(), &form.csrf) {
        return Err(WebError::Forged);
    }
    if let Some(lang) = Lang::parse(&form.lang) {
        // A refusal is drawn in the language of the form.
        request.choose_before(lang);
    }
    let from = comer(&request, &headers, Lang::parse(&form.lang));
    let device = from.device.clone();
    let attempt = LogIn { login: form.user.clone(), password: form.password, from };
    match actions::log_in(&app, attempt).await {
        Ok(Entrance::In(done)) => Ok(let_in(&request, &done, &device, &form.next)),
        Ok(Entrance::Code(waiting)) => {
            let address = format!("/login/code?next={}", query_escape(home_or(&form.next)));
            let mut answer = Redirect::to(&address).into_response();
            let kept = set_cookie(STEP_COOKIE, Some(waiting.expose()), request.secure(), None);
            answer.headers_mut().append(header::SET_COOKIE, kept);
            Ok(answer)
        }
        Err(ActionError::Refused(refused)) => {
            draw_login(&app, &request, &door, &form.user, &form.next, Some(&refused)).await
        }
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error.into()),
    }
}

/// The browser that a log-in comes from; one that carries no mark gets one.
fn comer(request: &Circumstances, headers: &HeaderMap, language: Option<Lang>) -> Comer {
    Comer {
        address: request.address().to_owned(),
        agent: headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned(),
        device: cookie(headers, DEVICE_COOKIE).and_then(Token::parse).unwrap_or_default(),
        previous: cookie(headers, SESSION_COOKIE).and_then(Token::parse),
        language,
    }
}

/// The answer to a log-in that succeeded: the session, the mark of the browser, and away with what the door kept.
fn let_in(request: &Circumstances, done: &LoggedIn, device: &Token, next: &str) -> Response {
    let mut answer = Redirect::to(home_or(next)).into_response();
    let kept = set_cookie(SESSION_COOKIE, Some(done.token.expose()), request.secure(), None);
    answer.headers_mut().append(header::SET_COOKIE, kept);
    let known = set_cookie(DEVICE_COOKIE, Some(device.expose()), request.secure(), Some(DEVICE_SECONDS));
    answer.headers_mut().append(header::SET_COOKIE, known);
    // The choice is the person's own now; the next visitor of this browser makes another one.
    for spent in [DOOR_COOKIE, LANGUAGE_COOKIE, STEP_COOKIE] {
        answer.headers_mut().append(header::SET_COOKIE, set_cookie(spent, None, request.secure(), None));
    }
    answer
}

async fn code_page(
    State(app): State<App>,
    request: Circumstances,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let door = cookie(&headers, DOOR_COOKIE).and_then(Token::parse).unwrap_or_default();
    let over = AccessError::StepOver.refused();
    let refused = cookie(&headers, STEP_COOKIE).is_none().then_some(&over);
    draw_code(&app, &request, &door, &next.next, refused).await
}

async fn draw_code(
    app: &App,
    request: &Circumstances,
    door: &Token,
    next: &str,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = Ui::new(Locale::new(app.catalogue.clone(), request.lang()), civil_day(app.clock.now()));
    let page = CodePage {
        institution: store::institution(&mut app.db.read().await?).await?,
        guard: Guard { csrf: door.expose().to_owned(), once: once_key() },
        next: next.to_owned(),
        over: refused.is_some_and(|refused| refused.code == AccessError::StepOver.refused().code),
        refused: refused.map(|refused| match refused.fields.first() {
            Some(field) => ui.tn(format!("error-{}", field.code), &field.details),
            None => ui.tn(format!("error-{}", refused.code), &refused.details),
        }),
        ui,
    };
    let status = if refused.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let kept = set_cookie(DOOR_COOKIE, Some(door.expose()), request.secure(), None);
    Ok((status, [(header::SET_COOKIE, kept)], axum::response::Html(page.render()?)).into_response())
}

#[derive(Deserialize)]
struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    #[serde(default, rename = "_csrf")]
    csrf: String,
}

async fn enter_code(
    State(app): State<App>,
    request: Circumstances,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response, WebError> {
    check_origin(&headers)?;
    let door = cookie(&headers, DOOR_COOKIE).and_then(Token::parse).ok_or(WebError::Forged)?;
    if !same(door.expose(), &form.csrf) {
        return Err(WebError::Forged);
    }
    let Some(waiting) = cookie(&headers, STEP_COOKIE).and_then(Token::parse) else {
        return draw_code(&app, &request, &door, &form.next, Some(&AccessError::StepOver.refused())).await;
    };
    let from = comer(&request, &headers, request.chosen_before());
    let device = from.device.clone();
    match actions::enter_code(&app, EnterCode { waiting, code: form.code, from }).await {
        Ok(done) => Ok(let_in(&request, &done, &device, &form.next)),
        Err(ActionError::Refused(refused)) => draw_code(&app, &request, &door, &form.next, Some(&refused)).await,
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error.into()),
    }
}

/// Where to go after the log-in: never to another site.
fn home_or(next: &str) -> &str {
    match own_address(next) {
        "#" | "" => "/",
        own if own.starts_with('/') => own,
        _ => "/",
    }
}

async fn log_out(posted: Posted<Vec<(String, String)>>) -> Result<Response, WebError> {
    actions::log_out(&posted.visit).await?;
    let mut answer = Redirect::to("/login").into_response();
    let gone = set_cookie(SESSION_COOKIE, None, posted.visit.request.secure(), None);
    answer.headers_mut().append(header::SET_COOKIE, gone);
    // The browser forgets what it kept of the pages.
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(answer)
}

async fn password_page(visit: Visit) -> Result<Response, WebError> {
    let fields = PasswordPage::empty_fields(&visit.ui());
    draw_password(&visit, fields, StatusCode::OK)
}

fn draw_password(visit: &Visit, mut fields: Vec<Field>, status: StatusCode) -> Result<Response, WebError> {
    let (ui, rules) = (visit.ui(), &visit.app.access());
    let policy = ui.t2("password-policy", "least", rules.password_min_chars, "kinds", rules.password_min_kinds);
    if let Some(new) = fields.iter_mut().find(|field| field.name == "new") {
        new.hint = format!("{policy} {}", new.hint);
    }
    let page = PasswordPage {
        ui,
        person: visit.actor.name.clone(),
        expired: visit.password_expired,
        guard: visit.guard(),
        fields,
        here: "/password".to_owned(),
    };
    Ok((status, axum::response::Html(page.render()?)).into_response())
}

#[derive(Deserialize)]
struct PasswordForm {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

async fn change_password(posted: Posted<PasswordForm>) -> Result<Response, WebError> {
    let visit = &posted.visit;
    let PasswordForm { old, new, again } = posted.form;
    match actions::change_password(visit, old, new, &again).await {
        Ok(token) => {
            let kept = set_cookie(SESSION_COOKIE, Some(token.expose()), visit.request.secure(), None);
            Ok(([(header::SET_COOKIE, kept)], Redirect::to("/")).into_response())
        }
        Err(ActionError::Refused(refused)) => {
            let ui = visit.ui();
            let complain = |field: Field| {
                let error = failing_field(&ui, &refused, &field.name);
                field.error(error)
            };
            let fields = PasswordPage::empty_fields(&ui).into_iter().map(complain).collect();
            draw_password(visit, fields, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error @ (ActionError::Store(_) | ActionError::Internal(_))) => Err(error.into()),
    }
}
