//! Assets (静态文件): the style sheets, scripts, fonts and icons, embedded and served by one router.
//!
//! Every address carries the digest of the whole folder, so a browser may keep a file for ever
//! and still sees a new one at once. In a development build the files are read from disk.

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::hex::hex;

#[derive(RustEmbed)]
#[folder = "../../assets"]
struct Folder;

/// The router that serves `/assets/{version}/…`.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{*path}", get(serve))
}

/// The address of a file, for instance `url("loanward.css")`.
#[must_use]
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", version())
}

/// A text file of the folder, when it is there.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    let file = Folder::get(path)?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// The digest of all files, twelve hex digits.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut names: Vec<_> = Folder::iter().collect();
        names.sort();
        let mut digest = Sha256::new();
        for name in names {
            digest.update(name.as_bytes());
            if let Some(file) = Folder::get(&name) {
                digest.update(file.metadata.sha256_hash());
            }
        }
        hex(&digest.finalize()[..6])
    })
}

async fn serve(Path((asked, path)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(file) = Folder::get(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..8]));
    // An address of another version still answers (a page left open over an upgrade),
    // but is not kept. Development reads from disk, so there nothing is kept either.
    let cache =
        if asked == version() && !cfg!(debug_assertions) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let unchanged = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes());
    let status = if unchanged { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if unchanged { Body::empty() } else { Body::from(file.data.into_owned()) };
    let headers = [
        (header::CONTENT_TYPE, content_type(&path)),
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ETAG, tag.as_str()),
    ];
    (status, headers, body).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn answer(uri: &str, tag: Option<&str>) -> Response {
        let mut request = Request::get(uri);
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        router::<()>().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_file_is_served_with_type_and_tag_and_not_twice() {
        let first = answer(&url("icons.svg"), None).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[header::CONTENT_TYPE], "image/svg+xml");
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = answer(&url("icons.svg"), Some(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn what_is_not_in_the_folder_is_not_found() {
        for path in ["none.css", "../Cargo.toml", "fonts/"] {
            assert_eq!(answer(&url(path), None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
