//! The circumstances of a request (请求情况) that are known before anybody is recognised.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header, request::Parts};

use crate::locale::Lang;

/// The cookie with the language of a visitor who is not logged in.
pub(crate) const LANGUAGE_COOKIE: &str = "loanward_lang";

/// Where the interface for programs begins.
pub const API: &str = "/api/v1/";

/// What a request says about itself (请求情况); shared by everything that handles it.
#[derive(Debug, Clone)]
pub struct Circumstances(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: String,
    method: Method,
    here: String,
    address: String,
    host: String,
    came_from: Option<String>,
    secure: bool,
    json: bool,
    api: bool,
    fragment: bool,
    lang: Lang,
    chosen_before: OnceLock<Lang>,
    chosen_lang: OnceLock<Lang>,
    user: OnceLock<i64>,
}

impl Circumstances {
    /// Reads them. `trusts_proxy` says that a proxy of our own sets `X-Forwarded-For`.
    pub(super) fn of(parts: &Parts, id: String, trusts_proxy: bool) -> Self {
        let headers = &parts.headers;
        let api = parts.uri.path().starts_with(API);
        let secure = parts.uri.scheme_str() == Some("https") || text(headers, "x-forwarded-proto") == Some("https");
        Self(Arc::new(Inner {
            id,
            method: parts.method.clone(),
            here: here(&parts.uri),
            address: address(parts, trusts_proxy),
            host: host(headers),
            came_from: came_from(headers),
            secure,
            json: api || wants_json(headers),
            api,
            fragment: headers.contains_key("hx-request"),
            lang: if api { spoken(headers).unwrap_or_default() } else { language(parts) },
            chosen_before: if api { OnceLock::new() } else { chosen(parts).map(OnceLock::from).unwrap_or_default() },
            chosen_lang: OnceLock::new(),
            user: OnceLock::new(),
        }))
    }

    /// The name by which the visitor reaches this machine, without its port.
    #[must_use]
    pub(crate) fn host(&self) -> &str {
        &self.0.host
    }

    /// The request's id, also in the log.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The address asked for, with its query, without `lang`.
    #[must_use]
    pub fn here(&self) -> &str {
        &self.0.here
    }

    /// The page of this very program that the visitor left, with its question; what a browser says of it.
    #[must_use]
    pub(crate) fn came_from(&self) -> Option<&str> {
        self.0.came_from.as_deref()
    }

    /// The visitor's network address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0.address
    }

    /// Whether the request came over TLS.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.0.secure
    }

    /// Whether the answer shall be JSON.
    #[must_use]
    pub fn json(&self) -> bool {
        self.0.json
    }

    /// Whether a program asks through the interface, with a token; a browser with a cookie never does.
    #[must_use]
    pub fn api(&self) -> bool {
        self.0.api
    }

    /// Whether a part of a page is asked for by htmx.
    #[must_use]
    pub fn fragment(&self) -> bool {
        self.0.fragment
    }

    /// Whether only looking is asked for (GET, HEAD).
    #[must_use]
    pub fn looks_only(&self) -> bool {
        self.0.method == Method::GET || self.0.method == Method::HEAD
    }

    /// The language: the person's own once known, else the cookie's, else the browser's.
    #[must_use]
    pub fn lang(&self) -> Lang {
        let chosen = self.0.chosen_lang.get().or_else(|| self.0.chosen_before.get());
        chosen.copied().unwrap_or(self.0.lang)
    }

    /// The language that a visitor who is not logged in chose; the browser's preference is no choice.
    pub(crate) fn chosen_before(&self) -> Option<Lang> {
        self.0.chosen_before.get().copied()
    }

    /// The visitor's form says its language.
    pub(crate) fn choose_before(&self, lang: Lang) {
        // The address and the cookie, where they say anything, said the same when the form was drawn.
        let _ = self.0.chosen_before.set(lang);
    }

    /// The person was recognised.
    pub(super) fn recognise(&self, user: i64, lang: Lang) {
        // Set once a request; a second recognition is the same person.
        let _ = self.0.user.set(user);
        let _ = self.0.chosen_lang.set(lang);
    }

    /// The person's key, 0 when nobody is recognised.
    pub(super) fn user(&self) -> i64 {
        self.0.user.get().copied().unwrap_or(0)
    }
}

fn here(uri: &Uri) -> String {
    let kept: Vec<&str> =
        uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

fn address(parts: &Parts, trusts_proxy: bool) -> String {
    if trusts_proxy && let Some(list) = text(&parts.headers, "x-forwarded-for") {
        // The last entry is the one that our own proxy saw.
        let last = list.rsplit(',').next().unwrap_or("").trim();
        if let Ok(address) = last.parse::<std::net::IpAddr>() {
            return address.to_string();
        }
    }
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string()).unwrap_or_default()
}

fn wants_json(headers: &HeaderMap) -> bool {
    text(headers, "accept").is_some_and(|accept| accept.contains("json") && !accept.contains("text/html"))
}

fn language(parts: &Parts) -> Lang {
    chosen(parts).or_else(|| spoken(&parts.headers)).unwrap_or_default()
}

/// The language that the visitor's program prefers.
pub(super) fn spoken(headers: &HeaderMap) -> Option<Lang> {
    text(headers, "accept-language").and_then(Lang::accepted)
}

fn chosen(parts: &Parts) -> Option<Lang> {
    asked_language(parts.uri.query()).or_else(|| cookie(&parts.headers, LANGUAGE_COOKIE).and_then(Lang::parse))
}

/// The language that the address itself asks for (`?lang=en`).
pub(super) fn asked_language(query: Option<&str>) -> Option<Lang> {
    query?.split('&').find_map(|pair| Lang::parse(pair.strip_prefix("lang=")?))
}

/// A header as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Only what a name or an address is made of: it comes from outside and goes into a link.
fn host(headers: &HeaderMap) -> String {
    let given = text(headers, "host").unwrap_or("");
    let name = match given.split_once(']') {
        Some((address, _)) => format!("{address}]"),
        None => given.split(':').next().unwrap_or("").to_owned(),
    };
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || ".-[]:".contains(c));
    if plain && !name.is_empty() { name } else { "127.0.0.1".to_owned() }
}

/// The path and question of a `Referer` that names the host which was asked; another site's is nobody's way back.
fn came_from(headers: &HeaderMap) -> Option<String> {
    let (_, rest) = text(headers, "referer")?.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let asked = text(headers, "x-forwarded-host").or_else(|| text(headers, "host"));
    (asked == Some(host)).then(|| path.to_owned())
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that sets a cookie; `None` as value takes it away.
pub(crate) fn set_cookie(name: &str, value: Option<&str>, secure: bool, seconds: Option<i64>) -> HeaderValue {
    let age = match (value, seconds) {
        (None, _) => "; Max-Age=0".to_owned(),
        (Some(_), Some(seconds)) => format!("; Max-Age={seconds}"),
        (Some(_), None) => String::new(),
    };
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", value.unwrap_or(""));
    HeaderValue::from_str(&line).expect("tokens and language tags are plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("xloanward=1; loanward_lang=en; a=b"));
        assert_eq!(cookie(&headers, "loanward_lang"), Some("en"));
        assert_eq!(cookie(&headers, "loanward"), None);
    }

    #[test]
    fn only_a_page_of_the_same_host_is_where_one_came_from() {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("book.test:7700"));
        for (referer, from) in [
            ("http://book.test:7700/visits?view=late", Some("/visits?view=late")),
            ("http://book.test/visits", None),
            ("https://elsewhere.test/visits", None),
            ("book.test:7700", None),
        ] {
            headers.insert("referer", HeaderValue::from_static(referer));
            assert_eq!(came_from(&headers).as_deref(), from, "{referer}");
        }
    }

    #[test]
    fn the_address_of_a_page_never_carries_its_language() {
        assert_eq!(here(&"/loans?lang=en&view=late".parse().unwrap()), "/loans?view=late");
        assert_eq!(here(&"/loans?lang=en".parse().unwrap()), "/loans");
    }
}
