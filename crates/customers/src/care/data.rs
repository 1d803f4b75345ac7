//! Plans of care and contacts as a program reads them (客户维护数据).

use axum::extract::Path;
use platform::api::Data;
use platform::id::CustomerId;
use platform::policies;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Plan, Said, Served};
use super::{actions, wake};
use crate::VIEW;
use crate::customer::actions::load_within;

/// What is said of an item (方案内容).
#[derive(Debug, Serialize, JsonSchema)]
struct SaidData {
    /// The item.
    item: String,
    /// In words.
    text: String,
}

/// A plan of care (维护方案).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlanData {
    /// The key.
    id: String,
    /// 维护方案编号.
    number: String,
    /// For whom.
    customer: String,
    /// The kind.
    kind: String,
    /// `submitted`, `approved` or `refused`.
    state: String,
    /// Whether it is worked by.
    current: bool,
    /// Item by item.
    items: Vec<SaidData>,
    /// How many days apart the customer is contacted.
    contact_days: Option<i64>,
    /// When it was made.
    made_on: String,
    /// When it was agreed to.
    approved_on: Option<String>,
    /// When its results are reviewed.
    review_on: Option<String>,
    /// When they were.
    reviewed_on: Option<String>,
    /// What came of it, item by item.
    review: Vec<SaidData>,
}

fn said(all: &[Said]) -> Vec<SaidData> {
    all.iter().map(|one| SaidData { item: one.item.clone(), text: one.text.clone() }).collect()
}

impl From<&Plan> for PlanData {
    fn from(one: &Plan) -> Self {
        Self {
            id: one.id.to_string(),
            number: one.number.clone(),
            customer: one.customer.to_string(),
            kind: one.kind.clone(),
            state: one.state.as_str().to_owned(),
            current: one.is_current(),
            items: said(&one.content.items),
            contact_days: one.contact_days,
            made_on: one.made_on.to_string(),
            approved_on: one.approved_on.map(|on| on.to_string()),
            review_on: one.review_on.map(|on| on.to_string()),
            reviewed_on: one.reviewed.as_ref().map(|(on, _, _)| on.to_string()),
            review: one.reviewed.as_ref().map(|(_, _, items)| said(items)).unwrap_or_default(),
        }
    }
}

/// `/api/v1/care-plans/{plan}`.
pub(super) async fn plan(visit: Visit, Path(id): Path<String>) -> Result<Data<PlanData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    Ok(Data(PlanData::from(&one)))
}

/// A contact of care (维护联系).
#[derive(Debug, Serialize, JsonSchema)]
struct CareContactData {
    /// The key.
    id: String,
    /// By which way.
    way: String,
    /// When.
    happened_on: String,
    /// What was talked about and offered.
    content: String,
    /// What the customer said.
    response: String,
}

/// A service standard where the customer stands (服务标准).
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceData {
    /// The standard: `routine`, `standard`, `self_service`, `controlled`, or another one of the policy.
    level: String,
    /// The decision by which the customer has it.
    axis: String,
    /// Its outcome.
    outcome: String,
    /// How many days lie between contacts.
    days: i64,
    /// The article.
    article: String,
}

impl From<&Served> for ServiceData {
    fn from(one: &Served) -> Self {
        let rhythm = &one.rhythm;
        Self {
            level: rhythm.level.clone(),
            axis: rhythm.of.0.clone(),
            outcome: rhythm.of.1.clone(),
            days: rhythm.days,
            article: rhythm.article.clone(),
        }
    }
}

/// How a customer is cared for (客户维护).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CareData {
    /// The plans, the latest first.
    plans: Vec<PlanData>,
    /// The contacts, the latest first.
    contacts: Vec<CareContactData>,
    /// The service standards where the customer stands.
    standards: Vec<ServiceData>,
    /// When the customer is contacted next, by a plan or by the service standard.
    next_contact_on: Option<String>,
}

/// `/api/v1/customers/{id}/care`.
pub(super) async fn care(visit: Visit, Path(id): Path<CustomerId>) -> Result<Data<CareData>, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let on = work.business_date;
    let in_force = policies::in_force(&mut work, on).await?;
    let served = wake::served(&mut work, &customer, &in_force, on).await?;
    let united = wake::united(&mut work, &customer).await?;
    let next = wake::next_contact(&mut work, &customer, (&united, &served)).await?;
    let (plans, contacts) = wake::seen(&mut work, id).await?;
    let contacts = contacts.into_iter().map(|one| CareContactData {
        id: one.id.to_string(),
        way: one.said.way.as_str().to_owned(),
        happened_on: one.said.on.to_string(),
        content: one.said.content,
        response: one.said.response,
    });
    Ok(Data(CareData {
        plans: plans.iter().map(PlanData::from).collect(),
        contacts: contacts.collect(),
        standards: served.iter().map(ServiceData::from).collect(),
        next_contact_on: next.map(|on| on.to_string()),
    }))
}
