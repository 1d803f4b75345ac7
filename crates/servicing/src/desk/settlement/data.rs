//! A settlement statement as a program reads it (结清单数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;

/// A settlement statement (结清单), in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SettlementStatementData {
    /// The key.
    id: String,
    /// 结清单编号.
    number: String,
    /// The key of the loan.
    loan: String,
    /// The day for which it is computed.
    settles_on: String,
    /// 本金.
    principal_fen: i64,
    /// 利息.
    interest_fen: i64,
    /// 罚息.
    penalty_fen: i64,
    /// 复利.
    compound_fen: i64,
    /// 费用, the charge for paying early among them.
    fee_fen: i64,
    /// 实现债权的费用.
    cost_fen: i64,
    /// Credit that is used.
    credit_fen: i64,
    /// The money needed.
    total_fen: i64,
    /// Where it stands.
    state: String,
    /// When it was signed.
    signed_on: Option<String>,
}

/// `/api/v1/settlements/{statement}`.
pub(super) async fn statement(visit: Visit, Path(id): Path<String>) -> Result<Data<SettlementStatementData>, WebError> {
    let mut work = visit.read().await?;
    let (one, _) = actions::seen(&mut work, &id, "loan.view").await?;
    Ok(Data(SettlementStatementData {
        id: one.id.to_string(),
        number: one.number,
        loan: one.key.loan.to_string(),
        settles_on: one.settles_on.to_string(),
        principal_fen: one.amounts.principal.0,
        interest_fen: one.amounts.interest.0,
        penalty_fen: one.amounts.penalty.0,
        compound_fen: one.amounts.compound.0,
        fee_fen: one.amounts.fee.0,
        cost_fen: one.amounts.cost.0,
        credit_fen: one.credit.0,
        total_fen: one.total.0,
        state: one.state.as_str().to_owned(),
        signed_on: one.signed_on.map(|on| on.to_string()),
    }))
}
