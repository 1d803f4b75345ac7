//! Table `disposal_step`.

use platform::args;
use platform::db::{StoreError, Tx};
use platform::id::CustomerId;
use platform::work::Work;

use super::model::{Done, NewStep, StepId};
use crate::case::model::CaseKey;

/// The most steps of one case: plans that were not agreed to are few.
const LIMIT: i64 = 200;

/// Whether a loan of the customer is non-performing: of the last three classes, or written off and still pursued.
///
/// # Errors
/// The store's.
pub async fn is_bad(tx: &mut Tx, customer: CustomerId) -> Result<bool, StoreError> {
    let sql = "select loan_id from loan_view where customer_id = $1 and state = 'active' \
         and (class in ('substandard', 'doubtful', 'loss') or status = 'written-off-tracked') limit 1";
    Ok(tx.fetch_optional(sql, args![customer]).await?.is_some())
}

/// Appends a step.
///
/// # Errors
/// The store's.
pub async fn insert(work: &mut Work, case: CaseKey, new: &NewStep) -> Result<StepId, StoreError> {
    let id = StepId(work.next_id());
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into disposal_step (customer_id, id, case_id, step, person_id, accepted, words, effective_on, \
             recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            args![
                case.customer,
                id,
                case.case,
                new.step,
                new.person,
                new.accepted.map(i64::from),
                new.words.trim(),
                on,
                now,
                by
            ],
        )
        .await?;
    Ok(id)
}

/// The steps of a case in the order in which they were done.
///
/// # Errors
/// The store's.
pub async fn of_case(tx: &mut Tx, case: CaseKey) -> Result<Vec<Done>, StoreError> {
    let rows = tx
        .fetch_all(
            "select d.step, d.person_id, d.accepted, d.words, d.effective_on, d.recorded_by, \
             coalesce(u.name, '') as by_name from disposal_step d left join user_view u on u.id = d.recorded_by \
             where d.customer_id = $1 and d.case_id = $2 order by d.id limit $3",
            args![case.customer, case.case, LIMIT],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Done {
                step: row.get("step")?,
                person: row.get("person_id")?,
                accepted: row.get::<Option<i64>>("accepted")?.map(|one| one == 1),
                words: row.get("words")?,
                on: row.get("effective_on")?,
                by: row.get("recorded_by")?,
                by_name: row.get("by_name")?,
            })
        })
        .collect()
}
