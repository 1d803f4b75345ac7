//! Referral rewards as a program reads them (推荐奖励数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use crate::VIEW;

/// A referral reward (推荐奖励).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RewardData {
    /// The key.
    id: String,
    /// 推荐奖励编号.
    number: String,
    /// The key of the customer who was referred.
    customer: String,
    /// The key of the customer who referred.
    referrer: String,
    /// The key of the loan that was paid out.
    loan: String,
    /// How much, in fen.
    amount_fen: i64,
    /// Whether the referrer bears the name of a colleague.
    namesake: bool,
    /// Where it stands.
    state: String,
    /// What the manager says.
    note: String,
    /// When it was proposed.
    proposed_on: String,
    /// When it was agreed to.
    approved_on: Option<String>,
    /// When it was paid.
    paid_on: Option<String>,
    /// The number of the payment.
    payment_ref: Option<String>,
    /// Since when it is to be had back.
    recover_since: Option<String>,
    /// When it was had back.
    recovered_on: Option<String>,
    /// The number of the receipt.
    recovery_ref: Option<String>,
}

/// `/api/v1/rewards/{reward}`.
pub(super) async fn reward(visit: Visit, Path(id): Path<String>) -> Result<Data<RewardData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    Ok(Data(RewardData {
        id: one.id.to_string(),
        number: one.number,
        customer: one.customer.to_string(),
        referrer: one.referrer.to_string(),
        loan: one.loan.to_string(),
        amount_fen: one.amount.0,
        namesake: one.namesake,
        state: one.state.as_str().to_owned(),
        note: one.note,
        proposed_on: one.proposed_on.to_string(),
        approved_on: one.approved_on.map(|on| on.to_string()),
        paid_on: one.paid_on.map(|on| on.to_string()),
        payment_ref: one.payment_ref,
        recover_since: one.recover_since.map(|on| on.to_string()),
        recovered_on: one.recovered_on.map(|on| on.to_string()),
        recovery_ref: one.recovery_ref,
    }))
}
