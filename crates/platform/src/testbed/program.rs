//! A program for tests (测试程序): asks through the interface with a token, as data.

use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use serde_json::Value;

use super::{Answer, Browser, House};
use crate::access::Actor;
use crate::api::actions::{NewToken, make};
use crate::api::token::PREFIX;
use crate::work::Work;

/// A program with its token (测试程序).
#[derive(Debug, Clone)]
pub struct Program {
    browser: Browser,
    /// The token as it is sent.
    pub token: String,
}

impl House {
    /// A program that speaks for this user within these scopes.
    ///
    /// # Panics
    /// When the token is refused.
    pub async fn program(&self, login: &str, scopes: &[&str]) -> Program {
        let user = self.user_id(login).await;
        let mut tx = self.app.db.read().await.expect("a read");
        let known = crate::access::store::user(&mut tx, user).await.expect("a store").expect("a user");
        drop(tx);
        let mut actor = Actor::system(crate::access::Origin::Setup);
        actor.user = Some(user);
        actor.branch = known.branch;
        let own = [(crate::api::TOKEN_OWN.to_owned(), crate::access::Scope::Institution)];
        actor.grants = own.into_iter().collect();
        let mut work = Work::begin(&self.app, actor).await.expect("a work");
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = NewToken { name: "测试程序".to_owned(), scopes, days: 30, service: None };
        let token = make(&mut work, &new).await.expect("a token");
        work.commit().await.expect("a commit");
        self.bearing(&format!("{PREFIX}{}", token.expose()))
    }

    /// A program that comes with this token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Program {
        Program { browser: self.browser(), token: token.to_owned() }
    }
}

impl Program {
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }

    /// Asks in this language from now on.
    pub fn speak(&mut self, language: &'static str) {
        self.browser.headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(language));
    }

    /// Looks at something under `/api/v1`.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request("GET", &format!("/api/v1{path}"));
        self.browser.send(request, Body::empty()).await
    }

    /// Does something under `/api/v1`, with a fresh key.
    pub async fn post(&mut self, path: &str, body: &Value) -> Answer {
        let key = crate::web::once_key();
        self.post_with(path, &key, &body.to_string()).await
    }

    /// Does something with this key and exactly this body.
    pub async fn post_with(&mut self, path: &str, key: &str, body: &str) -> Answer {
        let request = self
            .request("POST", &format!("/api/v1{path}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(crate::api::KEY_HEADER, key);
        self.browser.send(request, Body::from(body.to_owned())).await
    }
}

impl Answer {
    /// The body as data; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}
