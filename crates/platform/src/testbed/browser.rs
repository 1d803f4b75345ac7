//! A browser for tests (测试浏览器): keeps cookies, sends forms with their hidden fields, sees every header.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::response::Parts;
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::civil::Date;
use tower::ServiceExt as _;

use crate::access::actions::{FirstUser, SetUp, set_up};
use crate::access::{AccessRules, Hashing, Roles, Scope};
use crate::app::{App, Settings};
use crate::capability::Capability;
use crate::clock::Clock;
use crate::db::Db;
use crate::id::UserId;
use crate::locale::Lang;
use crate::page::query_escape;
use crate::vault::Vault;

/// The role of [`House::user`]'s first user: every action of every capability, the whole institution.
pub const ALL: &str = "all";
/// The password of every user of a test.
pub const PASSWORD: &str = "河边的旧船坞夜里会响三声钟";

/// The code that an authenticator with this secret (base 32) shows at this second.
///
/// # Panics
/// When the secret is none.
#[must_use]
pub fn totp_code(secret: &str, second: i64) -> String {
    crate::access::code_of(secret, second).expect("a secret in base 32")
}

/// Settings for tests: cheap hashing, a fixed key, the role [`ALL`] for the platform's own actions, and these roles.
#[must_use]
pub fn settings(roles: &[(&str, &[(&str, Scope)])]) -> Settings {
    let own: Vec<(&str, Scope)> =
        crate::access::PERMISSIONS.iter().map(|action| (*action, Scope::Institution)).collect();
    let all = Roles::default().with(ALL, &own);
    Settings {
        roles: roles.iter().fold(all, |all, (id, grants)| all.with(id, grants)),
        access: AccessRules { hashing: Hashing::weak_for_tests(), ..AccessRules::default() },
        vault: Some(Vault::for_tests(7)),
        ..Settings::default()
    }
}

/// A whole program over a fresh database (测试机构), with users of the given roles.
#[derive(Debug, Clone)]
pub struct House {
    /// The program.
    pub app: App,
    /// Its pages.
    pub router: Router,
}

impl House {
    /// Over this database with these capabilities; business date 2026-11-20, 16:30 in China, one user
    /// `boss` with the role [`ALL`].
    ///
    /// # Panics
    /// When it cannot be put together: a test has nothing to say then.
    pub async fn over(db: Db, capabilities: Vec<Arc<dyn Capability>>) -> Self {
        let platform: Arc<dyn Capability> = Arc::new(crate::house::Platform);
        let actions = capabilities.iter().chain([&platform]).flat_map(|capability| capability.permissions());
        let grants: Vec<(&str, Scope)> = actions.map(|action| (*action, Scope::Institution)).collect();
        let mut settings = settings(&[]);
        settings.roles = settings.roles.with(ALL, &grants);
        Self::with(db, capabilities, settings, &[("boss", &[ALL])]).await
    }

    /// Over this database with these settings and users (log-in name, roles); all have [`PASSWORD`].
    ///
    /// # Panics
    /// When it cannot be put together.
    pub async fn with(
        db: Db,
        capabilities: Vec<Arc<dyn Capability>>,
        settings: Settings,
        users: &[(&str, &[&str])],
    ) -> Self {
        let now: Timestamp = "2026-11-20T08:30:00Z".parse().expect("a moment");
        let app = App::assemble_with(db, Clock::simulated(now), 1, capabilities, settings).await.expect("the program");
        let first = |(login, roles): &(&str, &[&str])| FirstUser {
            login: (*login).to_owned(),
            name: format!("用户{login}"),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            password: Some(PASSWORD.to_owned()),
            must_change: false,
            lang: Lang::En,
        };
        let wish = SetUp {
            institution: "测试小贷公司".to_owned(),
            head_office: "总部".to_owned(),
            opens_on: Date::constant(2026, 11, 20),
            users: users.iter().map(first).collect(),
        };
        set_up(&app, &wish).await.expect("a set-up institution");
        let router = crate::web::router(&app);
        Self { app, router }
    }

    /// A browser that nobody has logged in with.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// A browser in which this user is logged in.
    ///
    /// # Panics
    /// When the log-in is refused.
    pub async fn user(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.log_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} logs in: {}", answer.text);
        browser
    }

    /// The key of a user.
    ///
    /// # Panics
    /// When there is none.
    pub async fn user_id(&self, login: &str) -> UserId {
        let mut tx = self.app.db.read().await.expect("a read");
        let users = crate::access::store::users(&mut tx, 0, 1000, 0).await.expect("users");
        users.into_iter().find(|user| user.login == login).expect("a user of this name").id
    }
}

/// A browser (浏览器): what it was sent, and the cookies that it keeps.
#[derive(Debug, Clone)]
pub struct Browser {
    router: Router,
    /// The cookies, by name.
    pub cookies: BTreeMap<String, String>,
    /// Headers sent with every request.
    pub headers: HeaderMap,
}

/// What came back (应答).
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// Where it sends the browser; empty when nowhere.
    #[must_use]
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    /// The value of the first hidden field of this name.
    #[must_use]
    pub fn hidden(&self, name: &str) -> Option<String> {
        let (_, rest) = self.text.split_once(&format!("name=\"{name}\" value=\""))?;
        Some(rest.split('"').next()?.to_owned())
    }
}

impl Browser {
    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form exactly as given.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", query_escape(name), query_escape(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(pairs.join("&"))).await
    }

    /// Opens a page and sends a form from it, with the hidden fields that the page carries.
    pub async fn post_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let opened = self.get(page).await;
        let (csrf, once) = (opened.hidden("_csrf").unwrap_or_default(), opened.hidden("_once").unwrap_or_default());
        let mut all = vec![("_csrf", csrf.as_str()), ("_once", once.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all).await
    }

    /// Sends a form with a fresh key, the token taken from `/me`.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get("/me").await.hidden("_csrf").unwrap_or_default();
        let once = crate::web::once_key();
        let mut all = vec![("_csrf", csrf.as_str()), ("_once", once.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all).await
    }

    /// Opens a page and sends a form with a file from it, with the hidden fields that the page carries.
    ///
    /// # Panics
    /// As [`Browser::send`].
    pub async fn upload_from(
        &mut self,
        page: &str,
        path: &str,
        fields: &[(&str, &str)],
        (field, name, bytes): (&str, &str, &[u8]),
    ) -> Answer {
        let opened = self.get(page).await;
        let (csrf, once) = (opened.hidden("_csrf").unwrap_or_default(), opened.hidden("_once").unwrap_or_default());
        let hidden = [("_csrf", csrf.as_str()), ("_once", once.as_str())];
        let mut body = Vec::new();
        for (name, value) in hidden.iter().chain(fields) {
            body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(b"\r\n--cut--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// Logs in through the page.
    pub async fn log_in(&mut self, login: &str, password: &str) -> Answer {
        self.post_from("/login", "/login", &[("user", login), ("password", password)]).await
    }

    /// Sends any request; cookies go with it and come back.
    ///
    /// # Panics
    /// When the request is not one.
    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let (parts, bytes) = self.exchange(request, body).await;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// Opens a page whose answer is a file: status and bytes.
    ///
    /// # Panics
    /// As [`Browser::send`].
    pub async fn file(&mut self, path: &str) -> (StatusCode, Vec<u8>) {
        let (parts, bytes) = self.exchange(Request::get(path), Body::empty()).await;
        (parts.status, bytes)
    }

    async fn exchange(&mut self, request: axum::http::request::Builder, body: Body) -> (Parts, Vec<u8>) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(header::COOKIE, cookies.join("; ")).body(body).expect("a request");
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        let answer = self.router.clone().oneshot(request).await.expect("a router always answers");
        self.keep_cookies(&answer);
        let (parts, body) = answer.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
        (parts, bytes.to_vec())
    }

    fn keep_cookies(&mut self, answer: &Response<Body>) {
        for line in answer.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie in ASCII");
            let pair = line.split(';').next().unwrap_or("");
            let Some((name, value)) = pair.split_once('=') else { continue };
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
