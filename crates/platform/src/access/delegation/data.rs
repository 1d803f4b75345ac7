//! Delegations as a program reads them (代理数据).

use schemars::JsonSchema;
use serde::Serialize;

use super::super::DELEGATION_APPROVE;
use super::model::Delegation;
use super::store;
use crate::api::Data;
use crate::web::{Visit, WebError};

/// The delegations that concern the asker (代理).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DelegationsData {
    /// Those that the asker may approve or refuse.
    waiting: Vec<DelegationData>,
    /// Those in which the asker goes or stands in.
    own: Vec<DelegationData>,
}

/// One person standing in for another (代理).
#[derive(Debug, Serialize, JsonSchema)]
struct DelegationData {
    /// The key.
    id: String,
    /// Who goes.
    absent: String,
    /// Who stands in.
    delegate: String,
    /// The roles that are handed on.
    roles: Vec<String>,
    /// The first day.
    from: String,
    /// The last day.
    until: String,
    /// Why.
    reason: String,
    /// `asked`, `approved`, `refused` or `ended`.
    state: String,
    /// Whether it holds on the business date.
    holds: bool,
}

/// `/api/v1/delegations`
pub(super) async fn delegations(visit: Visit) -> Result<Data<DelegationsData>, WebError> {
    let mut work = visit.read().await?;
    let waiting = match work.authorise(DELEGATION_APPROVE) {
        Ok(scope) => store::waiting(&mut work.tx, scope.branch).await?,
        Err(_) => Vec::new(),
    };
    let own = store::of_person(&mut work.tx, visit.user()?).await?;
    let today = visit.business_date;
    let data = |one: Delegation| DelegationData {
        holds: one.holds(today),
        id: one.id.to_string(),
        absent: one.absent.to_string(),
        delegate: one.delegate.to_string(),
        roles: one.roles,
        from: one.from.to_string(),
        until: one.until.to_string(),
        reason: one.reason,
        state: one.state.as_str().to_owned(),
    };
    Ok(Data(DelegationsData {
        waiting: waiting.into_iter().map(data).collect(),
        own: own.into_iter().map(data).collect(),
    }))
}
