//! A meeting of the management group as a program reads it (管理小组会议数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use super::model::Resolution;
use crate::CASE_VIEW;

/// A meeting of the management group (管理小组会议), with what was resolved.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MeetingData {
    /// The key.
    id: String,
    /// 会议编号.
    number: String,
    /// Of which branch; 0 is the whole institution.
    branch: String,
    /// When it was held.
    held_on: String,
    /// The head.
    head: String,
    /// Who was present besides.
    members: Vec<String>,
    /// What was discussed beside the cases.
    words: String,
    /// What was resolved about each case.
    resolutions: Vec<ResolutionData>,
    /// Who signed it.
    signed_by: Option<String>,
    /// When it was signed.
    signed_on: Option<String>,
    /// Who recorded it.
    recorded_by: String,
}

/// What was resolved about a case (议定事项).
#[derive(Debug, Serialize, JsonSchema)]
struct ResolutionData {
    /// The key.
    id: String,
    /// The case.
    case: String,
    /// The number of the case.
    case_number: String,
    /// What was resolved.
    resolution: String,
    /// What is to be done; empty: nothing.
    task: String,
    /// By whom.
    person: Option<String>,
    /// By when.
    due_on: Option<String>,
    /// What came of it.
    outcome: Option<String>,
    /// When it was done.
    done_on: Option<String>,
}

impl From<Resolution> for ResolutionData {
    fn from(one: Resolution) -> Self {
        let (outcome, done_on) = one.outcome.map(|(words, on)| (words, on.to_string())).unzip();
        Self {
            id: one.id.to_string(),
            case: one.case.case.to_string(),
            case_number: one.content.case,
            resolution: one.content.resolution,
            task: one.content.task,
            person: one.content.person.map(|person| person.to_string()),
            due_on: one.content.due_on.map(|on| on.to_string()),
            outcome,
            done_on,
        }
    }
}

/// `/api/v1/collections/meetings/{id}`
pub(super) async fn meeting(Path(id): Path<String>, visit: Visit) -> Result<Data<MeetingData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::load(&mut work, &id, CASE_VIEW).await?;
    let resolutions = actions::resolutions(&mut work, one.id).await?;
    let (signed_by, signed_on) = one.signed.map(|(by, on)| (by.to_string(), on.to_string())).unzip();
    Ok(Data(MeetingData {
        id: one.id.to_string(),
        number: one.number,
        branch: one.branch.to_string(),
        held_on: one.content.held_on.to_string(),
        head: one.content.head.to_string(),
        members: one.content.members.iter().map(ToString::to_string).collect(),
        words: one.content.words,
        resolutions: resolutions.into_iter().map(ResolutionData::from).collect(),
        signed_by,
        signed_on,
        recorded_by: one.by.to_string(),
    }))
}
