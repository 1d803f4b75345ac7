//! The recordings of a case as a program reads them (催收录音数据).

use axum::extract::Path;
use platform::api::Data;
use platform::error::ActionError;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use crate::case::actions as cases;

/// A call and its recording (通话与录音).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CallData {
    /// The contact.
    contact: String,
    /// When.
    at: String,
    /// Whether the person called was reached.
    reached: bool,
    /// The key of the recording.
    recording: Option<String>,
    /// SHA-256 of its content.
    digest: Option<String>,
    /// Since when its content is taken away.
    erased_on: Option<String>,
}

/// The calls of a case.
pub(super) async fn calls(Path(id): Path<String>, visit: Visit) -> Result<Data<Vec<CallData>>, WebError> {
    let mut work = visit.read().await?;
    let case = cases::parse(&id).map_err(ActionError::from)?;
    let (_, calls) = actions::calls(&mut work, case).await?;
    let data = calls.into_iter().map(|call| CallData {
        contact: call.contact.id.to_string(),
        at: call.contact.at.to_string(),
        reached: call.contact.reached,
        recording: call.recording.as_ref().map(|one| one.id.to_string()),
        digest: call.recording.as_ref().map(|one| one.digest.clone()),
        erased_on: call.recording.as_ref().and_then(|one| one.erased_on).map(|on| on.to_string()),
    });
    Ok(Data(data.collect()))
}
