//! Posted forms (提交的表单): only from our own pages, only once.
//!
//! A forged form is refused by two independent marks: the session's token in the hidden field
//! `_csrf`, and what the browser says of where the form came from (`Sec-Fetch-Site`, `Origin`).
//! A form sent twice has the same key `_once`; the second ends where the first one's result is shown.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FormRejection};
use axum::extract::{Form, FromRequest, FromRequestParts as _, Request};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::de::DeserializeOwned;

use super::request::text;
use super::token::same;
use super::{Visit, WebError};
use crate::api;
use crate::app::App;
use crate::page::{CSRF_FIELD, ONCE_FIELD};
use crate::work::{Claim, Work};

/// A form that came from our own page (提交的表单).
#[derive(Debug)]
pub struct Posted<T> {
    /// Who sent it.
    pub visit: Visit,
    /// The fields that the handler asked for.
    pub form: T,
    /// All fields as sent, in order: for repeated names.
    pub fields: Fields,
    /// The key against double submits; empty in forms that may be repeated.
    pub key: String,
}

impl<T> Posted<T> {
    /// Opens a writing transaction for this form and takes its key.
    ///
    /// Errors: [`WebError::AlreadyDone`] for a second submit; passed on with `?` it shows the first one's result.
    pub async fn begin(&self, action: &'static str) -> Result<Work, WebError> {
        begin(&self.visit, &self.key, action).await
    }

    /// Remembers where the result is shown, makes all of it true, and goes there.
    pub async fn done(&self, work: Work, result: impl AsRef<str>) -> Result<Response, WebError> {
        done(work, &self.key, result.as_ref()).await
    }
}

pub(super) async fn begin(visit: &Visit, key: &str, action: &'static str) -> Result<Work, WebError> {
    if visit.request.api() {
        return api::begin(visit, key, action).await;
    }
    if key.is_empty() || key.len() > 64 {
        return Err(WebError::Malformed("a form without its key".to_owned()));
    }
    let mut work = visit.begin().await?;
    match work.claim(key, action).await? {
        Claim::First => Ok(work),
        Claim::AlreadyDone { result } => Err(WebError::AlreadyDone { result }),
    }
}

pub(super) async fn done(mut work: Work, key: &str, result: &str) -> Result<Response, WebError> {
    work.settle(key, result).await?;
    work.commit().await?;
    Ok(Redirect::to(result).into_response())
}

/// The fields of a form as sent (字段), in order; names may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// From pairs.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of this name.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// All pairs.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl<T: DeserializeOwned + Send> FromRequest<App> for Posted<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        if visit.request.api() {
            let key = api::key(&parts.headers)?;
            let body = Bytes::from_request(Request::from_parts(parts.clone(), body), app).await?;
            let fields = api::fields::<T>(&parts.headers, &body)?;
            let form = api::form::<T>(&fields, app).await?;
            let visit = visit.sent(&parts, &body);
            return Ok(Self { visit, form, fields, key });
        }
        check_origin(&parts.headers)?;
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), app).await?;
        let fields = parse::<Vec<(String, String)>>(&parts, &body, app).await.map(Fields)?;
        check_token(&visit, fields.first(CSRF_FIELD))?;
        let form = parse::<T>(&parts, &body, app).await?;
        let key = fields.first(ONCE_FIELD).unwrap_or("").to_owned();
        Ok(Self { visit, form, fields, key })
    }
}

pub(super) async fn parse<T: DeserializeOwned + Send>(
    parts: &axum::http::request::Parts,
    body: &Bytes,
    app: &App,
) -> Result<T, WebError> {
    let request = Request::from_parts(parts.clone(), body.clone().into());
    Ok(Form::<T>::from_request(request, app).await?.0)
}

pub(super) fn check_token(visit: &Visit, sent: Option<&str>) -> Result<(), WebError> {
    match sent {
        Some(sent) if same(sent, &visit.csrf) => Ok(()),
        Some(_) | None => Err(WebError::Forged),
    }
}

/// Refuses a form that another site made the browser send.
pub(crate) fn check_origin(headers: &HeaderMap) -> Result<(), WebError> {
    if let Some(site) = text(headers, "sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(WebError::Forged) };
    }
    match text(headers, "origin") {
        None => Ok(()),
        Some(origin) => {
            let from = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
            let host = text(headers, "x-forwarded-host").or_else(|| text(headers, "host"));
            if from.as_deref() == host { Ok(()) } else { Err(WebError::Forged) }
        }
    }
}

impl From<BytesRejection> for WebError {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status().as_u16() == 413 { Self::TooLarge } else { Self::Malformed(rejection.body_text()) }
    }
}

impl From<FormRejection> for WebError {
    fn from(rejection: FormRejection) -> Self {
        if rejection.status().as_u16() == 413 { Self::TooLarge } else { Self::Malformed(rejection.body_text()) }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_form_of_another_site_is_refused() {
        let rows: [(&[(&str, &str)], bool); 6] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("host", "bank.test:8080"), ("origin", "http://bank.test:8080")], true),
            (&[("host", "bank.test:8080"), ("origin", "http://evil.test")], false),
            (&[("host", "bank.test:8080"), ("origin", "null")], false),
        ];
        for (sent, passes) in rows {
            let mut headers = HeaderMap::new();
            for (name, value) in sent {
                headers.insert(
                    axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_str(value).unwrap(),
                );
            }
            assert_eq!(check_origin(&headers).is_ok(), passes, "{sent:?}");
        }
    }

    #[test]
    fn repeated_names_keep_their_order() {
        let fields =
            Fields::new(vec![("key".into(), "1".into()), ("x".into(), "y".into()), ("key".into(), "2".into())]);
        assert_eq!(fields.all("key").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(fields.first("none"), None);
    }
}
