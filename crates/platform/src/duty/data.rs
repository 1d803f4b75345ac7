//! A duty as a program reads it (任务数据).

use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::actions::seen;
use super::model::{Duty, DutyId, DutyKey, DutyState};
use super::pages::DUTY_VIEW;
use crate::api::Data;
use crate::id::CustomerId;
use crate::web::{Visit, WebError};

/// A duty (任务): what must be done by when, under which article, and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DutyData {
    /// The key.
    id: String,
    /// Whose file; `0` for one that stands for many cases.
    customer: String,
    /// What kind.
    kind: String,
    /// 名称.
    title_zh: String,
    /// The same in English.
    title_en: String,
    /// What it is about: `loan:123`.
    subject: String,
    /// The loan's number.
    number: String,
    /// The amount at stake, in fen.
    amount_fen: Option<i64>,
    /// Who must do it; null: anybody with the role in the branch.
    owner: Option<String>,
    /// In which role.
    owner_role: String,
    /// In which branch.
    branch: String,
    /// When it was opened.
    opened_on: String,
    /// The first day on which it can be done.
    opens_on: String,
    /// The last day on which it is done in time.
    due_on: String,
    /// Whether a date rests on a year without a holiday list.
    provisional: bool,
    /// When it went to somebody above, because it still stood.
    escalated_on: Option<String>,
    /// The kinds of evidence that close it; one suffices.
    evidence_kinds: Vec<String>,
    /// `open`, `done`, `excused` or `cancelled`.
    state: String,
    /// When it was settled.
    settled_on: Option<String>,
    /// The fact that closed it.
    evidence: Option<String>,
    /// Why it was excused or fell away.
    reason: Option<String>,
    /// The rule that opened it.
    rule: String,
    /// The article behind the rule.
    article: String,
    /// Cases that it stands for; 0 for a single one.
    cases: i64,
    /// Cases that still stand.
    cases_open: i64,
    /// Rises with every change.
    version: i64,
}

/// `/api/v1/duties/{customer}/{id}`
pub(super) async fn duty(visit: Visit, Path((customer, id)): Path<(i64, i64)>) -> Result<Data<DutyData>, WebError> {
    let mut work = visit.read().await?;
    let key = DutyKey { customer: CustomerId(customer), id: DutyId(id) };
    Ok(Data(DutyData::of(seen(&mut work, key, DUTY_VIEW).await?)))
}

impl DutyData {
    fn of(duty: Duty) -> Self {
        let (settled_on, evidence, reason) = match &duty.state {
            DutyState::Open => (None, None, None),
            DutyState::Done { evidence, on } => (Some(on.to_string()), Some(evidence.clone()), None),
            DutyState::Excused { reason, on, .. } | DutyState::Cancelled { reason, on } => {
                (Some(on.to_string()), None, Some(reason.clone()))
            }
        };
        Self {
            id: duty.key.id.to_string(),
            customer: duty.key.customer.to_string(),
            kind: duty.kind,
            title_zh: duty.title_zh,
            title_en: duty.title_en,
            subject: duty.subject,
            number: duty.number,
            amount_fen: duty.amount.map(|amount| amount.0),
            owner: (duty.owner != 0).then(|| duty.owner.to_string()),
            owner_role: duty.owner_role,
            branch: duty.branch.to_string(),
            opened_on: duty.opened_on.to_string(),
            opens_on: duty.opens_on.to_string(),
            due_on: duty.due_on.to_string(),
            provisional: duty.provisional,
            escalated_on: duty.escalated_on.map(|on| on.to_string()),
            evidence_kinds: duty.evidence_kinds,
            state: duty.state.as_str().to_owned(),
            settled_on,
            evidence,
            reason,
            rule: duty.rule,
            article: duty.article,
            cases: duty.members.0,
            cases_open: duty.members.1,
            version: duty.version,
        }
    }
}
