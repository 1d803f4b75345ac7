//! Leads and sources as a program reads them (线索数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Origin, Step};
use super::{VIEW, actions, source, store};
use crate::customer::actions::load_within;

/// From where somebody came (来源).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OriginData {
    /// The channel, as the policy names it.
    channel: String,
    /// The key of the campaign.
    campaign: Option<String>,
    /// The key of the partner.
    partner: Option<String>,
    /// The key of the customer who referred.
    referrer: Option<String>,
    /// The key of the colleague who found it.
    colleague: Option<String>,
}

impl From<&Origin> for OriginData {
    fn from(origin: &Origin) -> Self {
        Self {
            channel: origin.channel.clone(),
            campaign: origin.campaign.map(|id| id.to_string()),
            partner: origin.partner.map(|id| id.to_string()),
            referrer: origin.referrer.map(|id| id.to_string()),
            colleague: origin.colleague.map(|id| id.to_string()),
        }
    }
}

/// A lead (线索).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LeadData {
    /// The key.
    id: String,
    /// 线索编号.
    number: String,
    /// `person` or `company`.
    kind: String,
    /// The name; empty once erased.
    name: String,
    /// The telephone number, masked.
    phone: String,
    /// From where.
    origin: OriginData,
    /// On what ground it is contacted.
    ground: String,
    /// What it asks for.
    interest: String,
    /// Where it stands.
    state: String,
    /// Why it was lost.
    lost_reason: Option<String>,
    /// The key of the file on which it stands or which it became.
    customer: Option<String>,
    /// The key of who works on it.
    owner: String,
    /// When it is contacted next.
    next_on: Option<String>,
    /// When it was taken in.
    taken_on: String,
    /// When the person said no.
    refused_on: Option<String>,
    /// When it became a customer.
    won_on: Option<String>,
    /// When it was erased.
    erased_on: Option<String>,
    /// What was done, the oldest first.
    steps: Vec<LeadStepData>,
}

/// What was done about a lead (跟进记录).
#[derive(Debug, Serialize, JsonSchema)]
struct LeadStepData {
    /// What.
    kind: String,
    /// In words.
    note: String,
    /// When.
    on: String,
    /// By whom: the key of a user.
    by: String,
}

impl From<&Step> for LeadStepData {
    fn from(step: &Step) -> Self {
        Self {
            kind: step.kind.as_str().to_owned(),
            note: step.note.clone(),
            on: step.on.to_string(),
            by: step.by.to_string(),
        }
    }
}

/// `/api/v1/leads/{lead}`.
pub(super) async fn lead(visit: Visit, Path(id): Path<String>) -> Result<Data<LeadData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let steps = store::steps(&mut work.tx, one.id).await?;
    let day = |on: Option<jiff::civil::Date>| on.map(|on| on.to_string());
    Ok(Data(LeadData {
        id: one.id.to_string(),
        number: one.number.clone(),
        kind: one.kind.as_str().to_owned(),
        name: one.name.clone(),
        phone: one.phone_masked.clone(),
        origin: OriginData::from(&one.origin),
        ground: one.ground.clone(),
        interest: one.interest.clone(),
        state: one.state.as_str().to_owned(),
        lost_reason: one.lost_reason.clone(),
        customer: one.customer.map(|id| id.to_string()),
        owner: one.owner.to_string(),
        next_on: day(one.next_on),
        taken_on: one.taken_on.to_string(),
        refused_on: day(one.refused_on),
        won_on: day(one.won_on),
        erased_on: day(one.erased_on),
        steps: steps.iter().map(LeadStepData::from).collect(),
    }))
}

/// From where a customer was won (客户来源).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SourceData {
    /// The key of the lead.
    lead: Option<String>,
    /// Whether the file was opened by it.
    opening: bool,
    /// From where.
    origin: OriginData,
    /// When.
    on: String,
}

/// `/api/v1/customers/{id}/source`: the first first.
pub(super) async fn sources(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<Vec<SourceData>>, WebError> {
    let mut work = visit.read().await?;
    load_within(&mut work, id, crate::VIEW).await?;
    let all = source::of_customer(&mut work.tx, id).await?;
    let data = all.iter().map(|one| SourceData {
        lead: one.lead.map(|id| id.to_string()),
        opening: one.opening,
        origin: OriginData::from(&one.origin),
        on: one.on.to_string(),
    });
    Ok(Data(data.collect()))
}
