//! Files to take away (下载).

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

/// A workbook under a plain name (Excel 工作簿).
#[must_use]
pub fn xlsx(name: &str, content: impl Into<Body>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let place = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, place)], content.into()).into_response()
}
