//! The income-to-repayment calculator as a program asks it (偿还能力测算数据).

use std::collections::BTreeMap;

use axum::extract::{Path, Query};
use platform::api::Data;
use platform::error::Refused;
use platform::id::CustomerId;
use platform::policies::{self, InForce};
use platform::web::{Visit, WebError};
use policy::{Facts, Value};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Asked;
use super::pages::DECISIONS;
use crate::VIEW;
use crate::customer::actions::load_within;
use crate::datum::facts;

/// What a person can repay (偿还能力): the payment asked about and what the rules say of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CapacityData {
    /// The monthly payment by equal instalments, in fen.
    payment_fen: i64,
    /// The decisions on it.
    decisions: Vec<DecisionData>,
}

/// A decision on what was asked (测算结论).
#[derive(Debug, Serialize, JsonSchema)]
struct DecisionData {
    /// The decision.
    decision: String,
    /// What it gives, by name; empty where facts are lacking or no rule is in force.
    outputs: BTreeMap<String, String>,
    /// The facts to be supplied first.
    lacking: Vec<String>,
    /// The rule; empty where nothing was decided.
    rule: String,
    /// The articles behind it.
    articles: Vec<String>,
}

fn decided(policy: &InForce, on: jiff::civil::Date, decision: &str, facts: &Facts) -> DecisionData {
    let edition = policy.edition(on);
    let (mut outputs, mut rule, mut articles, mut lacking) = Default::default();
    match edition.derive(decision, facts) {
        Ok(found) => {
            let given = found.decision.outputs.first().into_iter().flatten();
            outputs = given.filter_map(|(name, value)| Some((name.clone(), value.as_ref()?.to_text()))).collect();
            rule = found.decision.rule;
            articles = found.decision.articles;
        }
        Err(_) => lacking = edition.lacking(decision, facts).into_iter().collect(),
    }
    DecisionData { decision: decision.to_owned(), outputs, lacking, rule, articles }
}

/// `/api/v1/customers/{id}/capacity`
pub(super) async fn capacity(
    visit: Visit,
    Path(id): Path<CustomerId>,
    Query(asked): Query<Asked>,
) -> Result<Data<CapacityData>, WebError> {
    let mut work = visit.read().await?;
    let customer = load_within(&mut work, id, VIEW).await?;
    let today = work.business_date;
    let policy = policies::in_force(&mut work, today).await?;
    let known = facts::known(&mut work, &customer, &policy, today).await?;
    let loan = asked.loan().map_err(Refused::form)?;
    let mut facts = asked.facts(&known.facts, policy.pack().dictionary()).map_err(Refused::form)?;
    facts.insert("payment_fen".to_owned(), Value::Integer(loan.payment.0));
    let decisions = DECISIONS.map(|decision| decided(&policy, today, decision, &facts));
    Ok(Data(CapacityData { payment_fen: loan.payment.0, decisions: decisions.into() }))
}
