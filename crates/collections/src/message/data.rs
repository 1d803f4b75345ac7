//! Messages as a program reads them (消息数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::DebtorMessage;
use super::store::Step;
use super::{actions, rules, store};

/// A message to a debtor (短信与邮件) as it stands; the number is never among it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct MessageData {
    /// The key.
    id: String,
    /// Whose file.
    customer: String,
    /// The loan.
    loan: String,
    /// The template: `early_reminder`, `repayment_reminder` or `promise_confirmation`.
    kind: String,
    /// `sms` or `email`.
    channel: String,
    /// The key of the contact point.
    point: String,
    /// What it says.
    body: String,
    /// The day of its words.
    body_on: String,
    /// `waiting`, `sent`, `delivered`, `failed`, `unknown` or `withdrawn`.
    state: String,
    /// What the carrier told later: `delivered` or `failed`; null when nothing.
    receipt: Option<String>,
    /// The rule that put it off or keeps it back.
    rule: Option<String>,
    /// Its article.
    article: Option<String>,
    /// Until when it was put off.
    not_before: Option<String>,
    /// When it went out, or may have.
    sent_at: Option<String>,
    /// The key of the contact that it was.
    contact: Option<String>,
    /// By which the provider knows it.
    provider_ref: Option<String>,
    /// The key of the message that it repeats.
    again_of: Option<String>,
    /// What a person decided: `again`, `arrived`, `lost` or `withdraw`.
    decision: Option<String>,
    /// What a person may decide now.
    decisions: Vec<String>,
    /// Rises with every change; a form names it.
    version: i64,
    /// What happened to it, in order.
    steps: Vec<StepData>,
}

/// What happened to a message (消息经过).
#[derive(Debug, Serialize, JsonSchema)]
struct StepData {
    /// What.
    step: String,
    /// More about it.
    detail: String,
    /// When.
    at: String,
    /// Who recorded it; empty is the system.
    by: String,
}

impl MessageData {
    fn of(one: DebtorMessage, steps: Vec<Step>) -> Self {
        let decisions = match one.decided {
            None => rules::decisions(one.state, one.receipt).iter().map(|word| word.as_str().to_owned()).collect(),
            Some(_) => Vec::new(),
        };
        let step = |one: Step| StepData { step: one.step, detail: one.detail, at: one.at.to_string(), by: one.by };
        Self {
            id: one.id.to_string(),
            customer: one.loan.customer.to_string(),
            loan: one.loan.loan.to_string(),
            kind: one.kind.as_str().to_owned(),
            channel: one.channel.as_str().to_owned(),
            point: one.point.to_string(),
            body: one.body,
            body_on: one.body_on.to_string(),
            state: one.state.as_str().to_owned(),
            receipt: one.receipt.map(|receipt| receipt.as_str().to_owned()),
            rule: one.rule,
            article: one.article,
            not_before: one.not_before.map(|at| at.to_string()),
            sent_at: one.sent_at.map(|at| at.to_string()),
            contact: one.contact.map(|id| id.to_string()),
            provider_ref: one.provider_ref,
            again_of: one.again_of.map(|id| id.to_string()),
            decision: one.decided.map(|it| it.decision.as_str().to_owned()),
            decisions,
            version: one.version,
            steps: steps.into_iter().map(step).collect(),
        }
    }
}

pub(super) async fn message(visit: Visit, Path(id): Path<String>) -> Result<Data<MessageData>, WebError> {
    let mut work = visit.read().await?;
    let (one, _) = actions::load(&mut work, &id, "loan.view").await?;
    let steps = store::steps(&mut work.tx, &one).await?;
    Ok(Data(MessageData::of(one, steps)))
}
