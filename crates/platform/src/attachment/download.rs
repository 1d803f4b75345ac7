//! A kept file on its way to a browser (下载): always to be saved, never to be run.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::actions::Opened;
use crate::page::query_escape;

/// The answer with the content, under the file's own name.
#[must_use]
pub fn response(opened: Opened) -> Response {
    let Opened { attachment, bytes } = opened;
    let name = query_escape(&attachment.name);
    let place = format!("attachment; filename=\"file.{}\"; filename*=UTF-8''{name}", attachment.media.ending());
    let headers = [
        (header::CONTENT_TYPE, attachment.media.mime().to_owned()),
        (header::CONTENT_DISPOSITION, place),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
