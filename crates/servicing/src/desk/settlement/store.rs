//! Table `settlement_statement`.

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Statement, StatementId};
use crate::loan::model::LoanKey;

/// Statements of one loan that its page shows.
const SHOWN: i64 = 50;

const COLUMNS: &str = "select s.customer_id, s.loan_id, s.id, s.number, s.settles_on, s.amounts_json, s.charge_fen, \
     s.credit_fen, s.total_fen, s.state, s.branch_id, s.approval_id, s.signed_on, s.signed_by, s.effective_on, \
     s.recorded_by, s.version from settlement_statement s";

fn decode(row: &Row) -> Result<Statement, StoreError> {
    let amounts: String = row.get("amounts_json")?;
    let amounts = serde_json::from_str(&amounts).map_err(|e| StoreError::Corrupt {
        column: "amounts_json".to_owned(),
        expected: "amounts by head",
        found: e.to_string(),
    })?;
    Ok(Statement {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        id: row.get("id")?,
        number: row.get("number")?,
        settles_on: row.get("settles_on")?,
        amounts,
        charge: row.get("charge_fen")?,
        credit: row.get("credit_fen")?,
        total: row.get("total_fen")?,
        state: row.get("state")?,
        branch: row.get("branch_id")?,
        approval: row.get("approval_id")?,
        signed_on: row.get("signed_on")?,
        signed_by: row.get("signed_by")?,
        made_on: row.get("effective_on")?,
        made_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One statement.
///
/// Errors: the store's.
pub async fn find(tx: &mut Tx, id: StatementId) -> Result<Option<Statement>, StoreError> {
    let mut w = Conditions::new();
    w.and("s.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The statements of a loan, newest first.
///
/// Errors: the store's.
pub async fn of_loan(tx: &mut Tx, key: LoanKey) -> Result<Vec<Statement>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.customer_id = ? and s.loan_id = ?", args![key.customer, key.loan]);
    let tail = format!("order by s.id desc limit {SHOWN}");
    tx.fetch_all(w.select(COLUMNS, &tail), w.args()).await?.iter().map(decode).collect()
}

/// Writes a statement.
pub(super) async fn insert(work: &mut Work, one: &Statement, amounts: &str) -> Result<(), StoreError> {
    let now = work.now;
    work.tx
        .execute(
            "insert into settlement_statement (customer_id, loan_id, id, number, settles_on, amounts_json, charge_fen, \
             credit_fen, total_fen, state, branch_id, approval_id, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            args![
                one.key.customer,
                one.key.loan,
                one.id,
                one.number,
                one.settles_on,
                amounts.to_owned(),
                one.charge,
                one.credit,
                one.total,
                one.state,
                one.branch,
                one.approval,
                one.made_on,
                now,
                one.made_by
            ],
        )
        .await
        .map(drop)
}

/// Writes where a statement stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Statement) -> Result<(), StoreError> {
    tx.execute_one(
        "update settlement_statement set state = $1, signed_on = $2, signed_by = $3, version = version + 1 \
         where customer_id = $4 and id = $5 and version = $6",
        args![one.state, one.signed_on, one.signed_by, one.key.customer, one.id, one.version],
    )
    .await?;
    one.version += 1;
    Ok(())
}
