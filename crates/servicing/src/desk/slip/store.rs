//! Table `disbursement_slip`, and what a payout is compared with.

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Slip, SlipId};
use crate::loan::model::{LoanKey, TransactionId};

const COLUMNS: &str = "select s.customer_id, s.loan_id, s.id, s.transaction_id, s.number, s.paid_on, s.payee, s.account_id, \
     s.account_masked, s.amount_fen, s.repays_on, s.monthly_fen, s.state, s.note, s.checked_on, s.checked_by, \
     s.check_note, s.branch_id, s.effective_on, s.recorded_by, s.version from disbursement_slip s";

fn decode(row: &Row) -> Result<Slip, StoreError> {
    Ok(Slip {
        key: LoanKey { customer: row.get("customer_id")?, loan: row.get("loan_id")? },
        id: row.get("id")?,
        transaction: row.get("transaction_id")?,
        number: row.get("number")?,
        paid_on: row.get("paid_on")?,
        payee: row.get("payee")?,
        account: row.get("account_id")?,
        account_masked: row.get("account_masked")?,
        amount: row.get("amount_fen")?,
        repays_on: row.get("repays_on")?,
        monthly: row.get("monthly_fen")?,
        state: row.get("state")?,
        note: row.get("note")?,
        checked_on: row.get("checked_on")?,
        checked_by: row.get("checked_by")?,
        check_note: row.get("check_note")?,
        branch: row.get("branch_id")?,
        made_on: row.get("effective_on")?,
        made_by: row.get("recorded_by")?,
        version: row.get("version")?,
    })
}

/// One slip.
///
/// Errors: the store's.
pub async fn find(tx: &mut Tx, id: SlipId) -> Result<Option<Slip>, StoreError> {
    let mut w = Conditions::new();
    w.and("s.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The slips of a loan that were not refused.
///
/// Errors: the store's.
pub async fn of_loan(tx: &mut Tx, key: LoanKey) -> Result<Vec<Slip>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("s.customer_id = ? and s.loan_id = ? and s.state <> 'refused'", args![key.customer, key.loan]);
    tx.fetch_all(w.select(COLUMNS, "order by s.id"), w.args()).await?.iter().map(decode).collect()
}

/// Whether the bank's number was entered before, for whatever loan.
pub(super) async fn taken(tx: &mut Tx, number: &str) -> Result<bool, StoreError> {
    let sql = "select id from disbursement_slip where number = $1 and state <> 'refused' limit 1";
    Ok(tx.fetch_optional(sql, args![number.to_owned()]).await?.is_some())
}

/// The first instalment after a day: due date, and principal with interest.
pub(super) async fn first_after(tx: &mut Tx, key: LoanKey, on: Date) -> Result<Option<(Date, Fen)>, StoreError> {
    tx.fetch_optional(
        "select due_on, principal_due_fen + interest_due_fen as due_fen from loan_instalment \
         where customer_id = $1 and loan_id = $2 and due_on > $3 order by no limit 1",
        args![key.customer, key.loan, on],
    )
    .await?
    .map(|row| Ok((row.get("due_on")?, row.get("due_fen")?)))
    .transpose()
}

/// Writes a slip.
pub(super) async fn insert(work: &mut Work, one: &Slip) -> Result<(), StoreError> {
    let now = work.now;
    work.tx
        .execute(
            "insert into disbursement_slip (customer_id, loan_id, id, transaction_id, number, paid_on, payee, account_id, \
             account_masked, amount_fen, repays_on, monthly_fen, state, note, check_note, branch_id, effective_on, \
             recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                one.key.customer,
                one.key.loan,
                one.id,
                one.transaction,
                one.number,
                one.paid_on,
                one.payee,
                one.account,
                one.account_masked,
                one.amount,
                one.repays_on,
                one.monthly,
                one.state,
                one.note,
                one.check_note,
                one.branch,
                one.made_on,
                now,
                one.made_by
            ],
        )
        .await
        .map(drop)
}

/// Writes what the checker found; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &Slip) -> Result<(), StoreError> {
    tx.execute_one(
        "update disbursement_slip set state = $1, checked_on = $2, checked_by = $3, check_note = $4, \
         version = version + 1 where customer_id = $5 and id = $6 and version = $7",
        args![one.state, one.checked_on, one.checked_by, one.check_note, one.key.customer, one.id, one.version],
    )
    .await
}

/// The payouts of a loan that have no slip yet, in their order.
pub(super) fn without_slip(payouts: &[(TransactionId, Date, Fen)], slips: &[Slip]) -> Vec<(TransactionId, Date, Fen)> {
    payouts.iter().filter(|payout| slips.iter().all(|slip| slip.transaction != payout.0)).copied().collect()
}
