//! Forms with files (上传): checked like every posted form.

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::response::Response;

use super::posted::{self, check_origin, check_token};
use super::{Fields, Visit, WebError};
use crate::api;
use crate::app::App;
use crate::page::{CSRF_FIELD, ONCE_FIELD};
use crate::work::Work;

/// The largest form with files: a book of 100,000 loans as a workbook is about 10 MB.
pub(super) const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The most parts that a form has.
const MAX_PARTS: usize = 200;

/// A form with files from our own page (上传).
#[derive(Debug)]
pub struct Upload {
    /// Who sent it.
    pub visit: Visit,
    /// The fields that are no files.
    pub fields: Fields,
    /// The files, in order.
    pub files: Vec<UploadedFile>,
    /// The key against double submits.
    pub key: String,
}

/// One file (上传的文件).
#[derive(Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The field's name.
    pub field: String,
    /// The file's own name, without folders; may hold personal data.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UploadedFile({}, {} bytes)", self.field, self.bytes.len())
    }
}

impl Upload {
    /// Opens a writing transaction for this form and takes its key; see [`super::Posted::begin`].
    pub async fn begin(&self, action: &'static str) -> Result<Work, WebError> {
        posted::begin(&self.visit, &self.key, action).await
    }

    /// Remembers where the result is shown, makes all of it true, and goes there.
    pub async fn done(&self, work: Work, result: impl AsRef<str>) -> Result<Response, WebError> {
        posted::done(work, &self.key, result.as_ref()).await
    }
}

impl FromRequest<App> for Upload {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let api = visit.request.api();
        let sent = if api { api::key(&parts.headers)? } else { String::new() };
        if !api {
            check_origin(&parts.headers)?;
        }
        let mut form = Multipart::from_request(Request::from_parts(parts, body), app).await?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(part) = form.next_field().await? {
            if pairs.len() + files.len() >= MAX_PARTS {
                return Err(WebError::Malformed("too many parts".to_owned()));
            }
            let field = part.name().unwrap_or("").to_owned();
            match part.file_name().map(bare_name) {
                // A file field left empty is sent with an empty name.
                Some(name) if name.is_empty() => drop(part.bytes().await?),
                Some(name) => files.push(UploadedFile { field, name, bytes: part.bytes().await?.to_vec() }),
                None => pairs.push((field, part.text().await?)),
            }
        }
        let fields = Fields::new(pairs);
        if api {
            return Ok(Self { visit, fields, files, key: sent });
        }
        check_token(&visit, fields.first(CSRF_FIELD))?;
        let key = fields.first(ONCE_FIELD).unwrap_or("").to_owned();
        Ok(Self { visit, fields, files, key })
    }
}

/// A file's name without folders of either kind of system.
fn bare_name(given: &str) -> String {
    given.rsplit(['/', '\\']).next().unwrap_or("").chars().filter(|c| !c.is_control()).take(200).collect()
}

impl From<MultipartRejection> for WebError {
    fn from(rejection: MultipartRejection) -> Self {
        Self::Malformed(rejection.body_text())
    }
}

impl From<MultipartError> for WebError {
    fn from(error: MultipartError) -> Self {
        if error.status().as_u16() == 413 { Self::TooLarge } else { Self::Malformed(error.body_text()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_keeps_no_folder() {
        for (given, kept) in
            [("a.xlsx", "a.xlsx"), ("../../etc/passwd", "passwd"), ("C:\\账\\台账.xls", "台账.xls"), ("", "")]
        {
            assert_eq!(bare_name(given), kept);
        }
    }
}
