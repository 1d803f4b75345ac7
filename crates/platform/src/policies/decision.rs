//! Decisions (决定): what the rules, or a person in their place, decided about a subject, with everything that led to it.

use jiff::civil::Date;
use policy::Evaluation;
use serde_json::{Value as Json, json};

use crate::args;
use crate::audit::Entry;
use crate::db::{Conditions, Row, StoreError, Tx};
use crate::error::ActionError;
use crate::id::CustomerId;
use crate::id_type;
use crate::work::Work;

id_type!(DecisionId, "The key of a decision (决定).");

/// Customers of one statement.
const ASKED_AT_ONCE: usize = 400;

/// A decision to be kept (决定). X-01: it keeps the version and the inputs.
#[derive(Debug, Clone)]
pub struct NewDecision {
    /// Whose file.
    pub customer: CustomerId,
    /// About what: `loan:123`.
    pub subject: String,
    /// Which question: `asset_class`, `overdue_bucket`.
    pub axis: String,
    /// The answer.
    pub outcome: String,
    /// The facts looked at.
    pub inputs: Json,
    /// The rows that hit.
    pub rows: Json,
    /// The articles behind them.
    pub articles: Vec<String>,
    /// The version of the rules.
    pub policy_version: String,
    /// The business date it is for.
    pub effective_on: Date,
    /// By a person in place of the rule: why, until when, under which approval.
    pub person: Option<Override>,
    /// The decision that this one corrects.
    pub corrects: Option<DecisionId>,
}

/// A decision by a person against the rule (人工调整).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Why.
    pub reason: String,
    /// Until when it holds.
    pub expires_on: Option<Date>,
    /// The approval behind it.
    pub approval: Option<i64>,
}

impl NewDecision {
    /// From an evaluation of a decision table: `output` names the column with the answer.
    #[must_use]
    pub fn of(customer: CustomerId, subject: impl Into<String>, on: Date, found: &Evaluation, output: &str) -> Self {
        let json = found.to_json();
        let part = |name: &str| json.get(name).cloned().unwrap_or(Json::Null);
        Self {
            customer,
            subject: subject.into(),
            axis: found.decision.clone(),
            outcome: found.text(output).map_or_else(|| part("outputs").to_string(), str::to_owned),
            inputs: part("inputs"),
            rows: part("rows"),
            articles: found.articles.clone(),
            policy_version: part("version").to_string(),
            effective_on: on,
            person: None,
            corrects: None,
        }
    }
}

/// Keeps a decision. A decision is never edited; another one corrects it.
///
/// # Errors
/// The store's.
pub async fn record(work: &mut Work, new: &NewDecision) -> Result<DecisionId, ActionError> {
    let id = DecisionId(work.next_id());
    let person = new.person.as_ref();
    work.tx
        .execute(
            "insert into decision (customer_id, id, subject, axis, outcome, inputs_json, rows_json, articles, \
             policy_version, effective_on, recorded_at, recorded_by, origin, reason, expires_on, approval_id, corrects_id) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            args![
                new.customer,
                id,
                new.subject,
                new.axis,
                new.outcome,
                new.inputs.to_string(),
                new.rows.to_string(),
                new.articles.join("|"),
                new.policy_version,
                new.effective_on,
                work.now,
                work.actor.recorded_by(),
                if person.is_some() { "person" } else { "rule" },
                person.map(|p| p.reason.clone()),
                person.and_then(|p| p.expires_on),
                person.and_then(|p| p.approval),
                new.corrects
            ],
        )
        .await?;
    if person.is_some() {
        let entry = Entry::new(Some(new.customer), "decision.override", new.subject.clone());
        let entry = entry.after(json!({"axis": new.axis, "outcome": new.outcome}));
        work.audit(entry.reason(person.map(|p| p.reason.clone()).unwrap_or_default())).await?;
    }
    Ok(id)
}

/// A decision as kept (已留存的决定).
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// Its key.
    pub id: DecisionId,
    /// Which question.
    pub axis: String,
    /// The answer.
    pub outcome: String,
    /// The facts looked at.
    pub inputs: Json,
    /// The rows that hit.
    pub rows: Json,
    /// The articles.
    pub articles: Vec<String>,
    /// The version of the rules.
    pub policy_version: String,
    /// The business date it is for.
    pub effective_on: Date,
    /// Why a person decided otherwise.
    pub reason: Option<String>,
}

/// The decision on an axis that holds on a date.
///
/// # Errors
/// The store's.
pub async fn latest(
    tx: &mut Tx,
    customer: CustomerId,
    subject: &str,
    axis: &str,
    on: Date,
) -> Result<Option<Decided>, StoreError> {
    let row = tx
        .fetch_optional(
            "select id, axis, outcome, inputs_json, rows_json, articles, policy_version, effective_on, reason from decision \
             where customer_id = $1 and subject = $2 and axis = $3 and effective_on <= $4 \
             order by effective_on desc, id desc limit 1",
            args![customer, subject, axis, on],
        )
        .await?;
    row.as_ref().map(decode).transpose()
}

/// What was decided about a subject on all axes, the latest first.
///
/// # Errors
/// The store's.
pub async fn history(tx: &mut Tx, customer: CustomerId, subject: &str, limit: i64) -> Result<Vec<Decided>, StoreError> {
    tx.fetch_all(
        "select id, axis, outcome, inputs_json, rows_json, articles, policy_version, effective_on, reason from decision \
         where customer_id = $1 and subject = $2 order by effective_on desc, id desc limit $3",
        args![customer, subject, limit],
    )
    .await?
    .iter()
    .map(decode)
    .collect()
}

/// An answer on an axis about a customer, without what led to it (判定结论).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Whose.
    pub customer: CustomerId,
    /// Which question.
    pub axis: String,
    /// The answer.
    pub outcome: String,
    /// The business date it is for.
    pub effective_on: Date,
}

/// What was decided about some customers on some axes up to a date, customer by customer in the order of deciding.
///
/// # Errors
/// The store's.
pub async fn answers(
    tx: &mut Tx,
    customers: &[CustomerId],
    axes: &[String],
    until: Date,
) -> Result<Vec<Answered>, StoreError> {
    let mut found = Vec::new();
    if axes.is_empty() {
        return Ok(found);
    }
    for some in customers.chunks(ASKED_AT_ONCE) {
        let mut w = Conditions::new();
        w.one_of("customer_id", some).one_of("axis", axes).and("effective_on <= ?", [&until]);
        let head = "select customer_id, axis, outcome, effective_on from decision";
        for row in tx.fetch_all(w.select(head, "order by customer_id, axis, effective_on, id"), w.args()).await? {
            found.push(Answered {
                customer: row.get("customer_id")?,
                axis: row.get("axis")?,
                outcome: row.get("outcome")?,
                effective_on: row.get("effective_on")?,
            });
        }
    }
    Ok(found)
}

fn decode(row: &Row) -> Result<Decided, StoreError> {
    let json = |column: &str| -> Result<Json, StoreError> {
        let text: String = row.get(column)?;
        serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
            column: column.to_owned(),
            expected: "JSON",
            found: format!("a text of {} bytes", text.len()),
        })
    };
    let articles: String = row.get("articles")?;
    Ok(Decided {
        id: row.get("id")?,
        axis: row.get("axis")?,
        outcome: row.get("outcome")?,
        inputs: json("inputs_json")?,
        rows: json("rows_json")?,
        articles: articles.split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        policy_version: row.get("policy_version")?,
        effective_on: row.get("effective_on")?,
        reason: row.get("reason")?,
    })
}
