//! Table `card_check`.

use finance::Fen;
use jiff::civil::Date;
use platform::args;
use platform::db::{StoreError, Tx};
use platform::work::Work;

use super::model::CardCheck;
use crate::loan::model::LoanKey;

/// What is due on a day, or before, and unpaid.
pub(crate) async fn due(tx: &mut Tx, key: LoanKey, on: Date) -> Result<Fen, StoreError> {
    tx.fetch_one(
        "select cast(coalesce(sum(outstanding_fen), 0) as bigint) as due_fen from loan_instalment \
         where customer_id = $1 and loan_id = $2 and due_on <= $3",
        args![key.customer, key.loan, on],
    )
    .await?
    .get("due_fen")
}

/// Writes a check.
pub(super) async fn insert(work: &mut Work, one: &CardCheck) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into card_check (customer_id, loan_id, id, account_id, card_masked, amount_fen, result, note, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            args![
                one.key.customer,
                one.key.loan,
                one.id,
                one.account,
                one.card_masked,
                one.amount,
                one.result,
                one.note,
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}
