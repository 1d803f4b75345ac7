//! Documents as a program reads them (资料清单数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::policies;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Document, Line};
use super::{actions, refresh, rules, store};
use crate::VIEW;
use crate::customer::actions::load_within;

/// A line of the list of documents (清单行).
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentLineData {
    /// Which paper.
    kind: String,
    /// Whether every file must hold it.
    required: bool,
    /// `there`, `expiring`, `expired` or `missing`.
    state: String,
    /// Until when it counts.
    valid_until: Option<String>,
    /// The article behind it.
    article: String,
    /// Its documents that count, the one that is valid longest first.
    documents: Vec<DocumentData>,
}

/// A document (资料), its number masked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentData {
    /// The key.
    id: String,
    /// Which paper.
    kind: String,
    /// Its number, masked.
    number: String,
    /// When it was issued.
    issued_on: Option<String>,
    /// The last day on which it is valid, as it says itself.
    expires_on: Option<String>,
    /// By which way it came.
    route: String,
    /// From whom, from which register.
    source_note: String,
    /// The name of its file.
    name: String,
    /// What the file is.
    media: String,
    /// How large it is.
    size_bytes: i64,
    /// SHA-256 of its content.
    digest: String,
    /// The business date on which it came.
    effective_on: String,
    /// `current`, `replaced` or `withdrawn`.
    state: String,
}

impl DocumentData {
    fn of(one: &Document) -> Self {
        let state = match (&one.file.withdrawn, one.file.replaced_by) {
            (Some(_), _) => "withdrawn",
            (None, Some(_)) => "replaced",
            (None, None) => "current",
        };
        Self {
            id: one.id.to_string(),
            kind: one.kind.clone(),
            number: one.number.clone(),
            issued_on: one.issued_on.map(|on| on.to_string()),
            expires_on: one.expires_on.map(|on| on.to_string()),
            route: one.route.as_str().to_owned(),
            source_note: one.source_note.clone(),
            name: one.file.name.clone(),
            media: one.file.media.as_str().to_owned(),
            size_bytes: one.file.bytes,
            digest: one.file.digest.clone(),
            effective_on: one.effective_on.to_string(),
            state: state.to_owned(),
        }
    }
}

fn line(line: &Line<'_>) -> DocumentLineData {
    DocumentLineData {
        kind: line.wanted.kind.clone(),
        required: line.wanted.required,
        state: line.state.as_str().to_owned(),
        valid_until: line.state.until().map(|on| on.to_string()),
        article: line.wanted.article.clone(),
        documents: line.documents.iter().map(|one| DocumentData::of(one)).collect(),
    }
}

/// `/api/v1/customers/{id}/documents`: the list with what stands for each line.
pub(super) async fn documents(
    visit: Visit,
    Path(id): Path<CustomerId>,
) -> Result<Data<Vec<DocumentLineData>>, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let list = actions::list(&policy, on, customer.kind)?;
    let held = store::of_customer(&mut work.tx, id).await?;
    let days = if list.is_empty() { 0 } else { refresh::remind_days(&policy, on)? };
    Ok(Data(rules::lines(&list, &held, on, days).iter().map(line).collect()))
}

/// `/api/v1/customers/{id}/documents/{document}`
pub(super) async fn document(
    visit: Visit,
    Path((id, key)): Path<(CustomerId, super::model::DocumentId)>,
) -> Result<Data<DocumentData>, WebError> {
    let mut work = visit.read().await?;
    let (_, found) = actions::load(&mut work, id, key, VIEW).await?;
    Ok(Data(DocumentData::of(&found)))
}
