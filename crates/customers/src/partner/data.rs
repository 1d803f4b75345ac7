//! Partners as a program reads them (合作机构数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{actions, model, store};
use crate::lead::VIEW;

/// A partner (合作机构).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PartnerData {
    /// The key.
    id: String,
    /// 合作机构编号.
    number: String,
    /// The name.
    name: String,
    /// What it is, as the policy names kinds.
    kind: String,
    /// What it does for the house.
    note: String,
    /// The key of the branch; none: the whole institution.
    branch: Option<String>,
    /// Whether an agreement covers today.
    covered: bool,
    /// When the partnership ended.
    ended_on: Option<String>,
    /// How many leads it brought.
    leads: i64,
    /// How many of these became customers.
    won: i64,
    /// The agreements, the latest end first.
    agreements: Vec<AgreementData>,
}

/// An agreement with a partner (合作协议).
#[derive(Debug, Serialize, JsonSchema)]
struct AgreementData {
    /// The key.
    id: String,
    /// What it is called.
    title: String,
    /// From when.
    valid_from: String,
    /// Until when.
    valid_until: String,
}

/// `/api/v1/partners/{partner}`.
pub(super) async fn partner(visit: Visit, Path(id): Path<String>) -> Result<Data<PartnerData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let agreements = store::agreements(&mut work.tx, one.id).await?;
    let scope = work.authorise(VIEW).map_err(platform::error::ActionError::from)?;
    let (leads, won) = store::counts(&mut work.tx, one.id, scope).await?;
    let papers = agreements.iter().map(|one| AgreementData {
        id: one.id.to_string(),
        title: one.content.title.clone(),
        valid_from: one.content.from.to_string(),
        valid_until: one.content.until.to_string(),
    });
    Ok(Data(PartnerData {
        id: one.id.to_string(),
        number: one.number.clone(),
        name: one.content.name.clone(),
        kind: one.content.kind.clone(),
        note: one.content.note.clone(),
        branch: one.content.branch.map(|id| id.to_string()),
        covered: model::covered(&agreements, work.business_date),
        ended_on: one.ended.as_ref().map(|(on, _)| on.to_string()),
        leads,
        won,
        agreements: papers.collect(),
    }))
}
