//! A visit (来访): one request of a person who is logged in.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use jiff::civil::Date;

use super::request::{asked_language, cookie, spoken};
use super::{Circumstances, Token, WebError, navigation, once_key};
use crate::access::session::{self, Recognised};
use crate::access::{Actor, DataScope};
use crate::api::{self, Bearer};
use crate::app::App;
use crate::error::{ActionError, FieldError, Refused};
use crate::locale::{Lang, Locale};
use crate::page::{Banner, Frame, Guard, Html, Page, Person, Tone, Ui};
use crate::work::Work;

/// The cookie that carries the session's token.
pub const SESSION_COOKIE: &str = "loanward_session";
/// The only pages open to a person who must first choose a password.
const BEFORE_PASSWORD: [&str; 2] = ["/password", "/logout"];
/// The only pages open to a person who must first enrol a device for the second step.
const BEFORE_ENROLMENT: [&str; 5] =
    ["/me/second-step", "/me/second-step/begin", "/me/second-step/confirm", "/password", "/logout"];

/// One request of a person who is logged in (来访).
///
/// As an extractor it sends everybody else to the log-in, and whoever must choose a password there.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The program.
    pub app: App,
    /// Who comes, with what the roles grant.
    pub actor: Actor,
    /// The business date.
    pub business_date: Date,
    /// The moment.
    pub now: Timestamp,
    /// The language.
    pub lang: Lang,
    /// The request.
    pub request: Circumstances,
    /// The session, by the fingerprint of its token.
    pub session: String,
    /// The token for forms of this session.
    pub csrf: String,
    /// Whether a password must be chosen first.
    pub must_change_password: bool,
    /// Whether that is because the old one has held too long.
    pub password_expired: bool,
    /// Whether a role must have a second step that the person has not enrolled for.
    pub must_enrol: bool,
    /// Notices that the person has not read.
    pub unread: i64,
    /// The token that the program came with; none for a person at the screen.
    pub token: Option<Arc<Bearer>>,
    names: Arc<Names>,
}

#[derive(Debug)]
struct Names {
    institution: String,
    branch: String,
}

impl Visit {
    /// Recognises the person behind a request; the answer is kept for the rest of the request.
    pub(super) async fn recognise(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        if let Some(visit) = parts.extensions.get::<Self>() {
            return Ok(visit.clone());
        }
        let request = Circumstances::in_parts(parts);
        let visit = Self::load(parts, app, request).await?;
        let path = parts.uri.path();
        if visit.must_change_password && !BEFORE_PASSWORD.contains(&path) {
            return Err(WebError::PasswordFirst);
        }
        if visit.must_enrol && !visit.must_change_password && !BEFORE_ENROLMENT.contains(&path) {
            return Err(WebError::SecondStepFirst);
        }
        parts.extensions.insert(visit.clone());
        Ok(visit)
    }

    async fn load(parts: &Parts, app: &App, request: Circumstances) -> Result<Self, WebError> {
        if request.api() {
            let (found, bearer) = api::recognise(app, &parts.headers, request.address()).await?;
            let lang = spoken(&parts.headers).unwrap_or(found.lang);
            return Ok(Self::of(app, request, found, lang, Some(Arc::new(bearer))));
        }
        let not_logged_in = || {
            let back = if request.looks_only() { request.here() } else { "/" };
            WebError::NotLoggedIn { next: back.to_owned() }
        };
        let token = cookie(&parts.headers, SESSION_COOKIE).and_then(Token::parse).ok_or_else(not_logged_in)?;
        let found = session::recognise(app, &token, request.address()).await?.ok_or_else(not_logged_in)?;
        let lang = match asked_language(parts.uri.query()) {
            Some(asked) if asked != found.lang => {
                session::choose_language(app, found.user(), asked).await?;
                asked
            }
            Some(_) | None => found.lang,
        };
        Ok(Self::of(app, request, found, lang, None))
    }

    fn of(app: &App, request: Circumstances, found: Recognised, lang: Lang, token: Option<Arc<Bearer>>) -> Self {
        request.recognise(found.user().0, lang);
        let Recognised {
            actor,
            session,
            csrf,
            must_change_password,
            password_expired,
            must_enrol,
            unread,
            institution,
            branch,
            business_date,
            now,
            ..
        } = found;
        Self {
            app: app.clone(),
            actor,
            business_date,
            now,
            lang,
            request,
            session,
            csrf,
            must_change_password,
            password_expired,
            must_enrol,
            unread,
            token,
            names: Arc::new(Names { institution, branch }),
        }
    }

    /// The same visit, with what a program sent: the same key with another body is no repetition.
    pub(super) fn sent(mut self, parts: &Parts, body: &[u8]) -> Self {
        if let Some(token) = self.token.take() {
            self.token = Some(Arc::new(token.with_request(parts, body)));
        }
        self
    }

    /// Ends a form that is wrong: a program gets the complaints as data, a person's form is drawn again.
    ///
    /// # Errors
    /// The refusal, when a program asks.
    pub fn complain(&self, wrong: &[FieldError]) -> Result<(), WebError> {
        if self.request.api() && !wrong.is_empty() { Err(Refused::form(wrong.to_vec()).into()) } else { Ok(()) }
    }

    /// The same for a refusal as a whole.
    ///
    /// # Errors
    /// The refusal, when a program asks.
    pub fn complain_of(&self, refused: Option<&Refused>) -> Result<(), WebError> {
        match refused {
            Some(refused) if self.request.api() => Err(refused.clone().into()),
            Some(_) | None => Ok(()),
        }
    }

    /// Opens a writing transaction in this person's name.
    pub async fn begin(&self) -> Result<Work, WebError> {
        Ok(Work::begin(&self.app, self.actor.clone()).await?)
    }

    /// Opens a reading transaction in this person's name.
    pub async fn read(&self) -> Result<Work, WebError> {
        Ok(Work::read(&self.app, self.actor.clone()).await?)
    }

    /// Whether any role grants the action: for buttons and navigation.
    #[must_use]
    pub fn may(&self, action: &str) -> bool {
        self.actor.may(action)
    }

    /// The data that the person may touch under this action.
    pub fn scope(&self, action: &str) -> Result<DataScope, WebError> {
        Ok(self.actor.scope_of(action)?)
    }

    /// The pen that draws pages in the person's language.
    #[must_use]
    pub fn ui(&self) -> Ui {
        Ui::new(Locale::new(Arc::clone(&self.app.catalogue), self.lang), self.business_date)
    }

    /// The hidden fields of a form: a fresh one for every form on the page.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard { csrf: self.csrf.clone(), once: once_key() }
    }

    /// The frame around this person's pages.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let ui = self.ui();
        let role = self.actor.roles.first().map(|role| self.app.roles().title(role, self.lang)).unwrap_or_default();
        Frame {
            institution: self.names.institution.clone(),
            branch: self.names.branch.clone(),
            person: Some(Person { name: self.actor.name.clone(), role }),
            navigation: navigation::of(&self.app, &self.actor, &ui),
            unread: self.unread,
            here: self.request.here().to_owned(),
            csrf: self.csrf.clone(),
            banner: self.hat(&ui).or_else(|| self.app.settings.demo_banner(&ui)),
            ui,
        }
    }

    /// The line over every page while the person acts for somebody else.
    fn hat(&self, ui: &Ui) -> Option<Banner> {
        let hat = self.actor.stands_for.as_ref()?;
        let text = ui.t2("delegation-banner", "name", &hat.name, "until", hat.until);
        Some(Banner { tone: Tone::Watch, text, link: Some(("/delegations".to_owned(), ui.t("delegation-banner-end"))) })
    }

    /// A whole page around the body of a template.
    pub fn page(&self, page: &Page, body: &impl Template) -> Result<Response, WebError> {
        Ok(self.frame().render(page, body)?.into_response())
    }

    /// A whole page around a finished body.
    pub fn page_of(&self, page: &Page, body: &Html) -> Result<Response, WebError> {
        Ok(self.frame().render_html(page, body)?.into_response())
    }

    /// The institution's name, for papers.
    #[must_use]
    pub fn institution(&self) -> &str {
        &self.names.institution
    }

    /// The person's own login-independent key.
    ///
    /// Errors: the system has none.
    pub fn user(&self) -> Result<crate::id::UserId, WebError> {
        self.actor.user.ok_or_else(|| ActionError::Internal("a visit without a person".to_owned()).into())
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        Self::recognise(parts, app).await
    }
}

impl Circumstances {
    /// The circumstances that the outermost guard noted; read anew where there is no guard.
    pub(crate) fn in_parts(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::of(parts, once_key(), false))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Circumstances {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::in_parts(parts))
    }
}
