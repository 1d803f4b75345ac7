//! An agreement as a program reads it (还款协议数据).

use axum::extract::Path;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::actions;
use crate::CASE_VIEW;

/// A repayment agreement (还款协议): what was agreed about an overdue loan, and whether it is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AgreementData {
    /// The key.
    id: String,
    /// 协议编号.
    number: String,
    /// The case.
    case: String,
    /// Whose file.
    customer: String,
    /// The loan.
    loan: String,
    /// The other loans that it covers.
    also: Vec<String>,
    /// `instalments`, `reduction`, `settlement`, `extension` or `restructuring`.
    kind: String,
    /// `proposed`, `approved`, `performing`, `kept`, `broken`, `refused` or `withdrawn`.
    state: String,
    /// The approval that decides it.
    approval: Option<String>,
    /// When it was signed.
    signed_on: Option<String>,
    /// The day of the next payment, while it is performed.
    next_due_on: Option<String>,
    /// By which way the money comes.
    way: String,
    /// The related party that signs; null: the debtor, or all heirs of a dead one.
    signer: Option<String>,
    /// The agreed payments.
    payments: Vec<PaymentData>,
    /// All of them, in fen.
    total_fen: i64,
    /// What is given up, in fen.
    waived_fen: i64,
    /// What came in since it was signed, in fen.
    paid_fen: i64,
    /// Rises with every change.
    version: i64,
}

/// An agreed payment (约定付款).
#[derive(Debug, Serialize, JsonSchema)]
struct PaymentData {
    /// By which day.
    due_on: String,
    /// How much, in fen.
    amount_fen: i64,
}

/// One agreement.
pub(super) async fn agreement(Path(id): Path<String>, visit: Visit) -> Result<Data<AgreementData>, WebError> {
    let mut work = visit.read().await?;
    let (agreement, case) = actions::load(&mut work, &id, CASE_VIEW).await?;
    let terms = &agreement.terms;
    let payment =
        |one: &super::model::Payment| PaymentData { due_on: one.due_on.to_string(), amount_fen: one.amount.0 };
    Ok(Data(AgreementData {
        id: agreement.id.to_string(),
        case: case.key.case.to_string(),
        customer: case.key.customer.to_string(),
        loan: agreement.loan.loan.to_string(),
        also: agreement.also.iter().map(|one| one.loan.to_string()).collect(),
        kind: agreement.kind.as_str().to_owned(),
        state: agreement.state.as_str().to_owned(),
        approval: agreement.approval.map(|id| id.to_string()),
        signed_on: agreement.signed_on.map(|on| on.to_string()),
        next_due_on: agreement.next_due_on.map(|on| on.to_string()),
        way: terms.way.as_str().to_owned(),
        signer: terms.signer.as_ref().map(|one| one.relation.to_string()),
        payments: terms.payments.iter().map(payment).collect(),
        total_fen: terms.total().0,
        waived_fen: terms.waived().0,
        paid_fen: agreement.paid.0,
        version: agreement.version,
        number: agreement.number,
    }))
}
