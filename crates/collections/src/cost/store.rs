//! Table `collection_cost`.

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::work::Work;

use super::model::{Cost, CostId, CostState, NewCost};
use crate::case::model::CaseKey;

const COLUMNS: &str = "select o.customer_id, o.id, o.case_id, o.kind, o.amount_fen, o.spent_on, o.note, o.state, \
     o.corrects_id, o.recorded_by from collection_cost o";

fn decode(row: &Row) -> Result<Cost, StoreError> {
    Ok(Cost {
        customer: row.get("customer_id")?,
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        kind: row.get("kind")?,
        amount: row.get("amount_fen")?,
        spent_on: row.get("spent_on")?,
        note: row.get("note")?,
        state: row.get("state")?,
        corrects: row.get("corrects_id")?,
        by: row.get("recorded_by")?,
    })
}

/// One cost.
pub async fn find(tx: &mut Tx, id: CostId) -> Result<Option<Cost>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.id = ?", args![id]);
    tx.fetch_optional(w.select(COLUMNS, ""), w.args()).await?.as_ref().map(decode).transpose()
}

/// Records a cost.
pub async fn insert(
    work: &mut Work,
    case: CaseKey,
    new: &NewCost,
    state: CostState,
    corrects: Option<CostId>,
) -> Result<CostId, StoreError> {
    let id = CostId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into collection_cost (customer_id, id, case_id, kind, amount_fen, spent_on, note, state, corrects_id, \
             effective_on, recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                case.customer,
                id,
                case.case,
                new.kind,
                new.amount,
                new.spent_on,
                new.note.trim(),
                state,
                corrects,
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// Another record took the place of this one.
pub async fn replaced(tx: &mut Tx, cost: &Cost, state: CostState) -> Result<(), StoreError> {
    let sql = "update collection_cost set state = $1 where customer_id = $2 and id = $3 and state = $4";
    tx.execute_one(sql, args![state, cost.customer, cost.id, cost.state]).await
}

/// Whether a correction of this record stands or waits.
pub async fn has_successor(tx: &mut Tx, cost: &Cost) -> Result<bool, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.customer_id = ? and o.corrects_id = ? and o.state <> 'refused'", args![cost.customer, cost.id]);
    Ok(tx.fetch_one(w.select("select count(*) as n from collection_cost o", ""), w.args()).await?.get::<i64>("n")? > 0)
}

/// What a checker decided.
pub async fn checked(work: &mut Work, cost: &Cost, state: CostState, opinion: &str) -> Result<(), StoreError> {
    let (now, by) = (work.now, work.actor.recorded_by());
    work.tx
        .execute_one(
            "update collection_cost set state = $1, checked_at = $2, checked_by = $3, opinion = $4 \
             where customer_id = $5 and id = $6 and state = 'waiting'",
            args![state, now, by, opinion.trim(), cost.customer, cost.id],
        )
        .await
}
