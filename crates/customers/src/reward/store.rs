//! Table `referral_reward`.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Reward, RewardId};

const COLUMNS: &str = "select r.customer_id, r.id, r.number, r.referrer_id, r.loan_id, r.amount_fen, r.namesake, \
     r.manager_id, r.branch_id, r.state, r.note, r.approval_id, r.approved_on, r.paid_on, r.paid_by, r.payment_ref, \
     r.recover_since, r.recovered_on, r.recovered_by, r.recovery_ref, r.effective_on, r.version from referral_reward r";

fn decode(row: &Row) -> Result<Reward, StoreError> {
    let namesake: i64 = row.get("namesake")?;
    Ok(Reward {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        number: row.get("number")?,
        referrer: row.get("referrer_id")?,
        loan: row.get("loan_id")?,
        amount: row.get("amount_fen")?,
        namesake: namesake == 1,
        manager: row.get("manager_id")?,
        branch: row.get("branch_id")?,
        state: row.get("state")?,
        note: row.get("note")?,
        approval: row.get("approval_id")?,
        approved_on: row.get("approved_on")?,
        paid_on: row.get("paid_on")?,
        paid_by: row.get("paid_by")?,
        payment_ref: row.get("payment_ref")?,
        recover_since: row.get("recover_since")?,
        recovered_on: row.get("recovered_on")?,
        recovered_by: row.get("recovered_by")?,
        recovery_ref: row.get("recovery_ref")?,
        proposed_on: row.get("effective_on")?,
        version: row.get("version")?,
    })
}

/// One reward.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx, id: RewardId) -> Result<Option<Reward>, StoreError> {
    let mut w = Conditions::new();
    w.and("r.id = ?", [&id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The reward for a referred customer, if there is one already; one whose payout was taken back does not count.
///
/// # Errors
/// The store's.
pub async fn of_customer(tx: &mut Tx, customer: platform::id::CustomerId) -> Result<Option<Reward>, StoreError> {
    let mut w = Conditions::new();
    w.and("r.customer_id = ?", [&customer]);
    w.and_values("r.reversed_on is null", args![]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// The reward that the payout of a loan brought, if it stands.
///
/// # Errors
/// The store's.
pub async fn of_loan(tx: &mut Tx, loan: i64) -> Result<Option<Reward>, StoreError> {
    let mut w = Conditions::new();
    w.and("r.loan_id = ?", [&loan]);
    w.and_values("r.reversed_on is null", args![]);
    tx.fetch_optional(w.select(COLUMNS, "order by r.id limit 1"), w.args()).await?.as_ref().map(decode).transpose()
}

/// Notes that the payout behind a reward was taken back: the next first payout may bring one.
pub(super) async fn reversed(tx: &mut Tx, one: &mut Reward, on: Date) -> Result<(), StoreError> {
    tx.execute_one(
        "update referral_reward set reversed_on = $1, version = version + 1 \
         where customer_id = $2 and id = $3 and version = $4",
        args![on, one.customer, one.id, one.version],
    )
    .await?;
    one.version += 1;
    Ok(())
}

/// Writes a proposal.
pub(super) async fn insert(work: &mut Work, one: &Reward) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into referral_reward (customer_id, id, number, referrer_id, loan_id, amount_fen, namesake, \
             manager_id, branch_id, state, note, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            args![
                one.customer,
                one.id,
                one.number,
                one.referrer,
                one.loan,
                one.amount,
                i64::from(one.namesake),
                one.manager,
                one.branch,
                one.state,
                one.note,
                one.proposed_on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// Writes where a reward stands; whoever comes second is refused.
pub(super) async fn update(tx: &mut Tx, one: &mut Reward) -> Result<(), StoreError> {
    tx.execute_one(
        "update referral_reward set manager_id = $1, state = $2, note = $3, approval_id = $4, approved_on = $5, \
         paid_on = $6, paid_by = $7, payment_ref = $8, recover_since = $9, recovered_on = $10, recovered_by = $11, \
         recovery_ref = $12, version = version + 1 where customer_id = $13 and id = $14 and version = $15",
        args![
            one.manager,
            one.state,
            one.note,
            one.approval,
            one.approved_on,
            one.paid_on,
            one.paid_by,
            one.payment_ref,
            one.recover_since,
            one.recovered_on,
            one.recovered_by,
            one.recovery_ref,
            one.customer,
            one.id,
            one.version
        ],
    )
    .await?;
    one.version += 1;
    Ok(())
}
