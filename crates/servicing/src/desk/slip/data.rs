//! A slip of the bank as a program reads it (放款回单数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{actions, rules};
use crate::desk::VIEW;

/// A slip of the bank (放款回单), money in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SlipData {
    /// The key.
    id: String,
    /// 回单号.
    number: String,
    /// The key of the loan.
    loan: String,
    /// The key of the payout.
    transaction: String,
    /// 放款日期.
    paid_on: String,
    /// 收款人.
    payee: String,
    /// 收款账号, masked.
    account_masked: String,
    /// 金额.
    amount_fen: i64,
    /// 首个还款日.
    repays_on: String,
    /// 月还款额.
    monthly_fen: i64,
    /// Where it stands.
    state: String,
    /// What differs from the loan and the customer's file today.
    differs: Vec<String>,
    /// When it was compared.
    checked_on: Option<String>,
}

/// `/api/v1/slips/{slip}`.
pub(super) async fn slip(visit: Visit, Path(id): Path<String>) -> Result<Data<SlipData>, WebError> {
    let mut work = visit.read().await?;
    let (one, file) = actions::seen(&mut work, &id, VIEW).await?;
    let known = actions::known(&mut work, &file, &one).await?;
    let differs = rules::differs(&one, &known).into_iter().map(|part| part.as_str().to_owned()).collect();
    Ok(Data(SlipData {
        id: one.id.to_string(),
        number: one.number,
        loan: one.key.loan.to_string(),
        transaction: one.transaction.to_string(),
        paid_on: one.paid_on.to_string(),
        payee: one.payee,
        account_masked: one.account_masked,
        amount_fen: one.amount.0,
        repays_on: one.repays_on.to_string(),
        monthly_fen: one.monthly.0,
        state: one.state.as_str().to_owned(),
        differs,
        checked_on: one.checked_on.map(|on| on.to_string()),
    }))
}
