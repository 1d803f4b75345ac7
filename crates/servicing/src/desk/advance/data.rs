//! A list of advances as a program reads it (垫款清单数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Advance;
use super::{actions, store};
use crate::desk::VIEW;

/// A list of advances (垫款清单).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AdvanceListData {
    /// The key.
    id: String,
    /// 垫款清单编号.
    number: String,
    /// The month of the due dates, YYYY-MM.
    month: String,
    /// Where it stands.
    state: String,
    /// When it was drawn.
    drawn_on: String,
    /// When it was checked.
    checked_on: Option<String>,
    /// When the last head signed.
    signed_on: Option<String>,
    /// When it was paid.
    paid_on: Option<String>,
    /// The number of the payment.
    payment_ref: Option<String>,
    /// Its rows.
    rows: Vec<AdvanceRowData>,
}

/// A row of it (垫款).
#[derive(Debug, Serialize, JsonSchema)]
struct AdvanceRowData {
    /// The key.
    id: String,
    /// The key of the customer.
    customer: String,
    /// The key of the loan.
    loan: String,
    /// 借据号.
    number: String,
    /// 期.
    instalment: i64,
    /// 还款日.
    due_on: String,
    /// The name on the card.
    holder: String,
    /// The number of the card, masked.
    card_masked: String,
    /// How much, in fen.
    amount_fen: i64,
    /// Where it stands.
    state: String,
    /// Why it was changed, taken off or left out.
    note: String,
}

fn row(one: Advance) -> AdvanceRowData {
    AdvanceRowData {
        id: one.id.to_string(),
        customer: one.key.customer.to_string(),
        loan: one.key.loan.to_string(),
        number: one.number,
        instalment: one.no,
        due_on: one.due_on.to_string(),
        holder: one.card.holder,
        card_masked: one.card.masked,
        amount_fen: one.amount.0,
        state: one.state.as_str().to_owned(),
        note: one.note,
    }
}

/// `/api/v1/advances/{advance}`.
pub(super) async fn list(visit: Visit, Path(id): Path<String>) -> Result<Data<AdvanceListData>, WebError> {
    let mut work = visit.read().await?;
    let one = actions::seen(&mut work, &id, VIEW).await?;
    let rows = store::rows(&mut work.tx, one.id).await?;
    let day = |on: Option<jiff::civil::Date>| on.map(|on| on.to_string());
    Ok(Data(AdvanceListData {
        id: one.id.to_string(),
        number: one.number,
        month: one.month,
        state: one.state.as_str().to_owned(),
        drawn_on: one.drawn_on.to_string(),
        checked_on: day(one.checked_on),
        signed_on: day(one.signed_on),
        paid_on: day(one.paid_on),
        payment_ref: one.payment_ref,
        rows: rows.into_iter().map(row).collect(),
    }))
}
