//! Campaigns as a program reads them (营销活动数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{actions, store};
use crate::lead::VIEW;

/// A campaign (营销活动).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CampaignData {
    /// The key.
    id: String,
    /// 营销活动编号.
    number: String,
    /// What it is called.
    title: String,
    /// The channel, as the policy names it.
    channel: String,
    /// Whom, with what, why.
    aim: String,
    /// Axis and outcome of the customers it is for; empty: everybody.
    target: String,
    /// The key of the branch; none: the whole institution.
    branch: Option<String>,
    /// The first day.
    starts_on: String,
    /// The last day.
    ends_on: String,
    /// The budget in fen.
    budget_fen: Option<i64>,
    /// What it cost, in fen.
    cost_fen: Option<i64>,
    /// How many leads it shall bring.
    target_leads: i64,
    /// How many it brought.
    leads: i64,
    /// How many of these became customers.
    won: i64,
    /// When it was reviewed.
    reviewed_on: Option<String>,
    /// What came of it, in words.
    review: String,
    /// The costs, the oldest first.
    costs: Vec<CostData>,
}

/// A cost of a campaign (活动费用).
#[derive(Debug, Serialize, JsonSchema)]
struct CostData {
    /// The key.
    id: String,
    /// The cost that it takes back.
    corrects: Option<String>,
    /// How much, in fen.
    amount_fen: i64,
    /// When.
    spent_on: String,
    /// What for.
    purpose: String,
}

/// `/api/v1/campaigns/{campaign}`.
pub(super) async fn campaign(visit: Visit, Path(id): Path<String>) -> Result<Data<CampaignData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let scope = work.authorise(VIEW).map_err(platform::error::ActionError::from)?;
    let effect = store::effect(&mut work.tx, one.id, scope).await?;
    let shown = actions::sees_costs(&work, scope);
    let costs = if shown { store::costs(&mut work.tx, one.id).await? } else { Vec::new() };
    let content = &one.content;
    let target = match content.target.0.as_str() {
        "" => String::new(),
        axis => format!("{axis}:{}", content.target.1),
    };
    let costs = costs.iter().map(|cost| CostData {
        id: cost.id.to_string(),
        corrects: cost.corrects.map(|id| id.to_string()),
        amount_fen: cost.amount.0,
        spent_on: cost.spent_on.to_string(),
        purpose: cost.purpose.clone(),
    });
    Ok(Data(CampaignData {
        id: one.id.to_string(),
        number: one.number.clone(),
        title: content.title.clone(),
        channel: content.channel.clone(),
        aim: content.aim.clone(),
        target,
        branch: content.branch.map(|id| id.to_string()),
        starts_on: content.starts_on.to_string(),
        ends_on: content.ends_on.to_string(),
        budget_fen: shown.then_some(content.budget.0),
        cost_fen: shown.then_some(effect.cost.0),
        target_leads: content.target_leads,
        leads: effect.leads,
        won: effect.won,
        reviewed_on: one.reviewed_on.map(|on| on.to_string()),
        review: one.review.clone(),
        costs: costs.collect(),
    }))
}
