//! A loan as a program reads it (借据数据): the same look as the page, with both clocks.

use axum::extract::{Path, Query};
use finance::Amounts;
use platform::api::Data;
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pages::{Asked, Looked, look};
use crate::opening::ground::view::kept;

/// The two clocks, as the address asks.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Clocks {
    /// 业务日截至, `YYYY-MM-DD`.
    as_of: Option<String>,
    /// 按当时所知, `YYYY-MM-DD HH:MM`.
    known_at: Option<String>,
}

impl Clocks {
    /// The same as the page asks.
    pub(super) fn asked(self) -> Asked {
        Asked { as_of: self.as_of, known_at: self.known_at, tab: String::new() }
    }
}

/// Money by head (各款项金额), in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Heads {
    /// 本金.
    principal_fen: i64,
    /// 利息.
    interest_fen: i64,
    /// 罚息.
    penalty_fen: i64,
    /// 复利.
    compound_fen: i64,
    /// 费用.
    fee_fen: i64,
    /// 实现债权的费用.
    cost_fen: i64,
}

impl From<&Amounts> for Heads {
    fn from(of: &Amounts) -> Self {
        Self {
            principal_fen: of.principal.0,
            interest_fen: of.interest.0,
            penalty_fen: of.penalty.0,
            compound_fen: of.compound.0,
            fee_fen: of.fee.0,
            cost_fen: of.cost.0,
        }
    }
}

/// One instalment (一期) of the schedule, in fen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InstalmentData {
    /// Number, from 1; 0 is a down payment.
    no: u32,
    /// Due date after rest days.
    due_on: String,
    /// Principal due.
    principal_fen: i64,
    /// Interest due.
    interest_fen: i64,
    /// Principal still owed.
    principal_owed_fen: i64,
    /// Interest still owed.
    interest_owed_fen: i64,
    /// When it was fully settled.
    cleared_on: Option<String>,
}

/// One transaction (流水): a fact, inserted once and never edited.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TransactionData {
    /// The key.
    id: String,
    /// 流水号.
    number: String,
    /// What kind of fact.
    kind: String,
    /// Its business date.
    effective_on: String,
    /// When it was recorded.
    recorded_at: String,
    /// The amount, 0 where the fact is about none.
    amount_fen: i64,
    /// How money moved.
    channel: String,
    /// 备注.
    note: Option<String>,
}

/// A loan (借据) as it stood on a date, as known at a moment.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LoanData {
    /// The key.
    id: String,
    /// 借据号.
    number: String,
    /// The borrower's key.
    customer: String,
    /// The borrower's name.
    customer_name: String,
    /// The borrower's identity number, masked.
    identity_masked: String,
    /// 产品.
    product: String,
    /// 借款本金.
    amount_fen: i64,
    /// 起息日.
    start_on: String,
    /// The last due date as it now stands.
    maturity_on: String,
    /// 业务日截至.
    as_of: String,
    /// 按当时所知; null: now.
    known_at: Option<String>,
    /// Where the loan stands.
    status: String,
    /// The yearly rate in billionths.
    yearly_e9: i64,
    /// Days overdue.
    days_overdue: u32,
    /// Everything owed, due or not.
    outstanding: Heads,
    /// Owed and due.
    due: Heads,
    /// Owed past its due date.
    overdue: Heads,
    /// Paid and not yet used.
    credit_fen: i64,
    /// What a form sends back as `version`, to tell whether the loan changed meanwhile.
    version: String,
    /// The schedule as it now stands.
    schedule: Vec<InstalmentData>,
    /// The transactions known at that moment.
    transactions: Vec<TransactionData>,
    /// What stood behind it when it was opened; null for loans that came in by import.
    ground: Option<GroundData>,
}

/// What stood behind a loan when it was opened (放款依据).
#[derive(Debug, Serialize, JsonSchema)]
struct GroundData {
    /// The number of the admission review, where one stands behind the loan.
    admission: Option<String>,
    /// `normal`, `fast` or `longer`: the chain of the borrower's classes.
    chain: String,
    /// How much of what was applied for the classes let be lent, parts per million.
    share_ppm: i64,
    /// Base points of preference.
    cut_bp: i64,
}

impl LoanData {
    fn of(looked: &Looked, ground: Option<GroundData>) -> Self {
        let (loan, position) = (&looked.file.loan, &looked.position);
        let known = |at: &jiff::Timestamp| looked.known_at.is_none_or(|then| *at <= then);
        Self {
            id: loan.key.loan.to_string(),
            number: loan.number.clone(),
            customer: loan.key.customer.to_string(),
            customer_name: looked.customer.clone(),
            identity_masked: looked.identity_masked.clone(),
            product: loan.product.clone(),
            amount_fen: loan.principal.0,
            start_on: loan.start_on.to_string(),
            maturity_on: position.maturity_on.to_string(),
            as_of: looked.as_of.to_string(),
            known_at: looked.known_at.map(|at| at.to_string()),
            status: looked.kept.standing.as_str().to_owned(),
            yearly_e9: position.yearly_e9,
            days_overdue: position.days_overdue,
            outstanding: (&position.outstanding).into(),
            due: (&position.due).into(),
            overdue: (&position.overdue).into(),
            credit_fen: position.credit.0,
            version: looked.seen.to_string(),
            schedule: position.instalments.iter().map(InstalmentData::of).collect(),
            transactions: looked
                .file
                .transactions
                .iter()
                .filter(|one| known(&one.recorded_at) && one.fact.on <= looked.as_of)
                .map(TransactionData::of)
                .collect(),
            ground,
        }
    }
}

impl InstalmentData {
    /// As a position has it.
    pub(crate) fn of(one: &finance::InstalmentPosition) -> Self {
        Self {
            no: one.no,
            due_on: one.due_on.to_string(),
            principal_fen: one.principal.due.0,
            interest_fen: one.interest.due.0,
            principal_owed_fen: one.principal.outstanding().0,
            interest_owed_fen: one.interest.outstanding().0,
            cleared_on: one.cleared_on.map(|on| on.to_string()),
        }
    }
}

impl TransactionData {
    fn of(one: &super::model::LoanTransaction) -> Self {
        Self {
            id: one.id.to_string(),
            number: one.number.clone(),
            kind: one.fact.kind.name().to_owned(),
            effective_on: one.fact.on.to_string(),
            recorded_at: one.recorded_at.to_string(),
            amount_fen: one.amount.0,
            channel: one.channel.as_str().to_owned(),
            note: one.note.clone(),
        }
    }
}

/// `/api/v1/loans/{id}`
pub(super) async fn loan(
    visit: Visit,
    Path(id): Path<String>,
    Query(clocks): Query<Clocks>,
) -> Result<Data<LoanData>, WebError> {
    let mut work = visit.read().await?;
    let asked = clocks.asked();
    let looked = look(&mut work, &id, &asked).await?;
    let ground = kept(&mut work, looked.file.loan.key).await?.map(|(kept, admission)| GroundData {
        admission,
        chain: kept.chain,
        share_ppm: kept.share_ppm,
        cut_bp: kept.cut_bp,
    });
    Ok(Data(LoanData::of(&looked, ground)))
}

/// `/api/v1/loans/{id}/transactions/{transaction}`
pub(crate) async fn transaction(
    visit: Visit,
    Path((id, transaction)): Path<(String, String)>,
) -> Result<Data<TransactionData>, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    let missing = || crate::error::ServicingError::TransactionNotFound { number: transaction.clone() };
    let found = looked.file.transactions.iter().find(|one| one.id.to_string() == transaction);
    Ok(Data(TransactionData::of(found.ok_or_else(missing).map_err(platform::error::ActionError::from)?)))
}
