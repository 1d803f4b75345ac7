//! A case as a program reads it (催收案件数据).

use axum::extract::Path;
use finance::Fen;
use platform::api::Data;
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::CaseState;
use super::pages::overdue_loans;
use super::{actions, rules};
use crate::CASE_VIEW;

/// A case (催收案件): one customer's overdue debt, who collects it, what the ladder asks.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CaseData {
    /// The key.
    id: String,
    /// 案件编号.
    number: String,
    /// Whose file.
    customer: String,
    /// `open` or `closed`.
    state: String,
    /// Who collects; null when nobody holds a fitting role.
    owner: Option<String>,
    /// The role in which it is collected.
    owner_role: String,
    /// Who works it now.
    locked_by: Option<String>,
    /// Until when it is locked.
    locked_until: Option<String>,
    /// Who manages the customer's loan.
    manager: String,
    /// The branch that granted the loan.
    branch: String,
    /// Since when.
    opened_on: String,
    /// When it was closed.
    closed_on: Option<String>,
    /// Why it was closed.
    closed_reason: Option<String>,
    /// Days overdue today, of the oldest debt.
    days_overdue: u32,
    /// What is overdue today, in fen.
    overdue_fen: i64,
    /// The step of the action ladder.
    action: String,
    /// The articles behind it.
    articles: Vec<String>,
    /// The overdue loans.
    loans: Vec<CaseLoan>,
    /// Rises with every change.
    version: i64,
}

/// An overdue loan of a case (逾期借据).
#[derive(Debug, Serialize, JsonSchema)]
struct CaseLoan {
    /// The loan.
    id: String,
    /// 借据号.
    number: String,
    /// 逾期天数.
    days_overdue: u32,
    /// 逾期合计, in fen.
    overdue_fen: i64,
}

/// `/api/v1/collections/cases/{id}`
pub(super) async fn case(visit: Visit, Path(id): Path<String>) -> Result<Data<CaseData>, WebError> {
    let mut work = visit.read().await?;
    let id = actions::parse(&id).map_err(ActionError::from)?;
    let case = actions::load(&mut work, id, CASE_VIEW).await?;
    let found = overdue_loans(&mut work, case.key.customer).await?;
    let days = found.iter().map(|loan| loan.days_overdue).max().unwrap_or(0);
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let rung =
        rules::rung(policy.edition(on), i64::from(days)).map_err(PolicyError::from).map_err(ActionError::from)?;
    let (owner, lock, closed) = match &case.state {
        CaseState::Open { owner, lock } => (*owner, *lock, None),
        CaseState::Closed { on, reason } => (None, None, Some((on.to_string(), reason.as_str().to_owned()))),
    };
    let lock = lock.filter(|lock| lock.until > visit.now);
    let loan = |one: &servicing::ledger::store::LedgerRow| CaseLoan {
        id: one.key.loan.to_string(),
        number: one.number.clone(),
        days_overdue: one.days_overdue,
        overdue_fen: one.overdue.0,
    };
    Ok(Data(CaseData {
        id: case.key.case.to_string(),
        number: case.number,
        customer: case.key.customer.to_string(),
        state: if closed.is_some() { "closed" } else { "open" }.to_owned(),
        owner: owner.map(|user| user.to_string()),
        owner_role: case.owner_role,
        locked_by: lock.as_ref().map(|lock| lock.by.to_string()),
        locked_until: lock.as_ref().map(|lock| lock.until.to_string()),
        manager: case.manager.to_string(),
        branch: case.branch.to_string(),
        opened_on: case.opened_on.to_string(),
        closed_on: closed.as_ref().map(|(on, _)| on.clone()),
        closed_reason: closed.map(|(_, reason)| reason),
        days_overdue: days,
        overdue_fen: Fen::checked_sum(found.iter().map(|loan| loan.overdue)).unwrap_or_default().0,
        action: rung.action,
        articles: rung.articles,
        loans: found.iter().map(loan).collect(),
        version: case.version,
    }))
}
